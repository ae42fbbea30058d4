package maskinporten

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"portvakt/internal/outbound"
	"portvakt/jwk"
)

const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// Token is Maskinporten's answer to a grant.
type Token struct {
	// Value is the access token itself.
	Value jwk.Secret
	// Type is token_type as it came, usually Bearer.
	Type string
	// Scope is what was issued, as the answer says it.
	Scope string
	// ExpiresIn is the remaining life in seconds, 0 if not told.
	ExpiresIn int
	// Claims are decoded, not verified; nil for a token that is not a JWT.
	Claims map[string]any
}

// Token sends a signed grant to the token endpoint of the metadata. It is
// sent once: a retry must be a new grant, since Maskinporten refuses one that
// it has seen. Any error is an *Error.
func (c *Client) Token(ctx context.Context, endpoint, grant string) (Token, error) {
	if !sameOrigin(endpoint, c.Issuer) {
		return Token{}, &Error{Call: "token", Kind: KindEndpointElsewhere, Description: quote(endpoint)}
	}
	form := url.Values{"grant_type": {grantType}, "assertion": {grant}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form))
	if err != nil {
		return Token{}, &Error{Call: "token", Kind: KindForbidden, Cause: "the address of the token endpoint cannot be read"}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	a, err := c.call("token", r, grant)
	if err != nil {
		return Token{}, err
	}
	return readToken(a, grant)
}

func readToken(a answer, grant string) (Token, error) {
	if !a.Succeeded() {
		return Token{}, a.refused("token", grant)
	}
	var fields struct {
		AccessToken string          `json:"access_token"`
		TokenType   string          `json:"token_type"`
		Scope       string          `json:"scope"`
		ExpiresIn   json.RawMessage `json:"expires_in"`
		Error       string          `json:"error"`
	}
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &fields) != nil {
		return Token{}, a.unread("token", grant)
	}
	if fields.AccessToken == "" && fields.Error != "" {
		return Token{}, a.refused("token", grant)
	}
	if !headerSafe(fields.AccessToken) {
		return Token{}, a.unread("token", grant, fields.AccessToken)
	}
	t := Token{
		Value:     jwk.NewSecret(fields.AccessToken),
		Type:      quote(fields.TokenType, grant),
		Scope:     outbound.Clean(fields.Scope, grant),
		ExpiresIn: seconds(fields.ExpiresIn),
	}
	if _, claims, err := jwk.Inspect(fields.AccessToken); err == nil {
		t.Claims = claims
	}
	return t, nil
}

// headerSafe reports whether a token can stand in an Authorization header.
func headerSafe(token string) bool {
	for _, r := range token {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return token != ""
}

// seconds reads a life that should be a number; some servers write it as text.
func seconds(raw json.RawMessage) int {
	var n json.Number
	if json.Unmarshal(raw, &n) != nil {
		return 0
	}
	value, err := n.Int64()
	if err != nil || value < 0 || value > 1<<31 {
		return 0
	}
	return int(value)
}

var (
	codeInURI   = regexp.MustCompile(`/(MP-[0-9]{3})/?$`)
	traceInText = regexp.MustCompile(`(?i)\((?:trace_id|correlation id): *([0-9a-f-]{8,64})\)`)
)

// refused reads an answer that says no. Maskinporten does so as an OAuth
// error; other JSON comes from a gateway or a wrong address, and is quoted.
func (a answer) refused(name string, secrets ...string) *Error {
	var fields struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		URI         string `json:"error_uri"`
	}
	if json.Unmarshal(a.Body, &fields) != nil {
		return a.unread(name, secrets...)
	}
	if fields.Error == "" {
		e := a.unread(name, secrets...)
		e.Kind = a.Refused()
		return e
	}
	e := &Error{
		Call:        name,
		Kind:        a.Refused(),
		Status:      a.Status,
		RetryAfter:  a.RetryAfter(),
		OAuth:       quote(fields.Error, secrets...),
		Description: quote(fields.Description, secrets...),
	}
	if m := codeInURI.FindStringSubmatch(fields.URI); m != nil {
		e.Code = m[1]
	}
	if m := traceInText.FindStringSubmatch(fields.Description); m != nil {
		e.TraceID = m[1]
	}
	return e
}
