package views

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// code is the text of a file that can ask for messages.
type code struct{ name, text string }

// readCode reads the Go and templ files of the folders, without tests, examples,
// what is generated, and comments.
func readCode(t *testing.T, folders ...string) []code {
	t.Helper()
	var all []code
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !asks(d.Name()) {
				return err
			}
			text, err := os.ReadFile(path)
			all = append(all, code{name: path, text: comment.ReplaceAllString(string(text), "")})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

var comment = regexp.MustCompile(`(?m)(^|[ \t])// .*$`)

func asks(name string) bool {
	return (strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".templ")) &&
		!strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go") && !strings.HasPrefix(name, "examples")
}

// askers are the folders whose code puts words on pages. Elsewhere the same codes
// are the names of events and findings, which ask for nothing.
func askers(t *testing.T) []code {
	t.Helper()
	return readCode(t, ".", "../handlers", "../web", "../internal/door", "../internal/sandbox/practice")
}

// found are the distinct first groups of all matches.
func found(files []code, pattern string) []string {
	re := regexp.MustCompile(pattern)
	var all []string
	for _, f := range files {
		for _, m := range re.FindAllStringSubmatch(f.text, -1) {
			if !slices.Contains(all, m[1]) {
				all = append(all, m[1])
			}
		}
	}
	slices.Sort(all)
	return all
}

const quoted = `"([a-z][\w-]*(?:\.[\w-]+)+)"`

func TestEveryMessageAskedForExists(t *testing.T) {
	t.Parallel()
	files, known := askers(t), rawMessages(t, Languages[0])
	asked := slices.Concat(
		found(files, `\.[SF]\(\s*`+quoted),
		found(files, `h\.page\(c, `+quoted),
		found(files, `(?i)(?:notice|alarm)\b[^=\n]*= (?:true, )?`+quoted),
		needed(t),
	)
	for _, id := range asked {
		if known[id] == nil {
			t.Errorf("the code asks for %q, which is no message", id)
		}
	}
}

func TestEveryMessageIsAskedFor(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	for _, id := range slices.Concat(found(askers(t), quoted), needed(t), allowed(t)) {
		asked[id] = true
	}
	for id := range rawMessages(t, Languages[0]) {
		if !asked[id] {
			t.Errorf("nothing asks for %q", id)
		}
	}
}

// A family that nobody listed would be neither looked for nor missed.
func TestEveryFamilyIsListed(t *testing.T) {
	t.Parallel()
	all := families(t)
	for _, stem := range found(askers(t), `"([a-z][\w-]*(?:\.[\w-]+)*\.)"\s*\+`) {
		listed := slices.ContainsFunc(all, func(f family) bool {
			before, _, _ := strings.Cut(f.form, "*")
			return before == stem
		})
		if !listed {
			t.Errorf("the code builds messages from %q, which is no listed family", stem+"*")
		}
	}
}

var (
	called = regexp.MustCompile(`\.([SF])\(\s*` + quoted + `([^\n]*)`)
	given  = regexp.MustCompile(`"([A-Z]\w*)",`)
)

// What is filled in must be what the message has places for.
func TestPlacesAreFilled(t *testing.T) {
	t.Parallel()
	known := rawMessages(t, Languages[0])
	for _, f := range askers(t) {
		for _, m := range called.FindAllStringSubmatch(f.text, -1) {
			want := places(known[m[2]])
			if m[1] == "S" {
				if len(want) > 0 {
					t.Errorf("%s: %q is shown with its places %v empty", f.name, m[2], want)
				}
				continue
			}
			var got []string
			for _, g := range given.FindAllStringSubmatch(m[3], -1) {
				got = append(got, g[1])
			}
			slices.Sort(got)
			for _, name := range want {
				if !slices.Contains(got, name) {
					t.Errorf("%s: %q has a place for %s and gets %v", f.name, m[2], name, got)
				}
			}
		}
	}
}
