package handlers_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"portvakt/handlers/handlerstest"
	"portvakt/store"
	"portvakt/views"
)

// proved makes an integration with a red run and after it a green one, and
// returns its path and the page of the green one.
func proved(t testing.TB, s *site, b *handlerstest.Browser) (path string, green *handlerstest.Page) {
	t.Helper()
	page := made(t, b)
	// Registered some days ago: what is not found is not on its way.
	wrong := page.Form(t, "journey").Fill(t, nb("register.posted"), "2026-11-19").
		Fill(t, "Klient ID", "55555555-5555-5555-5555-555555555555").Press(t, nb("prove.button"))
	if wrong.Find(".light.failed").Length() == 0 {
		t.Fatalf("got no red light, status %d", wrong.Status)
	}
	s.pass(1e9)
	green = wrong.Form(t, "journey").Fill(t, "Klient ID", s.registerThere(t, page)).Press(t, nb("prove.button"))
	if green.Find(".light.passed").Length() != 9 {
		t.Fatalf("got %d green lights\n%s", green.Find(".light.passed").Length(), green.Text("#prove"))
	}
	return strings.TrimSuffix(green.URL.Path, "/proofs"), green
}

// change writes into the site's database what no request can put there.
func (s *site) change(t testing.TB, query string, arguments ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "portvakt.db")+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), query, arguments...); err != nil {
		t.Fatal(err)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, green := proved(t, s, b)
	link := green.Find(`#prove a[href="` + path + `/proofs"]`)
	if link.Length() != 1 || link.AttrOr("target", "") != "_blank" {
		t.Error("no link to all tests that leaves the page with the key alone")
	}
	list := b.Get(t, path+"/proofs")
	rows := list.Find("tbody tr")
	if rows.Length() != 2 || rows.Eq(0).Find(".light.passed").Length() != 1 || rows.Eq(1).Find(".light.failed").Length() != 1 {
		t.Fatalf("want a green run and below it a red one, got\n%s", list.Text("main"))
	}
	for _, want := range []string{nb("stage.token"), nb("cause.token.client-not-found"), "Kari Medlem"} {
		if got := strings.Join(strings.Fields(rows.Eq(1).Text()), " "); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}

	red := b.Get(t, rows.Eq(1).Find("a").AttrOr("href", ""))
	checkRed(t, red, "token", "token.client-not-found")
	if red.Find(`.diagnosis a[href="`+path+`#record"]`).Length() != 1 || red.Find("#bundle-text").Length() != 1 {
		t.Error("the page of one run lacks the way to the remedy, or the text for support")
	}
	compare := b.Get(t, red.Find(`a[href*="compare"]`).AttrOr("href", ""))
	if compare.Status != 200 || compare.URL.Path != path+"/proofs/compare" {
		t.Errorf("comparing with the newest: got %d at %s", compare.Status, compare.URL)
	}
}

func TestCompareProofs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, green := proved(t, s, b)
	s.pass(60e9)
	if again := green.Form(t, "journey").Press(t, nb("prove.button")); again.Find(".light.passed").Length() != 9 {
		t.Fatalf("got %s", again.Text("#prove"))
	}
	list := b.Get(t, path+"/proofs")
	p := list.Form(t, "compare").Press(t, nb("history.compare.button"))
	if p.Status != 200 || p.Find(".compare-stages > li").Length() != 9 {
		t.Fatalf("got %d at %s\n%s", p.Status, p.URL, p.Text("main"))
	}
	if n := p.Find(".compare-stages h3 .ds-tag").Length(); n != 0 {
		t.Errorf("two green runs: %d stages are said to differ\n%s", n, p.Text(".compare-stages"))
	}
	token := p.Text("section[aria-labelledby=token-maskinporten] > .pairs")
	if token != "" || !strings.Contains(p.Text("section[aria-labelledby=token-maskinporten] details"), "iat") {
		t.Errorf("claims that always differ are not folded away: %q\n%s", token, p.Text("main"))
	}

	// The red one and a green one: its token is new.
	form := list.Form(t, "compare")
	form.Values.Set("a", list.Find("input[name=a]").Last().AttrOr("value", ""))
	p = form.Press(t, nb("history.compare.button"))
	if got := p.Text("section[aria-labelledby=token-altinn]"); !strings.Contains(got, nb("history.only.b")) {
		t.Errorf("got %q", got)
	}
	if got := p.Text("main"); !strings.Contains(got, "55555555-5555-5555-5555-555555555555") {
		t.Errorf("the client id of the red one: got %q", got)
	}
	if got := p.Text(".compare-stages > li:nth-child(5)"); !strings.Contains(got, nb("history.differs")) ||
		!strings.Contains(got, nb("cause.token.client-not-found")) {
		t.Errorf("the token stage: got %q", got)
	}
}

// A run keeps the client id and the kid that it was made with, whatever is on
// record now.
func TestCompareWithTheRecordOfThen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, _ := proved(t, s, b)
	kid := s.newestKey(t, path).Kid
	s.change(t, `UPDATE keys SET registered_kid = 'renamed'`)
	s.change(t, `UPDATE integrations SET client_id = 'another'`)
	got := b.Get(t, path+"/proofs").Form(t, "compare").Press(t, nb("history.compare.button")).Text("main")
	if !strings.Contains(got, kid) || strings.Contains(got, "renamed") || strings.Contains(got, "another") {
		t.Errorf("want the kid %q and the client of then, got %q", kid, got)
	}
}

