package handlers_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// disguises are the forms in which a person has a private key.
func disguises(t testing.TB, k jwk.Private) map[string]string {
	t.Helper()
	whole, encoded := k.JSON().Reveal(), k.Encoded().Reveal()
	block, _ := pem.Decode([]byte(k.PEM().Reveal()))
	escaped, _ := json.Marshal(k.PEM().Reveal())
	return map[string]string{
		"JWK": whole, "set": `{"keys":[` + whole + `]}`, "base64": encoded,
		"base64url":             base64.RawURLEncoding.EncodeToString([]byte(whole)),
		"PEM":                   k.PEM().Reveal(),
		"base64 of DER":         base64.StdEncoding.EncodeToString(block.Bytes),
		"base64 of PEM":         base64.StdEncoding.EncodeToString([]byte(k.PEM().Reveal())),
		".env":                  "MaskinportenSettings__EncodedJwk=" + encoded,
		"secrets.json":          `{"MaskinportenSettings:EncodedJwk":"` + encoded + `"}`,
		"appsettings":           "{\"MaskinportenSettings\":{ // ny\n\"JwkBase64\":\"" + encoded + "\",}}",
		"PEM in settings":       `{"PrivateKey":` + string(escaped) + `}`,
		"byte order mark":       "\ufeff" + whole,
		"curly quotation marks": strings.ReplaceAll(whole, `"`, "”"),
	}
}

// crumbs are pieces of the private numbers, as they stand in JSON and in base64
// of it.
func crumbs(k jwk.Private) []string {
	var members map[string]string
	_ = json.Unmarshal([]byte(k.JSON().Reveal()), &members)
	encoded := k.Encoded().Reveal()
	all := []string{encoded[len(encoded)/2 : len(encoded)/2+40], strings.Split(k.PEM().Reveal(), "\n")[12]}
	for _, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
		all = append(all, members[name][10:50])
	}
	return all
}

// kept is everything that the portal has written: database and log.
func kept(t testing.TB, s *site) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "portvakt.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no database", err)
	}
	all := []byte(s.log.String())
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, content...)
	}
	return all
}

// A private key in a public field: refused, neither kept nor shown again, noted
// by its thumbprint, and the key counts as leaked.
func TestPastedPrivateKeyIsNowhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	key, err := jwk.ParsePrivate([]byte(page.Find("#encoded").Text()))
	if err != nil {
		t.Fatal(err)
	}
	// Posted without the sealed key: that page shows the key on purpose.
	bare := b.Get(t, strings.TrimSuffix(page.URL.Path, "/keys"))
	pages := ""
	for name, text := range disguises(t, key) {
		for _, field := range []string{"client_id", "registered_kid", "kid", "extra"} {
			form := bare.Form(t, "journey")
			form.Values.Set(field, text)
			p := form.Press(t, nb("record.save"))
			checkPaste(t, p, pasteRow{field: field, problem: "secret", read: []string{"leaked"}})
			if got := p.Form(t, "journey").Values.Get(field); got != "" {
				t.Errorf("%s in %s is shown again", name, field)
			}
			pages += p.Body
		}
		for _, field := range []string{"name", "description", "typed", "query"} {
			form := b.Get(t, "/integrations/new").Form(t, "describe")
			form.Values.Set(field, text)
			p := form.Press(t, "Opprett")
			if p.Text("#"+field+"-problem") != nb("problem.secret") {
				t.Errorf("%s in %s: got %d %q", name, field, p.Status, p.Text("#problems"))
			}
			pages += p.Body
		}
	}
	written := kept(t, s)
	for _, crumb := range crumbs(key) {
		if strings.Contains(pages, crumb) {
			t.Error("a page shows a piece of the key")
		}
		if bytes.Contains(written, []byte(crumb)) {
			t.Error("the log or the database has a piece of the key")
		}
	}
	i := integrationAt(t, s, page.URL.Path)
	events, _, err := s.store.EventsOf(t.Context(), i.Organisation, i.ID, store.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if e := events[0]; e.Kind != store.KeyPrivate || e.Integration != i.ID || e.Detail["thumbprint"] != key.Public().Thumbprint() {
		t.Errorf("newest event: got %+v", e)
	}
}

// The same key pasted again and again does not fill the trail: it is noted when it
// becomes known, and once an hour for the same person.
func TestPastedPrivateKeyIsNotedOnceAnHour(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	form := b.Get(t, strings.TrimSuffix(page.URL.Path, "/keys")).Form(t, "journey")
	form.Values.Set("client_id", page.Find("#encoded").Text())
	paste := func(times, want int) {
		t.Helper()
		for range times {
			checkPaste(t, form.Press(t, nb("record.save")), pasteRow{field: "client_id", problem: "secret", read: []string{"leaked"}})
		}
		if got := privateKeyEvents(t, s); got != want {
			t.Errorf("got %d events at %v, want %d", got, s.Now(), want)
		}
	}
	paste(1, 1)
	paste(4, 2)
	for range 3 {
		s.pass(19 * time.Minute)
		paste(2, 2)
	}
	s.pass(4 * time.Minute)
	paste(3, 3)
}

