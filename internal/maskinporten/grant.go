package maskinporten

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// MaxLife is the longest life of a grant that Digdir documents.
const MaxLife = 120 * time.Second

// Grant is what a client asserts in order to get a token. It is unsigned; who
// has the key signs the SigningInput.
type Grant struct {
	// ClientID, Kid and Alg name the client, its key and the key's algorithm
	// (RS256 when empty).
	ClientID, Kid, Alg string

	// Audience is the issuer of the Maskinporten that shall accept the grant.
	Audience string

	// Scopes are what the token shall open.
	Scopes []string

	// ConsumerOrg is the org number of the customer on whose behalf the token
	// shall be; empty for one's own.
	ConsumerOrg string

	// Resource is what the token shall be for, an absolute URI without a
	// fragment; empty for a token without an audience.
	Resource string

	// IssuedAt and Life bound the grant's time. Maskinporten counts in whole
	// seconds.
	IssuedAt time.Time
	Life     time.Duration

	// ID (jti) must be another one in each grant: one seen before is refused.
	ID string
}

// SigningInput is the text to be signed: header and claims in base64url,
// joined by a dot. Maskinporten refuses claims that it does not know, so
// there are only those that it documents.
func (g Grant) SigningInput() string {
	header := struct {
		Alg string `json:"alg"`
		Kid string `json:"kid"`
	}{g.Alg, g.Kid}
	if header.Alg == "" {
		header.Alg = "RS256"
	}
	issued := g.IssuedAt.Unix()
	claims := struct {
		Audience string `json:"aud"`
		Issuer   string `json:"iss"`
		Scope    string `json:"scope"`
		IssuedAt int64  `json:"iat"`
		Expires  int64  `json:"exp"`
		ID       string `json:"jti"`
		Consumer string `json:"consumer_org,omitempty"`
		// Digdir documents it as an array only.
		Resource []string `json:"resource,omitempty"`
	}{
		Audience: g.Audience,
		Issuer:   g.ClientID,
		Scope:    strings.Join(g.Scopes, " "),
		IssuedAt: issued,
		Expires:  issued + int64(g.Life/time.Second),
		ID:       g.ID,
		Consumer: g.ConsumerOrg,
	}
	if g.Resource != "" {
		claims.Resource = []string{g.Resource}
	}
	return segment(header) + "." + segment(claims)
}

func segment(v any) string {
	// Structs of strings and integers always encode.
	text, _ := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(text)
}
