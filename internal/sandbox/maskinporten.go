package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

const (
	metadataPath = "/.well-known/oauth-authorization-server"
	// rfc8414Path is where RFC 8414, section 3.1, puts the metadata of an issuer with a path: the well-known part comes
	// between host and path, and the issuer's last slash is dropped.
	rfc8414Path = metadataPath + "/maskinporten"

	jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
)

// algorithms are those that a grant may be signed with.
var algorithms = []string{"RS256", "RS384", "RS512"}

// maskinportenCalls are the paths of calls that faults are about.
var maskinportenCalls = map[string]string{metadataPath: CallMetadata, "/token": CallToken}

// serveMaskinporten answers below /maskinporten; path is what follows.
func (s *Sandbox) serveMaskinporten(w http.ResponseWriter, r *http.Request, path string) {
	if s.interfered(w, r, maskinportenCalls[path]) {
		return
	}
	switch path {
	case metadataPath:
		if allowed(w, r, http.MethodGet) {
			s.serveMetadata(w)
			return
		}
	case "/jwk":
		if allowed(w, r, http.MethodGet) {
			serveKeys(w, s.maskinporten)
			return
		}
	case "/token":
		if allowed(w, r, http.MethodPost) {
			s.serveToken(w, r)
			return
		}
	default:
		s.springError(w, r, http.StatusNotFound)
		return
	}
	s.springError(w, r, http.StatusMethodNotAllowed)
}

func (s *Sandbox) serveMetadata(w http.ResponseWriter) {
	metadata, on := s.metadata(), s.rehearsing()
	on.faultyMetadata(metadata)
	if on.on(faultNoDate) {
		// An absent name would make the listener write its own.
		w.Header()["Date"] = nil
	}
	writeJSON(w, http.StatusOK, jsonType, metadata)
}

// metadata has the seven members of the real one and no other: there is no authorization_endpoint.
func (s *Sandbox) metadata() map[string]any {
	return map[string]any{
		"issuer":                                s.Issuer(),
		"token_endpoint":                        s.Issuer() + "token",
		"jwks_uri":                              s.Issuer() + "jwk",
		"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": algorithms,
		"grant_types_supported":                            []string{jwtBearer},
		"authorization_details_types_supported":            []string{systemUserType, consentType},
	}
}

// serveKeys publishes a service's signing key as a JWKS.
func serveKeys(w http.ResponseWriter, from *signer) {
	public, err := from.public()
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, jsonType, json.RawMessage(public.Set()))
}

// springError is the body that the real server's framework gives when no code of its own answers.
func (s *Sandbox) springError(w http.ResponseWriter, r *http.Request, status int) {
	writeJSON(w, status, jsonType, map[string]any{
		"timestamp": s.serviceNow().UTC().Format(time.RFC3339),
		"status":    status,
		"error":     http.StatusText(status),
		"path":      r.URL.Path,
	})
}
