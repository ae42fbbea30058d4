package views

import "net/url"

// The paths of the sandbox's pages.

// PracticeHomePath says what the sandbox is and at which addresses it answers.
func PracticeHomePath() string { return "/" }

// PracticeOrganisationsPath lets the reader choose whom to represent.
func PracticeOrganisationsPath() string { return "/samarbeidsportalen/" }

// PracticeClientsPath is the list of an organisation's clients; it also takes the
// form of PracticeClientNewPath.
func PracticeClientsPath(org string) string {
	return PracticeOrganisationsPath() + url.PathEscape(org) + "/clients"
}

// PracticeClientNewPath is the form for a new client.
func PracticeClientNewPath(org string) string { return PracticeClientsPath(org) + "/new" }

// PracticeClientDraftPath shows that form again with everything typed.
func PracticeClientDraftPath(org string) string { return PracticeClientsPath(org) + "/draft" }

// PracticeClientPath is the first tab of a client's page.
func PracticeClientPath(org, id string) string {
	return PracticeClientsPath(org) + "/" + url.PathEscape(id)
}

// PracticeTabPath is another tab of a client's page, or takes the form of one.
func PracticeTabPath(org, id, tab string) string { return PracticeClientPath(org, id) + "/" + tab }

// PracticeOrganisation is an organisation that can be represented for practice.
type PracticeOrganisation struct {
	Number, Name string
	// Code is its short name at Altinn, or empty.
	Code string
	// Kind says what it is good for: "all", "no-notifications" or "unknown".
	Kind string
}

// PracticeProblem is one thing that the practice site refuses.
type PracticeProblem struct {
	// Field is the id of the field that it is about.
	Field string
	// Code is the stem of its message.
	Code string
	// Figures are what the sentence mentions, by name.
	Figures map[string]string
}

// PracticeProblems are all that is wrong with one form, in the order of its fields.
type PracticeProblems []PracticeProblem

func (p PracticeProblem) text(t Text) string {
	pairs := make([]any, 0, 2*len(p.Figures))
	for name, value := range p.Figures {
		pairs = append(pairs, name, value)
	}
	return t.F("practice.problem."+p.Code, pairs...)
}

// lines are the lines of the error summary.
func (p PracticeProblems) lines(t Text) []ProblemLine {
	lines := make([]ProblemLine, len(p))
	for i, problem := range p {
		lines[i] = ProblemLine{Field: problem.Field, Text: problem.text(t)}
	}
	return lines
}

// at is what stands at a field: all that is wrong there, sentence after sentence.
func (p PracticeProblems) at(t Text, field string) string {
	text := ""
	for _, problem := range p {
		if problem.Field == field {
			if text != "" {
				text += " "
			}
			text += problem.text(t)
		}
	}
	return text
}

// practiceField is a field whose label is one of the real site's and whose help,
// if any, is "practice.<label>.help".
func practiceField(t Text, id, label, value string, problems PracticeProblems) Field {
	f := Field{ID: id, Label: t.Label(label, true).Name, Value: value, Problem: problems.at(t, id)}
	if help := "practice." + label + ".help"; t.Has(help) {
		f.Help = t.S(help)
	}
	return f
}
