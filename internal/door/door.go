// Package door is what every request meets first, at the portal and at the
// sandbox alike: a request id, the security headers, the Host check, protection
// against posts from other sites, a last resort for panics, and one log line.
// It promises that no response leaves without the headers. It knows neither
// pages nor people: what a refusal looks like is the caller's Refuse function.
package door

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says which door it is.
type Config struct {
	// URL is the public address; only requests for its host are answered.
	URL *url.URL
	// Local is true in local mode: localhost is redirected to the address, and
	// requests that a proxy has forwarded are refused.
	Local bool
	// Refuse writes the page for a request that is turned away, or that ended in
	// a panic before anything was written.
	Refuse func(w http.ResponseWriter, r *http.Request, status int)
	Log    *slog.Logger
	Now    func() time.Time
}

// Visit is what is known of one request. The door makes it; who answers fills in
// the route and the cause, for the log line.
type Visit struct {
	// ID names the request in the log, in the history and on error pages.
	ID string
	// Route is the pattern that answered, never the path: paths can hold tokens.
	Route string
	// Err is why the answer is an error; it goes to the log and nowhere else.
	Err error
}

type visitKey struct{}

// VisitOf returns the visit that a request belongs to.
func VisitOf(ctx context.Context) *Visit {
	if v, ok := ctx.Value(visitKey{}).(*Visit); ok {
		return v
	}
	return &Visit{}
}

// New puts the door in front of a handler.
func New(c Config, next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.Refuse(w, r, http.StatusForbidden)
	}))
	headers := headersFor(c.URL)
	inner := c.hosts(guard.Handler(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := c.Now()
		visit := &Visit{ID: rand.Text()[:16]}
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, visit))
		h := w.Header()
		for _, pair := range headers {
			h[pair.name] = pair.value
		}
		out := &writer{ResponseWriter: w}
		defer func() { c.finish(out, r, visit, start, recover()) }()
		inner.ServeHTTP(out, r)
	})
}

// finish answers a panic and writes the log line. The panic's value and the
// stack stay out of the log: either can hold a secret.
func (c Config) finish(w *writer, r *http.Request, v *Visit, start time.Time, panicked any) {
	if panicked != nil {
		v.Route += " (panic at " + panicPlace() + ")"
		if w.status != 0 {
			// Half an answer is out: only a broken connection tells the reader so.
			c.line(r, v, w.status, start, slog.LevelError)
			panic(http.ErrAbortHandler)
		}
		c.Refuse(w, r, http.StatusInternalServerError)
	}
	level := slog.LevelInfo
	if w.status >= 500 {
		level = slog.LevelError
	}
	c.line(r, v, w.status, start, level)
}

func (c Config) line(r *http.Request, v *Visit, status int, start time.Time, level slog.Level) {
	attrs := []slog.Attr{
		slog.String("request", v.ID), slog.String("method", method(r)), slog.String("route", v.Route),
		slog.Int("status", status), slog.Duration("took", c.Now().Sub(start)),
	}
	if v.Err != nil {
		attrs = append(attrs, slog.String("cause", v.Err.Error()))
	}
	c.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// method keeps words that a client made up out of the log.
func method(r *http.Request) string {
	switch r.Method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return r.Method
	}
	return "other"
}

// writer remembers the status for the log line.
type writer struct {
	http.ResponseWriter
	status int
}

func (w *writer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *writer) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// hosts answers only requests for the public address. A page on another name
// that resolves to this machine (DNS rebinding) is thereby refused.
func (c Config) hosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case c.Local && forwarded(r):
			c.Refuse(w, r, http.StatusBadRequest)
		case strings.EqualFold(r.Host, c.URL.Host):
			next.ServeHTTP(w, r)
		case c.Local && isLocalhost(r.Host, c.URL):
			to := *r.URL
			to.Scheme, to.Host = c.URL.Scheme, c.URL.Host
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, to.String(), http.StatusTemporaryRedirect)
		default:
			c.Refuse(w, r, http.StatusMisdirectedRequest)
		}
	})
}

func forwarded(r *http.Request) bool {
	for name := range r.Header {
		if name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

func isLocalhost(host string, u *url.URL) bool {
	return strings.EqualFold(host, "localhost:"+u.Port()) || (u.Port() == "" && strings.EqualFold(host, "localhost"))
}
