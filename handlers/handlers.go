// Package handlers answers the portal's requests: which page, for whom, with
// which status. It promises that a route is reached only by those whom the route
// list names, that a form either has its whole effect or none, and that nothing
// typed is lost. It knows no SQL, no markup and no wording.
package handlers

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/internal/door"
	"portvakt/internal/proof"
	"portvakt/internal/samarbeidsportalen"
	"portvakt/jwk"
	"portvakt/static"
	"portvakt/store"
)

// Config is what the handlers work with. All fields are required but Local,
// Sandbox and Version.
type Config struct {
	Store  *store.Store
	Prover *proof.Prover
	Rate   *proof.Rate
	Sealer *jwk.Sealer
	// Environments are those that can be chosen, in the order in which to show them.
	Environments []Environment
	// URL is the public address of the portal.
	URL *url.URL
	// Local is the sign-in of local mode; nil elsewhere.
	Local *Local
	// Limits are how long a sign-in lasts.
	Limits store.Limits
	// Sandbox is the address of the sandbox's first page, or empty.
	Sandbox string
	// Version is which build this is, for those who help; it may be empty.
	Version string
	Log     *slog.Logger
	Now     func() time.Time
	Random  io.Reader
}

// Environment is one of the worlds that an integration can live in.
type Environment struct {
	Name  store.Environment
	Proof proof.Environment
	// Issuer is Maskinporten's, with its last slash; Platform is Altinn's address
	// without one, also where the portal does not call it.
	Issuer, TokenEndpoint, Platform string
	// SelfService is where one registers a client; empty shows no link.
	SelfService string
	// Catalogue is the list of public scopes; nil where it is not asked for.
	Catalogue *samarbeidsportalen.Catalogue
	// Library and Exchange are what Altinn's library calls this environment and
	// the Altinn environment that goes with it.
	Library, Exchange string
}

// Handlers answers the requests. Its methods are the routes.
type Handlers struct {
	Config
	cookies cookies
	// challengeKey vouches for the challenges of this process.
	challengeKey []byte
}

// New returns the portal as one handler: the door, the assets and the routes.
// It is safe for concurrent use.
func New(c Config) http.Handler {
	h := &Handlers{Config: c, cookies: cookiesFor(c.URL)}
	h.challengeKey = []byte(h.nonce() + h.nonce())
	e := echo.New()
	e.HTTPErrorHandler = h.fail
	e.Use(h.deadline, h.parseForm, h.session)
	h.register(e)
	site := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		get := r.Method == http.MethodGet || r.Method == http.MethodHead
		if get && static.Serve(w, r) {
			door.VisitOf(r.Context()).Route = static.Prefix + "*"
			return
		}
		e.ServeHTTP(w, r)
	})
	return door.New(door.Config{
		URL: c.URL, Local: c.Local != nil, Refuse: h.refuse, Log: c.Log, Now: c.Now,
	}, site)
}

// environment finds one that is configured.
func (h *Handlers) environment(name store.Environment) (Environment, bool) {
	for _, e := range h.Environments {
		if e.Name == name {
			return e, true
		}
	}
	return Environment{}, false
}
