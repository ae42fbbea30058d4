package handlers_test

import (
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

const grantClient = "0a1b2c3d-1111-2222-3333-444455556666"

// grantText is the header and the claims of a grant that is made now, changed.
func grantText(t testing.TB, s *site, kid string, changes map[string]any) string {
	t.Helper()
	now := s.Now().Unix()
	claims := map[string]any{
		"aud": s.sandbox.Issuer(), "iss": grantClient, "scope": "altinn:serviceowner/notifications.create",
		"iat": now, "exp": now + 60, "jti": "5f0c3a7e-0f4b-4b62-8f0e-6b8a3b1d2c4e",
	}
	for name, value := range changes {
		claims[name] = value
	}
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	return part(map[string]any{"alg": "RS256", "kid": kid}) + "." + part(claims)
}

// judge pastes a text into the tool.
func judge(t testing.TB, b *handlerstest.Browser, text string) *handlerstest.Page {
	t.Helper()
	return b.Get(t, "/tools/grant").Form(t, "autopsy").Fill(t, nb("grant.grant"), text).Press(t, nb("grant.judge"))
}

// remarked are the causes that a page tells.
func remarked(p *handlerstest.Page) string { return p.Text("#verdict .diagnosis") }

func TestGrantToolNeedsNoSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := handlerstest.New(s.portal.URL)
	p := b.Get(t, "/tools/grant")
	if p.Status != 200 || p.Find("#verdict-title").Length() != 0 || p.Find(`head script[src*="/static/grant."]`).Length() != 1 {
		t.Fatalf("got %d\n%s", p.Status, p.Text("main"))
	}
	if b.Get(t, "/").Find(`a[href="/tools/grant"][target=_blank]`).Length() != 1 {
		t.Error("the welcome page does not lead to the tool")
	}
	p = judge(t, b, grantText(t, s, "kid-1", nil))
	if p.Status != 200 || p.Text("#verdict-title") != nb("grant.result.ok") || remarked(p) != "" {
		t.Errorf("a good grant: got %d %q, %q", p.Status, p.Text("#verdict-title"), remarked(p))
	}
	if got := p.Text("#verdict .ds-alert"); !strings.Contains(got, nb("environment.sandbox")) {
		t.Errorf("its environment: got %q", got)
	}
	if got := p.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: got %q", got)
	}
}

func TestGrantWithoutText(t *testing.T) {
	t.Parallel()
	b := handlerstest.New(newSite(t).portal.URL)
	p := judge(t, b, " \n")
	if p.Status != 422 {
		t.Errorf("got %d, want 422", p.Status)
	}
	checkProblem(t, p, "grant", "grant.empty")
	english := handlerstest.New(b.Base)
	if p := english.Get(t, "/tools/grant").Form(t, "autopsy").Press(t, "English"); p.Status != 200 || p.Find("#problems").Length() != 0 {
		t.Errorf("a change of language: got %d", p.Status)
	}
	if p := judge(t, b, strings.Repeat("a", 20<<10)); p.Status != 422 || !strings.Contains(remarked(p), nb("grant.form.too-large.cause")) {
		t.Errorf("a long text: got %d %q", p.Status, remarked(p))
	}
	if p := judge(t, b, strings.Repeat("a", 70<<10)); p.Status != 413 {
		t.Errorf("a body beyond the limit: got %d, want 413", p.Status)
	}
	if p := judge(t, b, "hva er dette"); p.Status != 422 || p.Form(t, "autopsy").Values.Get("grant") != "" {
		t.Errorf("what cannot be read: got %d, and it is shown again", p.Status)
	}
}

func TestGrantTellsEachFault(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	text := grantText(t, s, "kid 1", map[string]any{
		"aud": strings.TrimSuffix(s.sandbox.Issuer(), "/"), "iss": "310110019", "scope": "altinn:notifications.create,openid", "sub": "x",
		"iat": s.Now().Unix() + 99, "exp": s.Now().UnixMilli(), "jti": "1", "consumer_org": 310110019, "<b>x</b>": "<script>alert(1)</script>",
	})
	for _, l := range views.Languages {
		b := handlerstest.New(s.portal.URL)
		b.Language = string(l)
		words := views.In(l)
		p := b.Get(t, "/tools/grant").Form(t, "autopsy").Fill(t, words.S("grant.grant"), text).Press(t, words.S("grant.judge"))
		got := remarked(p)
		for _, code := range []string{
			"iss.is-orgnumber", "scope.commas", "sub.unknown", "exp.millis", "jti.short",
		} {
			if !strings.Contains(got, words.S("grant."+code+".cause")) || !strings.Contains(got, words.S("grant."+code+".remedy")) {
				t.Errorf("%s: %s is not told", l, code)
			}
		}
		for _, figure := range []string{s.sandbox.Issuer(), "99", "altinn:serviceowner/notifications.create", "kid 1", "<b>x</b>"} {
			if !strings.Contains(got, figure) {
				t.Errorf("%s: %q is not told", l, figure)
			}
		}
		if strings.Contains(p.Body, "no value") || strings.Contains(p.Body, "⟦") || p.Find("main script, main b").Length() != 0 {
			t.Errorf("%s: the page is not sound", l)
		}
	}
}