// A key that was pasted at another integration is marked at its own.
func TestLeakedKeyIsMarkedWhereItBelongs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, forms := registered(t, s, b)
	elsewhere := describe(t, b, "Annet")
	if p := b.Get(t, "/"); strings.Contains(p.Text("main"), nb("key.alarm.leaked")) {
		t.Error("a key counts as leaked before it has")
	}
	p := elsewhere.Form(t, "journey").Fill(t, "Klient ID", forms["private-key.pem"]).Press(t, nb("record.save"))
	if said := p.Text("#client_id-remarks"); !strings.Contains(said, "Saksystem") {
		t.Errorf("whose key it is: got %q", said)
	}
	i := integrationAt(t, s, path)
	keys, err := s.store.Keys(t.Context(), i.Organisation, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !keys[0].Leaked.Equal(s.Now()) {
		t.Errorf("leaked: got %v, want %v", keys[0].Leaked, s.Now())
	}
	events, _, err := s.store.EventsOf(t.Context(), i.Organisation, i.ID, store.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if e := events[0]; e.Kind != store.KeyPrivate || e.Integration != i.ID || e.Object != keys[0].ID {
		t.Errorf("the event in the key's own history: got %+v", e)
	}
	if got := b.Get(t, "/").Text("main tbody tr:nth-child(2)"); !strings.Contains(got, nb("key.alarm.leaked")) {
		t.Errorf("the list: got %q", got)
	}
	for _, l := range views.Languages {
		b.Language = string(l)
		p := b.Get(t, path)
		words := views.In(l).F("key.leaked", "Kid", keys[0].UsedKid(), "Day", views.In(l).Date(s.Now()))
		for _, step := range []string{"#key", "#prove"} {
			if got := p.Text(step + " .ds-alert[data-color=danger]"); !strings.Contains(got, words) {
				t.Errorf("%s %s: got %q, want %q in it", l, step, got, words)
			}
		}
		if p.Find("#key > details[open]").Length() != 1 {
			t.Errorf("%s: the step with the leaked key is folded", l)
		}
	}
	b.Language = "nb"
	// It can be tested all the same, and the page says so.
	p = b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), "key", []byte(forms["encoded-jwk.txt"])).Press(t, nb("prove.button"))
	if p.Find(".light.passed").Length() != 9 || !strings.Contains(p.Text("#prove"), nb("key.leaked.what")) {
		t.Errorf("a proof with it: got %d lights", p.Find(".light.passed").Length())
	}
	// A new key in its place ends the alarm; the old one keeps its mark.
	p = p.Form(t, "journey").Press(t, nb("key.make.another")).Form(t, "journey").Press(t, nb("register.done"))
	if got := p.Text("#key"); strings.Contains(got, nb("key.leaked.what")) || !strings.Contains(got, nb("key.alarm.leaked")) {
		t.Errorf("with a new key: got %q", got)
	}
	if got := b.Get(t, "/").Text("main tbody"); strings.Contains(got, nb("key.alarm.leaked")) {
		t.Errorf("the list with a new key: got %q", got)
	}
}

// Old names and look-alikes are named in step 1 too.
func TestDescribeNamesTheRightScope(t *testing.T) {
	t.Parallel()
	b := newSite(t).member(t)
	for typed, code := range map[string]string{
		"altinn:notifications.create": "scopes.old", "altinn:serviceowner-notifications.create": "scopes.alike",
		"https://test.maskinporten.no/": "scopes.is-address",
	} {
		form := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem")
		form.Values.Set("typed", typed)
		p := form.Press(t, "Opprett")
		checkPaste(t, p, pasteRow{field: "typed", problem: code})
		if got := p.Text("#typed-problem"); code != "scopes.is-address" && !strings.Contains(got, "altinn:serviceowner/notifications.create") {
			t.Errorf("%s: got %q, want the right one", typed, got)
		}
	}
	form := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Saksystem")
	form.Values.Set("typed", `"scope": ["altinn:serviceowner/instances.read";]`)
	if p := form.Press(t, "Opprett"); !strings.Contains(p.Text("#describe .scopes"), "altinn:serviceowner/instances.read") {
		t.Errorf("a list in JSON: got %d %s", p.Status, p.Text("#describe .scopes"))
	}
}

