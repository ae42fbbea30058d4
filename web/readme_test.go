package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The README's table of settings is the program's own.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme := siteTFile(t, "../README.md")
	row := regexp.MustCompile("(?m)^\\| `(PORTVAKT_[A-Z_]+)` \\| (.*?) \\| (.*?) \\|$")
	var got, want [][3]string
	for _, m := range row.FindAllStringSubmatch(readme, -1) {
		got = append(got, [3]string{m[1], strings.Trim(m[2], "`"), m[3]})
	}
	for _, s := range settings {
		want = append(want, [3]string{s.name, s.standard, s.what})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the table of settings (-program +README)\n%s", diff)
	}
	for _, command := range []string{"go run ./web", "go test ./...", "go run ./web help"} {
		if !strings.Contains(readme, command) {
			t.Errorf("the README does not tell of %q", command)
		}
	}
}

// What the README and its fellows point to is there.
func TestReadmeLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	for _, m := range link.FindAllStringSubmatch(siteTFile(t, "../README.md"), -1) {
		if siteTFile(t, "../"+m[1]) == "" {
			t.Errorf("the README points to %s, which is not there", m[1])
		}
	}
}
