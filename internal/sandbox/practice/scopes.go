package practice

import (
	"net/http"
	"slices"
	"strings"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

// scopeForm is the part of a form in which scopes are chosen.
type scopeForm struct {
	chosen       []string // the boxes that are checked
	query, typed string
	open         bool
}

// readScopes reads it. What is no scope of the list comes from no box of ours and is left out.
func readScopes(r *http.Request) (scopeForm, views.PracticeProblems) {
	var f scopeForm
	var problems, more views.PracticeProblems
	for _, name := range r.PostForm["scope"] {
		if offered(name) && !slices.Contains(f.chosen, name) {
			f.chosen = append(f.chosen, name)
		}
	}
	f.typed, problems = typed(r, "scopes")
	f.query, more = typed(r, "query")
	return f, append(problems, more...)
}

// all are the scopes that the form asks for, however they were given.
func (f scopeForm) all() []string { return append(slices.Clone(f.chosen), words(f.typed)...) }

// settle ends a choice of scopes: those that were typed move to the chosen ones, and what is no scope stays where it was
// typed. A search only unfolds the list.
func (f *scopeForm) settle(r *http.Request, problems *views.PracticeProblems) {
	if !button(r, "finish") {
		f.open = button(r, "search")
		return
	}
	var unknown []string
	for _, name := range words(f.typed) {
		switch {
		case !offered(name):
			unknown = append(unknown, name)
		case !slices.Contains(f.chosen, name):
			f.chosen = append(f.chosen, name)
		}
	}
	f.query, f.typed = "", strings.Join(unknown, "\n")
	for _, name := range unknown[:min(len(unknown), maxProblems)] {
		*problems = append(*problems, views.PracticeProblem{
			Field: sandbox.FieldScopes, Code: sandbox.CodeScopeUnknown, Figures: figures(map[string]string{"scope": name}),
		})
	}
}

// searched says whether Enter was pressed rather than a button while there is something to search for: that was most
// likely in the search field.
func searched(r *http.Request) bool {
	return button(r, "enter") && strings.TrimSpace(r.PostForm.Get("query")) != ""
}

func offered(name string) bool {
	return slices.ContainsFunc(sandbox.Scopes(), func(s sandbox.Scope) bool { return s.Name == name })
}

// choice is the form for a page.
func (f scopeForm) choice(o sandbox.Organisation, draft string, problems views.PracticeProblems) views.PracticeScopeChoice {
	c := views.PracticeScopeChoice{
		Query: shown(f.query), Typed: shown(f.typed), Draft: draft,
		Open: f.open || f.query != "" || f.typed != "" || about(problems, "scopes") || about(problems, "query"),
	}
	wanted := strings.Fields(strings.ToLower(f.query))
	all := sandbox.Scopes()
	for _, name := range f.chosen {
		if i := slices.IndexFunc(all, func(s sandbox.Scope) bool { return s.Name == name }); i >= 0 {
			c.Chosen = append(c.Chosen, scopeOf(o, all[i]))
			all = slices.Delete(all, i, i+1)
		}
	}
	for _, s := range all {
		other := scopeOf(o, s)
		other.Hidden = slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(s.Name, word) })
		if !other.Hidden {
			c.Matches++
		}
		c.Others = append(c.Others, other)
	}
	return c
}

func scopeOf(o sandbox.Organisation, s sandbox.Scope) views.PracticeScope {
	shown := views.PracticeScope{Name: s.Name, Missing: !o.Granted(s.Name)}
	switch {
	case s.Open:
		shown.Note = "open"
	case s.Login:
		shown.Note = "login"
	}
	return shown
}

func (p *Pages) scopesShow(w http.ResponseWriter, r *http.Request) error {
	c, err := p.client(r)
	if err != nil {
		return err
	}
	return p.renderScopes(w, r, c, scopeForm{chosen: c.Scopes}, nil)
}

func (p *Pages) scopesDraft(w http.ResponseWriter, r *http.Request) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	p.keepLanguage(w, r)
	f, problems := readScopes(r)
	f.settle(r, &problems)
	return p.renderScopes(w, r, c, f, problems)
}

func (p *Pages) scopesSet(w http.ResponseWriter, r *http.Request) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	f, problems := readScopes(r)
	if searched(r) {
		f.open = true
		return p.renderScopes(w, r, c, f, problems)
	}
	if len(problems) == 0 {
		if problems, err = refused(p.sandbox.SetScopes(c.ID, f.all())); err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		return p.renderScopes(w, r, c, f, problems)
	}
	seeOther(w, views.PracticeTabPath(c.Organisation, c.ID, "scopes")+"?done=scopes")
	return nil
}

func (p *Pages) renderScopes(w http.ResponseWriter, r *http.Request, c registered, f scopeForm,
	problems views.PracticeProblems,
) error {
	t := p.text(r)
	draft := views.PracticeTabPath(c.Organisation, c.ID, "scopes/draft")
	shown := p.clientPage(t, r, c, "scopes")
	if c.Active {
		shown = typing(shown, draft)
	}
	return render(w, r, status(problems), views.PracticeScopes(views.PracticeScopesPage{
		Page: shown, Client: head(r, c, "scopes"), Scopes: f.choice(c.owner, draft, problems), Problems: problems,
	}))
}