// Of a signed grant nothing but the two parts comes back, and nothing at all
// stays: not in the log, not in the files.
func TestGrantIsNotKept(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	member := s.member(t)
	page := made(t, member)
	private, err := jwk.ParsePrivate([]byte(page.Find("#private-jwk").Text()))
	if err != nil {
		t.Fatal(err)
	}
	text := grantText(t, s, "kid-1", nil)
	signed, err := private.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(signed, ".")
	forms := map[string]string{
		"alone": signed, "with Bearer": "Bearer " + signed, "in a log": "sending " + signed + " to Maskinporten",
		"in a form":  "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + signed,
		"four parts": signed + ".x", "as a token": signed[len(parts[0])+1:], "the signature alone": parts[2],
	}
	for name, form := range forms {
		for who, b := range map[string]*handlerstest.Browser{"anonymous": handlerstest.New(s.portal.URL), "member": member} {
			p := judge(t, b, form)
			if p.Status >= 500 || strings.Contains(p.Body, parts[2][:24]) || strings.Contains(p.Body, parts[2][len(parts[2])-24:]) {
				t.Errorf("%s, %s: got %d, or the signature", name, who, p.Status)
			}
			if name == "alone" && !strings.Contains(remarked(p), nb("grant.form.signed.cause")) {
				t.Errorf("%s: that the signature came along is not told", who)
			}
		}
	}
	kept := s.log.String()
	err = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		kept += string(data)
		return err
	})
	if err != nil || len(kept) < 10000 {
		t.Fatalf("got %d bytes, %v", len(kept), err)
	}
	for _, piece := range []string{parts[1][:24], parts[1][len(parts[1])-24:], parts[2][:24], parts[2][len(parts[2])-24:], grantClient} {
		if strings.Contains(kept, piece) {
			t.Errorf("%q was kept", piece)
		}
	}
}

// A change of language judges the two parts anew, and remembers how they came.
func TestGrantInAnotherLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	text := grantText(t, s, "kid-1", map[string]any{"aud": "https://maskinporten.no"})
	p := judge(t, handlerstest.New(s.portal.URL), "Bearer "+text+".c2lnbmF0dXJl")
	for _, l := range []views.Language{views.English, views.Nynorsk, views.Bokmal} {
		p = p.Form(t, "autopsy").Press(t, l.Name())
		if got := p.Form(t, "autopsy").Values.Get("grant"); got != text {
			t.Errorf("%s: got %q, want the two parts", l, got)
		}
		words := views.In(l)
		for _, code := range []string{"form.signed", "form.bearer", "aud.no-slash"} {
			if !strings.Contains(remarked(p), words.S("grant."+code+".cause")) {
				t.Errorf("%s: %s is forgotten: %q", l, code, remarked(p))
			}
		}
	}
	// Judged anew it is another text, which came without a signature.
	if p = p.Form(t, "autopsy").Press(t, nb("grant.judge")); strings.Contains(remarked(p), nb("grant.form.signed.cause")) {
		t.Error("what was wrong with the first text is told of the second")
	}
	// A text that could not be shown again is still spoken of.
	p = judge(t, p.Browser(), "hva er dette").Form(t, "autopsy").Press(t, "English")
	if got := remarked(p); !strings.Contains(got, views.In(views.English).S("grant.form.not-jwt.cause")) {
		t.Errorf("got %q", got)
	}
}

func TestGrantToolRefusesPrivateKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := made(t, s.member(t))
	for who, b := range map[string]*handlerstest.Browser{"anonymous": handlerstest.New(s.portal.URL), "member": page.Browser()} {
		for _, id := range []string{"#encoded", "#private-jwk", "#private-pem"} {
			key := page.Find(id).Text()
			before := privateKeyEvents(t, s)
			p := judge(t, b, key)
			if p.Status != 422 || !strings.Contains(remarked(p), nb("grant.form.private-key.remedy")) {
				t.Errorf("%s, %s: got %d %q", who, id, p.Status, remarked(p))
			}
			if strings.Contains(p.Body, key[len(key)/2:len(key)/2+24]) {
				t.Errorf("%s, %s: the key is shown again", who, id)
			}
			// The third time in an hour tells nothing new.
			if noted := privateKeyEvents(t, s) - before; (noted == 1) != (who == "member" && id != "#private-pem") {
				t.Errorf("%s, %s: got %d events", who, id, noted)
			}
		}
	}
}

