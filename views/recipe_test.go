package views

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenValues are like those of a real integration, with nothing secret in them.
var goldenValues = RecipeValues{
	ClientID: exampleClient, Kid: exampleKid, Scopes: []string{serviceOwnerScope, notificationsScope},
	Environment: "test", Exchange: "tt02",
	Issuer: "https://test.maskinporten.no/", TokenEndpoint: "https://test.maskinporten.no/token",
	Platform: "https://platform.tt02.altinn.no", Encoded: "Tk9UIEEgUFJJVkFURSBLRVk=",
	JWK: `{"kty":"RSA","d":"NOT-A-PRIVATE-KEY"}`,
	PEM: "-----BEGIN PRIVATE KEY-----\nNOT/A/PRIVATE/KEY\n-----END PRIVATE KEY-----\n",
}

func TestRecipesAreAsUsersGetThem(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes(goldenValues) {
		name := filepath.Join("testdata", "recipes", r.File)
		if *update {
			if err := os.WriteFile(name, []byte(r.Text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), r.Text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.File, diff)
		}
		if r.ID == "" || r.For == "" || r.Group == "" || !slices.Contains(recipeFormats, r.Format) {
			t.Errorf("%s does not say what it is and what it is for", r.File)
		}
		file, ok := RecipeFile(r.File, goldenValues)
		if diff := cmp.Diff(r, file); !ok || diff != "" {
			t.Errorf("%s is another file to download (-shown +file):\n%s", r.File, diff)
		}
	}
	if _, ok := RecipeFile("../text.go", goldenValues); ok {
		t.Error("a file that is no recipe can be had")
	}
}

// The facts of a recipe file say where the key goes, and the block does so too.
func TestRecipesSayWhereTheKeyGoes(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes(goldenValues) {
		var form, text string
		for _, p := range r.Parts {
			text += p.Text
			if p.Form != "" {
				form += p.Form
			}
		}
		if form != r.Key || r.Secret != (form != "") || text != r.Text {
			t.Errorf("%s: the key stands in it as %q, the facts say %q", r.File, form, r.Key)
		}
		held := strings.Contains(r.Text, goldenValues.Encoded) || strings.Contains(r.Text, "NOT-A-PRIVATE") || strings.Contains(r.Text, "NOT/A/PRIVATE")
		if held != r.Secret {
			t.Errorf("%s: holds the key: %t, is marked as secret: %t", r.File, held, r.Secret)
		}
		// A file that is needed is a key file or another recipe.
		for _, file := range r.Needs {
			if _, ok := RecipeFile(file, goldenValues); !ok && !slices.Contains(keyFileNames, file) {
				t.Errorf("%s needs %s, which is not to be had", r.File, file)
			}
		}
	}
}

var keyFileNames = []string{"encoded-jwk.txt", "private-jwk.json", "private-key.pem"}

// Words in brackets stand for what the page does not have, and can be read.
func TestRecipesWithPlaceholders(t *testing.T) {
	t.Parallel()
	// These have nothing of the integration in them but the key.
	only := []string{"user-secrets", "pkcs12"}
	for _, l := range Languages {
		v := exampleRecipeValues(In(l))
		for _, word := range []string{v.Encoded, v.JWK, v.PEM} {
			// They are not quoted, wherever they stand.
			if strings.ContainsAny(word, "'\"\\$`\n%") {
				t.Errorf("%s: %q would need quoting", l, word)
			}
		}
		for _, r := range Recipes(v) {
			holds := strings.Contains(r.Text, v.Encoded) || strings.Contains(r.Text, v.JWK) || strings.Contains(r.Text, v.PEM)
			if r.Secret != holds {
				t.Errorf("%s: %s does not say where the key goes:\n%s", l, r.File, r.Text)
			}
			if !slices.Contains(only, r.ID) && !strings.Contains(r.Text, v.ClientID) {
				t.Errorf("%s: %s does not say where the client id goes:\n%s", l, r.File, r.Text)
			}
		}
	}
}

// The most likely group comes first, is open, and every recipe is in one group.
func TestRecipeGroups(t *testing.T) {
	t.Parallel()
	for purpose, want := range map[string]string{"notifications": "dotnet", "instances": "dotnet", "other": "shell"} {
		groups := RecipeGroups(goldenValues, purpose)
		n := 0
		for i, g := range groups {
			n += len(g.Recipes)
			if g.Open != (i == 0) || len(g.Recipes) == 0 {
				t.Errorf("%s: group %s has %d recipes and is open: %t", purpose, g.ID, len(g.Recipes), g.Open)
			}
		}
		if groups[0].ID != want || n != len(recipeSources) {
			t.Errorf("%s: got %s first and %d recipes, want %s and %d", purpose, groups[0].ID, n, want, len(recipeSources))
		}
	}
}

// A page that fills in the key itself finds its places, and nothing else changes.
func TestKeyPlacesOnThePage(t *testing.T) {
	t.Parallel()
	page := parsed(t, source(Journey(journeyExample(In(Bokmal)).withKey())))
	for _, r := range Recipes(exampleRecipeValues(In(Bokmal))) {
		block := page.Find(`[data-recipe="` + r.ID + `"] pre`)
		if got := block.Text(); got != r.Text {
			t.Errorf("%s: got %q, want %q", r.ID, got, r.Text)
		}
		places := block.Find("span[data-key-form]")
		if got := places.AttrOr("data-key-form", ""); got != r.Key {
			t.Errorf("%s: got a place for the form %q, want %q", r.ID, got, r.Key)
		}
	}
	if got := page.Find(`[data-recipe="kubernetes-pem"] span[data-key-form]`).AttrOr("data-indent", ""); got != "4" {
		t.Errorf("got an indent of %q, want 4", got)
	}
}
