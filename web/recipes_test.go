package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portvakt/jwk"
)

// siteTWorks skips the test where a program does not run, or lacks a module.
func siteTWorks(t testing.TB, command ...string) {
	t.Helper()
	siteTTools(t, command[0])
	if out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v: %v %s", command, err, out)
		}
		t.Skipf("%v: %v", command, err)
	}
}

// The programs that people take away in other languages fetch a token too, with
// the libraries that they are written for.
func TestTokenPrograms(t *testing.T) {
	t.Parallel()
	siteTWorks(t, siteTPython, "-c", "import jwt, cryptography")
	siteTWorks(t, "node", "-e", "require('"+siteTNodeJose+"')")
	s := newSiteT(t)
	p := s.proved(t, s.member(t), "Saksystem")
	dir := s.save(t, p, "fetch_token.py", "token.mjs", "private-key.pem", "private-jwk.json")
	if err := os.Symlink(filepath.Dir(siteTNodeJose), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}

	for _, args := range [][]string{{siteTPython, "fetch_token.py"}, {"node", "token.mjs"}} {
		out, errs, err := siteTCommand(t, dir, args...)
		if err != nil || errs != "" {
			t.Fatalf("%v: %v\n%s%s", args, err, errs, out)
		}
		_, claims, err := jwk.Inspect(strings.TrimSpace(out))
		if err != nil {
			t.Fatalf("%v: the output is no token: %v\n%.80s", args, err, out)
		}
		if got, want := fmt.Sprint(claims["urn:altinn:org"]), siteTOrgs[0].Code; got != want {
			t.Errorf("%v: got a token for %q, want Altinn's for %q", args, got, want)
		}
	}

	// A refusal is told, and is a failure.
	if err := os.WriteFile(filepath.Join(dir, "private-key.pem"), []byte(siteTOtherPEM(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, err := siteTCommand(t, dir, siteTPython, "fetch_token.py"); err == nil || out != "" || !strings.Contains(errs, "invalid_grant") {
		t.Errorf("with another key: got %v, %q and %q, want a failure that says why", err, out, errs)
	}
	script := filepath.Join(dir, "token.mjs")
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(script, []byte(strings.Replace(string(text), "kid: ", "kid: 'x' + ", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, err := siteTCommand(t, dir, "node", "token.mjs"); err == nil || out != "" || !strings.Contains(errs, "invalid_grant") {
		t.Errorf("with another kid: got %v, %q and %q, want a failure that says why", err, out, errs)
	}
}

func siteTOtherPEM(t testing.TB) string {
	t.Helper()
	k, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	return k.PEM().Reveal()
}

// siteTReaders take the key out of a block, as its format's reader does.
func siteTReaders(t testing.TB) map[string]func(text string) string {
	yaml := func(name string) func(string) string {
		return func(text string) string {
			cmd := exec.CommandContext(t.Context(), siteTPython, "-c", "import sys, yaml; sys.stdout.write(yaml.safe_load(sys.stdin)['stringData'][sys.argv[1]])", name)
			cmd.Stdin = strings.NewReader(text)
			out, err := cmd.Output()
			if err != nil {
				t.Error(err)
			}
			return string(out)
		}
	}
	settings := func(name string) func(string) string {
		return func(text string) string {
			var all map[string]json.RawMessage
			siteTStrict(t, text, &all)
			var value string
			if json.Unmarshal(all[name], &value) == nil {
				return value
			}
			return string(all[name])
		}
	}
	variable := func(pattern string) func(string) string {
		return func(text string) string {
			m := regexp.MustCompile(`(?m)^` + pattern + `$`).FindStringSubmatch(text)
			if m == nil {
				return ""
			}
			return strings.ReplaceAll(m[1], `\n`, "\n")
		}
	}
	return map[string]func(string) string{
		"secrets.json":               settings("MaskinportenSettings:EncodedJwk"),
		"altinn-app.secrets.json":    settings("MaskinportenSettings:JwkBase64"),
		"maskinporten-settings.json": settings("key"),
		"maskinporten-secret.yaml":   yaml("MaskinportenSettings__EncodedJwk"),
		"nais-secret.yaml":           yaml("MASKINPORTEN_CLIENT_JWK"),
		"maskinporten-pem.yaml":      yaml("private-key.pem"),
		"maskinporten.env":           variable(`MaskinportenSettings__EncodedJwk=(.*)`),
		"py_maskinporten.env":        variable(`PRIVATE_KEY="(.*)"`),
	}
}

// Every block that has the key in it has the whole key, and is the only kind that
// has any of it. On a page without the key the same blocks have words in its place.
func TestRecipesHoldTheKey(t *testing.T) {
	t.Parallel()
	siteTWorks(t, siteTPython, "-c", "import yaml")
	s := newSiteT(t)
	b := s.member(t)
	p := siteTDescribe(t, b, "Saksystem").Form(t, "journey").Press(t, siteTWord("key.make"))
	without := b.Get(t, siteTJourney(p))
	want, err := jwk.ParsePrivate([]byte(s.take(t, p, "private-jwk.json")))
	if err != nil {
		t.Fatal(err)
	}
	readers := siteTReaders(t)
	blocks := p.Find("[data-recipe-file]")
	for i := range blocks.Length() {
		name := blocks.Eq(i).AttrOr("data-recipe-file", "")
		block := p.Find(`[data-recipe]:has([data-recipe-file="` + name + `"]) pre`)
		text := s.take(t, p, name)
		if text != block.Text() {
			t.Errorf("%s is another file than the page shows", name)
		}
		if leaks := jwk.Leaks([]byte(s.take(t, without, name))); leaks {
			t.Errorf("%s has the key in it, which the page has not", name)
		}
		read := readers[name]
		places := block.Find("[data-key-form]").Length()
		if read == nil {
			if jwk.Leaks([]byte(text)) || places != 0 {
				t.Errorf("%s has the key in it, or a place for it, and no test for that", name)
			}
			continue
		}
		delete(readers, name)
		got, err := jwk.ParsePrivate([]byte(read(text)))
		if err != nil || got.Public().Thumbprint() != want.Public().Thumbprint() || places != 1 {
			t.Errorf("%s: %d places, and the key in it is %v: %v", name, places, got.Public().Thumbprint(), err)
		}
		// PEM has no room for the kid.
		if got.Public().Kid() != "" && got.Public().Kid() != want.Public().Kid() {
			t.Errorf("%s: the key's kid is %q, want %q", name, got.Public().Kid(), want.Public().Kid())
		}
		if strings.Contains(text, "\r") || !strings.Contains(text, want.Public().Kid()) && strings.Contains(read(text), "BEGIN") {
			t.Errorf("%s has PEM without the kid", name)
		}
	}
	for name := range readers {
		t.Errorf("there is no recipe %s", name)
	}
}

// The key store is made by openssl, and has the key and the name that the
// instructions tell.
func TestPKCS12(t *testing.T) {
	t.Parallel()
	siteTTools(t, "sh", "openssl")
	s := newSiteT(t)
	p := siteTDescribe(t, s.member(t), "Saksystem").Form(t, "journey").Press(t, siteTWord("key.make"))
	dir := s.save(t, p, "pkcs12.sh", "private-key.pem")
	if err := os.WriteFile(filepath.Join(dir, "password.txt"), []byte("a word\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, err := siteTCommand(t, dir, "sh", "pkcs12.sh", "password.txt"); err != nil {
		t.Fatalf("%v\n%s%s", err, errs, out)
	}
	out, errs, err := siteTCommand(t, dir, "openssl", "pkcs12", "-in", "maskinporten.p12", "-nocerts", "-nodes", "-passin", "file:password.txt")
	if err != nil {
		t.Fatalf("%v\n%s", err, errs)
	}
	attributes, block, _ := strings.Cut(out, "-----BEGIN")
	got, err := jwk.ParsePrivate([]byte("-----BEGIN" + block))
	if err != nil {
		t.Fatal(err)
	}
	want, err := jwk.ParsePrivate([]byte(s.take(t, p, "private-key.pem")))
	if err != nil || got.Public().Thumbprint() != want.Public().Thumbprint() {
		t.Errorf("the store has another key: %v", err)
	}
	if !strings.Contains(attributes, "friendlyName: maskinporten\n") {
		t.Errorf("the key has another name: %q", attributes)
	}
	info, err := os.Stat(filepath.Join(dir, "maskinporten.p12"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the store can be read by others: %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "maskinporten.crt")); err == nil {
		t.Error("the certificate was left behind")
	}
}