func privateKeyEvents(t testing.TB, s *site) int {
	t.Helper()
	events, _, err := s.store.Events(t.Context(), store.Page{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Kind == store.KeyPrivate {
			n++
		}
	}
	return n
}

// A member's grant is held against what the own organisation has on record.
func TestGrantIsComparedWithTheRecord(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	kid := page.Find("#key .facts code").Eq(0).Text()
	page.Form(t, "journey").Fill(t, "Klient ID", grantClient).Press(t, nb("record.save"))
	path := strings.TrimSuffix(page.URL.Path, "/keys")

	same := grantText(t, s, kid, nil)
	p := judge(t, b, same)
	if remarked(p) != "" || p.Find(`#verdict a[href="`+path+`"]`).Length() != 1 {
		t.Errorf("the same: got %q\n%s", remarked(p), p.Text("#verdict"))
	}
	for _, row := range []struct{ name, text, code string }{
		{"another kid", grantText(t, s, "other", nil), "record.kid-unknown"},
		{"another client", grantText(t, s, kid, map[string]any{"iss": "99999999-1111-2222-3333-444455556666"}), "record.none"},
		{"own organisation", grantText(t, s, kid, map[string]any{"consumer_org": orgs[0].Number}), "consumer_org.own"},
	} {
		p := judge(t, b, row.text)
		if got := remarked(p); !strings.Contains(got, nb("grant."+row.code+".cause")) || p.Find("#verdict .diagnosis").Length() != 1 {
			t.Errorf("%s: got %q, want %s alone", row.name, got, row.code)
		}
	}
	for name, want := range map[string]string{"altinn:serviceowner/instances.read": "altinn:serviceowner/instances.read", "https://maskinporten.no/": s.sandbox.Issuer()} {
		changes := map[string]any{"scope": name}
		if strings.Contains(name, "//") {
			changes = map[string]any{"aud": name}
		}
		if p := judge(t, b, grantText(t, s, kid, changes)); !strings.Contains(remarked(p), want) || p.Find("#verdict .diagnosis").Length() != 1 {
			t.Errorf("%s: got %q", name, remarked(p))
		}
	}

	for name, other := range map[string]*handlerstest.Browser{
		"anonymous": handlerstest.New(s.portal.URL), "auditor": s.browser(t, "Revi Sor", store.RoleAuditor, ""),
		"stranger": s.browser(t, "Fremad Fremmed", store.RoleNone, orgs[1].Number),
	} {
		p := judge(t, other, same)
		if p.Find("#verdict a").Length() != 0 || strings.Contains(p.Body, "Saksystem") || strings.Contains(p.Body, path) {
			t.Errorf("%s: is told of another organisation's integration", name)
		}
	}
	if p := b.Get(t, path); p.Find(`#prove a[href="/tools/grant"][target=_blank]`).Length() != 1 {
		t.Error("the proof step does not lead to the tool")
	}
}

func TestGrantToolExplainsTokens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := handlerstest.New(s.portal.URL)
	text := grantText(t, s, "kid-1", map[string]any{
		"iss": s.sandbox.Issuer(), "client_id": grantClient, "client_amr": "private_key_jwt", "aud": nil,
		"consumer": map[string]any{"authority": "iso6523-actorid-upis", "ID": "0192:310110019"},
	})
	p := judge(t, b, "Authorization: Bearer "+text+".c2lnbmF0dXJl")
	if p.Status != 200 || p.Text("#verdict-title") != nb("grant.result.token") || p.Find("#verdict .lights").Length() != 1 {
		t.Fatalf("got %d %q", p.Status, p.Text("#verdict"))
	}
	got := p.Text("#verdict .facts")
	for _, want := range []string{s.sandbox.Issuer(), nb("environment.sandbox"), "310 110 019", grantClient, nb("grant.lasting")} {
		if !strings.Contains(got, strings.Join(strings.Fields(want), " ")) {
			t.Errorf("%q is not among the facts %q", want, got)
		}
	}
	if !strings.Contains(remarked(p), nb("grant.form.signed-token.cause")) {
		t.Errorf("that its signature came along is not told: %q", remarked(p))
	}
}
