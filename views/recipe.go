package views

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
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
	// Encoded, JWK and PEM are the private key in three forms, or the words to put
	// in their place.
	Encoded, JWK, PEM string
}

// Recipe is one finished configuration block, which is also a file to download.
type Recipe struct {
	// ID is the stem of its messages; Group is where the page lists it.
	ID, Group string
	// File is the name of the file that it belongs in; Format is how that is written.
	File, Format string
	// For names the program and the version that it was written for.
	For string
	// Key is the form in which the private key stands in the block, or empty.
	Key string
	// Needs are the files to take along.
	Needs []string
	// Traps are the codes of what people get wrong here.
	Traps []string
	// Secret is true when the block holds the private key.
	Secret bool
	// Parts is the block, cut at the places of the key; Text is all of it.
	Parts []RecipePart
	Text  string
}

// RecipePart is a piece of a block: text, or a place where the private key stands.
// A page whose key is made in the browser fills those places in itself.
type RecipePart struct {
	Text string
	// Form is the form of the key that goes here, one of keyForms; empty for text.
	Form string
	// Indent is the number of spaces before each line of the key but the first.
	Indent int
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
	f := &filling{RecipeValues: v}
	if err := s.block.Execute(f, f); err != nil {
		panic("views: filling in recipe " + s.ID + ": " + err.Error())
	}
	r := s.Recipe
	r.Parts = f.parts
	var text strings.Builder
	for _, p := range f.parts {
		text.WriteString(p.Text)
	}
	r.Text = text.String()
	return r
}

func loadRecipes() []recipeSource {
	names, _ := fs.Glob(recipeFiles, "recipes/*.tmpl")
	all := make([]recipeSource, len(names))
	for i, name := range names {
		raw, _ := recipeFiles.ReadFile(name)
		head, block, _ := strings.Cut(string(raw), "---\n")
		for line := range strings.Lines(head) {
			fact, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if err := all[i].set(fact, value); err != nil {
				panic("views: " + name + ": " + err.Error())
			}
		}
		all[i].block = template.Must(template.New(name).Funcs(recipeFuncs).Parse(block))
	}
	return all
}

// set takes in one fact from the head of a recipe file.
func (s *recipeSource) set(fact, value string) error {
	switch fact {
	case "id":
		s.ID = value
	case "group":
		s.Group = value
		if !slices.ContainsFunc(recipeGroups, func(g recipeGroup) bool { return g.id == value }) {
			return fmt.Errorf("unknown group %s", value)
		}
	case "file":
		s.File = value
	case "format":
		s.Format = value
	case "for":
		s.For = value
	case "key":
		s.Key, s.Secret = value, true
	case "needs":
		s.Needs = strings.Fields(value)
	case "traps":
		s.Traps = strings.Fields(value)
	default:
		return fmt.Errorf("unknown fact %s", fact)
	}
	return nil
}