// The file of a proof may be whatever form people have of the key.
func TestProveWithAnyForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, forms := registered(t, s, b)
	key, err := jwk.ParsePrivate([]byte(forms["private-jwk.json"]))
	if err != nil {
		t.Fatal(err)
	}
	all := disguises(t, key)
	all["UTF-16"] = utf16LE(key.Encoded().Reveal())
	for name, content := range all {
		s.pass(10e9)
		p := b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), "key", []byte(content)).Press(t, nb("prove.button"))
		if got := p.Find(".light.passed").Length(); got != 9 {
			t.Errorf("%s: got %d green lights, %d %s", name, got, p.Status, p.Text("#problems"))
		}
		for _, crumb := range crumbs(key) {
			if strings.Contains(p.Body, crumb) {
				t.Errorf("%s: the page shows a piece of the key", name)
			}
		}
	}
	written := kept(t, s)
	for _, crumb := range crumbs(key) {
		if bytes.Contains(written, []byte(crumb)) {
			t.Error("the log or the database has a piece of the key")
		}
	}
}

func TestProveFileRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, forms := registered(t, s, b)
	mine := publicOf(t, b.Get(t, path).Find("#public-jwk").Text())
	other := testdata(t, "rsa2048.json")
	stranger, err := jwk.ParsePrivate([]byte(other))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, content, code string }{
		{"empty but for spaces", " \r\n", "file.empty"},
		{"public JWK", mine.JSON(), "file.public"},
		{"public PEM", mine.PEM(), "file.public"},
		{"SSH public", "ssh-rsa AAAA", "file.malformed"},
		{"certificate", testdata(t, "openssl.cert.pem"), "file.certificate"},
		{"EC", testdata(t, "ec.pkcs8.pem"), "file.not-rsa"},
		{"oct", `{"kty":"oct","k":"c2VjcmV0"}`, "file.not-rsa"},
		{"1024 bits", testdata(t, "rsa1024.pkcs8.pem"), "file.size"},
		{"passphrase", testdata(t, "openssl.encrypted.pem"), "file.encrypted"},
		{"OpenSSH", testdata(t, "openssh.pem"), "file.openssh"},
		{"PKCS#12", testdata(t, "openssl.p12"), "file.pkcs12"},
		{"two keys", "[" + other + "," + forms["private-jwk.json"] + "]", "file.several"},
		{"cut off", other[:len(other)/2], "file.broken"},
		{"words", "hello", "file.malformed"},
		{"web page", "<html></html>", "file.malformed"},
		{"another key", other, "file.other"},
	} {
		p := b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), "key", []byte(row.content)).Press(t, nb("prove.button"))
		if row.code != "file.other" {
			checkPaste(t, p, pasteRow{field: "file", problem: row.code})
			continue
		}
		said := p.Text("#file-problem")
		if p.Status != 422 || !strings.Contains(said, stranger.Public().Thumbprint()) || !strings.Contains(said, mine.Thumbprint()) {
			t.Errorf("another key: got %d %q, want both thumbprints", p.Status, said)
		}
		for _, crumb := range crumbs(stranger) {
			if strings.Contains(p.Body, crumb) {
				t.Error("the page shows a piece of the key")
			}
		}
	}
}

func TestOrganisationNumbers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.localBrowser(t)
	for _, row := range []struct{ name, typed, code string }{
		{"nothing", "", "orgnumber.empty"},
		{"wrong check digit", "974760674", "orgnumber.check-digit"},
		{"ten digits", "9747606731", "orgnumber.ten"},
		{"client id", someClient, "orgnumber.is-client"},
		{"words", "etaten", "orgnumber.syntax"},
		{"national identity number", "13097248022", "orgnumber.is-person"},
		{"with a space", "130972 48022", "orgnumber.is-person"},
	} {
		form := b.Get(t, "/organisations/new").Form(t, "organisation")
		form.Values.Set("number", row.typed)
		form.Values.Set("name", "Etaten")
		p := form.Press(t, nb("organisation.add"))
		checkPaste(t, p, pasteRow{field: "number", problem: row.code})
		got := p.Form(t, "organisation").Values.Get("number")
		if row.code == "orgnumber.is-person" {
			if got != "" || strings.Contains(p.Body, "48022") || bytes.Contains(kept(t, s), []byte("48022")) {
				t.Errorf("%s: it is shown again or kept", row.name)
			}
		} else if got != row.typed {
			t.Errorf("%s: what was typed is lost: %q", row.name, got)
		}
	}
	for _, good := range []string{"0192:974760673", "974 760 673", "NO 974 760 673 MVA"} {
		form := b.Get(t, "/organisations/new").Form(t, "organisation")
		form.Values.Set("number", good)
		form.Values.Set("name", "Etaten")
		if p := form.Press(t, nb("organisation.add")); p.Status != 200 || p.URL.Path != "/" {
			t.Errorf("%s: got %d %s", good, p.Status, p.Text("#problems"))
		}
	}
}

// localBrowser is signed in by the one-time link.
func (s *site) localBrowser(t testing.TB) *handlerstest.Browser {
	t.Helper()
	s.local.NewLink()
	b := handlerstest.New(s.portal.URL)
	b.Get(t, s.printed[len(s.printed)-1])
	return b
}

func utf16LE(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}
