package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// grantShow is GET /tools/grant.
func (h *Handlers) grantShow(c echo.Context) error {
	return h.grantPage(c, http.StatusOK, views.GrantPage{}, nil)
}

// grantJudge is POST /tools/grant: the autopsy of a pasted grant, and the change
// of language. Of what was pasted, only the header and the claims that were read
// go back into the page, and nothing at all goes elsewhere.
func (h *Handlers) grantJudge(c echo.Context) error {
	pasted, known := c.FormValue("grant"), h.knownOf(c)
	h.takeLanguage(c)
	if c.FormValue("language") != "" {
		known.Said = strings.Fields(c.FormValue("said"))
	}
	p := views.GrantPage{Problems: views.Problems{}}
	if strings.TrimSpace(pasted) == "" && len(known.Said) == 0 {
		if c.FormValue("language") != "" {
			return h.grantPage(c, http.StatusOK, p, nil)
		}
		p.Problems["grant"] = "grant.empty"
		return h.grantPage(c, http.StatusUnprocessableEntity, p, nil)
	}

	verdict := maskinporten.Autopsy(pasted, h.Now(), known)
	verdict, record, err := h.compared(c, verdict)
	if err != nil {
		return err
	}
	if jwk.Leaks([]byte(pasted)) && sessionOf(c) != nil {
		h.notePrivate(c, "", pasted)
	}
	status := http.StatusOK
	if verdict.Pasted == maskinporten.PastedNothing {
		status = http.StatusUnprocessableEntity
	}
	p.Text = verdict.Text
	p.Said = strings.Join(said(verdict), " ")
	return h.grantPage(c, status, p, func(t views.Text) *views.GrantVerdict { return verdictOf(t, verdict, record) })
}

// knownOf is what the portal knows about grants in general and, with a sign-in,
// about the reader's organisation.
func (h *Handlers) knownOf(c echo.Context) maskinporten.Known {
	var known maskinporten.Known
	for _, e := range h.Environments {
		known.Issuers = append(known.Issuers, maskinporten.Issuer{Environment: string(e.Name), Address: e.Issuer})
	}
	for _, s := range store.Catalogue() {
		known.Scopes = append(known.Scopes, string(s.Scope))
	}
	if s := sessionOf(c); s != nil {
		known.Organisation = string(s.Organisation.Number)
	}
	return known
}

// compared holds the verdict on a grant against what the reader's organisation
// has on record about its client. Without an organisation there is nothing to
// hold it against.
func (h *Handlers) compared(c echo.Context, v maskinporten.Verdict) (maskinporten.Verdict, *store.Integration, error) {
	s := sessionOf(c)
	if s == nil || s.Organisation.Number == "" || v.Pasted != maskinporten.PastedGrant || v.ClientID == "" {
		return v, nil, nil
	}
	client, err := store.ParseClientID(v.ClientID)
	if err != nil {
		return v, nil, nil
	}
	ctx, org := c.Request().Context(), s.Organisation.Number
	i, err := h.Store.IntegrationByClient(ctx, org, client, store.Environment(v.Environment))
	if errors.Is(err, store.ErrNotFound) {
		return v.Compared(nil), nil, nil
	}
	if err != nil {
		return v, nil, err
	}
	keys, err := h.Store.Keys(ctx, org, i.ID)
	if err != nil {
		return v, nil, err
	}
	record := maskinporten.Record{Scopes: texts(i.Recorded)}
	if e, configured := h.environment(i.Environment); configured {
		record.Issuer = e.Issuer
	}
	for _, k := range keys {
		record.Keys = append(record.Keys, maskinporten.RecordKey{
			Kid: k.Kid, Registered: k.RegisteredKid,
			Expired: k.Dropped.IsZero() && !k.Live(h.Now()), Dropped: !k.Dropped.IsZero(),
		})
	}
	return v.Compared(&record), &i, nil
}

// said are the codes that a change of language must not forget: what they are
// about does not come back with the text.
func said(v maskinporten.Verdict) []string {
	var codes []string
	for _, r := range v.Remarks {
		if r.Place == maskinporten.PlaceForm {
			codes = append(codes, r.Code)
		}
	}
	return codes
}

// grantPage shows the page, with the verdict in the reader's language if there
// is one.
func (h *Handlers) grantPage(c echo.Context, status int, p views.GrantPage, verdict func(views.Text) *views.GrantVerdict) error {
	page, err := h.page(c, "grant.title")
	if err != nil {
		return err
	}
	p.Page = page
	p.Form, p.LanguageAction, p.Here, p.Script = "autopsy", views.GrantTool(), views.GrantTool(), views.GrantScript
	if verdict != nil {
		p.Verdict = verdict(page.T)
	}
	return render(c, status, views.Grant(p))
}
