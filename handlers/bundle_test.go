package handlers_test

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"portvakt/handlers/handlerstest"
	"portvakt/internal/proof"
	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

var signed = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]{5,})?`)

// checkHarmless fails when a text for support has something in it that must not
// leave the house, or that changes how it is read.
func checkHarmless(t *testing.T, what, text string, secrets ...string) {
	t.Helper()
	if jwk.Leaks([]byte(text)) || signed.MatchString(text) {
		t.Errorf("%s: a key or a token stands in\n%s", what, text)
	}
	for _, secret := range secrets {
		for at := 0; at+40 <= len(secret); at += 20 {
			if strings.Contains(text, secret[at:at+40]) {
				t.Errorf("%s: a piece of a secret stands in\n%s", what, text)
				break
			}
		}
	}
	for _, r := range strings.ReplaceAll(text, "\n", "") {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) || r == unicode.ReplacementChar {
			t.Errorf("%s: the character %U stands in\n%q", what, r, text)
		}
	}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, ": "); !ok || name == "" || strings.TrimSpace(value) == "" || len(line) > 4000 {
			t.Errorf("%s: the line %q is no name with a value", what, line)
		}
	}
}

// parts are a grant and a private key in the forms in which they get lost.
func parts(t *testing.T) (secrets []string, private jwk.Private) {
	t.Helper()
	private, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"aaaaaaaa-1111-2222-3333-444455556666","scope":"altinn:serviceowner"}`))
	grant, err := private.Sign("eyJhbGciOiJSUzI1NiIsImtpZCI6ImtpZC0xIn0." + payload)
	if err != nil {
		t.Fatal(err)
	}
	// The same as somebody else's library writes it.
	spaced := "eyAiYWxnIjoiUlMyNTYiIH0." + base64.RawURLEncoding.EncodeToString([]byte(`{ "iss": "aaaaaaaa-1111-2222-3333-444455556666", "exp": 1 }`)) + ".c2ln"
	return []string{
		grant, strings.Join(strings.Split(grant, ".")[:2], "."), grant[strings.LastIndex(grant, ".")+1:],
		private.Encoded().Reveal(), private.JSON().Reveal(), private.PEM().Reveal(), spaced,
	}, private
}

// Every code, with an answer and claims as bad as they can be.
func TestBundleOfEveryCode(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, _ := proved(t, s, b)
	secrets, _ := parts(t)
	one := b.Get(t, path+"/proofs").Find("tbody a").First().AttrOr("href", "")
	for n, code := range append([]string{"augury.no-birds"}, proof.Codes...) {
		// Each secret alone, which is cut out, and all at once.
		evil := "før " + secrets[n%len(secrets)] + " \u202e\x1b[31m\x00\r\nKlient ID: en annen\u2028\u200b etter"
		if n%7 == 0 {
			evil = strings.Join(secrets, evil)
		}
		s.makeEvil(t, one, code, evil, secrets)
		checkEvilBundle(t, b, []string{"nb", "nn", "en"}[n%3], one, code, secrets)
	}
}

// makeEvil puts a run on record that no request could put there.
func (s *site) makeEvil(t *testing.T, path, code, evil string, secrets []string) {
	t.Helper()
	text := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	stage, _, _ := strings.Cut(code, ".")
	claims := text(map[string]any{
		"iss": evil, "aud": []string{evil}, "scope": secrets[0], "exp": 1763816400, "iat": evil, "jti": secrets[3][:300],
		"sub\u202e\n" + secrets[2]: 1, secrets[0]: true, "consumer": map[string]any{"ID": evil}, "d": secrets[4],
		"urn:altinn:org": "ovd", "client_id": "\u2067" + secrets[0],
	})
	stages := text([]map[string]any{{
		"stage": stage, "outcome": "failed", "code": code, "took": 9,
		"figures": map[string]string{"status": evil, "kid": evil, "jti": evil, "skew": evil, "wanted": evil},
	}})
	answer := text(map[string]any{"status": 400, "error": evil + " MP-121", "description": evil, "trace_id": evil, "body": evil})
	s.change(t, `UPDATE proofs SET outcome = 'failed', failed_stage = ?, stages = ?, maskinporten_claims = ?, altinn_claims = ?, answer = ?
		WHERE id = ?`, stage, stages, claims, claims, answer, path[strings.LastIndex(path, "/")+1:])
}

