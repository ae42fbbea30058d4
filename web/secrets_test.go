package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
)

// siteTWalk is the whole journey with everything that can go wrong for a secret.
type siteTWalk struct {
	*siteT
	t *testing.T
	b *handlerstest.Browser
	// made are the keys of the journey, pasted is one from elsewhere, tokens are
	// grants and tokens.
	made, pasted, tokens siteTSecrets
	// sealed are the blobs that pages carried.
	sealed siteTSecrets
	// sessions are one-time links and cookies.
	sessions siteTSecrets
}

// TestSecrets is the promise: no private key, no token, no grant is kept or
// logged, and no page shows one but the answers to posts that brought it along.
func TestSecrets(t *testing.T) {
	t.Parallel()
	w := &siteTWalk{siteT: newSiteT(t), t: t, made: siteTSecrets{}, pasted: siteTSecrets{}, tokens: siteTSecrets{}, sealed: siteTSecrets{}, sessions: siteTSecrets{}}
	w.house.local.NewLink()
	w.b = handlerstest.New(w.portal)
	siteTWants(t, w.b.Get(t, w.printed()[0]), 200)

	page := w.journey()
	w.uploads(page)
	w.pastes(page)
	w.imposters(page)
	siteTWants(t, w.b.Do(t, "POST", "/signout", nil), 200)

	w.collect()
	w.search()
}

// journey makes keys, takes everything away, registers, fails and passes. It
// returns the page with the key.
func (w *siteTWalk) journey() *handlerstest.Page {
	t := w.t
	p := siteTDescribe(t, w.b, "Saksystem").Form(t, "journey").Press(t, siteTWord("key.make"))
	w.carried(p)
	p = p.Form(t, "journey").Press(t, siteTWord("key.make.another"))
	w.carried(p)
	for _, file := range []string{
		"encoded-jwk.txt", "private-jwk.json", "private-key.pem", "public-array.json",
		"appsettings.json", "secrets.json", "maskinporten.env", "keyvault.sh", "token.sh",
	} {
		siteTWants(t, w.post(p, "/files/"+file), 200)
	}
	w.post(p, "/language", "language", "en")
	w.post(p, "/language", "language", "nb")
	siteTWants(t, w.post(p, "/record", "client_id", "", "posted", "ikke en dato"), 422)
	siteTWants(t, w.post(p, "/posted", "posted", "1814-05-17"), 422)
	siteTWants(t, w.post(p, "/keys", "bits", "17"), 422)
	siteTWants(t, w.post(p, "/next"), 200)

	red := w.post(p, "/proofs", "client_id", "0a1b2c3d-1111-2222-3333-444455556666")
	if red.Find(".light.failed").Length() != 1 {
		t.Fatalf("got no red light\n%s", red.Text("#prove"))
	}
	p = red.Form(t, "journey").Fill(t, siteTWord("record.client_id"), w.register(t, red)).Press(t, siteTWord("prove.button"))
	siteTGreen(t, p)
	w.carried(p)
	return p
}

// carried notes the key that a page shows.
func (w *siteTWalk) carried(p *handlerstest.Page) {
	w.t.Helper()
	siteTWants(w.t, p, 200)
	k, err := jwk.ParsePrivate([]byte(p.Find("#private-jwk").Text()))
	if err != nil {
		w.t.Fatalf("reading the key on the page: %v", err)
	}
	w.made.key(w.t, "the key "+k.Public().Thumbprint()[:8], k)
	if p.Find("#encoded").Text() != k.Encoded().Reveal() || p.Find("#private-pem").Text() == "" {
		w.t.Error("the page does not show the key in its other forms")
	}
}

// post presses a button of the journey with these fields changed.
func (w *siteTWalk) post(p *handlerstest.Page, action string, fields ...string) *handlerstest.Page {
	w.t.Helper()
	form := p.Form(w.t, "journey").Values
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return w.b.Do(w.t, "POST", siteTJourney(p)+action, form)
}

// siteTJourney is the path of the integration that a page is about.
func siteTJourney(p *handlerstest.Page) string {
	return regexp.MustCompile(`^/integrations/[^/]+`).FindString(p.URL.Path)
}

