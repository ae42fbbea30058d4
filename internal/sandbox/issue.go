package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"
)

// tokenAnswer is the body of a successful token request.
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
}

// partyClaim is how tokens name an organisation: ISO 6523, where 0192 is the Norwegian register.
type partyClaim struct {
	Authority string `json:"authority"`
	ID        string `json:"ID"`
}

// tokenClaims are those of a real token, in its order. There is no aud unless a resource was asked for, and never a
// sub.
type tokenClaims struct {
	Audience         any         `json:"aud,omitempty"`
	Scope            string      `json:"scope"`
	Issuer           string      `json:"iss"`
	ClientAMR        string      `json:"client_amr"`
	TokenType        string      `json:"token_type"`
	Expires          int64       `json:"exp"`
	Issued           int64       `json:"iat"`
	NotBefore        int64       `json:"nbf,omitempty"` // of a rehearsed token only
	ClientID         string      `json:"client_id"`
	ID               string      `json:"jti"`
	Consumer         *partyClaim `json:"consumer,omitempty"`
	Supplier         *partyClaim `json:"supplier,omitempty"`
	DelegationSource string      `json:"delegation_source,omitempty"`
	Person           string      `json:"pid,omitempty"`
}

// delegationSource names the register of delegations: the test Altinn's, since practice is closest to test.
const delegationSource = "https://tt02.altinn.no/"

func (s *Sandbox) issue(g grant, client Client, p parties, now time.Time, on rehearsed) (tokenAnswer, error) {
	scope := strings.Join(on.faultyScopes(g.scopes), " ")
	consumer := party(p.consumer)
	life := lifetime(client, g.scopes)
	claims := tokenClaims{
		Audience: audience(g.targets), Scope: scope, Issuer: s.Issuer(), ClientAMR: "private_key_jwt",
		TokenType: "Bearer", Issued: now.Unix(), Expires: now.Unix() + int64(life), ClientID: client.ID,
		ID: tokenID(), Consumer: &consumer, Person: g.person,
	}
	if p.supplier != "" {
		supplier := party(p.supplier)
		claims.Supplier, claims.DelegationSource = &supplier, delegationSource
	}
	on.faultyClaims(&claims)
	token, err := s.maskinporten.sign(nil, claims)
	if err != nil {
		return tokenAnswer{}, err
	}
	// The real one counts whole seconds that are left when it answers, which is one less than the lifetime.
	return tokenAnswer{AccessToken: on.faultyToken(token), TokenType: "Bearer", ExpiresIn: life - 1, Scope: scope}, nil
}

// lifetime is the client's, cut to the shortest that one of the scopes allows.
func lifetime(client Client, scopes []string) int {
	life := client.TokenLifetime
	for _, name := range scopes {
		if scope, ok := scopeNamed(name); ok && scope.MaxAge > 0 {
			life = min(life, scope.MaxAge)
		}
	}
	return life
}

// audience is a text for one resource and an array for several, as a JWT allows.
func audience(targets []string) any {
	switch len(targets) {
	case 0:
		return nil
	case 1:
		return targets[0]
	}
	return targets
}

func party(number string) partyClaim {
	return partyClaim{Authority: "iso6523-actorid-upis", ID: "0192:" + number}
}

// tokenID has 43 characters, as those of real tokens.
func tokenID() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}
