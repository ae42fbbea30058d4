package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// siteTArrows says for each package which others of ours it may import. A package
// that is not in the table is not in the house.
var siteTArrows = map[string]string{
	"web": "handlers store static jwk internal/door internal/outbound internal/proof internal/maskinporten internal/altinn " +
		"internal/samarbeidsportalen internal/sandbox internal/sandbox/practice",
	"handlers": "views store static jwk internal/door internal/proof internal/maskinporten internal/altinn " +
		"internal/samarbeidsportalen",
	"handlers/handlerstest":          "",
	"views":                          "static",
	"store":                          "migrations",
	"store/storetest":                "store",
	"jwk":                            "",
	"migrations":                     "",
	"static":                         "",
	"internal/door":                  "",
	"internal/outbound":              "",
	"internal/outbound/outboundtest": "internal/outbound",
	"internal/altinn":                "internal/outbound",
	"internal/samarbeidsportalen":    "internal/outbound",
	"internal/maskinporten":          "jwk internal/outbound",
	"internal/proof":                 "jwk internal/maskinporten internal/altinn",
	"internal/sandbox":               "jwk",
	"internal/sandbox/practice":      "internal/sandbox internal/door jwk views static",
}

// siteTTestArrows are what the tests of a package may import besides.
var siteTTestArrows = map[string]string{
	"web":            "handlers/handlerstest views",
	"handlers":       "handlers/handlerstest store/storetest internal/sandbox internal/maskinporten internal/altinn internal/outbound internal/outbound/outboundtest",
	"store":          "store/storetest",
	"views":          "internal/proof internal/sandbox internal/maskinporten store", // whose codes need words
	"internal/proof": "internal/sandbox internal/outbound",

	"internal/outbound":           "internal/outbound/outboundtest",
	"internal/altinn":             "internal/outbound/outboundtest",
	"internal/samarbeidsportalen": "internal/outbound/outboundtest",
	"internal/maskinporten":       "internal/outbound/outboundtest",
}

// siteTModules says for each third-party module which package may import it, and
// whose tests may besides. A * is all tests.
var siteTModules = map[string]struct{ importer, tests string }{
	"github.com/labstack/echo/v4":      {"handlers", ""},
	"github.com/a-h/templ":             {"views", ""},
	"github.com/nicksnyder/go-i18n/v2": {"views", ""},
	"golang.org/x/text":                {"views", ""},
	"github.com/lestrrat-go/jwx/v2":    {"jwk", ""},
	"github.com/pressly/goose/v3":      {"store", ""},
	"modernc.org/sqlite":               {"store", "handlers"}, // to hold the database locked
	"github.com/PuerkitoBio/goquery":   {"handlers/handlerstest", "*"},
	"github.com/google/go-cmp":         {"", "*"},
	"github.com/chromedp/chromedp":     {"", "web"},
	"github.com/chromedp/cdproto":      {"", "web"},
}

// siteTNever are standard packages that have no business in a package.
var siteTNever = map[string]string{
	"views":                       "net/http database/sql os os/exec net crypto/rsa",
	"store":                       "net/http net html/template",
	"jwk":                         "net/http net os database/sql",
	"migrations":                  "net/http os",
	"static":                      "os database/sql",
	"handlers":                    "database/sql os crypto/rsa html/template",
	"internal/proof":              "database/sql os html/template",
	"internal/maskinporten":       "database/sql os",
	"internal/altinn":             "database/sql os",
	"internal/outbound":           "database/sql os",
	"internal/samarbeidsportalen": "database/sql os crypto/rsa",
	"web":                         "database/sql crypto/rsa html/template",
}

const siteTHouse = "portvakt/"

// siteTPackage is what go list says of a package.
type siteTPackage struct {
	ImportPath, Dir                    string
	Imports, TestImports, XTestImports []string
	GoFiles                            []string
}

func (p siteTPackage) name() string { return strings.TrimPrefix(p.ImportPath, siteTHouse) }

