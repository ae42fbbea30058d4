package handlers_test

import (
	"bytes"
	"database/sql"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // a second program at the same file

	"portvakt/handlers/handlerstest"
	"portvakt/store"
)

func TestErrorPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	id := describe(t, b, "Saksystem").URL.Path
	large := url.Values{"name": {strings.Repeat("x", 70<<10)}}
	rows := []struct {
		name, method, path string
		form               url.Values
		status             int
		want               string
	}{
		{"unknown page", "GET", "/nothing", nil, 404, "404"},
		{"unknown integration", "GET", "/integrations/nothing", nil, 404, "404"},
		{"unknown page, posted", "POST", "/nothing", url.Values{}, 404, "404"},
		{"unknown asset", "GET", "/static/app.css", nil, 404, "404"},
		{"wrong method", "DELETE", id, nil, 405, "405"},
		{"post where one gets", "POST", "/admin/events", url.Values{}, 405, "405"},
		{"get where one posts", "GET", "/signout", nil, 405, "405"},
		{"too large", "POST", "/integrations", large, 413, "413"},
		{"too large on the journey", "POST", id + "/keys", large, 413, "413"},
		{"role missing", "GET", "/admin/events", nil, 403, "403"},
		{"no such organisation", "POST", "/organisation", url.Values{"organisation": {"x"}}, 400, "400"},
		{"another's organisation", "POST", "/organisation", url.Values{"organisation": {orgs[1].Number}}, 404, "404"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := b.Do(t, row.method, row.path, row.form)
			if want := nb("error." + row.want + ".title"); p.Status != row.status || p.Text("h1") != want {
				t.Errorf("got %d %q, want %d %q\n%s", p.Status, p.Text("h1"), row.status, want, s.log)
			}
			if row.status == 405 && p.Header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			if p.Header.Get("Content-Security-Policy") == "" || p.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers: %v", p.Header)
			}
		})
	}
}

func TestBrokenForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	for kind, body := range map[string]string{
		"multipart/form-data; boundary=x":    "--x\r\nContent-Dis",
		"application/x-www-form-urlencoded":  "name=%zz",
		"multipart/form-data":                "nothing",
		"application/x-www-form-urlencoded ": strings.Repeat("a=1&", 2000),
	} {
		b.Header = http.Header{"Content-Type": {strings.TrimSpace(kind)}}
		r, _ := http.NewRequest("POST", s.portal.URL+"/language", bytes.NewReader([]byte(body)))
		r.Header.Set("Content-Type", strings.TrimSpace(kind))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != 400 {
			t.Errorf("%s: got %d, want 400", kind, answer.StatusCode)
		}
	}
}

// TestDatabaseFailures posts while the database cannot be written, and then
// checks that pages can still be read and that nothing was half written.
func TestDatabaseFailures(t *testing.T) {
	t.Parallel()
	open := func(t *testing.T, s *site) *sql.DB {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "portvakt.db"))
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		t.Cleanup(func() { db.Close() })
		return db
	}
	post := func(t *testing.T, s *site, b *handlerstest.Browser, want string) {
		p := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Aldri lagret").Press(t, "Opprett")
		if p.Status != 503 || p.Text("h1") != nb("error."+want+".title") {
			t.Errorf("got %d %q, want 503 %q\n%s", p.Status, p.Text("h1"), want, s.log)
		}
		if strings.Contains(strings.ToLower(p.Body), "sqlite") || strings.Contains(p.Body, "adding integration") {
			t.Error("the page shows the error of the database")
		}
		if list := b.Get(t, "/"); list.Status != 200 || strings.Contains(list.Body, "Aldri lagret") {
			t.Errorf("the list afterwards: got %d, want 200 without the integration", list.Status)
		}
	}
	t.Run("locked", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(c *store.Config) { c.BusyTimeout = 1 })
		b := s.member(t)
		if _, err := open(t, s).Exec("BEGIN IMMEDIATE"); err != nil {
			t.Fatal(err)
		}
		post(t, s, b, "busy")
	})
	t.Run("full", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, func(c *store.Config) {
			// The cap counts from the size that the empty database has.
			empty, err := store.Open(t.Context(), *c)
			if err != nil {
				t.Fatal(err)
			}
			empty.Close()
			c.MaxPages = 1
		})
		b := s.member(t)
		for range 200 {
			p := b.Get(t, "/integrations/new").Form(t, "describe").Fill(t, "Navn", "Fyll").
				Fill(t, "Beskrivelse", strings.Repeat("x", 1000)).Press(t, "Opprett")
			if p.Status == 503 {
				break
			}
		}
		post(t, s, b, "full")
	})
	t.Run("read-only", func(t *testing.T) {
		t.Parallel()
		first := newSite(t)
		b := first.member(t)
		cookie := b.Cookie(t, "portvakt_"+portOf(first.portal.URL))
		second := newSiteOver(t, first)
		b = handlerstest.New(second.portal.URL)
		cookie.Name = "portvakt_" + portOf(second.portal.URL)
		b.SetCookie(cookie)
		post(t, second, b, "readonly")
	})
}
