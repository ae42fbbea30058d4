// Package practice is the sandbox's pages: what the sandbox is, an imitation of Samarbeidsportalen's self-service in which
// a person registers a Maskinporten client and its public keys, and a page on which failures are turned on. It promises to
// refuse what the real one refuses and to say why, to lose nothing that was typed, and never to send back or keep a
// private key that was pasted.
//
// It knows the sandbox's state and nothing of the portal. Security headers, the Host check and the log are the business
// of whoever puts it behind a listener.
package practice

import (
	"net/http"
	"slices"
	"strings"

	"portvakt/internal/door"
	"portvakt/internal/sandbox"
	"portvakt/static"
	"portvakt/views"
)

// maxBody is the largest form that is read.
const maxBody = 64 << 10

// Pages is the pages as one http.Handler. It may be used concurrently.
type Pages struct {
	sandbox *sandbox.Sandbox
	mux     *http.ServeMux
	once    *once
	// cookie is the name of the language cookie. The portal on the same host reads it too, unless it is bound to https.
	cookie string
	secure bool
}

// New makes the pages of a sandbox, to be given to its Mount.
func New(s *sandbox.Sandbox) *Pages {
	p := &Pages{sandbox: s, mux: http.NewServeMux(), once: newOnce(maxOnce), cookie: "portvakt_language"}
	if strings.HasPrefix(s.Issuer(), "https:") {
		p.cookie, p.secure = "__Host-"+p.cookie, true
	}
	p.routes()
	return p
}

// ServeHTTP answers with a page, or with an asset of one.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	p.mux.ServeHTTP(w, r)
}

const (
	portal = "/samarbeidsportalen/"
	list   = portal + "{org}/clients"
	client = list + "/{id}"
)

func (p *Pages) routes() {
	p.handle("/", methods{})
	p.handle("/{$}", methods{"GET": p.home})
	p.handle("/static/", methods{"GET": p.asset})
	p.handle("/language", methods{"POST": p.languageSet})

	p.handle(views.RehearsePath(), methods{"GET": p.rehearseShow, "POST": p.rehearseSet})
	p.handle(views.RehearseDraftPath(), methods{"GET": p.rehearseShow, "POST": p.rehearseDraft})
	p.handle(views.RehearseClearPath(), methods{"POST": p.rehearseClear})

	p.handle(strings.TrimSuffix(portal, "/"), methods{"GET": p.organisationList})
	p.handle(portal+"{$}", methods{"GET": p.organisationList})
	p.handle(portal+"{org}", methods{"GET": p.clientList})
	p.handle(list, methods{"GET": p.clientList, "POST": p.clientCreate})
	p.handle(list+"/new", methods{"GET": p.clientNew})
	p.handle(list+"/draft", methods{"GET": p.clientNew, "POST": p.clientDraft})

	p.handle(client, methods{"GET": p.detailsShow})
	p.handle(client+"/details", methods{"GET": p.detailsShow, "POST": p.detailsSet})
	p.handle(client+"/details/draft", methods{"GET": p.detailsShow, "POST": p.detailsDraft})
	p.handle(client+"/deactivate", methods{"POST": p.clientDeactivate})
	p.handle(client+"/scopes", methods{"GET": p.scopesShow, "POST": p.scopesSet})
	p.handle(client+"/scopes/draft", methods{"GET": p.scopesShow, "POST": p.scopesDraft})
	p.handle(client+"/keys", methods{"GET": p.keysShow, "POST": p.keyAdd})
	p.handle(client+"/keys/draft", methods{"GET": p.keysShow, "POST": p.keyDraft})
	p.handle(client+"/keys/remove", methods{"POST": p.keyRemove})
	p.handle(client+"/keys/expire", methods{"POST": p.keyExpire})
	p.handle(client+"/history", methods{"GET": p.historyShow})
}

// methods are the handlers of one path. A path with none is unknown.
type methods map[string]func(http.ResponseWriter, *http.Request) error

// handle registers a path. ServeMux's own answers to unknown paths and wrong methods are plain text, so it is not told
// of methods.
func (p *Pages) handle(pattern string, m methods) {
	if get := m["GET"]; get != nil {
		m["HEAD"] = get
	}
	var allowed []string
	for method := range m {
		allowed = append(allowed, method)
	}
	slices.Sort(allowed)
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		visit := door.VisitOf(r.Context())
		visit.Route = pattern
		answer, ok := m[r.Method]
		switch {
		case len(m) == 0:
			p.Refuse(w, r, http.StatusNotFound)
		case !ok:
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			p.Refuse(w, r, http.StatusMethodNotAllowed)
		default:
			if err := answer(w, r); err != nil {
				p.fail(w, r, err)
			}
		}
	})
}

func (p *Pages) asset(w http.ResponseWriter, r *http.Request) error {
	if !static.Serve(w, r) {
		return sandbox.ErrNotFound
	}
	return nil
}