// uploads proves with the saved file, in each form, and with wrong ones.
func (w *siteTWalk) uploads(p *handlerstest.Page) {
	t := w.t
	own, other := p.Find("#private-jwk").Text(), siteTKey(t)
	w.pasted.key(t, "the pasted key", other)
	for _, c := range []struct {
		content string
		status  int
	}{
		{own, 200}, {p.Find("#encoded").Text(), 200}, {p.Find("#private-pem").Text(), 200},
		{other.JSON().Reveal(), 422}, {other.PEM().Reveal(), 422}, {other.JSON().Reveal() + "}", 422}, {other.Encoded().Reveal()[:800], 422},
	} {
		clean := w.b.Get(t, siteTJourney(p))
		after := clean.Form(t, "journey").Attach(t, siteTWord("prove.file"), "nøkkel.json", []byte(c.content)).Press(t, siteTWord("prove.button"))
		siteTWants(t, after, c.status)
		if c.status == 200 {
			siteTGreen(t, after)
		}
	}
}

// pastes puts a private key, a grant and a token into every field that there is.
func (w *siteTWalk) pastes(p *handlerstest.Page) {
	t := w.t
	k := siteTKey(t)
	grant, err := k.Sign("eyJhbGciOiJSUzI1NiIsImtpZCI6ImtpZC0xIn0." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"aaaaaaaa-1111-2222-3333-444455556666","aud":"https://maskinporten.no/","scope":"altinn:serviceowner"}`)))
	if err != nil {
		t.Fatal(err)
	}
	w.tokens.token(t, "the pasted grant", grant)
	texts := []string{
		k.JSON().Reveal(), k.Encoded().Reveal(), k.PEM().Reveal(), " x " + strings.ReplaceAll(k.PEM().Reveal(), "\n", " "), grant,
	}
	clean := w.b.Get(t, siteTJourney(p))
	journey := siteTJourney(p)
	for n, text := range texts {
		for _, field := range []string{"client_id", "registered_kid", "extra", "kid", "posted", "recorded", "sealed", "nonce", "version", "bits", "inuse", "sighting_step", "sighting_saw"} {
			actions := []string{"/record"}
			if n == 0 || text == grant {
				actions = []string{"/record", "/next", "/posted", "/language", "/inuse", "/proofs", "/files/token.sh", "/files/private-key.pem"}
			}
			for _, action := range actions {
				w.post(clean, action, field, text)
			}
			w.post(p, "/record", field, text)
		}
		w.post(clean, "/keys", "kid", text, "client_id", text, "extra", text)
		describe := w.b.Get(t, "/integrations/new").Form(t, "describe").Values
		for _, field := range []string{"name", "description", "typed", "query", "scope", "purpose", "environment", "nonce", "version", "searched"} {
			form := maps.Clone(describe)
			form["name"] = []string{"Nytt"}
			form[field] = []string{text}
			w.b.Do(t, "POST", "/integrations/draft", form)
			if n == 0 || text == grant {
				w.b.Do(t, "POST", journey+"/description", form)
				w.b.Do(t, "POST", journey+"/description/draft", form)
			}
			if field != "nonce" && field != "version" && field != "searched" && field != "scope" {
				w.b.Do(t, "POST", "/integrations", form)
			}
		}
		w.b.Do(t, "POST", "/organisations", url.Values{"number": {text}, "name": {text}})
		w.b.Do(t, "POST", "/organisation", url.Values{"organisation": {text}})
		w.b.Do(t, "POST", "/language", url.Values{"language": {text}, "return": {text}})
		w.b.Do(t, "POST", "/tools/grant", url.Values{"grant": {text}})
		w.b.Do(t, "POST", "/tools/grant", url.Values{"grant": {"x"}, "said": {text}, "language": {"nb"}})
		w.b.Do(t, "POST", "/tools/failures", url.Values{"q": {text}})
		w.b.Do(t, "POST", "/tools/config", url.Values{"settings": {text}})
		w.pastesThere(text)
	}
}

// pastesThere does the same on the practice page.
func (w *siteTWalk) pastesThere(text string) {
	t := w.t
	b := handlerstest.New(w.sandbox)
	clients := "/samarbeidsportalen/" + siteTOrgs[0].Number + "/clients"
	empty := b.Get(t, clients+"/new").Form(t, "typed").Values
	for _, field := range []string{"name", "description", "lifetime", "scopes", "scope", "query", "nonce", "type"} {
		form := maps.Clone(empty)
		form["name"], form["description"], form["scopes"] = []string{"Navn"}, []string{"Tekst"}, []string{"altinn:serviceowner"}
		form[field] = []string{text}
		b.Do(t, "POST", clients+"/draft", form)
		if field != "nonce" && field != "type" {
			b.Do(t, "POST", clients, form)
		}
	}
	client := b.Get(t, clients).Find(`main a[href^="`+clients+`/"]`).FilterFunction(func(_ int, a *goquery.Selection) bool {
		return !strings.HasSuffix(a.AttrOr("href", ""), "/new")
	}).First().AttrOr("href", "")
	if client == "" {
		t.Fatal("no client on the practice page")
	}
	for _, action := range []string{"/keys", "/keys/draft"} {
		p := b.Do(t, "POST", client+action, url.Values{"key": {text}, "nonce": {text}})
		if action == "/keys" {
			siteTWants(t, p, 422)
		}
	}
	for _, action := range []string{"/details", "/details/draft", "/scopes", "/scopes/draft", "/keys/remove", "/keys/expire"} {
		b.Do(t, "POST", client+action, url.Values{"lifetime": {text}, "scopes": {text}, "scope": {text}, "query": {text}, "kid": {text}})
	}
	b.Do(t, "POST", "/language", url.Values{"language": {text}, "return": {text}})
}

// imposters lets the other side answer with what it was sent. With the proofs
// before these there are ten, as many as an organisation may have in a minute.
func (w *siteTWalk) imposters(p *handlerstest.Page) {
	t := w.t
	metadata := w.house.sandbox
	for _, answer := range []func(http.ResponseWriter, string){
		func(rw http.ResponseWriter, grant string) {
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(400)
			fmt.Fprintf(rw, `{"error":%q,"error_description":"Invalid assertion %s (trace_id: %s)","error_uri":"https://x/#%s"}`, grant, grant, grant, grant)
		},
		func(rw http.ResponseWriter, grant string) {
			rw.Header().Set("Content-Type", "text/html")
			rw.WriteHeader(502)
			fmt.Fprintf(rw, "<html><title>Bad gateway</title>assertion=%s", grant)
		},
		func(rw http.ResponseWriter, grant string) {
			rw.Header().Set("Location", w.sandbox+"/elsewhere?assertion="+grant)
			rw.WriteHeader(307)
		},
		func(rw http.ResponseWriter, grant string) {
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(rw, `{"access_token":{"grant":%q},"token_type":"Bearer"}`, grant)
		},
		func(rw http.ResponseWriter, grant string) {
			// The grant as the token: its signature is not Maskinporten's, and its claims are odd.
			rw.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(rw, `{"access_token":%q,"token_type":"Bearer","scope":%q,"expires_in":119}`, grant, grant)
		},
	} {
		sent := make(chan string, 9)
		w.instead(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/maskinporten/token" {
				metadata.ServeHTTP(rw, r)
				return
			}
			grant := r.FormValue("assertion")
			sent <- grant
			answer(rw, grant)
		})
		page := w.post(p, "/proofs")
		if len(sent) == 0 {
			t.Fatalf("the imposter was not called: %s", page.Text("#prove"))
		}
		w.tokens.token(t, "a grant for an imposter", <-sent)
		if page.Find(".light.failed").Length() != 1 || len(sent) > 0 {
			t.Errorf("an imposter's answer: got %d and no red light, or the grant came twice: %s", page.Status, page.Text("#prove"))
		}
		siteTWants(t, w.b.Get(t, siteTJourney(p)), 200)
	}
	w.instead(nil)
	siteTWants(t, w.b.Get(t, "/admin/events"), 200)
	siteTWants(t, w.b.Get(t, "/admin/integrations"), 200)
}

// siteTBlob is the field in which a page carries the sealed key.
var siteTBlob = regexp.MustCompile(`name="sealed" value="([^"]{500,})"`)

