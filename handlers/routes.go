package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// access is who may call a route.
type access int

const (
	// anyone needs no sign-in.
	anyone access = iota
	// member is signed in and represents an organisation.
	member
	// person is signed in, with or without an organisation.
	person
	// reader is signed in as auditor or administrator.
	reader
	// admin is signed in as administrator.
	admin
)

type route struct {
	who     access
	method  string
	path    string
	handler echo.HandlerFunc
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes is the whole site: who may call what. GET routes answer HEAD too.
func (h *Handlers) routes() []route {
	return []route{
		{anyone, get, "/", h.home},
		{anyone, post, "/language", h.languageChoose},
		{anyone, get, "/signin", h.signinShow},
		{anyone, get, "/signin/once", h.signinOnce},
		{anyone, post, "/signin/link", h.signinLink},
		{anyone, get, "/tools/grant", h.grantShow},
		{anyone, post, "/tools/grant", h.grantJudge},
		{anyone, get, "/tools/failures", h.failuresShow},
		{anyone, post, "/tools/failures", h.failuresSearch},
		{anyone, get, "/tools/config", h.settingsShow},
		{anyone, post, "/tools/config", h.settingsCheck},
		{anyone, get, "/tools/key", h.keytoolShow},

		{person, post, "/signout", h.signout},
		{person, post, "/organisation", h.organisationSwitch},
		{person, get, "/organisations/new", h.organisationNew},
		{person, post, "/organisations", h.organisationCreate},

		{member, get, "/integrations/new", h.integrationNew},
		{member, post, "/integrations", h.integrationCreate},
		{member, post, "/integrations/draft", h.integrationDraft},
		{member, get, "/integrations/:id", h.integrationShow},
		{member, get, "/integrations/:id/description", h.descriptionShow},
		{member, post, "/integrations/:id/description", h.descriptionUpdate},
		{member, post, "/integrations/:id/description/draft", h.descriptionDraft},
		{member, post, "/integrations/:id/next", h.journeyNext},
		{member, post, "/integrations/:id/language", h.journeyLanguage},
		{member, post, "/integrations/:id/keys", h.keyCreate},
		{member, post, "/integrations/:id/keys/own", h.keyAdd},
		{member, post, "/integrations/:id/saved", h.keySaved},
		{member, post, "/integrations/:id/posted", h.postedUpdate},
		{member, post, "/integrations/:id/record", h.recordUpdate},
		{member, post, "/integrations/:id/sightings", h.sightingCreate},
		{member, get, "/integrations/:id/proofs", h.proofList},
		{member, post, "/integrations/:id/proofs", h.proofCreate},
		{member, post, "/integrations/:id/proofs/prepare", h.proofPrepare},
		{member, post, "/integrations/:id/proofs/finish", h.proofFinish},
		{member, get, "/integrations/:id/proofs/compare", h.proofCompare},
		{member, get, "/integrations/:id/proofs/:proof", h.proofShow},
		{member, post, "/integrations/:id/inuse", h.inUseUpdate},
		{member, post, "/integrations/:id/files/:name", h.fileDownload},

		{reader, get, "/admin/integrations", h.registerList},
		{reader, get, "/admin/events", h.eventList},
		{reader, get, "/admin/sightings", h.sightingList},
		{admin, post, "/admin/sightings/:sighting/settle", h.sightingSettle},
	}
}

// register puts the routes into echo. Access is wrapped around each handler and
// not around an echo group, since a group with middleware also answers unknown
// paths below it.
func (h *Handlers) register(e *echo.Echo) {
	for _, r := range h.routes() {
		guarded := h.allow(r.who, r.handler)
		e.Add(r.method, r.path, guarded)
		if r.method == get {
			e.Add(http.MethodHead, r.path, guarded)
		}
	}
}
