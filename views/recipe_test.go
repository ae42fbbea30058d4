package views

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
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
		if r.For == "" || r.ID == "" {
			t.Errorf("%s does not say what it is for", r.File)
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

// Only a block that is marked as secret may hold the key.
func TestSecretRecipesAreMarked(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes(goldenValues) {
		if got := strings.Contains(r.Text, goldenValues.Encoded); got != r.Secret {
			t.Errorf("%s: holds the key: %t, is marked as secret: %t", r.File, got, r.Secret)
		}
	}
}

// Words in brackets stand for what the page does not have, and can be read.
func TestRecipesWithPlaceholders(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		text := In(l)
		v := exampleRecipeValues(text)
		for _, r := range Recipes(v) {
			if r.Secret && !strings.Contains(r.Text, v.Encoded) {
				t.Errorf("%s: %s does not say where the key goes:\n%s", l, r.File, r.Text)
			}
			if r.ID != "user-secrets" && !strings.Contains(r.Text, v.ClientID) {
				t.Errorf("%s: %s does not say where the client id goes:\n%s", l, r.File, r.Text)
			}
		}
	}
}

// awkward are values that a careless format would break or run. None of them can
// be put on record today; the formats must not depend on that.
var awkward = []string{
	`it's "quoted"`, `two  spaces and a tail `, `$HOME ${HOME} $(id) ` + "`id`", `back\slash \n \" \'`, `;rm -i # & | < > * ? !`,
	`<Klient ID>`, `æøå – €`, `'`, `''`, `"`, `\`, `%s %d`, `{{.}}`,
}

func awkwardValues(s string) RecipeValues {
	return RecipeValues{
		ClientID: "c" + s, Kid: "k" + s, Scopes: []string{"s" + s}, Environment: "e" + s, Exchange: "x" + s,
		Issuer: "i" + s, TokenEndpoint: "t" + s, Platform: "p" + s, Encoded: "b" + s,
	}
}

func recipeText(t *testing.T, file string, v RecipeValues) string {
	t.Helper()
	r, ok := RecipeFile(file, v)
	if !ok {
		t.Fatalf("there is no recipe %s", file)
	}
	return r.Text
}

func TestJSONRecipesKeepValues(t *testing.T) {
	t.Parallel()
	for _, s := range awkward {
		v := awkwardValues(s)
		var settings map[string]map[string]any
		if err := json.Unmarshal([]byte(recipeText(t, "appsettings.json", v)), &settings); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		want := map[string]map[string]any{"MaskinportenSettings": {
			"Environment": v.Environment, "ClientId": v.ClientID, "Scope": v.Scope(),
			"ExhangeToAltinnToken": true, "TokenExchangeEnvironment": v.Exchange,
		}}
		if diff := cmp.Diff(want, settings); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
		var secrets map[string]string
		if err := json.Unmarshal([]byte(recipeText(t, "secrets.json", v)), &secrets); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if diff := cmp.Diff(map[string]string{"MaskinportenSettings:EncodedJwk": v.Encoded}, secrets); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
	}
}

// docker --env-file takes what stands after the first = as it is.
func TestEnvironmentRecipeKeepsValues(t *testing.T) {
	t.Parallel()
	for _, s := range awkward {
		v := awkwardValues(s)
		got := map[string]string{}
		for line := range strings.Lines(recipeText(t, "maskinporten.env", v)) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			got[strings.TrimPrefix(name, "MaskinportenSettings__")] = value
		}
		want := map[string]string{
			"Environment": v.Environment, "ClientId": v.ClientID, "Scope": v.Scope(), "EncodedJwk": v.Encoded,
			"ExhangeToAltinnToken": "true", "TokenExchangeEnvironment": v.Exchange,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
	}
}

// The script is run with a program called az that writes down what it was given.
func TestKeyVaultRecipeKeepsValues(t *testing.T) {
	t.Parallel()
	for _, s := range awkward {
		dir := t.TempDir()
		az := "#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in --name) name=$2;; --value|--file) value=$2;; esac; shift; done\n" +
			"printf '%s=%s\\036' \"$name\" \"$value\" >> said\n"
		if err := os.WriteFile(filepath.Join(dir, "az"), []byte(az), 0o755); err != nil {
			t.Fatal(err)
		}
		v := awkwardValues(s)
		runShell(t, dir, recipeText(t, "keyvault.sh", v), "vault")
		said, err := os.ReadFile(filepath.Join(dir, "said"))
		if err != nil {
			t.Fatal(err)
		}
		const stem = "MaskinportenSettings--"
		want := []string{
			stem + "Environment=" + v.Environment, stem + "ClientId=" + v.ClientID, stem + "Scope=" + v.Scope(),
			stem + "ExhangeToAltinnToken=true", stem + "TokenExchangeEnvironment=" + v.Exchange,
			stem + "EncodedJwk=encoded-jwk.txt", "",
		}
		if diff := cmp.Diff(want, strings.Split(string(said), "\x1e")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
	}
}

// The settings of the script are the lines before its first function.
func TestCurlRecipeKeepsValues(t *testing.T) {
	t.Parallel()
	for _, s := range awkward {
		v := awkwardValues(s)
		settings, _, ok := strings.Cut(recipeText(t, "token.sh", v), "base64url()")
		if !ok {
			t.Fatal("the script has no function base64url")
		}
		got := runShell(t, t.TempDir(), settings+
			`printf '%s\036' "$client_id" "$kid" "$scope" "$audience" "$token_endpoint" "$platform"`)
		want := []string{v.ClientID, v.Kid, v.Scope(), v.Issuer, v.TokenEndpoint, v.Platform, ""}
		if diff := cmp.Diff(want, strings.Split(got, "\x1e")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
	}
}

func runShell(t *testing.T, dir, script string, args ...string) string {
	t.Helper()
	file := filepath.Join(dir, "script.sh")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "encoded-jwk.txt"), []byte("bm90IGEga2V5"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", append([]string{file}, args...)...)
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + dir + ":/usr/bin:/bin", "HOME=" + dir}
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running the script: %v\n%s", err, errors.String())
	}
	return string(out)
}
