package practice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

const rehearse = "/rehearse"

// active are the faults that are on in the sandbox.
func (s site) active(want ...sandbox.ActiveFault) {
	s.Helper()
	if diff := cmp.Diff(want, s.sandbox.ActiveFaults()); diff != "" {
		s.Errorf("active (-want +got):\n%s", diff)
	}
}

// open are the titles of the groups that are unfolded.
func (p page) open() []string {
	return p.Find("details[open] h2").Map(func(_ int, h *goquery.Selection) string { return h.Text() })
}

// Each fault has one switch with a name and a sentence of its own, and each with a parameter a number field.
func TestRehearsePage(t *testing.T) {
	t.Parallel()
	s := start(t)
	inAll(t, func(t *testing.T, text views.Text) {
		s := site{T: t, sandbox: s.sandbox, url: s.url}
		got := s.get(rehearse, "Accept-Language", string(text.Language())).wants(200)
		said := map[string]string{}
		for _, f := range sandbox.Faults() {
			box := got.Find(`input[name=fault]`).FilterFunction(func(_ int, e *goquery.Selection) bool { return e.AttrOr("value", "") == f.ID })
			row := box.Closest("li")
			if box.Length() != 1 || box.Is("[checked]") {
				t.Errorf("%s: got %d switches, or one that is on", f.ID, box.Length())
			}
			name, sentence := row.Find("label, legend").First().Text(), row.Find("p").First().Text()
			if f.Kind != "" {
				name = row.Find("legend").Text()
			}
			for _, words := range []string{name, sentence} {
				if other, twice := said[words]; twice && other != row.Text() || words == "" {
					t.Errorf("%s: %q is said twice, or nothing is", f.ID, words)
				}
				said[words] = row.Text()
			}
			if has := row.Find("input[inputmode=numeric]").Length() == 1; has != (f.Parameter == sandbox.ParameterSeconds) {
				t.Errorf("%s: number field %v, want one where there is a parameter", f.ID, has)
			}
		}
		if n := got.Find("input[name=fault]").Length(); n != len(sandbox.Faults()) {
			t.Errorf("got %d switches, want %d", n, len(sandbox.Faults()))
		}
		if diff := cmp.Diff([]string{"Maskinporten"}, got.open()); diff != "" {
			t.Errorf("unfolded (-want +got):\n%s", diff)
		}
	})
}

func TestRehearse(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(notify)
	s.post(at+"/keys", "key", key(t).Public().JSON()).next()
	id := at[strings.LastIndex(at, "/")+1:]

	next := s.post(rehearse, "fault", "key-expired", "fault", "exchange.slow", "fault", "clock-slow", "seconds-slow", " 20 ", "seconds-clock-slow", "7",
		"seconds-clock-fast", "no number, at a switch that is off", "fault", "no-such-fault").next()
	s.active(sandbox.ActiveFault{ID: "clock-slow", Seconds: 7}, sandbox.ActiveFault{ID: "key-expired"}, sandbox.ActiveFault{ID: "exchange.slow", Seconds: 20})
	saved := s.get(next).wants(200).says("Lagret. 3 feil er slått på.")
	if diff := cmp.Diff([]string{"clock-slow", "key-expired", "exchange.slow"}, saved.checked()); diff != "" {
		t.Errorf("checked (-want +got):\n%s", diff)
	}
	if got := saved.Find("#seconds-slow").AttrOr("value", "") + saved.Find("#seconds-clock-slow").AttrOr("value", "") + saved.Find("#seconds-clock-fast").AttrOr("value", ""); got != "20730" {
		t.Errorf("got %q in the number fields, want what was saved, and what is usual", got)
	}
	if diff := cmp.Diff([]string{"Maskinporten", "På veien: nett, proxy og gateway"}, saved.open()); diff != "" {
		t.Errorf("unfolded (-want +got):\n%s", diff)
	}
	if status, body := s.token(id); status != 400 || !strings.Contains(body, "MP-121") {
		t.Errorf("got %d %s, want MP-121", status, body)
	}

	cleared := s.post(rehearse+"/clear", "fault", "key-expired").next()
	s.get(cleared).wants(200).says("Alt er slått av.")
	s.active()
	if status, body := s.token(id); status != 200 {
		t.Errorf("got %d %s, want a token", status, body)
	}
	s.get(s.post(rehearse, "seconds-slow", "").next()).wants(200).says("Ingen feil er slått på.")
	s.get(rehearse + "?done=" + escape("<b>")).wants(200)
}

