package handlers

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"portvakt/internal/door"
	"portvakt/store"
	"portvakt/views"
)

// fail turns the error of a handler into a page. It is the only place that picks
// a status for an error; the cause goes to the log and never to the reader.
func (h *Handlers) fail(err error, c echo.Context) {
	if c.Response().Committed || errors.Is(err, context.Canceled) {
		return
	}
	status, code := classify(err)
	visit := door.VisitOf(c.Request().Context())
	if status >= http.StatusInternalServerError {
		visit.Err = err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	page, perr := h.page(c, "error."+code+".title")
	if perr != nil {
		// The database may be what failed: the page then does not say who is signed in.
		page.Person = nil
	}
	p := views.ErrorPage{Page: page, Code: code}
	if status >= http.StatusInternalServerError {
		p.Request = visit.ID
	}
	if render(c, status, views.Error(p)) != nil {
		_ = c.HTMLBlob(http.StatusInternalServerError, lastResort)
	}
}

// classify returns the status and the stem of the messages for an error.
func classify(err error) (int, string) {
	var httpError *echo.HTTPError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, "413"
	case errors.As(err, &httpError):
		if known[httpError.Code] {
			return httpError.Code, strconv.Itoa(httpError.Code)
		}
	case errors.Is(err, errElsewhere):
		return http.StatusConflict, "elsewhere"
	case errors.Is(err, store.ErrSyntax):
		// Of a place in a list that no page of ours links to.
		return http.StatusBadRequest, "400"
	case errors.Is(err, store.ErrNotFound):
		return http.StatusNotFound, "404"
	case errors.Is(err, store.ErrConflict):
		return http.StatusConflict, "409"
	case errors.Is(err, store.ErrFull):
		return http.StatusServiceUnavailable, "full"
	case errors.Is(err, store.ErrBusy):
		return http.StatusServiceUnavailable, "busy"
	case errors.Is(err, store.ErrReadOnly):
		return http.StatusServiceUnavailable, "readonly"
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, "503"
	}
	return http.StatusInternalServerError, "500"
}

var known = map[int]bool{400: true, 401: true, 403: true, 404: true, 405: true, 413: true, 429: true, 503: true}

// refuse is the page of what the door turns away.
func (h *Handlers) refuse(w http.ResponseWriter, r *http.Request, status int) {
	code := strconv.Itoa(status)
	switch status {
	case http.StatusBadRequest:
		code = "forwarded"
	case http.StatusForbidden:
		code = "crosssite"
	}
	t := views.In(h.languageFor(r))
	page := views.Page{T: t, Title: t.S("error." + code + ".title"), Here: views.Home(), Local: h.Local != nil}
	p := views.ErrorPage{Page: page, Code: code}
	if status >= http.StatusInternalServerError {
		p.Request = door.VisitOf(r.Context()).ID
	}
	var b bytes.Buffer
	body := lastResort
	if views.Error(p).Render(r.Context(), &b) == nil {
		body = b.Bytes()
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// lastResort is the page for when even the error page fails.
var lastResort = []byte(`<!doctype html><html lang="nb"><meta charset="utf-8"><title>Portvakt</title>` +
	`<h1>Noe gikk galt hos oss</h1><p>Something went wrong here.</p>`)
