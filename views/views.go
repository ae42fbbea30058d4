// Package views is the pages: their markup and every word that a person reads,
// in three languages, and the configuration blocks that people take away. Each
// page is a struct of finished values and a component that shows it. The package
// looks nothing up and decides nothing: it knows neither database, network,
// clock nor keys.
package views

//go:generate go tool templ generate

// Page is what every page needs. Every page struct embeds it.
type Page struct {
	// T is the words in the reader's language.
	T Text
	// Title stands in the browser's tab, before the name of the site.
	Title string
	// Here is the path of this page, for the language switch to return to.
	Here string
	// Form is the id of a form on the page whose values must survive a change of
	// language; LanguageAction is where that form is posted then. Empty when there
	// is nothing to lose.
	Form, LanguageAction string
	// Person is who is signed in, or nil.
	Person *Person
	// Tab is which part of the site this is: "integrations", "admin" or "".
	Tab string
	// KeepOpen makes every link out of the page open a tab of its own, since this
	// page holds a key that would go with it.
	KeepOpen bool
	// Local is true in local mode, which every footer says.
	Local bool
	// Sandbox is the address of the sandbox's practice page, or empty.
	Sandbox string
	// Rehearsing are the ids of the failures that are turned on, on the sandbox's
	// own pages.
	Rehearsing []string
	// Script is the script that this page needs beside every page's.
	Script Script
	// Pasted is what is said of what was pasted, by field.
	Pasted Pasted
}

// Script is an ES module that only some pages load.
type Script int

// The scripts.
const (
	NoScript Script = iota
	GrantScript
	JourneyScript
	KeyToolScript
)

// scripts are their files.
var scripts = map[Script]string{GrantScript: "js/grant.js", JourneyScript: "js/journey.js", KeyToolScript: "js/keytool.js"}

// Person is who is signed in, as the header shows it.
type Person struct {
	Name string
	// Organisation and OrgNumber are the one represented; empty for a person who
	// has a role and represents none.
	Organisation, OrgNumber string
	// Organisations are those that the person can change to.
	Organisations []OrganisationChoice
	// Reads is true for auditors and administrators.
	Reads bool
	// Role is "", "auditor" or "admin".
	Role string
}

// OrganisationChoice is one line of the organisation menu.
type OrganisationChoice struct {
	Number, Name string
	Practice     bool
	Current      bool
}

// target is the target of links out of the page.
func (p Page) target() string {
	if p.KeepOpen {
		return "_blank"
	}
	return "_self"
}

// Pasted is what is said of texts that were pasted, by field, beside what is wrong
// with them.
type Pasted map[string]Paste

// Paste is what is said of one of them.
type Paste struct {
	// Figures are filled into the message about what is wrong.
	Figures map[string]string
	// Remarks tell how it was read.
	Remarks []Remark
}

// Remark is the message "read.<code>", with a value to fill in.
type Remark struct{ Code, Value string }

// Problems are what is wrong with a form: the codes of the messages, by field.
type Problems map[string]string

// Field is one text field of a form.
type Field struct {
	// ID is the name and the id of the field.
	ID    string
	Label string
	// Help is a sentence under the label, or empty.
	Help  string
	Value string
	// Problem is the finished sentence about what is wrong, or empty.
	Problem string
	// Remarks are finished sentences about how what was pasted was read.
	Remarks []string
	// Kind is the type of the input; empty for text.
	Kind string
	// Rows makes it a text area of that many lines.
	Rows int
	// Optional is said beside the label.
	Optional bool
	// Code sets the field in the font for identifiers, without spell-check.
	Code bool
}

// field builds a field whose words are "<stem>.<id>", ".help" and whose problem,
// if any, is "problem.<code>".
func (p Page) field(stem, id, value string, problems Problems) Field {
	f := Field{ID: id, Label: p.T.S(stem + "." + id), Value: value, Problem: p.problem(problems, id), Remarks: p.remarks(id)}
	if help := stem + "." + id + ".help"; p.T.Has(help) {
		f.Help = p.T.S(help)
	}
	return f
}

func (p Page) problem(problems Problems, id string) string {
	code, ok := problems[id]
	if !ok {
		return ""
	}
	var pairs []any
	for name, value := range p.Pasted[id].Figures {
		pairs = append(pairs, name, value)
	}
	return p.T.F("problem."+code, pairs...)
}

func (p Page) remarks(id string) []string {
	var all []string
	for _, r := range p.Pasted[id].Remarks {
		all = append(all, p.T.F("read."+r.Code, "Value", r.Value))
	}
	return all
}

// problemLines are the lines of the error summary, in the order of the fields.
func (p Page) problemLines(problems Problems, fields ...string) []ProblemLine {
	var lines []ProblemLine
	for _, f := range fields {
		if text := p.problem(problems, f); text != "" {
			lines = append(lines, ProblemLine{Field: f, Text: text})
		}
	}
	return lines
}