// collect takes the tokens, grants, blobs and cookies out of what was witnessed.
func (w *siteTWalk) collect() {
	t := w.t
	kinds := map[string]int{}
	for _, e := range w.seen.exchanges() {
		switch path, _, _ := strings.Cut(e.uri, "?"); {
		case path == "/maskinporten/token":
			w.tokens.token(t, "a grant", e.form(t).Get("assertion"))
			kinds["grant"]++
			var answer struct {
				Token string `json:"access_token"`
			}
			if json.Unmarshal(e.body, &answer) == nil && answer.Token != "" {
				w.tokens.token(t, "Maskinporten's token", answer.Token)
				kinds["token"]++
			}
		case strings.HasSuffix(path, "/exchange/maskinporten") && e.status == 200:
			w.tokens.token(t, "Altinn's token", strings.Trim(strings.TrimSpace(string(e.body)), `"`))
			kinds["exchanged"]++
		case e.site == "portal":
			if blob := siteTBlob.FindSubmatch(e.body); blob != nil {
				// Before the dot stands the thumbprint, which is no secret.
				_, sealed, _ := strings.Cut(string(blob[1]), ".")
				w.sealed.add("a sealed key", sealed)
				kinds["sealed"]++
			}
			for _, c := range (&http.Response{Header: e.header}).Cookies() {
				if c.Name == w.cookieName() && c.Value != "" {
					w.sessions.add("the sign-in's token", c.Value)
					kinds["cookie"]++
				}
			}
		}
	}
	for _, link := range w.printed() {
		_, token, _ := strings.Cut(link, "token=")
		w.sessions.add("the one-time link's token", token)
	}
	for _, kind := range []string{"grant", "token", "exchanged", "sealed", "cookie"} {
		if kinds[kind] == 0 {
			t.Errorf("the walk met no %s", kind)
		}
	}
	if len(w.made) < 500 || len(w.tokens) < 500 || len(w.pasted) < 250 || len(w.sessions) < 2 {
		t.Errorf("got %d, %d, %d and %d pieces of secrets", len(w.made), len(w.tokens), len(w.pasted), len(w.sessions))
	}
}

