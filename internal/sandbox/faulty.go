package sandbox

import (
	"net/http"
	"strings"
)

// faultyAnswers are the faults in which a service says no to a call in which nothing is wrong.
var faultyAnswers = []struct {
	fault, call string
	answer      func(http.ResponseWriter)
}{
	// Altinn answers so when something that it depends on is down.
	{faultExchange401, CallExchange, func(w http.ResponseWriter) { writeProblem(w, http.StatusUnauthorized, "") }},
	{faultExchange400, CallExchange, func(w http.ResponseWriter) {
		canned(http.StatusBadRequest, "text/plain; charset=utf-8", invalidProvider("maskinport"))(nil, w, nil, meeting{})
	}},
	{faultExchange410, CallExchange, writeEnterpriseUser},
	{faultAccess400, CallNotifications, func(w http.ResponseWriter) {
		writeJSON(w, http.StatusBadRequest, problemType, validationProblem("id", "The value is not valid."))
	}},
	{faultAccess415, CallNotifications, func(w http.ResponseWriter) { writeProblem(w, http.StatusUnsupportedMediaType, "") }},
	{faultAccess404, CallNotifications, writeNoRoute},
	{faultAccess401, CallNotifications, func(w http.ResponseWriter) { w.WriteHeader(http.StatusUnauthorized) }},
	{faultAccess403, CallNotifications, func(w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) }},
	{faultAccess503, CallNotifications, func(w http.ResponseWriter) {
		writeShipmentProblem(w, http.StatusServiceUnavailable, "NOT-00004", "Temporary network failure")
	}},
}

// errPolicy is in nobody's table of errors: what a client does with a text that it does not know.
var errPolicy = refused("invalid_grant", "", "The request was turned down by a policy.")

// faultyRefusals are the faults of the token endpoint, in the order in which it judges a grant.
var faultyRefusals = []struct {
	fault   string
	refusal func(grant) *refusal
}{
	{faultKeyExpired, func(grant) *refusal { return errExpiredKey }},
	{faultSignature, func(grant) *refusal { return errSignature }},
	{faultAudience, func(grant) *refusal { return errAudience }},
	{faultGrantUsed, func(grant) *refusal { return errUsed }},
	{faultGrantType, func(grant) *refusal { return errGrantType }},
	{faultMalformed, func(grant) *refusal { return errParameter }},
	{faultClaim, func(grant) *refusal { return unknownClaim("sub") }},
	{faultLife, func(grant) *refusal { return errLifetime }},
	{faultClient, func(grant) *refusal { return errClient }},
	{faultKid, func(grant) *refusal { return errUnknownKid }},
	{faultOffClient, func(g grant) *refusal { return scopesNotOnClient(g.scopes[:1]) }},
	{faultType, func(g grant) *refusal { return scopeForLogin(g.scopes[0]) }},
	{faultRevoked, func(g grant) *refusal { return scopeNotGranted(g.scopes[0]) }},
	{faultDelegation, func(g grant) *refusal { return scopeNotDelegated("310110019", g.scopes[0], "310330035") }},
	{faultOwnConsumer, func(grant) *refusal { return errOwnOrg }},
	{faultResource, func(grant) *refusal { return errResource }},
	{faultUnknownError, func(grant) *refusal { return errPolicy }},
}

// faultyRefusal is the refusal that is rehearsed for a grant of a client that has proved who it is, or nil.
func (r rehearsed) faultyRefusal(g grant) error {
	for _, f := range faultyRefusals {
		if r.on(f.fault) {
			return f.refusal(g)
		}
	}
	return nil
}

// faultyMetadata changes metadata as the faults say.
func (r rehearsed) faultyMetadata(metadata map[string]any) {
	if r.on(faultOtherIssuer) {
		metadata["issuer"] = elsewhere
	}
	if r.on(faultElsewhere) {
		metadata["token_endpoint"], metadata["jwks_uri"] = elsewhere+"token", elsewhere+"jwk"
	}
}

// faultyClaims changes what is about to be issued. The form of the token stays right.
func (r rehearsed) faultyClaims(claims *tokenClaims) {
	if r.on(faultTokenExpired) {
		age := claims.Expires - claims.Issued + hour
		claims.Issued, claims.Expires = claims.Issued-age, claims.Expires-age
	}
	if r.on(faultTokenEarly) {
		claims.NotBefore = claims.Issued + hour
	}
	if r.on(faultTokenIssuer) {
		claims.Issuer = elsewhere
	}
	if r.on(faultNoConsumer) {
		claims.Consumer = nil
	}
	if r.on(faultPrefix) && claims.Consumer != nil {
		claims.Consumer.ID = strings.TrimPrefix(claims.Consumer.ID, "0192:")
	}
}

// faultyToken spoils the signature of what was issued.
func (r rehearsed) faultyToken(token string) string {
	if !r.on(faultForged) {
		return token
	}
	// The last character of a signature has bits that mean nothing; one in its middle has not.
	at := len(token) - 40
	other := byte('A')
	if token[at] == other {
		other = 'B'
	}
	return token[:at] + string(other) + token[at+1:]
}

// faultyScopes are the scopes to issue: one fewer than was asked for when that is rehearsed.
func (r rehearsed) faultyScopes(scopes []string) []string {
	if r.on(faultFewerScopes) {
		return scopes[:len(scopes)-1]
	}
	return scopes
}
