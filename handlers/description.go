package handlers

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// descriptionShow is GET /integrations/:id/description: step 1 of one that exists.
func (h *Handlers) descriptionShow(c echo.Context) error {
	i, err := h.integration(c)
	if err != nil {
		return err
	}

	p := views.DescribePage{
		ID: i.ID, Version: i.Version, Nonce: h.nonce(), Name: string(i.Name), About: string(i.Description),
		Environment: string(i.Environment), Purpose: purposeOf(i),
	}
	picked, typed := otherScopes(i)
	p.Typed = strings.Join(texts(typed), "\n")
	return h.describePage(c, http.StatusOK, p, picked)
}

// descriptionDraft is POST /integrations/:id/description/draft.
func (h *Handlers) descriptionDraft(c echo.Context) error {
	i, err := h.integration(c)
	if err != nil {
		return err
	}

	h.takeLanguage(c)
	p, form := h.describeForm(c)
	p.ID, p.Environment = i.ID, string(i.Environment)
	return h.describeAgain(c, p, form)
}

// descriptionUpdate is POST /integrations/:id/description.
func (h *Handlers) descriptionUpdate(c echo.Context) error {
	i, err := h.integration(c)
	if err != nil {
		return err
	}

	p, form := h.describeForm(c)
	p.ID, p.Environment = i.ID, string(i.Environment)
	if searches(c) {
		return h.describeAgain(c, p, form)
	}
	if len(p.Problems) > 0 {
		return h.describePage(c, http.StatusUnprocessableEntity, p, form.picked)
	}

	err = h.Store.SetDescription(c.Request().Context(), actorOf(c), orgOf(c), i.ID, p.Version, form.details)
	if errors.Is(err, store.ErrConflict) {
		// The next save is over what is shown beside the form now.
		p.Version = i.Version
		p.Theirs = &views.Saved{Name: string(i.Name), About: string(i.Description), Scopes: texts(i.Wanted)}
		return h.describePage(c, http.StatusConflict, p, form.picked)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.Integration(i.ID))
}

// integration finds the integration that the path names, if it is the
// organisation's. Asking for another's is noted.
func (h *Handlers) integration(c echo.Context) (store.Integration, error) {
	ctx := c.Request().Context()
	i, err := h.Store.Integration(ctx, orgOf(c), c.Param("id"))
	if errors.Is(err, store.ErrNotFound) {
		return i, h.notFound(c)
	}
	return i, err
}

// errElsewhere says that the integration belongs to another organisation that
// the person may represent, and does not now.
var errElsewhere = errors.New("integration of another of one's organisations")

// notFound is why an integration was not found. Asking for one that the person
// cannot reach at all is noted.
func (h *Handlers) notFound(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	all, err := h.Store.OrganisationsOf(ctx, userOf(c).User.ID)
	if err != nil {
		return err
	}
	for _, o := range all {
		if _, err := h.Store.Integration(ctx, o.Number, id); err == nil {
			return errElsewhere
		}
	}
	if err := h.Store.RecordForeign(ctx, actorOf(c), id); err != nil {
		return err
	}
	return store.ErrNotFound
}

func purposeOf(i store.Integration) string {
	if i.Purpose == "" {
		return otherPurpose
	}
	return i.Purpose
}

// otherScopes are the wanted scopes that the purpose does not fill in: those of
// the catalogue, and the rest.
func otherScopes(i store.Integration) (picked, typed []store.Scope) {
	ofPurpose, _ := purposeScopes(purposeOf(i))
	for _, s := range i.Wanted {
		switch {
		case slices.Contains(ofPurpose, s):
		case inCatalogue(s):
			picked = append(picked, s)
		default:
			typed = append(typed, s)
		}
	}
	return picked, typed
}
