package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// sightingForm is what was typed about the guide being wrong.
type sightingForm struct{ step, saw string }

func readSighting(c echo.Context) sightingForm {
	return sightingForm{step: c.FormValue("sighting_step"), saw: strings.TrimSpace(c.FormValue("sighting_saw"))}
}

// sightingCreate is POST /integrations/:id/sightings: the site looks otherwise
// than the guide says.
func (h *Handlers) sightingCreate(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	saw, err := store.ParseSaw(j.form.sighting.saw)
	if err != nil && j.problems["sighting_saw"] == "" {
		j.problems["sighting_saw"] = problemOf("sighting", err)
	}
	if holdsPerson(j.form.sighting.saw) {
		j.form.sighting.saw = ""
		j.problems["sighting_saw"] = "sighting.is-person"
	}
	if !views.IsGuideStep(j.form.sighting.step) {
		j.problems["sighting_step"] = "sighting.unknown"
	}
	if len(j.problems) > 0 {
		return h.answer(c, j, "sighting")
	}
	_, err = h.Store.AddSighting(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, store.NewSighting{
		Step: j.form.sighting.step, Saw: saw, LabelsChecked: views.LabelsChecked(),
		// The page keeps its nonce: what is seen next is another one.
		Nonce: j.form.nonce + "-" + digest(j.form.sighting.step+" "+string(saw)),
	})
	switch {
	case errors.Is(err, store.ErrTooMany):
		j.problems["sighting_saw"] = problemOf("sighting", err)
		return h.answer(c, j, "sighting")
	case err != nil:
		return err
	}
	j.form.sighting = sightingForm{}
	j.told = true
	if !j.stays() {
		return c.Redirect(http.StatusSeeOther, views.IntegrationTold(j.integration.ID))
	}
	return h.answer(c, j, "register")
}

// sightingStep is the form of a sighting, as it was filled in.
func sightingStep(j *journey) views.SightingForm {
	return views.SightingForm{Step: j.form.sighting.step, Saw: j.form.sighting.saw, Told: j.told}
}

// siteOf is the host of an address, which tells people which site it is.
func siteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// sightingList is GET /admin/sightings.
func (h *Handlers) sightingList(c echo.Context) error {
	after := store.Cursor(c.QueryParam("after"))
	rows, next, err := h.Store.Sightings(c.Request().Context(), store.Page{After: after})
	if err != nil {
		return err
	}
	if err := h.noteReading(c, store.SightingsRead); err != nil {
		return err
	}

	page, err := h.page(c, "sighting.title")
	if err != nil {
		return err
	}
	page.Tab = "admin"
	p := views.SightingsPage{
		Page: page, Settles: userOf(c).User.Role == store.RoleAdmin, After: string(after), Next: string(next),
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, sightingRow(page.T, r))
	}
	return render(c, http.StatusOK, views.Sightings(p))
}

func sightingRow(t views.Text, r store.SightingRow) views.SightingRow {
	row := views.SightingRow{
		ID: r.ID, When: t.Moment(r.Made), Stamp: views.Stamp(r.Made), Who: nameOrGone(t, r.ByName),
		Organisation: string(r.OrganisationName), OrgNumber: string(r.Organisation), Integration: string(r.IntegrationName),
		Environment: string(r.Environment), Step: r.Step, Saw: string(r.Saw), Checked: t.Date(r.LabelsChecked),
	}
	if !r.Settled.IsZero() {
		row.Settled, row.SettledBy = t.Moment(r.Settled), nameOrGone(t, r.SettledByName)
	}
	return row
}

// nameOrGone is what a person is called now, or that the name is gone.
func nameOrGone(t views.Text, name string) string {
	if name == "" {
		return t.S("event.gone")
	}
	return personName(t, name)
}

// sightingSettle is POST /admin/sightings/:sighting/settle. It leads back to the
// part of the list in which the button stood.
func (h *Handlers) sightingSettle(c echo.Context) error {
	if err := h.Store.SettleSighting(c.Request().Context(), actorOf(c), c.Param("sighting")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, views.AdminSightingsAfter(c.FormValue("after")))
}
