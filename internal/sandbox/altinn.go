package sandbox

import (
	"net/http"
	"strings"
)

const (
	openIDPath   = "/authentication/api/v1/openid/"
	configPath   = openIDPath + ".well-known/openid-configuration"
	exchangePath = "/authentication/api/v1/exchange/"
	shipmentPath = "/notifications/api/v1/future/shipment/"
	ordersPath   = "/notifications/api/v1/orders"
	orgsPath     = "/orgs/altinn-orgs.json"
)

// altinnCall is the call that a path belongs to, empty for one that no fault is about.
func altinnCall(path string) string {
	switch {
	case strings.HasPrefix(path, exchangePath):
		return CallExchange
	case strings.HasPrefix(path, shipmentPath), path == ordersPath:
		return CallNotifications
	}
	return ""
}

// serveAltinn answers below /altinn; path is what follows. Everything in it is read with GET.
func (s *Sandbox) serveAltinn(w http.ResponseWriter, r *http.Request, path string) {
	if s.interfered(w, r, altinnCall(path)) {
		return
	}
	handler := s.altinnHandler(path)
	switch {
	case handler == nil:
		writeNoRoute(w)
	case !allowed(w, r, http.MethodGet):
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		handler(w, r)
	}
}

// writeNoRoute is how the gateway in front of the real services answers paths that none of them has.
func writeNoRoute(w http.ResponseWriter) {
	writeJSON(w, http.StatusNotFound, "application/json", map[string]any{"statusCode": 404, "message": "Resource not found"})
}

func (s *Sandbox) altinnHandler(path string) http.HandlerFunc {
	switch path {
	case configPath:
		return s.serveOpenID
	case configPath + "/jwks":
		return func(w http.ResponseWriter, _ *http.Request) { serveKeys(w, s.altinn) }
	case orgsPath:
		return s.serveOrganisations
	case ordersPath:
		return s.serveOrders
	}
	if provider, ok := strings.CutPrefix(path, exchangePath); ok && provider != "" && !strings.Contains(provider, "/") {
		return func(w http.ResponseWriter, r *http.Request) { s.serveExchange(w, r, provider) }
	}
	if id, ok := strings.CutPrefix(path, shipmentPath); ok && !strings.Contains(id, "/") {
		return func(w http.ResponseWriter, r *http.Request) { s.serveShipment(w, r, id) }
	}
	return nil
}

// altinnIssuer is the issuer of exchanged tokens, with the last slash.
func (s *Sandbox) altinnIssuer() string { return s.Platform() + openIDPath }

// serveOpenID publishes where the keys of exchanged tokens lie. Nobody logs in here, so the endpoints that the standard
// demands name places that the sandbox does not have.
func (s *Sandbox) serveOpenID(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, "application/json; charset=utf-8", map[string]any{
		"issuer":                                s.altinnIssuer(),
		"authorization_endpoint":                s.Platform() + "/authentication/api/v1/authorize",
		"token_endpoint":                        s.Platform() + "/authentication/api/v1/token",
		"jwks_uri":                              s.Platform() + configPath + "/jwks",
		"response_types_supported":              []string{"token"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

// serveOrganisations is the list of service owners, keyed by their codes.
func (s *Sandbox) serveOrganisations(w http.ResponseWriter, _ *http.Request) {
	owners := map[string]any{}
	unlisted := s.rehearsing().on(faultUnlisted)
	for _, o := range Organisations() {
		if o.Code == "" || unlisted {
			continue
		}
		owners[o.Code] = map[string]any{
			"name":         map[string]string{"nb": o.Name, "nn": o.Name, "en": o.Name},
			"logo":         "",
			"orgnr":        o.Number,
			"homepage":     "",
			"environments": []string{"tt02", "production"},
		}
	}
	writeJSON(w, http.StatusOK, "application/json", map[string]any{"orgs": owners})
}

// bearer takes the token out of the Authorization header; Altinn does not mind the case of the word.
func bearer(r *http.Request) string {
	const prefix = "bearer "
	value := r.Header.Get("Authorization")
	if len(value) < len(prefix) || !strings.EqualFold(value[:len(prefix)], prefix) {
		return ""
	}
	return strings.TrimSpace(value[len(prefix):])
}
