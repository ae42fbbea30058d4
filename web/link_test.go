package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"portvakt/handlers/handlerstest"
)

// opened is the status of opening a link in a browser of its own.
func (s *siteT) opened(t testing.TB, link string) int {
	t.Helper()
	return handlerstest.New(s.portal).Do(t, "GET", link, nil).Status
}

// The one-time link works once.
func TestLinkWorksOnce(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	s.house.local.NewLink()
	for i, want := range []int{303, 401, 401} {
		if got := s.opened(t, s.printed()[0]); got != want {
			t.Errorf("opening %d: got %d, want %d", i+1, got, want)
		}
	}
}

// It works for 24 hours.
func TestLinkLife(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	s.house.local.NewLink()
	s.pass(24*time.Hour + time.Second)
	if got := s.opened(t, s.printed()[0]); got != 401 {
		t.Errorf("after 24 hours: got %d, want 401", got)
	}
	s.house.local.NewLink()
	s.pass(24*time.Hour - time.Minute)
	if got := s.opened(t, s.printed()[1]); got != 303 {
		t.Errorf("before 24 hours: got %d, want 303", got)
	}
}

// Neither a HEAD nor a browser that looks ahead uses it up.
func TestLinkLookingAhead(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	s.house.local.NewLink()
	link := s.printed()[0]
	for _, c := range []struct{ method, name, value string }{
		{"HEAD", "X", "x"}, {"GET", "Sec-Purpose", "prefetch"}, {"GET", "Sec-Purpose", "prefetch;prerender"}, {"GET", "Sec-Purpose", "prefetch;anonymous-client-ip"},
		// Older browsers.
		{"GET", "Purpose", "prefetch"}, {"GET", "X-Moz", "prefetch"},
	} {
		b := handlerstest.New(s.portal)
		b.Header = http.Header{c.name: {c.value}}
		if p := b.Do(t, c.method, link, nil); p.Status == 303 || len(p.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%v: got %d, want no sign-in", c, p.Status)
		}
	}
	if got := s.opened(t, link); got != 303 {
		t.Errorf("got %d, want 303", got)
	}
}

// A new one, at most every ten seconds, ends the one before.
func TestLinkAnew(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	b := handlerstest.New(s.portal)
	for _, want := range []int{200, 429} {
		siteTWants(t, b.Do(t, "POST", "/signin/link", nil), want)
	}
	s.pass(10 * time.Second)
	siteTWants(t, b.Do(t, "POST", "/signin/link", nil), 200)
	links := s.printed()
	if len(links) != 2 {
		t.Fatalf("got %d links, want 2", len(links))
	}
	if first, second := s.opened(t, links[0]), s.opened(t, links[1]); first != 401 || second != 303 {
		t.Errorf("got %d for the first and %d for the second, want 401 and 303", first, second)
	}
}

// Nothing but the link signs in.
func TestLinkGuessed(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	for _, link := range []string{"", "?token=", "?token=AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if got := s.opened(t, "/signin/once"+link); got != 401 {
			t.Errorf("before there is a link, %q: got %d, want 401", link, got)
		}
	}
	s.house.local.NewLink()
	link := s.printed()[0]
	for _, other := range []string{link[:len(link)-1], link + "A", strings.ToLower(link), "/signin/once", "/signin/once?token=" + strings.Repeat("A", 5000)} {
		if got := s.opened(t, other); got != 401 {
			t.Errorf("%.60q: got %d, want 401", other, got)
		}
	}
}
