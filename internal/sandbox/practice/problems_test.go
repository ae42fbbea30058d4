package practice_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

// codes are the constants named Code… of the sandbox, so that a new one cannot be forgotten here.
func codes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && strings.HasPrefix(spec.Names[0].Name, "Code") {
			code, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			found = append(found, code)
		}
		return true
	})
	if len(found) < 30 {
		t.Fatalf("got %d codes, want some thirty", len(found))
	}
	return found
}

func TestEveryProblemHasASentence(t *testing.T) {
	t.Parallel()
	all := append(codes(t), "token")
	inAll(t, func(t *testing.T, text views.Text) {
		for _, kid := range []string{"", "practice-1"} {
			seen := map[string]string{}
			for _, code := range all {
				sentence := sentence(t, text, views.PracticeProblem{Field: "name", Code: code, Figures: map[string]string{
					"limit": "17", "have": "5", "least": "1", "most": "7200", "kid": kid, "scope": "altinn:nei",
				}})
				if strings.ContainsAny(sentence, "⟦<{") && code != "key.malformed" || !strings.HasSuffix(sentence, ".") {
					t.Errorf("%s: got %q, want a sentence", code, sentence)
				}
				if other, twice := seen[sentence]; twice {
					t.Errorf("%s and %s say the same: %q", code, other, sentence)
				}
				seen[sentence] = code
			}
		}
	})
}

// sentence is what a page says of a problem.
func sentence(t *testing.T, text views.Text, problem views.PracticeProblem) string {
	t.Helper()
	var out bytes.Buffer
	page := views.PracticeClientNewPage{Page: views.Page{T: text, Form: "typed"}, Problems: views.PracticeProblems{problem}}
	if err := views.PracticeClientNew(page).Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	summary, field := parse(t, out.String(), "#problems li"), parse(t, out.String(), "#name-problem")
	if summary != field {
		t.Errorf("got %q in the summary and %q at the field, want the same", summary, field)
	}
	return summary
}

func TestRefusedClient(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("å", 2000)
	right := map[string]string{"name": "Varsling", "description": "Varsler", "lifetime": "120", "scopes": owner}
	for _, c := range []struct{ field, typed, code string }{
		{"name", " ", sandbox.CodeNameEmpty},
		{"name", long, sandbox.CodeNameTooLong},
		{"name", "to\nlinjer", sandbox.CodeNameControl},
		{"name", "ikke \xff UTF-8", sandbox.CodeNameControl},
		{"description", "", sandbox.CodeDescriptionEmpty},
		{"description", long, sandbox.CodeDescriptionTooLong},
		{"description", "\x00", sandbox.CodeDescriptionControl},
		{"lifetime", "", sandbox.CodeLifetime},
		{"lifetime", "to minutter", sandbox.CodeLifetime},
		{"lifetime", "7201", sandbox.CodeLifetime},
		{"lifetime", "99999999999999999999", sandbox.CodeLifetime},
		{"scopes", "", sandbox.CodeScopeNone},
		{"scopes", "altinn:nei", sandbox.CodeScopeUnknown},
	} {
		t.Run(c.code+" "+c.typed[:min(12, len(c.typed))], func(t *testing.T) {
			t.Parallel()
			s := start(t)
			var fields []string
			for field, value := range right {
				if field == c.field {
					value = c.typed
				}
				fields = append(fields, field, value)
			}
			got := s.post(clients, fields...).wants(422)
			want := sentence(t, views.In(views.Bokmal), views.PracticeProblem{Field: "name", Code: c.code, Figures: map[string]string{
				"limit": map[string]string{"name": "255", "description": "1000"}[c.field], "least": "1", "most": "7200", "scope": c.typed,
			}})
			field := got.Find("#" + c.field)
			if got := got.Find("#" + c.field + "-problem").Text(); got != want {
				t.Errorf("got %q at the field, want %q", got, want)
			}
			if field.AttrOr("aria-invalid", "") != "true" || !strings.Contains(field.AttrOr("aria-describedby", ""), c.field+"-problem") {
				t.Error("the field is not marked as wrong")
			}
			if href := got.Find("#problems a").AttrOr("href", ""); got.Find("#problems a").Length() != 1 || href != "#"+c.field {
				t.Errorf("got a summary that leads to %q, want one line to %q", href, "#"+c.field)
			}
			if shown := field.AttrOr("value", field.Text()); shown != strings.NewReplacer("\xff", "\uFFFD", "\x00", "\uFFFD").Replace(c.typed) {
				t.Errorf("got %q in the field, want %q", shown, c.typed)
			}
			for other, value := range right {
				if at := got.Find("#" + other); other != c.field && at.AttrOr("value", at.Text()) != value {
					t.Errorf("%s is not what was typed", other)
				}
			}
			if len(s.sandbox.Clients(directorate)) != 0 {
				t.Error("a refused client was registered")
			}
		})
	}
}

// A person gets to know of all that is wrong at once, in the order of the fields, and not of the same thing a hundred times.
func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.post(clients, "lifetime", "x", "scopes", strings.Repeat("altinn:a altinn:b ", 500)+strings.Join(strings.Split("cdefghijklmnopqrstuvw", ""), " ")).wants(422)
	var fields []string
	for _, a := range got.Find("#problems a").EachIter() {
		fields = append(fields, a.AttrOr("href", ""))
	}
	if got, want := strings.Join(fields[:4], " "), "#name #description #lifetime #scopes"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(fields) != 3+8 {
		t.Errorf("got %d lines, want 11", len(fields))
	}
}

func TestTooManyClients(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 200 {
		if _, err := s.sandbox.AddClient(directorate, "a", "b", []string{owner}); err != nil {
			t.Fatal(err)
		}
	}
	s.post(clients, "name", "a", "description", "b", "lifetime", "120", "scope", owner).wants(422).says("Virksomheten har 200 klienter")
}
