package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"portvakt/internal/door"
	"portvakt/store"
	"portvakt/views"
)

// signinShow is GET /signin.
func (h *Handlers) signinShow(c echo.Context) error {
	if sessionOf(c) != nil {
		return c.Redirect(http.StatusSeeOther, views.Home())
	}
	return h.signinPage(c, http.StatusOK, views.SignInPage{})
}

// signinOnce is GET /signin/once: where the printed link leads.
func (h *Handlers) signinOnce(c echo.Context) error {
	if h.Local == nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	if looksAhead(c.Request()) {
		return c.NoContent(http.StatusNoContent)
	}

	r := c.Request()
	var token string
	ok, err := h.Local.use(c.QueryParam("token"), func() (err error) {
		_, token, err = h.Store.StartSignIn(r.Context(), h.Local.User, h.Local.Organisation, store.SignInMeta{
			Issuer: store.LocalIssuer, AuthTime: h.Now(),
			Request: door.VisitOf(r.Context()).ID, From: shortAddress(r),
		})
		return err
	})
	switch {
	case err != nil:
		return err
	case !ok && sessionOf(c) != nil:
		return c.Redirect(http.StatusSeeOther, views.Home())
	case !ok:
		return h.signinPage(c, http.StatusUnauthorized, views.SignInPage{Used: true})
	}

	h.cookies.setSignIn(c.Response(), token)
	return c.Redirect(http.StatusSeeOther, views.Home())
}

// looksAhead tells whether nobody opens the page yet: a HEAD, or a browser that
// fetches what may be opened next. Such a request must not use a link up.
func looksAhead(r *http.Request) bool {
	// The first is today's name, the others those of browsers before it.
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return r.Method == http.MethodHead
}

// signinLink is POST /signin/link: a new link on the terminal.
func (h *Handlers) signinLink(c echo.Context) error {
	if h.Local == nil {
		return echo.NewHTTPError(http.StatusNotFound)
	}

	if !h.Local.NewLink() {
		return h.signinPage(c, http.StatusTooManyRequests, views.SignInPage{Wait: true})
	}
	return h.signinPage(c, http.StatusOK, views.SignInPage{Printed: true})
}

func (h *Handlers) signinPage(c echo.Context, status int, p views.SignInPage) error {
	page, err := h.page(c, "signin.title")
	if err != nil {
		return err
	}
	p.Page, p.Here, p.Address = page, views.SignIn(), h.URL.String()
	return render(c, status, views.SignInHow(p))
}

// signout is POST /signout. It answers with a page and no redirect.
func (h *Handlers) signout(c echo.Context) error {
	if err := h.Store.EndSignIn(c.Request().Context(), actorOf(c), userOf(c).SignIn.ID); err != nil {
		return err
	}

	h.cookies.clearSignIn(c.Response())
	// Keys that the browser might have kept of the pages go with the sign-in.
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	c.Set(sessionKey, nil)
	return h.welcome(c, true)
}
