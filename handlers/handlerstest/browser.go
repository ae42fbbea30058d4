// Package handlerstest is a browser without scripts, for tests that walk the
// site through the front door: it follows redirects, keeps cookies, finds fields
// by their labels and buttons by their words, and sends a form as a browser
// would. It knows nothing of the site.
package handlerstest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// Browser is one person's browser. It is not for concurrent use.
type Browser struct {
	// Base is the address of the site; paths are relative to it.
	Base string
	// Language is sent as Accept-Language; nb when empty.
	Language string
	// Header is sent with each request.
	Header http.Header
	client *http.Client
}

// New makes a browser without cookies.
func New(base string) *Browser {
	jar, _ := cookiejar.New(nil)
	return &Browser{Base: base, client: &http.Client{Jar: jar}}
}

// SetCookie puts a cookie into the browser.
func (b *Browser) SetCookie(c *http.Cookie) {
	u, _ := url.Parse(b.Base)
	b.client.Jar.SetCookies(u, []*http.Cookie{c})
}

// Cookie returns a cookie of the browser by its name.
func (b *Browser) Cookie(t testing.TB, name string) *http.Cookie {
	t.Helper()
	u, _ := url.Parse(b.Base)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %q", name)
	return nil
}

// Get opens a page.
func (b *Browser) Get(t testing.TB, path string) *Page {
	t.Helper()
	return b.send(t, http.MethodGet, b.address(path), "", nil, true)
}

// Do sends a request with an optional form and does not follow a redirect.
func (b *Browser) Do(t testing.TB, method, path string, form url.Values) *Page {
	t.Helper()
	kind := ""
	if form != nil {
		kind = "application/x-www-form-urlencoded"
	}
	return b.send(t, method, b.address(path), kind, strings.NewReader(form.Encode()), false)
}

func (b *Browser) address(path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	return b.Base + path
}

func (b *Browser) send(t testing.TB, method, address, kind string, body io.Reader, follow bool) *Page {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.Language)
	if b.Language == "" {
		r.Header.Set("Accept-Language", "nb")
	}
	if method == http.MethodPost {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, values := range b.Header {
		r.Header[name] = values
	}
	client := *b.client
	if !follow {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	p := &Page{browser: b, Status: answer.StatusCode, Header: answer.Header, URL: answer.Request.URL, Body: string(content)}
	if p.Document, err = goquery.NewDocumentFromReader(bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	return p
}

// Page is an answer.
type Page struct {
	*goquery.Document
	Status int
	Header http.Header
	URL    *url.URL
	Body   string

	browser *Browser
}

// Browser is the browser that shows the page.
func (p *Page) Browser() *Browser { return p.browser }

// Text is the text of what the selector finds, with white space folded.
func (p *Page) Text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).Text()), " ")
}

// Form is a filled-in form that is about to be sent.
type Form struct {
	page   *Page
	form   *goquery.Selection
	Values url.Values
	files  map[string]file
}

type file struct {
	name    string
	content []byte
}

// Form takes the form with the id, with everything that it is filled in with.
func (p *Page) Form(t testing.TB, id string) *Form {
	t.Helper()
	form := p.Find("form#" + id)
	if form.Length() != 1 {
		t.Fatalf("the page %s has %d forms with the id %q\n%s", p.URL, form.Length(), id, p.Text("main"))
	}
	f := &Form{page: p, form: form, Values: url.Values{}, files: map[string]file{}}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "text")
		_, checked := s.Attr("checked")
		switch {
		case goquery.NodeName(s) == "textarea":
			f.Values.Add(name, s.Text())
		case goquery.NodeName(s) == "select":
			chosen := s.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = s.Find("option")
			}
			f.Values.Add(name, chosen.First().AttrOr("value", ""))
		case kind == "file":
		case kind == "radio" || kind == "checkbox":
			if checked {
				f.Values.Add(name, s.AttrOr("value", "on"))
			}
		default:
			f.Values.Add(name, s.AttrOr("value", ""))
		}
	})
	return f
}

// Fill types into the field with the label, or chooses what the label names.
func (f *Form) Fill(t testing.TB, label, value string) *Form {
	t.Helper()
	field := f.field(t, label)
	f.Values.Set(field.AttrOr("name", ""), value)
	return f
}

// Choose checks the radio button or box with the label.
func (f *Form) Choose(t testing.TB, label string) *Form {
	t.Helper()
	field := f.field(t, label)
	name, value := field.AttrOr("name", ""), field.AttrOr("value", "on")
	if field.AttrOr("type", "") == "radio" {
		f.Values.Set(name, value)
	} else {
		f.Values.Add(name, value)
	}
	return f
}

// Attach puts a file into the file field with the label.
func (f *Form) Attach(t testing.TB, label, name string, content []byte) *Form {
	t.Helper()
	f.files[f.field(t, label).AttrOr("name", "")] = file{name, content}
	return f
}

// field finds a field by the beginning of its label.
func (f *Form) field(t testing.TB, label string) *goquery.Selection {
	t.Helper()
	var found *goquery.Selection
	f.form.Find("label").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		if !strings.HasPrefix(strings.Join(strings.Fields(s.Text()), " "), label) {
			return true
		}
		found = f.form.Find("[id]").FilterFunction(func(_ int, x *goquery.Selection) bool {
			return x.AttrOr("id", "") == s.AttrOr("for", "?")
		})
		return false
	})
	if found == nil || found.Length() != 1 {
		t.Fatalf("no field with the label %q on %s", label, f.page.URL)
	}
	return found
}

// Press presses the button of the form whose words begin so and returns the page
// that comes, having followed a redirect.
func (f *Form) Press(t testing.TB, words string) *Page {
	t.Helper()
	var button *goquery.Selection
	id := f.form.AttrOr("id", "")
	f.page.Find("button[type=submit]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		mine := s.AttrOr("form", "") == id || s.Closest("form").AttrOr("id", "-") == id
		if mine && strings.HasPrefix(strings.Join(strings.Fields(s.Text()), " "), words) {
			button = s
		}
		return button == nil
	})
	if button == nil {
		t.Fatalf("no button %q on %s:\n%s", words, f.page.URL, f.page.Text("main"))
	}
	values := url.Values{}
	for k, v := range f.Values {
		values[k] = v
	}
	if name := button.AttrOr("name", ""); name != "" {
		values.Add(name, button.AttrOr("value", ""))
	}
	action := button.AttrOr("formaction", f.form.AttrOr("action", f.page.URL.String()))
	to, err := f.page.URL.Parse(action)
	if err != nil {
		t.Fatal(err)
	}
	if button.AttrOr("formmethod", f.form.AttrOr("method", "get")) == "get" {
		to.RawQuery = values.Encode()
		return f.page.browser.Get(t, to.String())
	}
	if button.AttrOr("formenctype", f.form.AttrOr("enctype", "")) == "multipart/form-data" {
		kind, body := f.multipart(t, values)
		return f.page.browser.send(t, http.MethodPost, to.String(), kind, body, true)
	}
	return f.page.browser.send(t, http.MethodPost, to.String(), "application/x-www-form-urlencoded", strings.NewReader(values.Encode()), true)
}

func (f *Form) multipart(t testing.TB, values url.Values) (string, io.Reader) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, all := range values {
		for _, v := range all {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, x := range f.files {
		part, err := w.CreateFormFile(name, x.name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(x.content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), &b
}
