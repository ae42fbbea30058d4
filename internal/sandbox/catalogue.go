package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	selfServicePath = "/samarbeidsportalen/api"
	scopesPath      = "/v1/scopes/all"

	// digdir owns every scope that is offered here, Altinn's too.
	digdir = "991825827"
)

// integrationTypes are those that self-service knows.
var integrationTypes = []string{"ansattporten", "api_klient", "eformidling", "idporten", "idporten_saml2", "krr", "maskinporten"}

// ScopesURL is the address of the list of public scopes, which is open to everybody.
func (s *Sandbox) ScopesURL() string { return s.url + selfServicePath + scopesPath }

// serveSelfService answers below /samarbeidsportalen/api; path is what follows. The pages of self-service lie beside it.
func (s *Sandbox) serveSelfService(w http.ResponseWriter, r *http.Request, path string) {
	switch {
	case path != scopesPath:
		s.springError(w, r, http.StatusNotFound)
	case !allowed(w, r, http.MethodGet):
		s.springError(w, r, http.StatusMethodNotAllowed)
	default:
		s.serveScopes(w, r.URL.Query())
	}
}

// publicScope is an entry of the list, with the members that the real one has for a scope without delegation.
type publicScope struct {
	Name         string   `json:"name"`
	Prefix       string   `json:"prefix"`
	Subscope     string   `json:"subscope"`
	Description  string   `json:"description"`
	Visibility   string   `json:"visibility"`
	ForAll       bool     `json:"accessible_for_all"`
	Types        []string `json:"allowed_integration_types"`
	MaxAge       int      `json:"at_max_age"`
	Consent      bool     `json:"requires_user_consent"`
	Login        bool     `json:"requires_user_authentication"`
	Pseudonymous bool     `json:"requires_pseudonymous_tokens"`
	TokenType    string   `json:"token_type"`
	Active       bool     `json:"active"`
	Owner        string   `json:"owner_orgno"`
	Created      string   `json:"created"`
	Updated      string   `json:"last_updated"`
}

func (s Scope) public() publicScope {
	prefix, subscope, _ := strings.Cut(s.Name, ":")
	p := publicScope{
		Name: s.Name, Prefix: prefix, Subscope: subscope, Description: "Practice: " + s.Name, Visibility: "PUBLIC",
		ForAll: s.Open, Types: []string{"maskinporten"}, MaxAge: s.MaxAge, Login: s.Login, TokenType: "SELF_CONTAINED",
		Active: true, Owner: digdir, Created: "2021-09-15T10:20:43.354+02:00", Updated: "2025-05-22T09:00:00.000+02:00",
	}
	if s.Login {
		p.Types = []string{"api_klient", "idporten"}
	}
	return p
}

// serveScopes answers the whole list, without pages as the real one is. No scope here is inactive, so that asking for
// those adds none.
func (s *Sandbox) serveScopes(w http.ResponseWriter, query url.Values) {
	for _, name := range []string{"accessible_for_all", "inactive"} {
		if _, err := strconv.ParseBool(query.Get(name)); query.Has(name) && err != nil {
			s.refuseParameter(w, name)
			return
		}
	}
	integration := query.Get("integration_type")
	if query.Has("integration_type") && !slices.Contains(integrationTypes, integration) {
		s.refuseParameter(w, "integration_type")
		return
	}
	found := []publicScope{}
	for _, scope := range offered {
		p := scope.public()
		forAll, err := strconv.ParseBool(query.Get("accessible_for_all"))
		if err == nil && forAll != p.ForAll || integration != "" && !slices.Contains(p.Types, integration) {
			continue
		}
		found = append(found, p)
	}
	writeJSON(w, http.StatusOK, jsonType, found)
}

// refuseParameter refuses in the shape of self-service, odd comma included. Its sentences are not documented.
func (s *Sandbox) refuseParameter(w http.ResponseWriter, name string) {
	const message = "The value is not one of those that are allowed"
	writeJSON(w, http.StatusBadRequest, jsonType, map[string]any{
		"status": http.StatusBadRequest, "timestamp": s.serviceNow().UTC().Format("2006-01-02T15:04:05.000000000Z"),
		"correlation_id": randomHex(16),
		"errors": []map[string]any{{
			"errorMessage": message, "isFieldError": true, "objectName": "Scope", "fieldIdentifier": name,
		}},
		"error": ", " + message, "error_description": ", " + message,
	})
}
