package views

import (
	"go/scanner"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ/parser/v2"
	"github.com/a-h/templ/parser/v2/visitor"
)

// The only words for people that stand outside the message files: what is the
// same in every language, or is a quotation.
var (
	wordsInTemplates = []string{
		"Sign in:", "/signin/once?token=…", // what the terminal prints
		"Selvbetjening av integrasjoner i ID-porten/Maskinporten", // the name of a right in Altinn
	}
	wordsInCode = []string{
		"Bokmål", // the language's own name
		"<!doctype html><html lang=\"nb\"><meta charset=\"utf-8\"><title>Portvakt</title>", // for when the words cannot be had
		"<h1>Noe gikk galt hos oss</h1><p>Something went wrong here.</p>",
		"<!DOCTYPE html><html lang=\"en\"><title>500</title><h1>500</h1><p>Something went wrong.</p></html>\n",
	}
)

var letters = regexp.MustCompile(`\pL{2,}`)

// templates parses all templates of the package.
func templates(t *testing.T) map[string]*parser.TemplateFile {
	t.Helper()
	names, err := filepath.Glob("*.templ")
	if err != nil || len(names) < 10 {
		t.Fatalf("finding the templates: got %v, %v", names, err)
	}
	all := map[string]*parser.TemplateFile{}
	for _, name := range names {
		file, err := parser.Parse(name)
		if err != nil {
			t.Fatalf("parsing %s: %v", name, err)
		}
		all[name] = file
	}
	return all
}

func TestNoWordsInTemplates(t *testing.T) {
	t.Parallel()
	for name, file := range templates(t) {
		check := func(kind, words string) {
			if letters.MatchString(words) && !slices.Contains(wordsInTemplates, strings.Join(strings.Fields(words), " ")) {
				t.Errorf("%s: the %s %q belongs in the message files", name, kind, words)
			}
		}
		v := visitor.New()
		v.Text = func(n *parser.Text) error {
			check("text", n.Value)
			return nil
		}
		v.ConstantAttribute = func(n *parser.ConstantAttribute) error {
			if slices.Contains([]string{"aria-label", "title", "alt", "placeholder", "label"}, n.Key.String()) {
				check(n.Key.String(), n.Value)
			}
			return nil
		}
		v.StringExpression = func(n *parser.StringExpression) error {
			for _, text := range literals(t, n.Expression.Value) {
				if strings.Contains(text, " ") {
					check("expression", text)
				}
			}
			return nil
		}
		if err := file.Visit(v); err != nil {
			t.Fatal(err)
		}
	}
}

// literals are the strings in a piece of Go.
func literals(t *testing.T, source string) []string {
	t.Helper()
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile("", files.Base(), len(source)), []byte(source), nil, 0)
	var all []string
	for {
		_, tok, text := s.Scan()
		if tok == token.EOF {
			return all
		}
		if tok == token.STRING {
			value, err := strconv.Unquote(text)
			if err != nil {
				t.Fatalf("reading %s: %v", text, err)
			}
			all = append(all, value)
		}
	}
}

// Norwegian letters in a string give words away; so does markup.
var giveaway = regexp.MustCompile(`[æøåÆØÅ]|<(?:p|h1|html|li|title)\b`)

func TestNoWordsInCode(t *testing.T) {
	t.Parallel()
	for _, f := range askers(t) {
		if !strings.HasSuffix(f.name, ".go") {
			continue
		}
		for _, text := range literals(t, f.text) {
			if giveaway.MatchString(text) && !slices.Contains(wordsInCode, text) {
				t.Errorf("%s: %q belongs in the message files", f.name, text)
			}
		}
	}
}

// foreign are the words that show a text to be in another language than it says.
var foreign = map[Language]*regexp.Regexp{
	Bokmal: anyOf(`ikkje eg nokon noko dersom kva kven kvar korleis kvifor verksemd\pL* nøklar nøklane frå meir vere sjølv
		vart berre mykje eigen eige eigne sida fila lista klokka vegen teneste\pL* førespurnad\pL* gjere kjem lagar hentar
		lagrar treng ein ei eit utan framleis enno liknar storleik utferdar offentleg\pL* hemmeleg maskina adressa lenkja
		verkar oppretta endra lagra sletta heile kvart the and`),
	Nynorsk: anyOf(`ikke jeg noen noe hvis hva hvem hvor hvordan hvilken hvilket hvilke virksomhet\pL* nøkler nøklene fra mer
		være selv ble kun bare mye egen egne eget siden filen listen klokken veien tjeneste\pL* forespørsel\pL* gjøre kommer
		lager henter lagrer skriver velger trenger trengs en et ett uten fortsatt ennå galt riktig ligner utløper utløpt
		størrelse utsteder offentlig\pL* hemmelig maskinen adressen lenken virker opprettet endret lagret laget slettet hele
		hvert hver bits the and`),
	English: anyOf(`og ikke eller av til fra som du den det er en et nøkkel\pL* virksomhet\pL*`),
}

// anyOf is a pattern for the whole words of a list, wherever they stand but in
// an address or an identifier.
func anyOf(list string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\pL\pN_./:-])(` + strings.Join(strings.Fields(list), "|") + `)(?:$|[^\pL\pN_@/:-])`)
}

// otherForms are words that are right, but that the texts say in another form: one
// for each thing, so that a reader never wonders whether two are meant.
var otherForms = map[Language]*regexp.Regexp{
	Bokmal: anyOf(`bits`),
	Nynorsk: anyOf(`sjølvbetening\pL* sandkassa gjev gje lat lèt klammer scopa svarer blei også kvelven hemmelegheit\pL*
		utgått fungerer betyr beskriv`),
}

// otherWords are the same of whole expressions, in any language.
var otherWords = regexp.MustCompile(`(?i)driver portvakt|driv portvakt|\$PORTVAKT|mott?aker av tokenet|recipient of the token`)

func TestOneFormOfEachWord(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		for id, m := range rawMessages(t, l) {
			for _, text := range m {
				var found []string
				if forms := otherForms[l]; forms != nil {
					found = forms.FindStringSubmatch(place.ReplaceAllString(text, ""))
				}
				if found = append(found, otherWords.FindAllString(text, -1)...); found != nil {
					t.Errorf("%s: %q says %q: %s", l, id, found, text)
				}
			}
		}
	}
}

// The search for failures keeps the thumbprint of a private key, and says so.
func TestTheSearchSaysWhatItKeeps(t *testing.T) {
	t.Parallel()
	for l, thumbprint := range map[Language]string{Bokmal: "fingeravtrykk", Nynorsk: "fingeravtrykk", English: "thumbprint"} {
		if got := In(l).S("failures.lead"); !strings.Contains(got, thumbprint) {
			t.Errorf("%s: got %q, want the %s in it", l, got, thumbprint)
		}
	}
}

// A box on a page is spoken of by its label.
func TestBoxesAreNamedByTheirLabels(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		if words := In(l); !strings.Contains(words.S("remedy.elsewhere.key-brackets"), words.S("key.array")) {
			t.Errorf("%s: remedy.elsewhere.key-brackets does not name %q", l, words.S("key.array"))
		}
	}
}

// quotation is what another site calls its things, in its own language.
var quotation = regexp.MustCompile(`«[^»]*»|"[^"]*"`)

func TestEachTextIsInItsLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		for id, m := range rawMessages(t, l) {
			for _, text := range m {
				if found := foreign[l].FindStringSubmatch(quotation.ReplaceAllString(text, "")); found != nil {
					t.Errorf("%s: %q says %q: %s", l, id, found[1], text)
				}
			}
		}
	}
}
