package main

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"portvakt/jwk"
)

// visitWitnessed opens a browser in front of a Portvakt whose every exchange is
// witnessed.
func visitWitnessed(t *testing.T) (*tab, *siteT) {
	t.Helper()
	var s *siteT
	b := visitAt(t, false, func(t *testing.T) *site {
		s = newSiteT(t)
		s.house.local.NewLink()
		return &site{portal: s.portal + "/", sandbox: s.sandbox + "/", signIn: s.portal + s.printed()[0], data: s.data}
	})
	return b, s
}

// pageMakesKey lets the page make the key, which is what is chosen beforehand.
func (b *tab) pageMakesKey() jwk.Private {
	b.t.Helper()
	b.until("the choice of the page", `document.getElementById("born-browser").checked`)
	b.click(css(makeKey))
	b.until("a key in the page", `!!document.querySelector("#encoded")?.textContent.trim()`)
	return b.heldKey()
}

// heldKey is the key as it stands in the page.
func (b *tab) heldKey() jwk.Private {
	b.t.Helper()
	text := value[string](b, `document.querySelector("#encoded")?.textContent ?? ""`)
	key, err := jwk.ParsePrivate([]byte(text))
	b.must(err, "reading the %d characters of the page's key", len(text))
	return key
}

// began is when the page began; another page began at another time.
func (b *tab) began() float64 {
	b.t.Helper()
	return value[float64](b, `performance.timeOrigin`)
}

// stays fails if the page is another than the one that began then.
func (b *tab) stays(began float64) {
	b.t.Helper()
	if b.began() != began {
		b.t.Errorf("the page was navigated to %s", b.address())
	}
}

// testsHere runs the token test in the page and waits for its result, which is
// another one than before.
func (b *tab) testsHere() {
	b.t.Helper()
	before := value[string](b, `document.querySelector("#proved")?.textContent ?? ""`)
	b.click(css("#prove button[data-sign]"))
	b.until("a new result", `(document.querySelector("#proved")?.textContent ?? "") !== $`, before)
}

// chooses puts a file with a content into a field for files.
func (b *tab) chooses(id, name, content string) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	b.must(os.WriteFile(path, []byte(content), 0o600), "writing %s", name)
	ctx, cancel := b.timed()
	defer cancel()
	object, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: js(`document.getElementById($)`, id)})
	b.must(err, "finding the field %s", id)
	_, err = chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, ObjectID: object.Result.ObjectID})
	b.must(err, "choosing a file in %s", id)
}

// says waits until the script has answered with a text.
func (b *tab) says(id, text string) {
	b.t.Helper()
	b.until("the page to say "+text, `document.getElementById($)?.textContent.includes($)`, id, text)
}

// filled is a word of the page's script with a value in it.
func filled(id, name, value string) string { return strings.ReplaceAll(word(id), "{"+name+"}", value) }

// holdSecrets are all pieces of what is private in a key, from wherever they begin.
func holdSecrets(t testing.TB, key jwk.Private) siteTSecrets {
	t.Helper()
	secrets := siteTSecrets{}
	secrets.key(t, "the key", key)
	for name, b := range holdMembers(t, key) {
		for from := range min(siteTPiece, 3*8) {
			secrets.bytes("the key's "+name, b[from:])
		}
		text := base64.RawURLEncoding.EncodeToString(b)
		for from := range siteTPiece {
			secrets.add("the key's "+name, text[from:])
		}
	}
	return secrets
}

// holdMembers are the private members of a key.
func holdMembers(t testing.TB, key jwk.Private) map[string][]byte {
	t.Helper()
	var texts map[string]string
	if err := json.Unmarshal([]byte(key.JSON().Reveal()), &texts); err != nil {
		t.Fatal(err)
	}
	members := map[string][]byte{}
	for _, name := range []string{"d", "p", "q"} {
		b, err := base64.RawURLEncoding.DecodeString(texts[name])
		if err != nil || len(b) < 100 {
			t.Fatalf("%s has %d bytes, %v", name, len(b), err)
		}
		members[name] = b
	}
	return members
}

// neverSent fails if anything that is private in the key was in a request, whole or
// in part, and wants as many requests at least.
func (s *siteT) neverSent(t testing.TB, key jwk.Private, atLeast int) {
	t.Helper()
	secrets, posts := holdSecrets(t, key), 0
	for _, e := range s.seen.exchanges() {
		sent := string(e.sent)
		plain, err := url.QueryUnescape(sent)
		if err != nil {
			plain = sent
		}
		var headers strings.Builder
		if err := e.request.Write(&headers); err != nil {
			t.Fatal(err)
		}
		secrets.absent(t, "the request "+e.String(), e.uri+"\n"+headers.String()+"\n"+sent+"\n"+plain)
		secrets.absent(t, "the answer to "+e.String(), string(e.body))
		for _, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
			if strings.Contains(plain, `"`+name+`":`) || e.form(t).Has(name) {
				t.Errorf("the request %s has a member %s", e, name)
			}
		}
		if e.method == "POST" {
			posts++
		}
	}
	if posts < atLeast {
		t.Errorf("got %d posts, want at least %d", posts, atLeast)
	}
	if !strings.Contains(s.allSent(), key.Public().Thumbprint()) {
		t.Error("the thumbprint was never sent: the search sees nothing")
	}
}

// allSent is what all requests carried.
func (s *siteT) allSent() string {
	var all strings.Builder
	for _, e := range s.seen.exchanges() {
		all.WriteString(e.uri + "\n" + string(e.sent) + "\n")
	}
	return all.String()
}

// holdKey is a key from elsewhere.
func holdKey(t testing.TB, kid string) jwk.Private {
	t.Helper()
	key, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = key.WithKid(kid); err != nil {
		t.Fatal(err)
	}
	return key
}

// visitTampered is visitWitnessed with somebody between the portal and the page who
// changes the claims to be signed.
func visitTampered(t *testing.T, change func() map[string]any) (*tab, *siteT) {
	t.Helper()
	var s *siteT
	b := visitAt(t, false, func(t *testing.T) *site {
		s = newSiteT(t)
		between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			r.Host = strings.TrimPrefix(s.portal, "http://")
			s.seen.watch("portal", s.house.portal).ServeHTTP(answer, r)
			maps.Copy(w.Header(), answer.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(answer.Code)
			w.Write(holdTampered(t, answer.Body.Bytes(), change()))
		}))
		t.Cleanup(between.Close)
		s.house.local.NewLink()
		return &site{portal: between.URL + "/", sandbox: s.sandbox + "/", signIn: between.URL + s.printed()[0], data: s.data}
	})
	return b, s
}

var holdInput = regexp.MustCompile(`data-input="([\w-]+)\.([\w-]+)"`)

// holdTampered is a page with other claims in the text to be signed.
func holdTampered(t *testing.T, body []byte, change map[string]any) []byte {
	if change == nil {
		return body
	}
	return holdInput.ReplaceAllFunc(body, func(found []byte) []byte {
		m := holdInput.FindSubmatch(found)
		return []byte(`data-input="` + string(m[1]) + "." + changed(t, string(m[2]), change) + `"`)
	})
}
