package handlers

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/jwk"
	"portvakt/views"
)

// longestQuery is how many characters a search has at most: a whole answer with
// room to spare.
const longestQuery = 2000

// failuresShow is GET /tools/failures. A code in the address unfolds that failure;
// what is searched for never stands in an address.
func (h *Handlers) failuresShow(c echo.Context) error {
	p := views.FailuresPage{Found: -1, Groups: groupsOf(failuresAll())}
	for _, g := range p.Groups {
		for i := range g.Failures {
			g.Failures[i].Open = g.Failures[i].Code == c.QueryParam("code")
		}
	}
	return h.failuresPage(c, http.StatusOK, p)
}

// failuresSearch is POST /tools/failures: the search, and the change of language.
// It is a post so that what was pasted is in no log, history or bookmark.
func (h *Handlers) failuresSearch(c echo.Context) error {
	query := strings.TrimSpace(strings.ToValidUTF8(c.FormValue("q"), " "))
	h.takeLanguage(c)
	p := views.FailuresPage{Found: -1, Groups: groupsOf(failuresAll()), Problems: views.Problems{}}
	switch {
	case looksSecret(query) || hasTokenPiece(query) || longText.MatchString(query):
		p.Problems["q"] = "secret"
		if jwk.Leaks([]byte(query)) && sessionOf(c) != nil {
			h.notePrivate(c, "", query)
		}
		return h.failuresPage(c, http.StatusUnprocessableEntity, p)
	case utf8.RuneCountInString(query) > longestQuery:
		p.Query = query
		p.Problems["q"] = "failures.too-long"
		return h.failuresPage(c, http.StatusUnprocessableEntity, p)
	case query == "":
		return h.failuresPage(c, http.StatusOK, p)
	}
	p.Query = query
	p.Recognised, p.Groups, p.Found = foundIn(views.In(h.languageOf(c)), failuresAll(), query)
	return h.failuresPage(c, http.StatusOK, p)
}

// foundIn are first the failures of which the query is an answer, unfolded, then
// those that have its words. When there is neither, they are all.
func foundIn(t views.Text, all []views.Failure, query string) (recognised []views.Failure, groups []views.FailureGroup, found int) {
	codes, words := proof.Recognised(query), strings.Fields(query)
	var others []views.Failure
	for _, f := range all {
		switch {
		case slices.Contains(codes, f.Code):
			f.Open = true
			recognised = append(recognised, f)
		case f.Says(t, words):
			others = append(others, f)
		}
	}
	found = len(recognised) + len(others)
	if found == 0 {
		return nil, groupsOf(all), 0
	}
	if found == 1 && len(others) == 1 {
		others[0].Open = true
	}
	return recognised, groupsOf(others), found
}

// failuresAll are all failures as the page shows them, in the order of the stages.
func failuresAll() []views.Failure {
	var all []views.Failure
	for _, d := range proof.Diagnoses() {
		f := views.Failure{
			Code: d.Code, Stage: string(d.Stage), Refusals: d.Refusals, Statuses: slices.Clone(d.Statuses),
			Who: string(d.Who), Step: d.Step, Unseen: d.Unseen,
		}
		for _, text := range slices.Concat(d.Texts, d.Vague) {
			f.Texts = append(f.Texts, strings.Trim(text, "^$"))
		}
		if status := proof.Wordless(d.Code); status != 0 {
			f.Statuses = append(f.Statuses, status)
		}
		for _, p := range d.Possible {
			f.Possible = append(f.Possible, p.ID)
		}
		all = append(all, f)
	}
	return all
}

// groupsOf puts those of the same stage together.
func groupsOf(all []views.Failure) []views.FailureGroup {
	var groups []views.FailureGroup
	for _, stage := range append(slices.Clone(proof.Stages), "") {
		g := views.FailureGroup{Stage: string(stage)}
		for _, f := range all {
			if f.Stage == g.Stage {
				g.Failures = append(g.Failures, f)
			}
		}
		if len(g.Failures) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (h *Handlers) failuresPage(c echo.Context, status int, p views.FailuresPage) error {
	page, err := h.page(c, "failures.title")
	if err != nil {
		return err
	}
	p.Page = page
	p.Form, p.LanguageAction, p.Here = "lookup", views.FailureTool(), views.FailureTool()
	return render(c, status, views.Failures(p))
}