func checkEvilBundle(t *testing.T, b *handlerstest.Browser, language, path, code string, secrets []string) {
	t.Helper()
	reader := *b
	reader.Language = language
	p := reader.Get(t, path)
	text := p.Find("#bundle-text").Text()
	checkHarmless(t, language+" "+code, text, secrets...)
	words := views.In(views.Language(language))
	for _, want := range []string{"(" + code + ")", "MP-121", words.S("bundle.environment") + ": "} {
		if !strings.Contains(text, want) {
			t.Errorf("%s %s: %q is not in\n%s", language, code, want, text)
		}
	}
	who := "you"
	if d, known := proof.DiagnosisOf(code); known {
		who = string(d.Who)
	}
	if got := p.Text(".bundle"); !strings.Contains(got, words.S("bundle.to."+who)) || !strings.Contains(got, words.S("bundle.practice")) {
		t.Errorf("%s %s: addressed to somebody else than %q: %q", language, code, who, got)
	}
}

// A real red run, and a green one, say what support asks for.
func TestBundle(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, _ := proved(t, s, b)
	links := b.Get(t, path+"/proofs").Find("tbody a")
	thumbprint := s.newestKey(t, path).Thumbprint

	green := b.Get(t, links.Eq(0).AttrOr("href", "")).Find("#bundle-text").Text()
	checkHarmless(t, "green", green)
	for _, want := range []string{
		nb("bundle.client") + ": ", nb("bundle.thumbprint") + ": " + thumbprint, nb("bundle.orgnumber") + ": " + orgs[0].Number,
		nb("bundle.started") + ": 2026-11-22 12:00:01 UTC", nb("bundle.token.maskinporten") + ", iss: " + s.sandbox.Issuer(),
		nb("bundle.token.altinn") + ": ", nb("bundle.version") + ": a-build", nb("bundle.skew") + ": ", " UTC)",
	} {
		if !strings.Contains(green, want) {
			t.Errorf("green: %q is not in\n%s", want, green)
		}
	}

	red := b.Get(t, links.Eq(1).AttrOr("href", "")).Find("#bundle-text").Text()
	checkHarmless(t, "red", red)
	for _, want := range []string{
		nb("bundle.stopped") + ": " + nb("stage.token") + " (token.client-not-found)", nb("bundle.status") + ": 400",
		nb("bundle.error") + ": invalid_grant\n", nb("bundle.code") + ": MP-100", nb("bundle.trace") + ": ",
		nb("bundle.wanted") + ": altinn:serviceowner/notifications.create",
		nb("bundle.client") + ": 55555555-5555-5555-5555-555555555555\n",
	} {
		if !strings.Contains(red, want) {
			t.Errorf("red: %q is not in\n%s", want, red)
		}
	}

	// A run from before the client id was kept has none of its own.
	s.change(t, `UPDATE proofs SET client_id = NULL`)
	old := b.Get(t, links.Eq(1).AttrOr("href", "")).Find("#bundle-text").Text()
	if !strings.Contains(old, nb("bundle.client.changed")+"\n") || strings.Contains(old, "55555555-") {
		t.Errorf("old: got\n%s", old)
	}
}

// The result in the guide has the text too, with the client id of that very run.
func TestBundleInTheGuide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := made(t, s.member(t))
	const client = "55555555-5555-5555-5555-555555555555"
	p := page.Form(t, "journey").Fill(t, nb("register.posted"), "2026-11-19").Fill(t, "Klient ID", client).Press(t, nb("prove.button"))
	text := p.Find("#prove .bundle #bundle-text").Text()
	checkHarmless(t, "in the guide", text, page.Find("#private-jwk").Text())
	if !strings.Contains(text, nb("bundle.client")+": "+client+"\n") {
		t.Errorf("got\n%s", text)
	}
	if p.Text("#bundle-address") != "servicedesk@digdir.no" {
		t.Errorf("got the address %q", p.Text("#bundle-address"))
	}
}

// newestKey is the key of an integration of the first organisation.
func (s *site) newestKey(t testing.TB, path string) store.Key {
	t.Helper()
	keys, err := s.store.Keys(t.Context(), store.OrgNumber(orgs[0].Number), path[strings.LastIndex(path, "/")+1:])
	if err != nil || len(keys) == 0 {
		t.Fatalf("got %d keys, %v", len(keys), err)
	}
	return keys[0]
}
