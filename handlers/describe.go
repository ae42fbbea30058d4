package handlers

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// mostScopes is how many scopes an integration can have: as many as one list that
// is typed.
const mostScopes = 100

// otherPurpose is the purpose of integrations whose scopes are chosen one by one.
const otherPurpose = "other"

// describeForm is what the form of step 1 says, parsed.
type describeForm struct {
	nonce       string
	environment store.Environment
	details     store.Details
	// picked are the scopes that were checked in the catalogue.
	picked []store.Scope
}

// describeForm reads the form of step 1. The page has everything as it was typed,
// and what is wrong with it.
func (h *Handlers) describeForm(c echo.Context) (views.DescribePage, describeForm) {
	var f describeForm
	p := views.DescribePage{
		Nonce: nonceOf(c, h), Version: intOf(c.FormValue("version")),
		Name: c.FormValue("name"), About: c.FormValue("description"), Environment: c.FormValue("environment"),
		Purpose: c.FormValue("purpose"), Query: c.FormValue("query"), Typed: c.FormValue("typed"),
		Problems: views.Problems{},
	}
	p.Pasted = views.Pasted{}
	f.nonce = p.Nonce
	var err error
	if f.details.Name, err = store.ParseName(p.Name); err != nil {
		p.Problems["name"] = problemOf("name", err)
	}
	if f.details.Description, err = store.ParseDescription(p.About); err != nil {
		p.Problems["description"] = problemOf("description", err)
	}
	f.environment, err = store.ParseEnvironment(p.Environment)
	// The environment of one that exists stays what it is.
	if _, open := h.environment(f.environment); c.Param("id") == "" && (err != nil || !open) {
		p.Problems["environment"] = "environment.unknown"
	}
	h.describeScopes(c, &p, &f)
	for _, field := range []struct{ id, value string }{{"name", p.Name}, {"description", p.About}, {"typed", p.Typed}, {"query", p.Query}} {
		if looksSecret(field.value) || p.Problems[field.id] == "secret" {
			p.Problems[field.id] = "secret"
			p.Pasted[field.id] = views.Paste{Remarks: h.notePrivate(c, c.Param("id"), field.value)}
		}
	}
	p.Name, p.About = blank(p.Name, p.Problems, "name"), blank(p.About, p.Problems, "description")
	p.Typed, p.Query = blank(p.Typed, p.Problems, "typed"), blank(p.Query, p.Problems, "query")
	return p, f
}

// describeScopes gathers the wanted scopes: those of the purpose, those checked
// in the catalogue and those typed, each once and in that order.
func (h *Handlers) describeScopes(c echo.Context, p *views.DescribePage, f *describeForm) {
	ofPurpose, ok := purposeScopes(p.Purpose)
	if !ok {
		p.Problems["purpose"] = "purpose.unknown"
	}
	for _, s := range c.Request().PostForm["scope"] {
		if scope, err := store.ParseScope(s); err == nil && inCatalogue(scope) {
			f.picked = append(f.picked, scope)
		}
	}
	typed := readScopes(p.Typed)
	switch {
	case looksSecret(p.Typed):
		p.Problems["typed"] = "secret"
	case typed.problem != "":
		p.Problems["typed"] = typed.problem
		p.Pasted["typed"] = views.Paste{Figures: map[string]string{"Scope": typed.scope, "Right": typed.right}}
	}
	if p.Purpose != otherPurpose {
		f.details.Purpose = p.Purpose
	}
	for _, s := range slices.Concat(ofPurpose, f.picked, typed.scopes) {
		if !slices.Contains(f.details.Wanted, s) {
			f.details.Wanted = append(f.details.Wanted, s)
		}
	}
	switch {
	case len(f.details.Wanted) > mostScopes:
		p.Problems["typed"] = "scopes.too-many"
	case len(f.details.Wanted) == 0 && typed.problem == "" && ok:
		p.Problems["typed"] = "scopes.none"
	}
}

// describePage completes the page with what can be chosen, and answers with it.
func (h *Handlers) describePage(c echo.Context, status int, p views.DescribePage, picked []store.Scope) error {
	title := "describe.title.new"
	if p.ID != "" {
		title = "describe.title.edit"
	}
	page, err := h.page(c, title)
	if err != nil {
		return err
	}
	page.Pasted = p.Pasted
	p.Page = page
	p.Tab, p.Form = "integrations", "describe"
	p.LanguageAction = views.IntegrationDraft()
	if p.ID != "" {
		p.LanguageAction = views.IntegrationDescriptionDraft(p.ID)
	}
	h.describeEnvironments(c, &p)
	for _, x := range store.Purposes() {
		p.Purposes = append(p.Purposes, views.PurposeChoice{ID: x.ID, Scopes: texts(x.Scopes)})
	}
	p.Purposes = append(p.Purposes, views.PurposeChoice{ID: otherPurpose})
	p.Scopes, p.Matches = scopeChoices(page.T, p.Query, picked)
	return render(c, status, views.Describe(p))
}

// describeEnvironments lists what can be chosen. One of them is always checked: a
// practice organisation has the sandbox only, and everybody else begins with the
// test environment, where a mistake costs nothing.
func (h *Handlers) describeEnvironments(c echo.Context, p *views.DescribePage) {
	for _, e := range h.Environments {
		p.Environments = append(p.Environments, string(e.Name))
	}
	if p.Practice = userOf(c).Organisation.Practice; p.Practice && p.ID == "" {
		p.Environment = string(store.Sandbox)
	}
	if p.ID != "" || slices.Contains(p.Environments, p.Environment) || len(p.Environments) == 0 {
		return
	}
	p.Environment = p.Environments[0]
	if slices.Contains(p.Environments, string(store.Test)) {
		p.Environment = string(store.Test)
	}
}

// scopeChoices lists the catalogue. A search hides what does not have all its
// words, except what is checked.
func scopeChoices(t views.Text, query string, picked []store.Scope) ([]views.ScopeChoice, int) {
	words := strings.Fields(strings.ToLower(query))
	var all []views.ScopeChoice
	matches := 0
	for _, s := range store.Catalogue() {
		text := strings.ToLower(string(s.Scope) + " " + t.S("scope."+s.Key))
		hit := !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
		if hit {
			matches++
		}
		checked := slices.Contains(picked, s.Scope)
		all = append(all, views.ScopeChoice{
			Scope: string(s.Scope), Key: s.Key, Group: s.Group, Access: string(s.Access),
			Checked: checked, Hidden: !hit && !checked,
		})
	}
	return all, matches
}

func purposeScopes(id string) ([]store.Scope, bool) {
	for _, p := range store.Purposes() {
		if p.ID == id {
			return p.Scopes, true
		}
	}
	return nil, id == otherPurpose
}

func inCatalogue(s store.Scope) bool {
	return slices.ContainsFunc(store.Catalogue(), func(c store.CatalogueScope) bool { return c.Scope == s })
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