// While something is on, every page of the sandbox says what, and leads to where it is turned off.
func TestRehearseBand(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(notify)
	paths := []string{"/", rehearse, portal, clients, clients + "/new", at, at + "/scopes", at + "/keys", at + "/history", "/nowhere"}
	band := func(path, language string) *goquery.Selection {
		return s.get(path, "Accept-Language", language).Find(".practice-band .rehearsing")
	}
	for _, path := range paths {
		if got := band(path, "nb"); got.Length() != 0 {
			t.Errorf("%s: got %q with everything off", path, got.Text())
		}
		if got := s.get(path).Find(`footer a[href="/rehearse"]`).Length(); got != 1 {
			t.Errorf("%s: got %d links in the footer, want one", path, got)
		}
	}
	if got := s.get("/").Find(`main a[href="/rehearse"]`).Length(); got != 1 {
		t.Errorf("got %d links on the first page, want one", got)
	}
	s.post(rehearse, "fault", "no-consumer", "fault", "token.gateway").next()
	inAll(t, func(t *testing.T, text views.Text) {
		want := text.S("rehearse.no-consumer") + "; " + text.S("rehearse.call.token") + ": " + text.S("rehearse.gateway") + "."
		for _, path := range paths {
			got := band(path, string(text.Language()))
			if !strings.Contains(got.Text(), want) || got.Find(`a[href="/rehearse"]`).Length() != 1 {
				t.Errorf("%s: got %q, want %q and a link", path, got.Text(), want)
			}
		}
	})
}

func TestRehearseBandIsShort(t *testing.T) {
	t.Parallel()
	s := start(t)
	form := []string{}
	for _, f := range sandbox.Faults() {
		form = append(form, "fault", f.ID)
	}
	for _, name := range []string{"clock-fast", "clock-slow", "propagation", "slow"} {
		form = append(form, "seconds-"+name, "9")
	}
	s.post(rehearse, form...).next()
	if got := s.get("/").Find(".rehearsing").Text(); !strings.Contains(got, fmt.Sprintf("og %d til.", len(sandbox.Faults())-3)) || len(got) > 250 {
		t.Errorf("got %q, want three names and how many more", got)
	}
}

func TestRehearseRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		fault, field string
		typed, text  string
	}{
		{"no number", "clock-fast", "seconds-clock-fast", "tretti", "fra 1 til 86400"},
		{"nothing", "clock-slow", "seconds-clock-slow", "", "fra 1 til 86400"},
		{"zero", "propagation", "seconds-propagation", "0", "fra 1 til 3600"},
		{"negative", "propagation", "seconds-propagation", "-5", "fra 1 til 3600"},
		{"fraction", "clock-fast", "seconds-clock-fast", "1,5", "fra 1 til 86400"},
		{"too much", "metadata.slow", "seconds-slow", "46", "fra 1 til 45"},
		{"far too much", "token.slow", "seconds-slow", "99999999999999999999", "fra 1 til 45"},
		{"markup", "token.slow", "seconds-slow", `"><script>alert(1)</script>`, "fra 1 til 45"},
		{"a token", "token.slow", "seconds-slow", "eyJhbGciOiJSUzI1NiJ9.eyJhbGciOiJSUzI1NiJ9.eyJhbGciOiJSUzI1NiJ9", "ligner et token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			if err := s.sandbox.SetFault("no-date", true, 0); err != nil {
				t.Fatal(err)
			}
			got := s.post(rehearse, "fault", c.fault, "fault", "signature", c.field, c.typed).wants(422)
			s.active(sandbox.ActiveFault{ID: "no-date"})
			field := got.Find("#" + c.field)
			if field.AttrOr("aria-invalid", "") != "true" || field.AttrOr("aria-describedby", "") == "" {
				t.Error("the field is not marked")
			}
			problem := got.Find("#" + c.field + "-problem").Text()
			if !strings.Contains(problem, c.text) || got.Find("#problems li").Text() != problem {
				t.Errorf("got %q at the field and %q in the summary", problem, got.Find("#problems li").Text())
			}
			if got.Find(`#problems a[href="#`+c.field+`"]`).Length() != 1 || field.Closest("details[open]").Length() != 1 {
				t.Error("the summary does not lead to the field, or the field is folded away")
			}
			if want := strings.TrimSpace(c.typed); field.AttrOr("value", "") != want && c.name != "a token" {
				t.Errorf("got %q back, want what was typed", field.AttrOr("value", ""))
			}
			if checked := got.checked(); !slices.Contains(checked, c.fault) || !slices.Contains(checked, "signature") || len(checked) != 2 {
				t.Errorf("got %v checked, want what was", checked)
			}
			if strings.Contains(got.text, "eyJ") || got.Find("script:not([src])").Length() != 0 {
				t.Error("what was typed became markup, or a token came back")
			}
		})
	}
}

