package practice_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"portvakt/internal/door"
	"portvakt/internal/sandbox"
	"portvakt/internal/sandbox/practice"
	"portvakt/jwk"
	"portvakt/views"
)

const (
	directorate = "310110019"
	inspection  = "310220027"

	portal    = "/samarbeidsportalen/"
	clients   = portal + directorate + "/clients"
	notify    = "altinn:serviceowner/notifications.create"
	owner     = "altinn:serviceowner"
	authorize = "altinn:authorization/authorize"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// site is the sandbox with its pages, behind the door and a real listener.
type site struct {
	*testing.T
	sandbox *sandbox.Sandbox
	url     string
	dir     string
}

func start(t *testing.T) site {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	dir := t.TempDir()
	s, err := sandbox.New(sandbox.Config{URL: address, Dir: dir, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = behindDoor(t, address, s)
	server.Start()
	t.Cleanup(server.Close)
	return site{T: t, sandbox: s, url: address, dir: dir}
}

func behindDoor(t *testing.T, address string, s *sandbox.Sandbox) http.Handler {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	pages := practice.New(s)
	s.Mount(pages)
	return door.New(door.Config{
		URL: u, Local: true, Refuse: pages.Refuse, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	}, s)
}

// page is an answer of the site.
type page struct {
	*testing.T
	status int
	header http.Header
	text   string
	*goquery.Document
}

// ask sends a request; headers are names and values in turn.
func (s site) ask(method, path, body string, headers ...string) page {
	s.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		s.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(data)))
	if err != nil {
		s.Fatal(err)
	}
	return page{T: s.T, status: answer.StatusCode, header: answer.Header, text: string(data), Document: doc}
}

func (s site) get(path string, headers ...string) page {
	s.Helper()
	return s.ask("GET", path, "", headers...)
}

// post sends a form; fields are names and values in turn.
func (s site) post(path string, fields ...string) page {
	s.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return s.ask("POST", path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Origin", s.url, "Sec-Fetch-Site", "same-origin")
}

func (p page) wants(status int) page {
	p.Helper()
	if p.status != status {
		p.Fatalf("got status %d, want %d: %s", p.status, status, p.text)
	}
	if strings.Contains(p.text, "⟦") {
		p.Errorf("a message is missing: %s", p.text)
	}
	return p
}

// next is where the answer to a form leads.
func (p page) next() string {
	p.Helper()
	p.wants(http.StatusSeeOther)
	return p.header.Get("Location")
}

func (p page) says(words ...string) page {
	p.Helper()
	shown := strings.Join(strings.Fields(p.Find("main").Text()), " ")
	for _, want := range words {
		if !strings.Contains(shown, want) {
			p.Errorf("got %q, want it to say %q", shown, want)
		}
	}
	return p
}

// value is what stands in the field with that label.
func (p page) value(label string) string {
	p.Helper()
	var value string
	found := 0
	p.Find("main label").Each(func(_ int, l *goquery.Selection) {
		if strings.TrimSpace(l.Text()) != label {
			return
		}
		field := p.Find("#" + l.AttrOr("for", ""))
		if field.Is("textarea") {
			value = field.Text()
		} else {
			value = field.AttrOr("value", "")
		}
		found++
	})
	if found != 1 {
		p.Fatalf("got %d fields labelled %q, want one", found, label)
	}
	return value
}

// checked are the values of the boxes that are checked.
func (p page) checked() []string {
	return p.Find("input[type=checkbox][checked]").Map(func(_ int, box *goquery.Selection) string {
		return box.AttrOr("value", "")
	})
}

// client makes a client through the site and returns the address of its page.
func (s site) client(scopes ...string) string {
	s.Helper()
	fields := []string{"name", "Varsling", "description", "Varsler fra fagsystemet", "lifetime", "120"}
	for _, scope := range scopes {
		fields = append(fields, "scope", scope)
	}
	return strings.TrimSuffix(s.post(clients, fields...).next(), "?done=created")
}

func key(t *testing.T) jwk.Private {
	t.Helper()
	k, err := jwk.ParsePrivate([]byte(read(t, "practice.pem")))
	if err != nil {
		t.Fatal(err)
	}
	k, err = k.WithKid("practice-1")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// inAll runs a test for each language.
func inAll(t *testing.T, test func(t *testing.T, text views.Text)) {
	t.Helper()
	for _, l := range views.Languages {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			test(t, views.In(l))
		})
	}
}