// search looks for everything everywhere.
func (w *siteTWalk) search() {
	t := w.t
	all := siteTSecrets{}
	for _, s := range []siteTSecrets{w.made, w.pasted, w.tokens, w.sealed} {
		maps.Copy(all, s)
	}
	kept := maps.Clone(all)
	maps.Copy(kept, w.sessions)
	kept.folder(t, w.data)
	kept.absent(t, "the log", w.log.String())
	all.absent(t, "standard output", strings.Join(w.printed(), "\n"))
	for _, e := range w.seen.exchanges() {
		if !strings.HasPrefix(e.uri, "/static/") {
			w.searchExchange(e, all)
		}
	}
}

func (w *siteTWalk) searchExchange(e siteTExchange, all siteTSecrets) {
	t := w.t
	all.absent(t, "the address of "+e.String(), e.uri)
	api := strings.HasPrefix(e.uri, "/maskinporten/") || strings.HasPrefix(e.uri, "/altinn/")
	for name, values := range e.request {
		if name != "Authorization" || !api {
			all.absent(t, "the request's "+name+" of "+e.String(), strings.Join(values, "\n"))
		}
	}
	for name, values := range e.header {
		all.absent(t, "the answer's "+name+" of "+e.String(), strings.Join(values, "\n"))
	}
	body, sent := string(e.body), string(e.sent)
	w.pasted.absent(t, "the answer to "+e.String(), body)
	if !api {
		for _, what := range w.tokens.in(body) {
			// This page keeps what a pasted grant says, without its signature.
			if e.uri != "/tools/grant" || !strings.HasSuffix(what, "'s payload") {
				t.Errorf("the answer to %s holds %s", e, what)
			}
		}
	} else {
		w.made.absent(t, "what the portal sent to "+e.String(), sent)
		w.sealed.absent(t, "what the portal sent to "+e.String(), sent)
	}
	// The one exception: the key goes with its page, from post to post.
	brought := e.site == "portal" && e.method == "POST" && (strings.HasSuffix(e.uri, "/keys") || len(e.form(t).Get("sealed")) > 500)
	if !brought {
		w.made.absent(t, "the answer to "+e.String(), body)
		w.sealed.absent(t, "the answer to "+e.String(), body)
	}
}