// The four faults of one kind share a field, whose problem is told once.
func TestRehearseTellsOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.post(rehearse, "fault", "token.slow", "fault", "exchange.slow", "fault", "clock-fast", "seconds-slow", "x", "seconds-clock-fast", "y").wants(422)
	links := got.Find("#problems a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	if diff := cmp.Diff([]string{"#seconds-clock-fast", "#seconds-slow"}, links); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

func TestRehearseKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	s := start(t)
	button := s.get(rehearse).wants(200).Find(`.languages button[value=en]`)
	after := s.post(button.AttrOr("formaction", ""), "language", "en", "fault", "token.slow", "seconds-slow", "to be", "seconds-propagation", "77").wants(200)
	if got := after.Find("html").AttrOr("lang", ""); got != "en" {
		t.Errorf("got lang %q, want en", got)
	}
	if after.Find("#seconds-slow").AttrOr("value", "") != "to be" || after.Find("#seconds-propagation").AttrOr("value", "") != "77" ||
		!slices.Equal(after.checked(), []string{"token.slow"}) {
		t.Errorf("got %v checked and not what was typed", after.checked())
	}
	s.active()
}

func TestRehearseFromElsewhere(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, path := range []string{rehearse, rehearse + "/clear", rehearse + "/draft"} {
		s.ask("POST", path, "fault=signature", "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site").wants(403)
	}
	s.active()
	s.get(rehearse + "/clear").wants(405)
	s.get(rehearse + "/draft").wants(200)
}

// The sentence of each fault names the stage at which a proof stops, in the words of the proof.
func TestSentencesNameTheStage(t *testing.T) {
	t.Parallel()
	stages := map[string]string{
		"other-issuer": "metadata", "endpoints-elsewhere": "metadata", "no-date": "clock", "clock-fast": "clock", "clock-slow": "clock",
		"propagation": "token", "key-expired": "token", "signature": "token", "audience": "token", "grant-used": "token",
		"integration-type": "token", "access-revoked": "token", "unknown-error": "token", "fewer-scopes": "scopes",
		"token-expired": "exchange", "token-issuer": "exchange", "no-consumer": "exchange", "exchange-refused": "exchange",
		"exchange-gone": "exchange", "organisation-unlisted": "claim", "notifications-401": "access", "notifications-403": "access",
		"notifications-404": "access", "notifications-503": "access", "notifications-400": "access", "notifications-415": "access",
		"grant-type": "token", "grant-malformed": "token", "unknown-claim": "token", "grant-life": "token", "unknown-client": "token",
		"unknown-kid": "token", "scope-not-on-client": "token", "not-delegated": "token", "consumer-own": "token",
		"resource-refused": "token", "token-early": "exchange", "token-signature": "exchange", "consumer-prefix": "exchange",
		"exchange-provider": "exchange",
	}
	inAll(t, func(t *testing.T, text views.Text) {
		for _, f := range sandbox.Faults() {
			if f.Kind != "" {
				continue
			}
			stage := text.S("stage." + stages[f.ID])
			if sentence := text.S("rehearse." + f.ID + ".what"); !strings.Contains(sentence, "«"+stage+"»") && !strings.Contains(sentence, `"`+stage+`"`) {
				t.Errorf("%s: got %q, want it to name %q", f.ID, sentence, stage)
			}
		}
	})
}

// Who has delegated to whom is told where one chooses whom to represent.
func TestDelegationIsTold(t *testing.T) {
	t.Parallel()
	s := start(t)
	all := sandbox.Organisations()
	inAll(t, func(t *testing.T, text views.Text) {
		s := site{T: t, sandbox: s.sandbox, url: s.url}
		s.get(portal, "Accept-Language", string(text.Language())).wants(200).
			says("consumer_org "+all[0].Number, all[1].Number, all[2].Name, "MP-251")
	})
}

// A token is refused in any field, also beside a switch that is off, whose group is then unfolded.
func TestRehearseTokenAtASwitchThatIsOff(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.post(rehearse, "seconds-slow", "eyJhbGciOiJSUzI1NiJ9.eyJhbGciOiJSUzI1NiJ9.eyJhbGciOiJSUzI1NiJ9").wants(422)
	if field := got.Find("#seconds-slow"); field.AttrOr("value", "") != "" || field.Closest("details[open]").Length() != 1 {
		t.Errorf("got %q back, want the field emptied and in sight", field.AttrOr("value", ""))
	}
}
