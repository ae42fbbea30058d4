package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// KeyIdle is how long a key may wait for a post that names it: as long as a page
// can carry it after the making.
const KeyIdle = 30 * time.Minute

// soon is how long before its end a key's expiry is pointed out.
const soon = 60 * 24 * time.Hour

// home is GET /: what Portvakt is, or the integrations of one's organisation.
func (h *Handlers) home(c echo.Context) error {
	s := sessionOf(c)
	if s == nil {
		return h.welcome(c, false)
	}

	after := store.Cursor(c.QueryParam("after"))
	var rows []store.IntegrationRow
	var next store.Cursor
	if s.Organisation.Number != "" {
		var err error
		rows, next, err = h.Store.IntegrationsOf(c.Request().Context(), s.Organisation.Number, store.Page{After: after})
		if err != nil {
			return err
		}
	}

	page, err := h.page(c, "list.title")
	if err != nil {
		return err
	}
	page.Tab = "integrations"
	p := views.ListPage{Page: page, Rows: rowsOf(page.T, rows, h.Now()), Next: string(next), Later: after != ""}
	if c.QueryParam("added") != "" {
		p.Notice = "organisation.added"
	}
	return render(c, http.StatusOK, views.List(p))
}

func (h *Handlers) welcome(c echo.Context, ended bool) error {
	page, err := h.page(c, "welcome.signin")
	if err != nil {
		return err
	}
	page.Title, page.Here = page.T.S("welcome.title"), views.Home()
	return render(c, http.StatusOK, views.Welcome(views.WelcomePage{Page: page, Ended: ended}))
}

// rowsOf turns integrations into lines of a list.
func rowsOf(t views.Text, rows []store.IntegrationRow, now time.Time) []views.Row {
	out := make([]views.Row, len(rows))
	for i, r := range rows {
		out[i] = views.Row{
			ID: r.ID, Name: string(r.Name), Environment: string(r.Environment), State: string(r.State),
			Organisation: string(r.OrganisationName), OrgNumber: string(r.Organisation),
			KeyAlarm: rowAlarm(r, now), Proved: r.ProofOutcome == store.Passed,
		}
		if !r.KeyExpires.IsZero() {
			out[i].KeyExpires = t.Date(r.KeyExpires)
		}
		if !r.ProofStarted.IsZero() {
			out[i].Proof = t.Date(r.ProofStarted)
		}
	}
	return out
}

// rowAlarm is alarmOf for a line of a list, where a leaked key comes first.
func rowAlarm(r store.IntegrationRow, now time.Time) string {
	if r.KeyLeaked {
		return "leaked"
	}
	return alarmOf(r.KeyExpires, r.KeyUnknown, now)
}

// alarmOf is the code of what is wrong with a key's expiry, or empty. A date that
// nobody knows is itself an alarm.
func alarmOf(expires time.Time, unknown bool, now time.Time) string {
	switch {
	case unknown:
		return "unknown"
	case expires.IsZero():
		return ""
	case !now.Before(expires):
		return "expired"
	case expires.Sub(now) < soon:
		return "soon"
	}
	return ""
}
