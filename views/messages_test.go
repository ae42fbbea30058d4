package views

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// message is a text by the names of its forms: "other", and "one" where there is
// a singular.
type message map[string]string

// rawMessages reads the message files of a language as they stand, by id.
func rawMessages(t *testing.T, l Language) map[string]message {
	t.Helper()
	names, err := filepath.Glob("messages/*." + string(l) + ".json")
	if err != nil || len(names) == 0 {
		t.Fatalf("finding the message files of %s: %v", l, err)
	}
	all := map[string]message{}
	for _, name := range names {
		data, err := messageFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file map[string]json.RawMessage
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatalf("reading %s: %v", name, err)
		}
		for id, raw := range file {
			var text string
			m := message{}
			if json.Unmarshal(raw, &text) == nil {
				m["other"] = text
			} else if err := json.Unmarshal(raw, &m); err != nil {
				t.Fatalf("reading %q in %s: %v", id, name, err)
			}
			if all[id] != nil {
				t.Errorf("%q stands in two files of %s", id, l)
			}
			all[id] = m
		}
	}
	return all
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	first := rawMessages(t, Languages[0])
	for _, l := range Languages[1:] {
		other := rawMessages(t, l)
		for id := range first {
			if other[id] == nil {
				t.Errorf("%q is missing in %s", id, l)
			}
		}
		for id, m := range other {
			if first[id] == nil {
				t.Errorf("%q is in %s and not in %s", id, l, Languages[0])
				continue
			}
			if got, want := places(m), places(first[id]); !slices.Equal(got, want) {
				t.Errorf("%q has the places %v in %s and %v in %s", id, got, l, want, Languages[0])
			}
			if got, want := slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Keys(first[id])); !slices.Equal(got, want) {
				t.Errorf("%q has the forms %v in %s and %v in %s", id, got, l, want, Languages[0])
			}
		}
	}
}

var place = regexp.MustCompile(`\{\{[^}]*\}\}`)
var placeName = regexp.MustCompile(`\.(\w+)`)

// places are the names of what is filled in.
func places(m message) []string {
	names := map[string]bool{}
	for _, text := range m {
		for _, action := range place.FindAllString(text, -1) {
			for _, name := range placeName.FindAllStringSubmatch(action, -1) {
				names[name[1]] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func TestMessagesAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		for id, m := range rawMessages(t, l) {
			if len(m) > 1 || m["one"] != "" {
				if len(m) != 2 || m["one"] == "" || m["other"] == "" {
					t.Errorf("%s: %q needs a singular and a plural and has %v", l, id, slices.Sorted(maps.Keys(m)))
				}
				if !strings.Contains(m["other"], "{{.Count}}") {
					t.Errorf("%s: the plural of %q does not say how many", l, id)
				}
			} else if slices.Contains(places(m), "Count") {
				t.Errorf("%s: %q counts and has one form only", l, id)
			}
			for form, text := range m {
				checkText(t, string(l)+": "+id+" "+form, text)
			}
		}
	}
}

// checkText looks for slips of typing.
func checkText(t *testing.T, at, text string) {
	t.Helper()
	switch {
	case strings.TrimSpace(text) == "":
		t.Errorf("%s is empty", at)
	case strings.TrimSpace(text) != text:
		t.Errorf("%s begins or ends with a space: %q", at, text)
	case strings.Contains(text, "  "), strings.Contains(text, " ,"), strings.Contains(text, ",,"), strings.Contains(text, ".."):
		t.Errorf("%s has a slip: %q", at, text)
	case strings.Contains(text, "<no value>"), strings.ContainsRune(text, '\uFFFD'), strings.ContainsRune(text, '\u00a0'):
		t.Errorf("%s has a character that does not belong: %q", at, text)
	case strings.Count(text, "{{") != strings.Count(text, "}}"):
		t.Errorf("%s has an open bracket: %q", at, text)
	}
}
