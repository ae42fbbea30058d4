package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/store"
)

// siteTTools skips the test where a program is missing. In CI that is a failure:
// a test that never runs proves nothing.
func siteTTools(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing", name)
			}
			t.Skipf("%s is missing", name)
		}
	}
}

// take downloads a file from the page of an integration.
func (s *siteT) take(t testing.TB, p *handlerstest.Page, name string) string {
	t.Helper()
	file := p.Browser().Do(t, "POST", siteTJourney(p)+"/files/"+name, p.Form(t, "journey").Values)
	siteTWants(t, file, 200)
	if got, want := file.Header.Get("Content-Disposition"), `attachment; filename="`+name+`"`; got != want {
		t.Errorf("%s: got %q, want %q", name, got, want)
	}
	return file.Body
}

// siteTCommand runs a program in the folder with nothing in its environment, and
// no way to ask.
func siteTCommand(t testing.TB, dir string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), args[0], args[1:]...)
	c.Dir, c.Env = dir, []string{"PATH=" + os.Getenv("PATH")}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err = c.Run()
	return out.String(), errs.String(), err
}

// save writes the files into a folder, as a browser would.
func (s *siteT) save(t testing.TB, p *handlerstest.Page, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s.take(t, p, name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The script that people take away really fetches a token and exchanges it.
func TestCurl(t *testing.T) {
	t.Parallel()
	siteTTools(t, "sh", "curl", "openssl", "sed", "tr", "date")
	s := newSiteT(t)
	p := s.proved(t, s.member(t), "Saksystem")
	dir := s.save(t, p, "token.sh", "private-key.pem")

	for _, args := range [][]string{{"sh", "token.sh", "private-key.pem"}, {"sh", "token.sh"}} {
		out, errs, err := siteTCommand(t, dir, args...)
		if err != nil || errs != "" {
			t.Fatalf("%v: %v\n%s%s", args, err, errs, out)
		}
		if strings.Count(out, "\n") != 1 {
			t.Errorf("got %d lines, want the token on one", strings.Count(out, "\n"))
		}
		_, claims, err := jwk.Inspect(strings.TrimSpace(out))
		if err != nil {
			t.Fatalf("the output is no token: %v\n%.80s", err, out)
		}
		if got, want := fmt.Sprint(claims["urn:altinn:org"]), siteTOrgs[0].Code; got != want {
			t.Errorf("got a token for %q, want Altinn's for %q: %v", got, want, claims)
		}
	}
	var calls []string
	for _, e := range s.seen.exchanges() {
		if strings.HasPrefix(e.request.Get("User-Agent"), "curl/") {
			calls = append(calls, fmt.Sprint(e.method, " ", e.uri, " ", e.status))
		}
	}
	once := "POST /maskinporten/token 200 GET /altinn/authentication/api/v1/exchange/maskinporten 200"
	if got, want := strings.Join(calls, " "), once+" "+once; got != want {
		t.Errorf("the script called %q, want %q", got, want)
	}
}

// When Maskinporten refuses, the script says why and fails.
func TestCurlRefused(t *testing.T) {
	t.Parallel()
	siteTTools(t, "sh", "curl", "openssl")
	s := newSiteT(t)
	p := siteTDescribe(t, s.member(t), "Saksystem").Form(t, "journey").Press(t, siteTWord("key.make"))
	form := p.Form(t, "journey")
	p = form.Fill(t, siteTWord("record.client_id"), "0a1b2c3d-1111-2222-3333-444455556666").Press(t, siteTWord("record.save"))
	dir := s.save(t, p, "token.sh", "private-key.pem")

	out, errs, err := siteTCommand(t, dir, "sh", "token.sh")
	if err == nil || out != "" || !strings.Contains(errs, "invalid_grant") {
		t.Errorf("got %v, %q and %q, want a failure that says why", err, out, errs)
	}
	if _, errs, err = siteTCommand(t, dir, "sh", "token.sh", "no-such-file.pem"); err == nil || errs == "" {
		t.Errorf("without a key: got %v and %q, want a failure that says why", err, errs)
	}
	for _, e := range s.seen.exchanges() {
		if e.uri == "/altinn/authentication/api/v1/exchange/maskinporten" {
			t.Error("the script went on to the exchange without a token")
		}
	}
}

// The key files are what their names say, and openssl reads the PEM.
func TestKeyFiles(t *testing.T) {
	t.Parallel()
	siteTTools(t, "openssl")
	s := newSiteT(t)
	p := siteTDescribe(t, s.member(t), "Saksystem").Form(t, "journey").Press(t, siteTWord("key.make"))
	var thumbprint string
	for _, name := range []string{"encoded-jwk.txt", "private-jwk.json", "private-key.pem"} {
		k, err := jwk.ParsePrivate([]byte(s.take(t, p, name)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := k.Public().Thumbprint(); thumbprint != "" && got != thumbprint {
			t.Errorf("%s is another key", name)
		}
		thumbprint = k.Public().Thumbprint()
	}
	public, err := jwk.ParsePublics([]byte(s.take(t, p, "public-array.json")))
	if err != nil || len(public) != 1 || public[0].Thumbprint() != thumbprint {
		t.Errorf("public-array.json: got %v, %v", public, err)
	}
	if encoded := s.take(t, p, "encoded-jwk.txt"); !regexp.MustCompile(`^[A-Za-z0-9+/]+=*$`).MatchString(encoded) || len(encoded)%4 != 0 {
		t.Errorf("encoded-jwk.txt is not one line of padded base64")
	}
	dir := s.save(t, p, "private-key.pem")
	if out, errs, err := siteTCommand(t, dir, "openssl", "pkey", "-in", "private-key.pem", "-noout", "-check"); err != nil {
		t.Errorf("openssl: %v\n%s%s", err, out, errs)
	}
}

// Each block is well formed and has the names and values that the program that
// it is for reads.
func TestRecipes(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	p := s.proved(t, s.member(t), "Saksystem")
	client := p.Find("input#client_id").AttrOr("value", "")
	key := s.take(t, p, "encoded-jwk.txt")
	scope := "altinn:serviceowner/notifications.create"
	want := map[string]any{
		"Environment": "test", "ClientId": client, "Scope": scope, "ExhangeToAltinnToken": true, "TokenExchangeEnvironment": "tt02",
	}

	var settings map[string]map[string]any
	siteTStrict(t, s.take(t, p, "appsettings.json"), &settings)
	if got := settings["MaskinportenSettings"]; fmt.Sprint(got) != fmt.Sprint(want) || len(settings) != 1 {
		t.Errorf("appsettings.json: got %v, want %v", settings, want)
	}
	var secrets map[string]string
	siteTStrict(t, s.take(t, p, "secrets.json"), &secrets)
	if len(secrets) != 1 || secrets["MaskinportenSettings:EncodedJwk"] != key {
		t.Errorf("secrets.json has %d values, or another key than encoded-jwk.txt", len(secrets))
	}

	want["EncodedJwk"] = key
	env := map[string]string{}
	for line := range strings.Lines(s.take(t, p, "maskinporten.env")) {
		m := regexp.MustCompile(`^MaskinportenSettings__([A-Za-z]+)=([^\s"'#]+(?: [^\s"'#]+)*)\n$`).FindStringSubmatch(line)
		if m == nil {
			t.Errorf("maskinporten.env: got a line %.60q", line)
			continue
		}
		env[m[1]] = m[2]
	}
	for name, value := range want {
		if env[name] != fmt.Sprint(value) {
			t.Errorf("maskinporten.env: %s is not what the page has", name)
		}
	}
	if len(env) != len(want) {
		t.Errorf("maskinporten.env: got %d settings, want %d", len(env), len(want))
	}
	vault := s.take(t, p, "keyvault.sh")
	for name := range want {
		if !strings.Contains(vault, "--name MaskinportenSettings--"+name+" ") {
			t.Errorf("keyvault.sh does not set %s", name)
		}
	}
	if secret := jwk.Leaks([]byte(vault)); secret || !strings.Contains(vault, "--file encoded-jwk.txt") {
		t.Errorf("keyvault.sh has the key in it (%v), or does not read its file", secret)
	}
}

// siteTStrict reads JSON that has nothing after it.
func siteTStrict(t testing.TB, text string, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), to); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
}

// Without the private key the blocks are the same, with words in its place.
func TestRecipesWithoutKey(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	b := s.member(t)
	p := b.Get(t, siteTJourney(s.proved(t, b, "Saksystem")))
	for _, name := range []string{"appsettings.json", "secrets.json", "maskinporten.env", "keyvault.sh", "token.sh", "public-array.json"} {
		if text := s.take(t, p, name); jwk.Leaks([]byte(text)) {
			t.Errorf("%s has a private key", name)
		}
	}
	var secrets map[string]string
	siteTStrict(t, s.take(t, p, "secrets.json"), &secrets)
	if got, want := secrets["MaskinportenSettings:EncodedJwk"], siteTWord("recipe.placeholder"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, name := range []string{"encoded-jwk.txt", "private-jwk.json", "private-key.pem"} {
		page := b.Do(t, "POST", siteTJourney(p)+"/files/"+name, p.Form(t, "journey").Values)
		if page.Status != http.StatusOK || page.Header.Get("Content-Disposition") != "" || !strings.Contains(page.Text("main"), siteTWord("journey.blob.gone")) {
			t.Errorf("%s: got %d, want the page, which says that the key is gone", name, page.Status)
		}
	}
}

// The shell reads the scripts, whatever stands in the values.
func TestScripts(t *testing.T) {
	t.Parallel()
	siteTTools(t, "sh")
	s := newSiteT(t)
	u := s.person(t, "Kari Medlem", store.RoleNone, siteTOrgs[0].Number)
	b := s.signedIn(t, u, siteTOrgs[0].Number)
	for n, name := range []string{"Saksystem", `'"; touch hacked; $(touch hacked) ` + "`touch hacked`", "-e \\ % %s {{.}} \u00e6"} {
		p := siteTDescribe(t, b, name).Form(t, "journey").Press(t, siteTWord("key.make"))
		dir := s.save(t, p, "token.sh", "keyvault.sh", "altinn-app-keyvault.sh", "pkcs12.sh")
		for _, script := range []string{"token.sh", "keyvault.sh", "altinn-app-keyvault.sh", "pkcs12.sh"} {
			if _, errs, err := siteTCommand(t, dir, "sh", "-n", script); err != nil || errs != "" {
				t.Errorf("%d: %s: %v %s", n, script, err, errs)
			}
		}
		// Without a name for the vault nothing is called.
		if _, errs, err := siteTCommand(t, dir, "sh", "keyvault.sh"); err == nil || !strings.Contains(errs, "name of the key vault") {
			t.Errorf("%d: keyvault.sh: got %v, %q", n, err, errs)
		}
		if _, err := os.Stat(filepath.Join(dir, "hacked")); err == nil {
			t.Errorf("%d: a name was carried out as a command", n)
		}
	}
}
