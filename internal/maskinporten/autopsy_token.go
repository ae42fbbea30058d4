package maskinporten

import (
	"slices"
	"strings"
	"time"
)

// TokenFacts is what a token that was pasted instead of a grant says of itself.
type TokenFacts struct {
	Issuer string
	// Consumer and Supplier are organisation numbers: whom the token is for, and
	// who acts for them.
	Consumer, Supplier string
	ClientID           string
	// Owner is Altinn's code of the service owner.
	Owner           string
	Scopes          []string
	Issued, Expires time.Time
	// Expired is true when its time is out.
	Expired bool
}

// pasted tells a grant from the tokens that people take for one. A token names
// the address of whoever issued it; a grant names a client, and has Maskinporten
// as its audience.
func (a *autopsy) pasted() Pasted {
	issuer, _ := a.claims["iss"].(string)
	audience, _ := a.claims["aud"].(string)
	_, fromMaskinporten := a.issuer(strings.TrimRight(issuer, "/") + "/")
	_, forMaskinporten := a.issuer(strings.TrimRight(audience, "/") + "/")
	switch {
	case a.has("urn:altinn:org", "urn:altinn:orgNumber", "urn:altinn:authlevel", "urn:altinn:userid"):
		return PastedAltinnToken
	case !strings.Contains(issuer, "://"), forMaskinporten && !fromMaskinporten:
		return PastedGrant
	case a.has("consumer", "client_amr"), fromMaskinporten && a.has("client_id", "token_type"):
		return PastedToken
	case a.has("client_id", "acr", "nonce", "at_hash", "azp", "sid"):
		return PastedOtherToken
	}
	return PastedGrant
}

// has reports whether one of the claims is there.
func (a *autopsy) has(claims ...string) bool {
	return slices.ContainsFunc(claims, func(name string) bool { return a.claims[name] != nil })
}

func (a *autopsy) explain() {
	text := func(name string) string {
		s, _ := a.claims[name].(string)
		return quote(s)
	}
	facts := &TokenFacts{
		Issuer: text("iss"), ClientID: text("client_id"), Owner: text("urn:altinn:org"),
		Consumer: party(a.claims["consumer"]), Supplier: party(a.claims["supplier"]),
		Issued: moment("iat", a.claims["iat"]), Expires: moment("exp", a.claims["exp"]),
	}
	if facts.Consumer == "" {
		facts.Consumer = text("urn:altinn:orgNumber")
	}
	for n, scope := range strings.Fields(text("scope")) {
		if n < mostScopes {
			facts.Scopes = append(facts.Scopes, scope)
		}
	}
	facts.Expired = !facts.Expires.IsZero() && a.at.After(facts.Expires)
	if issuer, found := a.issuer(strings.TrimRight(facts.Issuer, "/") + "/"); found {
		a.Environment = issuer.Environment
	}
	a.Token = facts
}

// party is the organisation number in Maskinporten's way of writing one,
// {"authority": …, "ID": "0192:…"}.
func party(value any) string {
	members, _ := value.(map[string]any)
	for _, name := range []string{"ID", "id"} {
		if id, ok := members[name].(string); ok {
			return quote(strings.TrimPrefix(id, "0192:"))
		}
	}
	return ""
}