// siteTPackages lists the packages that belong to the repository.
func siteTPackages(t testing.TB) []siteTPackage {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Imports,TestImports,XTestImports,GoFiles", "./...")
	c.Dir = ".."
	out, err := c.Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	var all []siteTPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p siteTPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		// Scraps that git ignores.
		if !strings.HasPrefix(p.name(), "tmpdeps") {
			all = append(all, p)
		}
	}
}

func TestArrows(t *testing.T) {
	t.Parallel()
	gone := map[string]bool{}
	for name := range siteTArrows {
		gone[name] = true
	}
	for _, p := range siteTPackages(t) {
		delete(gone, p.name())
		allowed, known := siteTArrows[p.name()]
		if !known {
			t.Errorf("%s is not in the table of arrows", p.name())
			continue
		}
		may := strings.Fields(allowed)
		for _, i := range p.Imports {
			siteTArrow(t, p.name(), i, may, false)
			if slices.Contains(strings.Fields(siteTNever[p.name()]), i) {
				t.Errorf("%s imports %s, of which it must know nothing", p.name(), i)
			}
		}
		may = append(append(may, strings.Fields(siteTTestArrows[p.name()])...), p.name())
		for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
			siteTArrow(t, p.name(), i, may, true)
		}
	}
	for name := range gone {
		t.Errorf("%s stands in the table of arrows and is no package", name)
	}
}

// siteTArrow judges one import.
func siteTArrow(t *testing.T, from, to string, may []string, test bool) {
	t.Helper()
	if ours, ok := strings.CutPrefix(to, siteTHouse); ok {
		if !slices.Contains(may, ours) {
			t.Errorf("%s imports %s (test: %v): there is no such arrow", from, ours, test)
		}
		return
	}
	if first, _, _ := strings.Cut(to, "/"); !strings.Contains(first, ".") {
		return
	}
	for module, who := range siteTModules {
		if to != module && !strings.HasPrefix(to, module+"/") {
			continue
		}
		tests := strings.Fields(who.tests)
		if from != who.importer && !(test && (slices.Contains(tests, "*") || slices.Contains(tests, from))) {
			t.Errorf("%s imports %s (test: %v), which belongs to %q", from, to, test, who.importer)
		}
		return
	}
	t.Errorf("%s imports %s, which is not in the table of modules", from, to)
}

// Only web reads the environment, ends the process, listens for signals and knows
// the time; all others are given what they need.
func TestOnlyWeb(t *testing.T) {
	t.Parallel()
	only := []string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.Exit", "signal.Notify", "signal.NotifyContext", "time.Now", "time.Since", "time.Until", "time.Sleep"}
	for _, p := range siteTPackages(t) {
		if p.name() == "web" {
			continue
		}
		for _, file := range p.GoFiles {
			siteTCalls(t, filepath.Join(p.Dir, file), func(at token.Position, call string) {
				if slices.Contains(only, call) {
					t.Errorf("%s:%d: %s", filepath.Join(p.name(), file), at.Line, call)
				}
			})
		}
	}
}

// No test sleeps: what it waits for says when it is there.
func TestNoTestSleeps(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "bench" || d.Name() == "tmpdeps" || strings.HasPrefix(d.Name(), ".") && d.Name() != "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		siteTCalls(t, path, func(at token.Position, call string) {
			if call == "time.Sleep" {
				t.Errorf("%s:%d sleeps", path, at.Line)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// siteTCalls tells of every mention of a name of another package.
func siteTCalls(t testing.TB, path string, tell func(token.Position, string)) {
	t.Helper()
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	imported := map[string]string{}
	for _, i := range f.Imports {
		full, _ := strconv.Unquote(i.Path.Value)
		name := full[strings.LastIndex(full, "/")+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		imported[name] = full[strings.LastIndex(full, "/")+1:]
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && imported[x.Name] != "" {
				tell(files.Position(s.Pos()), imported[x.Name]+"."+s.Sel.Name)
			}
		}
		return true
	})
}
