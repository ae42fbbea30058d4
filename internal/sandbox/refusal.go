package sandbox

import (
	"fmt"
	"net/http"
	"strings"
)

// refusal is an answer of the token endpoint that is not a token.
type refusal struct {
	status      int
	oauth       string // the "error" member
	code        string // MP-nnn, which appears in error_uri only; empty for those that the real one leaves uncoded
	description string // without the trace id
}

func (r *refusal) Error() string { return r.oauth + ": " + r.description }

func refused(oauth, code, description string) *refusal {
	return &refusal{status: http.StatusBadRequest, oauth: oauth, code: code, description: description}
}

const unauthenticated = "Invalid assertion. Client authentication failed. "

// The refusals whose words never vary. Texts and codes are those of Digdir's troubleshooting page and of recorded
// answers; where the page and the server disagree, the server's.
var (
	errParameter  = refused("invalid_request", "MP-011", "Invalid assertion. Invalid parameter value.")
	errUsed       = refused("invalid_grant", "MP-012", "Invalid assertion. Grant is used before.")
	errClient     = refused("invalid_grant", "MP-100", unauthenticated+"Client not found.")
	errAudience   = refused("invalid_grant", "MP-110", unauthenticated+"Invalid JWT claim aud.")
	errCert       = refused("invalid_grant", "MP-120", unauthenticated+"The JWT is signed with an invalid certificate.")
	errExpiredKey = refused("invalid_grant", "MP-121", unauthenticated+"Expired key.")
	errChain      = refused("invalid_grant", "MP-123", unauthenticated+"Invalid JWT header x5c.")
	errSignature  = refused("invalid_grant", "MP-124", unauthenticated+"Invalid JWT signature.")
	errExpired    = refused("invalid_grant", "MP-130", unauthenticated+"JWT has expired.")
	errUnknownKid = refused("invalid_grant", "", unauthenticated+"Unknown key identifier (kid) for client.")
	errNoKid      = refused("invalid_grant", "", unauthenticated+"Invalid JWT. The client requires pre-registered jwk and no key identifier (kid) provided")
	errLifetime   = refused("invalid_grant", "", unauthenticated+"JWT has too long lifetime.")
	errFuture     = refused("invalid_grant", "", unauthenticated+"Issue time is in the future.")
	errOwnOrg     = refused("invalid_request", "", "Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client is invalid")
	errResource   = refused("invalid_target", "", "Invalid resource. It must be an absolute URI without a fragment.")

	errDetailsType   = refused("invalid_authorization_details", "MP-301", "Unknown authorization details type")
	errDetailsField  = refused("invalid_authorization_details", "MP-302", "Unknown fields in the authorization details")
	errDetailsValues = refused("invalid_altinn_customer_configuration", "MP-303", "Invalid authorization details values")
)

// These are the sandbox's own words: the real server's were never recorded.
var (
	errMediaType = refused("invalid_request", "", "The request body must be application/x-www-form-urlencoded.")
	errQuery     = refused("invalid_request", "", "grant_type and assertion belong in the request body: addresses end up in logs.")
	errGrantType = refused("unsupported_grant_type", "", "Unsupported grant_type. Use "+jwtBearer+".")
	errNoGrant   = refused("invalid_request", "", "The request must have exactly one grant_type and one assertion.")
	errTooLarge  = &refusal{status: http.StatusRequestEntityTooLarge, oauth: "invalid_request", description: "The request is too large."}
	errCrowded   = &refusal{status: http.StatusServiceUnavailable, oauth: "temporarily_unavailable", description: "The sandbox remembers too many grants. Wait a few minutes."}
	errInternal  = &refusal{status: http.StatusInternalServerError, oauth: "server_error", description: "Internal error in the sandbox."}
)

func unknownClaim(name string) *refusal {
	return refused("invalid_grant", "", "Invalid assertion. Unknown JWT claim "+clip(name)+".")
}

func scopesNotOnClient(scopes []string) *refusal {
	return refused("invalid_scope", "MP-200", "Token request contains invalid scopes for client, "+clip(strings.Join(scopes, ", ")))
}

func scopeForLogin(scope string) *refusal {
	return refused("invalid_scope", "MP-201", "Token request contains scopes not allowed for maskinporten, "+scope)
}

func scopeNotGranted(scope string) *refusal {
	return forbidden("MP-250", fmt.Sprintf("Consumer has not been granted access to the scope %s.", scope))
}

func scopeNotDelegated(consumer, scope, supplier string) *refusal {
	return forbidden("MP-251", fmt.Sprintf("Consumer %s has not delegated access to the scope %s to supplier %s.", consumer, scope, supplier))
}

func forbidden(code, description string) *refusal {
	return &refusal{status: http.StatusForbidden, oauth: "forbidden", code: code, description: description}
}

// clip keeps what a caller sent from filling an error description.
func clip(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// serveRefusal answers as the real one: the trace id in the description, the code in error_uri only.
func (s *Sandbox) serveRefusal(w http.ResponseWriter, r *refusal) {
	body := struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		URI         string `json:"error_uri,omitempty"`
	}{Error: r.oauth, Description: fmt.Sprintf("%s (trace_id: %s)", r.description, randomHex(16))}
	if r.code != "" {
		body.URI = s.Issuer() + "errors/" + r.code
	}
	writeJSON(w, r.status, jsonType, body)
}
