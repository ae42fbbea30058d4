package handlers

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// component is anything that can write itself as HTML.
type component interface {
	Render(ctx context.Context, w io.Writer) error
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render is the only place that writes pages. The page is finished in memory
// before the first byte goes out, so that an error on the way gives an error page
// and never half a page.
func render(c echo.Context, status int, page component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		// A page can hold a private key: do not leave it in memory that waits for
		// the next one.
		clear(b.Bytes())
		b.Reset()
		buffers.Put(b)
	}()
	if err := page.Render(c.Request().Context(), b); err != nil {
		return err
	}
	w := c.Response()
	w.Header().Set(echo.HeaderContentType, "text/html; charset=utf-8")
	w.Header().Set(echo.HeaderContentLength, strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	// A reader who has left is no error of ours.
	_, _ = w.Write(b.Bytes())
	return nil
}

// page fills in what every page needs. The title is a message.
func (h *Handlers) page(c echo.Context, title string) (views.Page, error) {
	t := views.In(h.languageOf(c))
	p := views.Page{
		T: t, Title: t.S(title), Here: here(c.Request()),
		Local: h.Local != nil, Sandbox: h.Sandbox,
	}
	s := sessionOf(c)
	if s == nil {
		return p, nil
	}
	all, err := h.Store.OrganisationsOf(c.Request().Context(), s.User.ID)
	if err != nil {
		return p, err
	}
	p.Person = personOf(t, *s, all)
	return p, nil
}

// here is where the language switch returns to. The answer to a post has no
// address that a GET would find, and that of the one-time link holds its token:
// there it is the first page.
func here(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.HasPrefix(r.URL.Path, "/signin/") {
		return views.Home()
	}
	return r.URL.RequestURI()
}

func personOf(t views.Text, s store.Session, all []store.Organisation) *views.Person {
	p := &views.Person{
		Name: personName(t, s.User.Name), Role: string(s.User.Role), Reads: s.User.Role != store.RoleNone,
		Organisation: string(s.Organisation.Name), OrgNumber: string(s.Organisation.Number),
	}
	for _, o := range all {
		p.Organisations = append(p.Organisations, views.OrganisationChoice{
			Number: string(o.Number), Name: string(o.Name), Practice: o.Practice,
			Current: o.Number == s.Organisation.Number,
		})
	}
	return p
}
