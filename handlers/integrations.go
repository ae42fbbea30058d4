package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// integrationNew is GET /integrations/new: step 1, empty.
func (h *Handlers) integrationNew(c echo.Context) error {
	return h.describePage(c, http.StatusOK, views.DescribePage{Nonce: h.nonce(), Purpose: "notifications"}, nil)
}

// integrationDraft is POST /integrations/draft: the same form again, with
// everything typed, after a search or in another language.
func (h *Handlers) integrationDraft(c echo.Context) error {
	h.takeLanguage(c)
	p, form := h.describeForm(c)
	return h.describeAgain(c, p, form)
}

// integrationCreate is POST /integrations.
func (h *Handlers) integrationCreate(c echo.Context) error {
	p, form := h.describeForm(c)
	if searches(c) {
		return h.describeAgain(c, p, form)
	}
	if len(p.Problems) > 0 {
		return h.describePage(c, http.StatusUnprocessableEntity, p, form.picked)
	}

	made, _, err := h.Store.AddIntegration(c.Request().Context(), actorOf(c), store.NewIntegration{
		Organisation: orgOf(c), Environment: form.environment, Details: form.details, Nonce: form.nonce,
	})
	if errors.Is(err, store.ErrPractice) {
		p.Problems["environment"] = "environment.practice"
		return h.describePage(c, http.StatusUnprocessableEntity, p, form.picked)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.IntegrationAt(made.ID, "key"))
}

// searches tells whether Enter was pressed after typing in the search field.
func searches(c echo.Context) bool {
	return c.FormValue("enter") != "" && c.FormValue("query") != c.FormValue("searched")
}

// describeAgain shows the form again as it was typed, without judging it yet. A
// secret in a field is the exception: it is not shown again, and the reader is
// told why.
func (h *Handlers) describeAgain(c echo.Context, p views.DescribePage, form describeForm) error {
	for field, code := range p.Problems {
		if code != "secret" {
			delete(p.Problems, field)
		}
	}
	return h.describePage(c, http.StatusOK, p, form.picked)
}