func TestCompareClaims(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, green := proved(t, s, b)
	s.pass(60e9)
	green.Form(t, "journey").Press(t, nb("prove.button"))
	s.change(t, `UPDATE proofs SET maskinporten_claims = '{"iss":"x","scope":"a:b","gone":1,"iat":1}'
		WHERE seq = (SELECT max(seq) - 1 FROM proofs)`)
	s.change(t, `UPDATE proofs SET maskinporten_claims = '{"iss":"x","scope":"a:c","new":2,"iat":2}' WHERE seq = (SELECT max(seq) FROM proofs)`)
	p := b.Get(t, path+"/proofs").Form(t, "compare").Press(t, nb("history.compare.button"))
	got := map[string]string{}
	p.Find("section[aria-labelledby=token-maskinporten] > .pairs .pair-row").Each(func(_ int, r *goquery.Selection) {
		got[r.Find("dt code").Text()] = strings.Join(strings.Fields(r.Find(".ds-tag, dd").Text()), " ")
	})
	want := map[string]string{
		"gone": nb("history.change.gone") + "A1B" + nb("history.absent"), "new": nb("history.change.added") + "A" + nb("history.absent") + "B2",
		"scope": nb("history.change.changed") + "Aa:bBa:c",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if same := views.In(views.Bokmal).F("history.same", "Count", 1); !strings.Contains(p.Text("main"), same) {
		t.Errorf("want %q in %q", same, p.Text("main"))
	}
}

func TestCompareTheSame(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, _ := proved(t, s, b)
	form := b.Get(t, path+"/proofs").Form(t, "compare")
	form.Values.Set("a", form.Values.Get("b"))
	p := form.Press(t, nb("history.compare.button"))
	if p.Status != 200 || p.URL.Path != path+"/proofs" || !strings.Contains(p.Text("main"), nb("history.pair")) {
		t.Errorf("got %d at %s", p.Status, p.URL)
	}
	if got := p.Form(t, "compare").Values; got.Get("a") != form.Values.Get("a") || got.Get("b") != form.Values.Get("b") {
		t.Errorf("the choice is lost: got %v", got)
	}
}

func TestHistoryOfOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, _ := proved(t, s, b)
	list := b.Get(t, path+"/proofs")
	one := list.Find("tbody a").AttrOr("href", "")
	id := one[strings.LastIndex(one, "/")+1:]
	sibling := describe(t, b, "Et annet").URL.Path
	stranger := s.browser(t, "Fremmed", store.RoleNone, orgs[1].Number)
	for _, ask := range []string{
		path + "/proofs", one, path + "/proofs/compare?a=" + id + "&b=x", path + "/proofs/compare",
	} {
		if p := stranger.Get(t, ask); p.Status != 404 {
			t.Errorf("a stranger, %s: got %d, want 404", ask, p.Status)
		}
	}
	for _, ask := range []string{
		sibling + "/proofs/" + id, path + "/proofs/x", path + "/proofs/compare?a=" + id + "&b=x", path + "/proofs?after=x",
	} {
		if p := b.Get(t, ask); p.Status != 404 && p.Status != 400 {
			t.Errorf("%s: got %d, want 404", ask, p.Status)
		}
	}
	auditor := s.browser(t, "Revi Sor", store.RoleAuditor, "")
	if p := auditor.Get(t, one); p.Status != 404 {
		t.Errorf("an auditor: got %d, want 404", p.Status)
	}
}

func TestHistoryInParts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, _ := proved(t, s, b)
	s.change(t, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
		INSERT INTO proofs (id, integration, key, made_by, started, took, outcome, failed_stage, stages, nonce)
		SELECT 'more-' || i, integration, key, NULL, started, took, outcome, failed_stage, stages, 'more-' || i
		FROM proofs, n WHERE outcome = 'passed'`)
	first := b.Get(t, path+"/proofs")
	next := b.Get(t, path+"/proofs"+first.Find("a[rel=next]").AttrOr("href", ""))
	if n, m := first.Find("tbody tr").Length(), next.Find("tbody tr").Length(); n != 25 || m != 7 {
		t.Errorf("got %d and %d rows, want 25 and 7", n, m)
	}
	if !strings.Contains(first.Text("tbody"), nb("event.gone")) {
		t.Error("a run of somebody who is gone does not say so")
	}
}

// What an older Portvakt has found stays readable when its codes are no more.
func TestOldProofs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, _ := proved(t, s, b)
	s.change(t, `UPDATE proofs SET outcome = 'failed', failed_stage = 'augury',
		stages = '[{"stage":"key","outcome":"passed","code":"","took":5,"figures":{"colour":"red"}},{"stage":"augury","outcome":"failed","code":"augury.no-birds","took":9,"figures":null}]'
		WHERE outcome = 'passed'`)
	list := b.Get(t, path+"/proofs")
	for _, ask := range []string{
		path, path + "/proofs", list.Find("tbody a").First().AttrOr("href", ""),
		path + "/proofs/compare?" + list.Form(t, "compare").Values.Encode(),
	} {
		p := b.Get(t, ask)
		if p.Status != 200 || strings.Contains(p.Body, "⟦") || !strings.Contains(p.Body, "augury") {
			t.Errorf("%s: got %d, a word that is missing, or nothing of what was found", ask, p.Status)
		}
	}
}
