package views

import (
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
	"text/template"
)

//go:embed recipes/*.tmpl
var recipeFiles embed.FS

// RecipeValues is what the configuration blocks are filled in with.
type RecipeValues struct {
	ClientID, Kid string
	Scopes        []string
	// Environment is what Altinn's library calls it: prod or test. Exchange is the
	// Altinn environment that goes with it.
	Environment, Exchange string
	// Issuer is Maskinporten's, with its last slash; Platform is Altinn's address
	// without one.
	Issuer, TokenEndpoint, Platform string
	// Encoded is the base64 private key, or the words to put in its place.
	Encoded string
}

// Scope is the scopes as the settings want them, in one string.
func (v RecipeValues) Scope() string { return strings.Join(v.Scopes, " ") }

// Recipe is one finished configuration block, which is also a file to download.
type Recipe struct {
	// ID is the stem of its messages.
	ID string
	// File is the name of the file that it belongs in.
	File string
	// For names the program and the version that it was written for.
	For string
	// Secret is true when the block holds the private key.
	Secret bool
	Text   string
}

// recipeSource is a recipe file: a few facts, a line of dashes, and the block
// with places to fill in. To add a recipe is to add such a file and its messages.
type recipeSource struct {
	Recipe
	block *template.Template
}

var recipeSources = loadRecipes()

// Recipes returns all blocks with the values filled in.
func Recipes(v RecipeValues) []Recipe {
	all := make([]Recipe, len(recipeSources))
	for i, s := range recipeSources {
		all[i] = s.fill(v)
	}
	return all
}

// RecipeFile returns the recipe that is the named file.
func RecipeFile(name string, v RecipeValues) (Recipe, bool) {
	for _, s := range recipeSources {
		if s.File == name {
			return s.fill(v), true
		}
	}
	return Recipe{}, false
}

func (s recipeSource) fill(v RecipeValues) Recipe {
	var b strings.Builder
	if err := s.block.Execute(&b, v); err != nil {
		panic("views: filling in recipe " + s.ID + ": " + err.Error())
	}
	r := s.Recipe
	r.Text = b.String()
	return r
}

// recipeFuncs write a value so that the format reads it back unchanged.
var recipeFuncs = template.FuncMap{
	"json": func(s string) (string, error) {
		var b strings.Builder
		e := json.NewEncoder(&b)
		// For people to read: < and & need no escape outside of HTML.
		e.SetEscapeHTML(false)
		err := e.Encode(s)
		return strings.TrimSuffix(b.String(), "\n"), err
	},
	"sh": func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" },
}

func loadRecipes() []recipeSource {
	names, _ := fs.Glob(recipeFiles, "recipes/*.tmpl")
	var all []recipeSource
	for _, name := range names {
		raw, _ := recipeFiles.ReadFile(name)
		head, block, _ := strings.Cut(string(raw), "---\n")
		var s recipeSource
		for line := range strings.Lines(head) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "id":
				s.ID = value
			case "file":
				s.File = value
			case "for":
				s.For = value
			case "secret":
				s.Secret = value == "yes"
			default:
				panic("views: unknown fact " + key + " in " + name)
			}
		}
		s.block = template.Must(template.New(name).Funcs(recipeFuncs).Parse(block))
		all = append(all, s)
	}
	return all
}
