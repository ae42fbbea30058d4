package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// registerList is GET /admin/integrations.
func (h *Handlers) registerList(c echo.Context) error {
	ctx := c.Request().Context()
	after := store.Cursor(c.QueryParam("after"))
	rows, next, err := h.Store.Integrations(ctx, store.Page{After: after})
	if err != nil {
		return err
	}
	if err := h.noteReading(c, store.IntegrationsRead); err != nil {
		return err
	}

	page, err := h.page(c, "admin.integrations.title")
	if err != nil {
		return err
	}
	page.Tab = "admin"
	return render(c, http.StatusOK, views.Register(views.RegisterPage{
		Page: page, Rows: rowsOf(page.T, rows, h.Now()), Next: string(next), Later: after != "",
	}))
}

// eventList is GET /admin/events.
func (h *Handlers) eventList(c echo.Context) error {
	after := store.Cursor(c.QueryParam("after"))
	events, next, err := h.Store.Events(c.Request().Context(), store.Page{After: after, Limit: 50})
	if err != nil {
		return err
	}
	if err := h.noteReading(c, store.EventsRead); err != nil {
		return err
	}

	page, err := h.page(c, "admin.events.title")
	if err != nil {
		return err
	}
	page.Tab = "admin"
	p := views.EventsPage{Page: page, Next: string(next), Later: after != ""}
	for _, e := range events {
		p.Events = append(p.Events, eventRow(page.T, e))
	}
	return render(c, http.StatusOK, views.Events(p))
}

// noteReading puts the reading of everybody's data on record, at most once an hour.
func (h *Handlers) noteReading(c echo.Context, kind store.Kind) error {
	return h.Store.Record(c.Request().Context(), actorOf(c), store.Note{Kind: kind, Outcome: store.Done, Hourly: true})
}

func eventRow(t views.Text, e store.Event) views.EventRow {
	row := views.EventRow{
		Number: strconv.FormatInt(e.Seq, 10), When: t.Moment(e.At), Stamp: views.Stamp(e.At),
		Who: personName(t, e.ActorName), Organisation: string(e.Organisation), Kind: string(e.Kind), Outcome: string(e.Outcome),
	}
	switch {
	case e.Actor == "":
		row.Who = t.S("event.system")
	case e.ActorName == "":
		row.Who = t.S("event.gone")
	}
	for _, ch := range e.Changes {
		row.Details = append(row.Details, views.Figure{Name: fieldName(t, ch.Field), Value: changeText(t, ch)})
	}
	names := make([]string, 0, len(e.Detail))
	for name := range e.Detail {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		row.Details = append(row.Details, views.Figure{Name: fieldName(t, name), Value: e.Detail[name]})
	}
	return row
}

// fieldName is a field in the reader's words. An old trail can have fields that
// are no more: those keep the name that stands there.
func fieldName(t views.Text, field string) string {
	if id := "event.field." + field; t.Has(id) {
		return t.S(id)
	}
	return field
}

// changeText is a value before and after. Free texts are not in the trail: of
// them it says only that they changed.
func changeText(t views.Text, c store.Change) string {
	if c.Before == "" && c.After == "" {
		return t.S("event.text")
	}
	return strings.Trim(c.Before+" → "+c.After, " ")
}
