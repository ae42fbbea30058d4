package views

import (
	"strings"
	"testing"
	"time"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		chosen, accept string
		want           Language
	}{
		{"", "", Bokmal},
		{"nn", "en", Nynorsk},
		{"xx", "en", English},
		{"", "nn-NO,nn;q=0.9,nb;q=0.8,en;q=0.7", Nynorsk},
		{"", "no", Bokmal},
		{"", "nb-NO", Bokmal},
		{"", "en-GB,en;q=0.9", English},
		{"", "de,fr;q=0.5", Bokmal},
		{"", "fr;q=0.9,en;q=0.5", English},
		{"", ";;;q=x", Bokmal},
		{"", strings.Repeat("en,", 100), Bokmal},
	} {
		if got := Choose(c.chosen, c.accept); got != c.want {
			t.Errorf("Choose(%q, %q): got %s, want %s", c.chosen, c.accept, got, c.want)
		}
	}
}

func TestMissingMessage(t *testing.T) {
	t.Parallel()
	text := In("xx")
	if got := text.Language(); got != Bokmal {
		t.Errorf("a language that does not exist: got %s, want %s", got, Bokmal)
	}
	if text.Has("no.such") || text.S("no.such") != "⟦no.such⟧" || text.F("no.such", "X", 1) != "⟦no.such⟧" {
		t.Error("a missing message does not show its id")
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	for l, want := range map[Language][2]string{
		Bokmal: {"1 nøkkel før denne", "2 nøkler før denne"}, Nynorsk: {"1 nøkkel før denne", "2 nøklar før denne"},
		English: {"1 key before this one", "2 keys before this one"},
	} {
		for i, want := range want {
			if got := In(l).F("key.others", "Count", i+1); got != want {
				t.Errorf("%s: got %q, want %q", l, got, want)
			}
		}
		if got := In(l).F("key.others", "Count", 0); strings.Contains(got, "⟦") || !strings.HasPrefix(got, "0 ") {
			t.Errorf("%s: got %q for none", l, got)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.July, 1, 22, 30, 5, 0, time.UTC) // already the 2nd in Norway
	for l, want := range map[Language]string{
		Bokmal: "2. juli 2026 kl. 00:30", Nynorsk: "2. juli 2026 kl. 00:30", English: "2 July 2026 at 00:30",
	} {
		text := In(l)
		if got := text.Moment(at); got != want {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
		if got := text.Date(time.Time{}) + text.Moment(time.Time{}); got != "––" {
			t.Errorf("%s: got %q for no time", l, got)
		}
	}
	if got, want := Stamp(at), "2026-07-01 22:30:05 UTC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A day must come back from its field as the same day, in summer and in winter.
func TestDays(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-01-31", "2026-03-29", "2026-07-01", "2026-10-25", "2028-02-29"} {
		at, err := ParseDay(" " + day + " ")
		if got := DayValue(at); err != nil || got != day {
			t.Errorf("got %q, %v, want %q", got, err, day)
		}
	}
	for _, bad := range []string{"", "2026-02-30", "1.1.2026", "2026-1-1", "2026-01-01T00:00:00Z"} {
		if at, err := ParseDay(bad); err == nil {
			t.Errorf("%q: got %v, want an error", bad, at)
		}
	}
	if got := DayValue(time.Time{}); got != "" {
		t.Errorf("got %q for no day", got)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		took   time.Duration
		nb, en string
	}{
		{0, "0,0 ms", "0.0 ms"}, {412 * time.Microsecond, "0,4 ms", "0.4 ms"}, {9999 * time.Microsecond, "10,0 ms", "10.0 ms"},
		{38 * time.Millisecond, "38 ms", "38 ms"}, {1240 * time.Millisecond, "1,2 s", "1.2 s"},
	} {
		nb := strings.ReplaceAll(In(Bokmal).Millis(c.took), "\u00a0", " ")
		en := strings.ReplaceAll(In(English).Millis(c.took), "\u00a0", " ")
		if nb != c.nb || en != c.en {
			t.Errorf("%v: got %q and %q, want %q and %q", c.took, nb, en, c.nb, c.en)
		}
	}
	for number, want := range map[string]string{"310110019": "310\u00a0110\u00a0019", "31011001": "31011001", "": ""} {
		if got := OrgNumberText(number); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Each label of the other site is there in the languages of the practice page.
func TestLabels(t *testing.T) {
	t.Parallel()
	for id, names := range labelData.Labels {
		for _, l := range Languages {
			if names[string(l)] == "" {
				t.Errorf("label %q has no name in %s", id, l)
			}
		}
		if _, ok := names["old"]; !ok {
			t.Errorf("label %q does not say what it was called before", id)
		}
	}
	if got := In(English).Label("client-id", false); got.Language != Bokmal || got.Name != "Klient ID" {
		t.Errorf("the real site is Norwegian: got %+v", got)
	}
	if got := In(English).Label("client-id", true); got.Language != English {
		t.Errorf("the practice page speaks the reader's language: got %+v", got)
	}
	if LabelsChecked().IsZero() {
		t.Error("nobody knows when the labels were checked")
	}
}

// What is put into a path stays one part of it.
func TestPaths(t *testing.T) {
	t.Parallel()
	odd := "a/b?c#d e%"
	for _, path := range []string{
		Integration(odd), File("x", odd), PracticeClientsPath(odd), PracticeClientPath("x", odd), SignInOnce(odd),
		IntegrationDescription(odd), PracticeClientDraftPath(odd),
	} {
		if strings.Contains(path, "a/b") || strings.ContainsAny(path, "# ") || strings.Count(path, "?") > 1 {
			t.Errorf("got %q", path)
		}
	}
}
