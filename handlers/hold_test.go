package handlers_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/store"
)

// newKeyPair is a key that the portal has never seen.
func newKeyPair(t testing.TB) jwk.Private {
	t.Helper()
	key, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// own brings the public half of a key.
func own(t testing.TB, p *handlerstest.Page, text string) *handlerstest.Page {
	t.Helper()
	return p.Form(t, "journey").Fill(t, nb("own.own"), text).Press(t, nb("own.add"))
}

func TestOwnKey(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	key := newKeyPair(t)
	named, err := key.WithKid("min-nokkel")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"JWK": named.Public().JSON(), "JWKS": named.Public().Set(), "array": named.Public().Array(),
		"PEM": key.Public().PEM(), "base64": base64.StdEncoding.EncodeToString([]byte(named.Public().JSON())),
	} {
		p := own(t, describe(t, b, "Egen "+name), text)
		if got := p.Text("#key .facts"); p.Status != 200 || !strings.Contains(got, key.Public().Thumbprint()) || !strings.Contains(got, nb("key.custody.elsewhere")) {
			t.Errorf("%s: got %d %q", name, p.Status, got)
		}
		wantKid := "min-nokkel"
		if name == "PEM" {
			wantKid = "egen-pem-sandbox-"
		}
		if !strings.Contains(p.Text("#key .facts"), wantKid) {
			t.Errorf("%s: want the kid %s…: %s", name, wantKid, p.Text("#key .facts"))
		}
	}
	ec := `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`
	for _, row := range []struct{ text, code string }{
		{"", "own.empty"}, {ec, "own.not-rsa"}, {"hei", "own.malformed"}, {named.Public().JSON()[:100], "own.truncated"},
	} {
		p := own(t, describe(t, b, "Feil"), row.text)
		if p.Status != 422 {
			t.Errorf("%s: got %d", row.code, p.Status)
		}
		checkProblem(t, p, "own", row.code)
		if got := p.Find("#own").Text(); got != row.text {
			t.Errorf("%s: what was typed is lost: %q", row.code, got)
		}
	}
	leaked := own(t, describe(t, b, "Lekk"), named.JSON().Reveal())
	checkProblem(t, leaked, "own", "secret")
	if strings.Contains(leaked.Body, named.JSON().Reveal()[40:80]) {
		t.Error("a private key comes back")
	}
	// What was refused as leaked is leaked when its public half is put on record later.
	later := own(t, describe(t, b, "Lekk igjen"), named.Public().JSON())
	if later.Find("#key .ds-alert[data-color=danger]").Length() == 0 {
		t.Errorf("a key that leaked is taken without a word: %s", later.Text("#key"))
	}
	// A key that is pasted was not made by the page, whatever the form says beside it.
	f := describe(t, b, "Limt inn").Form(t, "journey").Fill(t, nb("own.own"), newKeyPair(t).Public().JSON())
	f.Values.Set("born", "browser")
	if p := f.Press(t, nb("own.add")); !strings.Contains(p.Text("#key .facts"), nb("key.custody.elsewhere")) {
		t.Errorf("a pasted key with the choice for new ones: %s", p.Text("#key .facts"))
	}
}

