package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// organisationSwitch is POST /organisation: represent another one.
func (h *Handlers) organisationSwitch(c echo.Context) error {
	number, err := store.ParseOrgNumber(c.FormValue("organisation"))
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}

	if err := h.Store.SwitchOrganisation(c.Request().Context(), actorOf(c), userOf(c).SignIn.ID, number); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.Home())
}

// organisationNew is GET /organisations/new, in local mode only: elsewhere the
// sign-in says whom a person represents.
func (h *Handlers) organisationNew(c echo.Context) error {
	if h.Local == nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	return h.organisationPage(c, http.StatusOK, views.OrganisationPage{})
}

// organisationCreate is POST /organisations.
func (h *Handlers) organisationCreate(c echo.Context) error {
	if h.Local == nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}

	p := views.OrganisationPage{Number: c.FormValue("number"), Name: c.FormValue("name"), Problems: views.Problems{}}
	p.Pasted = views.Pasted{}
	number, problem := readOrgNumber(p.Number)
	if problem != "" {
		p.Problems["number"] = problem
	}
	if problem == personProblem {
		p.Number = ""
	}
	for field, text := range map[string]string{"number": p.Number, "name": p.Name} {
		if looksSecret(text) {
			p.Problems[field] = "secret"
			p.Pasted[field] = views.Paste{Remarks: h.notePrivate(c, "", text)}
		}
	}
	name, err := store.ParseName(p.Name)
	if err != nil {
		p.Problems["name"] = problemOf("name", err)
	}
	p.Number, p.Name = blank(p.Number, p.Problems, "number"), blank(p.Name, p.Problems, "name")
	if h.takeLanguage(c); c.FormValue("language") != "" {
		p.Problems = nil
		return h.organisationPage(c, http.StatusOK, p)
	}
	if len(p.Problems) > 0 {
		return h.organisationPage(c, http.StatusUnprocessableEntity, p)
	}

	ctx, actor := c.Request().Context(), actorOf(c)
	if err := h.Store.AddOrganisation(ctx, actor, number, name); err != nil {
		return err
	}
	if err := h.Store.SwitchOrganisation(ctx, actor, userOf(c).SignIn.ID, number); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.Home()+"?added=yes")
}

func (h *Handlers) organisationPage(c echo.Context, status int, p views.OrganisationPage) error {
	page, err := h.page(c, "organisation.title")
	if err != nil {
		return err
	}
	page.Pasted = p.Pasted
	p.Page = page
	p.Form, p.LanguageAction = "organisation", views.Organisations()
	return render(c, status, views.OrganisationAdd(p))
}
