package main

import (
	"encoding/base64"
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
)

// writtenGrant is a grant as it is written.
type writtenGrant struct {
	header struct {
		Alg string `json:"alg"`
		Kid string `json:"kid"`
	}
	claims struct {
		Audience string   `json:"aud"`
		Issuer   string   `json:"iss"`
		Scope    string   `json:"scope"`
		IssuedAt int64    `json:"iat"`
		Expires  int64    `json:"exp"`
		ID       string   `json:"jti"`
		Consumer string   `json:"consumer_org"`
		Resource []string `json:"resource"`
	}
}

// readGrant reads a text that waits for its signature. Whoever has a key signs
// whatever it is handed, so a text passes only if Portvakt would have written
// each byte of it: no other claim, no other order, no disguise.
func readGrant(input, audience string) (maskinporten.Grant, error) {
	var s writtenGrant
	header, claims, two := strings.Cut(input, ".")
	if !two || strings.Contains(claims, ".") {
		return maskinporten.Grant{}, no("The text to sign has not two parts with a dot between them.")
	}
	if !segmentOf(header, &s.header) || !segmentOf(claims, &s.claims) {
		return maskinporten.Grant{}, no("The text to sign is no grant.")
	}
	g := s.grant()
	if err := plausible(g, audience); err != nil {
		return maskinporten.Grant{}, err
	}
	if g.SigningInput() != input {
		return maskinporten.Grant{}, no("The text to sign has something in it that Portvakt does not write: another claim, another order or another spelling.")
	}
	return g, nil
}

// segmentOf reads one part: JSON in base64url. What it overlooks, the comparison
// with what Portvakt would have written does not.
func segmentOf(part string, to any) bool {
	data, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(data, to) == nil
}

func (s writtenGrant) grant() maskinporten.Grant {
	g := maskinporten.Grant{
		ClientID: s.claims.Issuer, Kid: s.header.Kid, Alg: s.header.Alg, Audience: s.claims.Audience,
		Scopes: strings.Split(s.claims.Scope, " "), ConsumerOrg: s.claims.Consumer, ID: s.claims.ID,
		IssuedAt: time.Unix(s.claims.IssuedAt, 0),
		Life:     time.Duration(s.claims.Expires-s.claims.IssuedAt) * time.Second, // what overflows does not read the same
	}
	if len(s.claims.Resource) == 1 {
		g.Resource = s.claims.Resource[0]
	}
	return g
}

var (
	// visible is what a person sees as it is: nothing that moves a terminal's cursor.
	visible   = regexp.MustCompile(`^[!-~]+$`)
	orgNumber = regexp.MustCompile(`^\d{9}$`)
)

// plausible judges the values of a grant.
func plausible(g maskinporten.Grant, audience string) error {
	switch _, err := jwk.ParseKid(g.Kid); {
	case g.Alg != "RS256" && g.Alg != "RS384" && g.Alg != "RS512":
		return no("The grant names another algorithm than RS256, RS384 and RS512.")
	case err != nil:
		return no("The grant names no key ID.")
	case !isIssuer(g.Audience) && (audience == "" || g.Audience != audience):
		return no("The audience of the grant is not Maskinporten, in test or production. Give -audience to sign for another one.")
	case !visible.MatchString(g.ClientID) || !visible.MatchString(g.ID):
		return no("The client ID or the number of the grant (jti) is missing or strange.")
	case g.ConsumerOrg != "" && !orgNumber.MatchString(g.ConsumerOrg):
		return no("The customer in the grant is no organisation number.")
	case g.Resource != "" && !visible.MatchString(g.Resource):
		return no("The resource in the grant is strange.")
	case g.Life <= 0 || g.Life > maskinporten.MaxLife:
		return no("The grant would live longer than 120 seconds, or not at all.")
	}
	for _, scope := range g.Scopes {
		if !visible.MatchString(scope) {
			return no("A scope in the grant is missing or strange.")
		}
	}
	return nil
}

// isIssuer tells whether a grant for this audience is for Maskinporten, or for a
// sandbox on this machine.
func isIssuer(text string) bool {
	if text == "https://maskinporten.no/" || text == "https://test.maskinporten.no/" {
		return true
	}
	u, err := url.Parse(text)
	if err != nil || !visible.MatchString(text) || u.User != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback() && (u.Scheme == "http" || u.Scheme == "https")
}

// tolerance is how far a clock may be off: a grant for another day would be a
// key that works then.
const tolerance = 5 * time.Minute

func timely(g maskinporten.Grant, now time.Time) error {
	switch {
	case g.IssuedAt.After(now.Add(tolerance)):
		return no("The grant begins in the future. Is this machine's clock right?")
	case g.IssuedAt.Add(g.Life).Before(now.Add(-tolerance)):
		return no("The grant has expired. Let Portvakt prepare a new one, and sign it within two minutes.")
	}
	return nil
}
