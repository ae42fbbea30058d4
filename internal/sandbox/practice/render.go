package practice

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"

	"portvakt/internal/door"
	"portvakt/internal/sandbox"
	"portvakt/views"
)

// component is a page that can write itself.
type component interface {
	Render(ctx context.Context, w io.Writer) error
}

// render writes a page whole or not at all: an error halfway leaves the answer to fail.
func render(w http.ResponseWriter, r *http.Request, status int, page component) error {
	var body bytes.Buffer
	if err := page.Render(r.Context(), &body); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	w.Write(body.Bytes()) // a reader who has gone needs no answer
	return nil
}

// status is that of a page with or without problems.
func status(problems views.PracticeProblems) int {
	if len(problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// errForm is a body that is no form.
var errForm = errors.New("the body cannot be read as a form")

// fail is the only place that picks a status for an error.
func (p *Pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	var large *http.MaxBytesError
	switch {
	case errors.Is(err, sandbox.ErrNotFound):
		p.refuse(w, r, http.StatusNotFound, "404")
	case errors.As(err, &large):
		p.refuse(w, r, http.StatusRequestEntityTooLarge, "413")
	case errors.Is(err, errForm):
		p.refuse(w, r, http.StatusBadRequest, "400")
	default:
		door.VisitOf(r.Context()).Err = err
		p.refuse(w, r, http.StatusInternalServerError, "500")
	}
}

// refusals are the messages of what is refused before a page is asked.
var refusals = map[int]string{
	http.StatusBadRequest:            "forwarded",
	http.StatusForbidden:             "crosssite",
	http.StatusNotFound:              "404",
	http.StatusMethodNotAllowed:      "405",
	http.StatusRequestEntityTooLarge: "413",
	http.StatusMisdirectedRequest:    "421",
}

// Refuse writes the page for a request that is turned away, for the door and for the sandbox's other parts. A status
// that it has no words for becomes the page of an error of ours, with that status.
func (p *Pages) Refuse(w http.ResponseWriter, r *http.Request, status int) {
	code, ok := refusals[status]
	if !ok {
		code = "500"
	}
	p.refuse(w, r, status, code)
}

// lastResort goes out when not even the error page can be made.
var lastResort = []byte("<!DOCTYPE html><html lang=\"en\"><title>500</title><h1>500</h1><p>Something went wrong.</p></html>\n")

func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, status int, code string) {
	t := p.text(r)
	page := views.ErrorPage{Page: p.page(t, r, t.S("error."+code+".title")), Code: code, Practice: true}
	if status >= http.StatusInternalServerError {
		page.Request = door.VisitOf(r.Context()).ID
	}
	if err := render(w, r, status, views.Error(page)); err != nil {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		w.Write(lastResort) // a reader who has gone needs no answer
	}
}

// page is what every page has. The language switch leads back to a path that answers GET.
func (p *Pages) page(t views.Text, r *http.Request, title string) views.Page {
	here := views.PracticeHomePath()
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		here = localPath(r.URL.EscapedPath())
	}
	shown := views.Page{T: t, Title: title, Here: here}
	for _, f := range p.sandbox.ActiveFaults() {
		shown.Rehearsing = append(shown.Rehearsing, f.ID)
	}
	return shown
}

// typing makes the language switch part of a form, so that what is typed there comes back in the new language.
func typing(p views.Page, draft string) views.Page {
	p.Form, p.LanguageAction = "typed", draft
	return p
}
