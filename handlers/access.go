package handlers

import (
	"errors"
	"net"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"

	"portvakt/internal/door"
	"portvakt/store"
	"portvakt/views"
)

const sessionKey = "session"

// session finds out who sends the request. A request without a sign-in goes on;
// allow decides what it may reach.
func (h *Handlers) session(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token, ok := h.cookies.signIn(c.Request())
		if !ok {
			return next(c)
		}
		s, err := h.Store.SignIn(c.Request().Context(), token, h.Limits)
		if errors.Is(err, store.ErrNotFound) {
			h.cookies.clearSignIn(c.Response())
			return next(c)
		}
		if err != nil {
			return err
		}
		c.Set(sessionKey, &s)
		// A failed write of the last-seen time must not cost the reader the page.
		if err := h.Store.SeenSignIn(c.Request().Context(), s.SignIn); err != nil {
			h.Log.Warn("noting a sign-in as seen", "cause", err)
		}
		return next(c)
	}
}

// sessionOf returns who is signed in, or nil.
func sessionOf(c echo.Context) *store.Session {
	s, _ := c.Get(sessionKey).(*store.Session)
	return s
}

// userOf returns who is signed in, on routes that only such people reach.
func userOf(c echo.Context) store.Session { return *sessionOf(c) }

// orgOf returns the organisation that the member represents.
func orgOf(c echo.Context) store.OrgNumber { return userOf(c).Organisation.Number }

// actorOf returns the same person for the audit trail.
func actorOf(c echo.Context) store.Actor {
	s := userOf(c)
	return s.Actor(door.VisitOf(c.Request().Context()).ID, shortAddress(c.Request()))
}

// allow lets through those whom the route is for.
func (h *Handlers) allow(who access, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s := sessionOf(c)
		switch {
		case who == anyone:
			return next(c)
		case s == nil && c.Request().Method == http.MethodPost:
			// Not a redirect: the form can be sent again once signed in.
			return echo.NewHTTPError(http.StatusUnauthorized)
		case s == nil:
			return c.Redirect(http.StatusSeeOther, views.SignIn())
		case who == reader && s.User.Role == store.RoleNone, who == admin && s.User.Role != store.RoleAdmin:
			return echo.NewHTTPError(http.StatusForbidden)
		case who == member && s.Organisation.Number == "":
			return store.ErrNotFound
		}
		return next(c)
	}
}

// shortAddress is where a request came from, without the part that points out
// one household or machine.
func shortAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	bits := 24
	if a = a.Unmap(); a.Is6() {
		bits = 48
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