// signedBy makes the grant of the page's prepared text as the command does.
func signedBy(t testing.TB, key jwk.Private, p *handlerstest.Page) string {
	t.Helper()
	input := p.Find("#prepared").AttrOr("data-input", "")
	if input == "" {
		t.Fatalf("no prepared grant\n%s", p.Text("#prove"))
	}
	grant, err := key.Sign(input)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// A proof with a key that the portal never sees: the reader signs.
func TestProveWithOwnSignature(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	key := newKeyPair(t)
	page := register(t, s, own(t, describe(t, b, "Egen"), key.Public().PEM()))
	prepare := func() *handlerstest.Page {
		t.Helper()
		return page.Form(t, "journey").Press(t, nb("sign.begin"))
	}
	send := func(p *handlerstest.Page, grant string) *handlerstest.Page {
		t.Helper()
		return p.Form(t, "journey").Fill(t, nb("sign.grant"), grant).Press(t, nb("sign.send"))
	}

	p := prepare()
	grant := signedBy(t, key, p)
	green := send(p, grant)
	if got := green.Find(".light.passed").Length(); got != 9 || strings.Contains(green.Body, grant[len(grant)-40:]) {
		t.Fatalf("got %d green lights\n%s", got, green.Text("#prove"))
	}
	if twice := send(p, grant); twice.Find(".light.passed").Length() != 9 || twice.Status != 200 {
		t.Errorf("the second post of a double click: got %d", twice.Status)
	}
	between := prepare()
	if moved := send(between, signedBy(t, key, between)); moved.Find(".light.passed").Length() != 9 {
		t.Fatalf("another proof: %s", moved.Text("#prove"))
	}
	again := send(p, grant)
	checkProblem(t, again, "grant", "grant.not-prepared")
	if strings.Contains(again.Body, grant[:60]) {
		t.Error("a grant comes back")
	}

	other := newKeyPair(t)
	red := send(prepare(), "")
	checkProblem(t, red, "grant", "grant.not-prepared")
	p = prepare()
	checkRed(t, send(p, signedBy(t, other, p)), "grant", "grant.invalid-signature")
	p = prepare()
	checkProblem(t, send(p, tampered(t, key, p)), "grant", "grant.not-prepared")

	// Another sign-in cannot use what this one prepared, nor this one elsewhere.
	p = prepare()
	stranger := s.browser(t, "Ola Annen", store.RoleNone, orgs[0].Number)
	values := url.Values{"prepared": {p.Find("#prepared").AttrOr("data-id", "")}, "grant": {signedBy(t, key, p)}}
	path := "/integrations/" + strings.Split(p.URL.Path, "/")[2]
	checkProblem(t, stranger.Do(t, "POST", path+"/proofs/finish", values), "grant", "grant.not-prepared")
	elsewhere := describe(t, b, "En annen")
	s.stand(map[string]http.HandlerFunc{"/maskinporten/token": func(http.ResponseWriter, *http.Request) {
		t.Error("another integration's grant was sent")
	}})
	if got := b.Do(t, "POST", elsewhere.URL.Path+"/proofs/finish", values); got.Status != 422 {
		t.Errorf("for another integration: got %d", got.Status)
	}
}

// tampered is the prepared grant with another audience, signed with the right key.
func tampered(t testing.TB, key jwk.Private, p *handlerstest.Page) string {
	t.Helper()
	head, body, _ := strings.Cut(p.Find("#prepared").AttrOr("data-input", ""), ".")
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	claims["aud"] = "https://maskinporten.no/"
	raw, _ = json.Marshal(claims) // what was read as JSON can be written as it
	grant, err := key.Sign(head + "." + base64.RawURLEncoding.EncodeToString(raw))
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// openssl signs as the command on the page does.
func openssl(t testing.TB, key jwk.Private, text string) string {
	t.Helper()
	block, _ := pem.Decode([]byte(key.PEM().Reveal()))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(text))
	raw, err := rsa.SignPKCS1v15(rand.Reader, parsed.(*rsa.PrivateKey), crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func TestSavedMeansProved(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	key := newKeyPair(t)
	page := own(t, describe(t, b, "Egen"), key.Public().PEM())
	text := func(p *handlerstest.Page) string { return p.Find("#saved-file").AttrOr("data-text", "") }
	send := func(p *handlerstest.Page, signature string) *handlerstest.Page {
		t.Helper()
		return p.Form(t, "journey").Fill(t, nb("saved.signature"), signature).Press(t, nb("saved.send"))
	}

	if !strings.Contains(page.Find("#saved-command").Text(), text(page)) {
		t.Error("the command does not sign the text")
	}
	checkProblem(t, send(page, ""), "signature", "saved.empty")
	checkProblem(t, send(page, openssl(t, newKeyPair(t), text(page))), "signature", "saved.wrong")
	checkProblem(t, send(page, openssl(t, key, "portvakt-saved:v1:annet")), "signature", "saved.wrong")
	word := page.Form(t, "journey").Press(t, nb("saved.word"))
	if !strings.Contains(word.Text("#saved-key summary"), "ansvar") && !strings.Contains(word.Text("#saved-key summary"), "sagt lagret") {
		t.Errorf("taking the responsibility: %q", word.Text("#saved-key summary"))
	}
	old := page
	fresh := b.Get(t, "/integrations/"+strings.Split(page.URL.Path, "/")[2])
	good := send(fresh, openssl(t, key, text(fresh)))
	if !strings.Contains(good.Text("#saved-key summary"), "lagret, vist") {
		t.Errorf("a signature: %d %q", good.Status, good.Text("#saved-key summary"))
	}
	s.pass(31 * 60e9)
	b = s.browser(t, "Kari Seinere", store.RoleNone, orgs[0].Number)
	late := b.Do(t, "POST", strings.TrimSuffix(old.URL.Path, "/keys/own")+"/saved", old.Form(t, "journey").Fill(t, nb("saved.signature"), openssl(t, key, text(old))).Values)
	checkProblem(t, late, "signature", "saved.late")
}

// The page that holds a key in the reader's browser gets places for it, and no key.
func TestHeldKey(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	key := newKeyPair(t)
	page := describe(t, b, "I nettleseren")
	f := page.Form(t, "journey")
	f.Values.Set("born", "browser")
	f.Values.Set("making", key.Public().Thumbprint())
	// Without an id, as the page sends it.
	p := f.Fill(t, nb("own.own"), strings.Replace(key.Public().JSON(), `"kid":"`+key.Public().Kid()+`",`, "", 1)).Press(t, nb("own.add"))
	if p.Status != 200 || !strings.Contains(p.Text("#key .facts"), nb("key.custody.browser")) {
		t.Fatalf("got %d %s", p.Status, p.Text("#key .facts"))
	}
	if p.Find(`#encoded [data-key-form="encoded"]`).Length() != 1 || p.Find("input[name=sealed]").AttrOr("value", "") != "" {
		t.Error("no place for the key, or a sealed one")
	}
	if p.Find(`#prove [data-sign="held"]`).Length() != 1 {
		t.Error("the page cannot sign")
	}
	// Its kid is the portal's.
	if !strings.Contains(p.Find("#hold-words").AttrOr("data-keys", ""), key.Public().Thumbprint()+" i-nettleseren-sandbox-") {
		t.Errorf("keys: %q", p.Find("#hold-words").AttrOr("data-keys", ""))
	}
	// Who holds the key of nobody holds nothing.
	f = page.Form(t, "journey")
	f.Values.Set("held", "x"+key.Public().Thumbprint()[1:])
	if got := f.Press(t, nb("record.save")); got.Find(`#encoded`).Length() != 0 {
		t.Error("a page holds a key that is not on record")
	}
}
