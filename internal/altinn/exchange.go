package altinn

import (
	"bytes"
	"context"
	"net/http"
	"regexp"

	"portvakt/internal/outbound"
)

// compact is the form of a signed token: three parts of base64url.
var compact = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)

// Exchange gives a Maskinporten token and gets an Altinn token. Any error is
// an *Error.
func (c *Client) Exchange(ctx context.Context, token string) (Token, error) {
	r, err := c.request(ctx, "exchange", c.at("/authentication/api/v1/exchange/maskinporten"), token)
	if err != nil {
		return Token{}, err
	}
	a, err := c.call("exchange", r, outbound.BodyLimit, token)
	if err != nil {
		return Token{}, err
	}
	return readExchange(a, token)
}

func readExchange(a answer, token string) (Token, error) {
	if !a.Succeeded() {
		return Token{}, a.refused("exchange", token)
	}
	value := bare(a.Body)
	if a.Status != http.StatusOK || !compact.Match(value) {
		return Token{}, a.unread("exchange", token)
	}
	return newToken(string(value)), nil
}

// bare takes off the quotes: the platform writes the token as JSON text to
// some and bare to others, by what they accept and what stands in between.
func bare(body []byte) []byte {
	body = bytes.TrimSpace(body)
	if n := len(body); n >= 2 && body[0] == '"' && body[n-1] == '"' {
		body = body[1 : n-1]
	}
	return bytes.TrimSpace(body)
}
