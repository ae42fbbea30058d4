package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"portvakt/jwk"
)

// altinnSkew is how far Altinn lets clocks differ, and altinnLife how long its tokens live, whatever the token that
// they were exchanged for.
const (
	altinnSkew = 10 * time.Second
	altinnLife = 30 * time.Minute
)

// providers are those whose tokens Altinn exchanges. The sandbox has tokens of the first only.
var providers = []string{"maskinporten", "id-porten", "altinnstudio"}

// serveExchange gives an Altinn token for a Maskinporten token. Faults of the token are one and the same 401: the real
// one does not tell an expired token from a forged one. Neither audience nor scopes are looked at.
func (s *Sandbox) serveExchange(w http.ResponseWriter, r *http.Request, provider string) {
	// Parameters are bound before the action runs. The value changes nothing here: it renames one real organisation.
	if test := r.URL.Query()["test"]; len(test) > 0 {
		if _, err := strconv.ParseBool(test[0]); err != nil {
			writeJSON(w, http.StatusBadRequest, problemType, validationProblem("test", fmt.Sprintf("The value '%s' is not valid.", clip(test[0]))))
			return
		}
	}
	token := bearer(r)
	if _, _, err := decodeJWS(token); err != nil {
		writeProblem(w, http.StatusUnauthorized, "")
		return
	}
	if !slices.ContainsFunc(providers, func(p string) bool { return strings.EqualFold(p, provider) }) {
		negotiate(w, r, http.StatusBadRequest, invalidProvider(provider))
		return
	}
	claims, number, ok := s.exchangeable(token)
	if !ok || !strings.EqualFold(provider, providers[0]) {
		writeProblem(w, http.StatusUnauthorized, "")
		return
	}
	if r.Header.Get("X-Altinn-EnterpriseUser-Authentication") != "" {
		writeEnterpriseUser(w)
		return
	}
	exchanged, err := s.altinn.sign(map[string]any{"typ": "JWT"}, s.exchanged(claims, number))
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	negotiate(w, r, http.StatusOK, exchanged)
}

func invalidProvider(name string) string {
	return "Invalid token provider: " + clip(name) + ". Trusted token providers are 'Maskinporten', 'Id-porten' and 'AltinnStudio'."
}

// writeEnterpriseUser is the answer to those who still send what Altinn has retired.
func writeEnterpriseUser(w http.ResponseWriter) {
	writeProblem(w, http.StatusGone, "Enterprise users are no longer supported. Use a system user or ID-porten instead.")
}

// exchangeable verifies a Maskinporten token as Altinn does, and finds its consumer's organisation number.
func (s *Sandbox) exchangeable(token string) (claims map[string]any, number string, ok bool) {
	claims, ok = verified(s.maskinporten, token, s.serviceNow())
	if !ok {
		return nil, "", false
	}
	issuer, _ := claims["iss"].(string)
	if issuer == "" || !strings.Contains(s.Issuer()+strings.TrimPrefix(metadataPath, "/"), issuer) {
		return nil, "", false
	}
	consumer, _ := claims["consumer"].(map[string]any)
	if authority, _ := consumer["authority"].(string); authority != "iso6523-actorid-upis" {
		return nil, "", false
	}
	id, _ := consumer["ID"].(string)
	_, number, ok = strings.Cut(id, ":")
	return claims, number, ok
}

// exchanged are the claims of the new token: the old ones but for four, and Altinn's own.
func (s *Sandbox) exchanged(old map[string]any, number string) map[string]any {
	claims := map[string]any{}
	for name, value := range old {
		if !slices.Contains([]string{"aud", "iss", "client_amr", "sid"}, name) {
			claims[name] = value
		}
	}
	now := s.serviceNow()
	claims["iss"] = s.altinnIssuer()
	claims["iat"], claims["nbf"], claims["exp"] = now.Unix(), now.Unix(), now.Add(altinnLife).Unix()
	claims["sid"] = newID()
	claims["urn:altinn:orgNumber"] = number
	claims["urn:altinn:authenticatemethod"] = "maskinporten"
	claims["urn:altinn:authlevel"] = 3
	// Altinn looks for the text anywhere among the scopes, not for a scope of that name.
	scope, _ := old["scope"].(string)
	if strings.Contains(scope, serviceOwnerScope) && !s.rehearsing().on(faultUnlisted) {
		if o, known := OrganisationNumbered(number); known && o.Code != "" {
			claims["urn:altinn:org"] = o.Code
		}
	}
	return claims
}

// verified checks a token's signature and its time, which is all that Altinn's services check of one.
func verified(by *signer, token string, now time.Time) (map[string]any, bool) {
	_, claims, err := decodeJWS(token)
	if err != nil {
		return nil, false
	}
	public, err := by.public()
	if err != nil {
		return nil, false
	}
	if _, err := jwk.Verify(public, token); err != nil {
		return nil, false
	}
	expires, ok := readSeconds(claims["exp"])
	if !ok || now.Add(-altinnSkew).After(expires) {
		return nil, false
	}
	if nbf, has := claims["nbf"]; has {
		if from, ok := readSeconds(nbf); !ok || now.Add(altinnSkew).Before(from) {
			return nil, false
		}
	}
	return claims, true
}
