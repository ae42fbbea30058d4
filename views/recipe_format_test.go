package views

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// awkward are values that a careless format would break or run. None of them can
// be put on record today; the formats must not depend on that.
var awkward = []string{
	`it's "quoted"`, `two  spaces and a tail `, "  in front", `$HOME ${HOME} $(id) ` + "`id`", `back\slash \n \" \'`, `;rm -i # & | < > * ? !`,
	`<Klient ID>`, `æøå – € 🦊`, "two\nlines", "tab\tand\rreturn", "‘so’ ‚called‛ “quotes”", "line\u2028end\u0085and\u00a0\u200b",
	"- [yes]: {no} #x", "=: !", "a: b", `'`, `''`, `"`, `\`, `%s %d`, `{{.}}`,
}

func awkwardValues(s string) RecipeValues {
	return RecipeValues{
		ClientID: "c" + s, Kid: s, Scopes: []string{"s" + s, "z" + s}, Environment: "e" + s, Exchange: "x" + s,
		Issuer: "i" + s, TokenEndpoint: "t" + s, Platform: "p" + s,
		Encoded: goldenValues.Encoded, JWK: goldenValues.JWK, PEM: goldenValues.PEM,
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

// Each format's own reader gets back every value as it was.
func TestRecipesKeepValues(t *testing.T) {
	t.Parallel()
	needs(t, python, "-c", "import yaml")
	needs(t, "node", "--version")
	needs(t, "bash", "--version")
	for _, source := range recipeSources {
		if source.Format == "shell" {
			continue // these are run, below
		}
		t.Run(source.ID, func(t *testing.T) {
			t.Parallel()
			var texts []string
			var wants []map[string]string
			for _, s := range append([]string{"plain"}, awkward...) {
				if v := awkwardValues(s); carries(source.Format, s) {
					texts = append(texts, source.fill(v).Text)
					wants = append(wants, recipeWants[source.ID](v))
				}
			}
			for i, read := range readers[source.Format](t, texts) {
				got := flat(read)
				for name := range got {
					// Code has other names too.
					if _, ok := wants[i][name]; !ok && (source.Format == "python" || source.Format == "csharp") {
						delete(got, name)
					}
				}
				if diff := cmp.Diff(wants[i], got); diff != "" {
					t.Errorf("(-want +got):\n%s\nin\n%s", diff, texts[i])
				}
			}
		})
	}
}

// carries tells whether the format has a way to write the text at all.
func carries(format, s string) bool {
	switch format {
	case "env":
		return !strings.ContainsAny(s, "\r\n")
	case "dotenv":
		// Its readers agree on no escapes; node ends a line also at a bare return.
		return !strings.ContainsAny(s, "\r") && !strings.Contains(s, `\n`) && !(strings.Contains(s, "'") && strings.ContainsAny(s, "\"$`\\\n"))
	}
	return true
}

// Programs are read to their end by the language that they are in.
func TestRecipesAreWellFormed(t *testing.T) {
	t.Parallel()
	needs(t, "node", "--version")
	needs(t, "bash", "--version")
	for _, s := range append([]string{"plain"}, awkward...) {
		for _, r := range Recipes(awkwardValues(s)) {
			command := map[string][]string{"shell": {"bash", "-n"}, "javascript": {"node", "--check"}}[r.Format]
			if command == nil {
				continue
			}
			file := filepath.Join(t.TempDir(), r.File)
			if err := os.WriteFile(file, []byte(r.Text), 0o600); err != nil {
				t.Fatal(err)
			}
			output(t, exec.CommandContext(t.Context(), command[0], command[1], file))
		}
	}
}

// The scripts are run with a program called az that writes down what it was given.
func TestKeyVaultRecipesKeepValues(t *testing.T) {
	t.Parallel()
	const stem = "MaskinportenSettings--"
	for _, s := range awkward {
		v := awkwardValues(s)
		for file, want := range map[string][]string{
			"keyvault.sh": {
				stem + "Environment=" + v.Environment, stem + "ClientId=" + v.ClientID, stem + "Scope=" + v.Scope(),
				stem + "ExhangeToAltinnToken=true", stem + "TokenExchangeEnvironment=" + v.Exchange,
				stem + "EncodedJwk=encoded-jwk.txt", "",
			},
			"altinn-app-keyvault.sh": {
				stem + "Authority=" + v.Issuer, stem + "ClientId=" + v.ClientID, stem + "JwkBase64=encoded-jwk.txt", "",
			},
		} {
			dir := t.TempDir()
			az := "#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in --name) name=$2;; --value|--file) value=$2;; esac; shift; done\n" +
				"printf '%s=%s\\036' \"$name\" \"$value\" >> said\n"
			if err := os.WriteFile(filepath.Join(dir, "az"), []byte(az), 0o755); err != nil {
				t.Fatal(err)
			}
			runShell(t, dir, recipeText(t, file, v), "vault")
			said, err := os.ReadFile(filepath.Join(dir, "said"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, strings.Split(string(said), "\x1e")); diff != "" {
				t.Errorf("%q (-want +got):\n%s", s, diff)
			}
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
	return output(t, cmd)
}

// needs skips the test where a command fails. In CI that is a failure: a test that
// never runs proves nothing.
func needs(t *testing.T, command ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v: %v %s", command, err, out)
		}
		t.Skipf("%v: %v", command, err)
	}
}
