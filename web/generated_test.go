package main

import (
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The generated files are those that the generator makes of the templates today,
// none is missing and none is left over.
func TestGenerated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	templates, err := filepath.Glob("../views/*.templ")
	if err != nil || len(templates) == 0 {
		t.Fatalf("got %v, %v", templates, err)
	}
	for _, path := range templates {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), []byte(siteTFile(t, path)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "go", "tool", "templ", "generate", "-path", dir).CombinedOutput(); err != nil {
		t.Fatalf("generating: %v\n%s", err, out)
	}
	want := map[string]bool{}
	for _, path := range templates {
		name := strings.TrimSuffix(filepath.Base(path), ".templ") + "_templ.go"
		want[name] = true
		if siteTFile(t, filepath.Join("../views", name)) != siteTFile(t, filepath.Join(dir, name)) {
			t.Errorf("views/%s is not what its template makes: run go generate ./views", name)
		}
	}
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && d.Name() == "bench" { // a module of its own
			return fs.SkipDir
		}
		if err == nil && strings.HasSuffix(path, "_templ.go") && !want[filepath.Base(path)] {
			t.Errorf("%s has no template", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The generator is of the same version as the library that its code calls.
func TestGeneratorVersion(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Version}}", "github.com/a-h/templ").Output()
	if err != nil {
		t.Fatal(err)
	}
	version := strings.TrimSpace(string(out))
	generated, err := filepath.Glob("../views/*_templ.go")
	if err != nil || len(generated) == 0 {
		t.Fatalf("got %v, %v", generated, err)
	}
	for _, path := range generated {
		if want := "// templ: version: " + version + "\n"; !strings.Contains(siteTFile(t, path), want) {
			t.Errorf("%s was made by another version, want %q in it", path, want)
		}
	}
	if !strings.Contains(siteTFile(t, "../go.mod"), "\ntool github.com/a-h/templ/cmd/templ\n") {
		t.Error("go.mod does not pin the generator as a tool")
	}
}

func TestFormatted(t *testing.T) {
	t.Parallel()
	for _, p := range siteTPackages(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			source := siteTFile(t, path)
			if formatted, err := format.Source([]byte(source)); err != nil || string(formatted) != source {
				t.Errorf("%s is not as gofmt writes it (%v)", path, err)
			}
		}
	}
}
