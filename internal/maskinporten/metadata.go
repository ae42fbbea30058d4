package maskinporten

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Metadata is what Maskinporten publishes about itself (RFC 8414), with the
// time at which it did.
type Metadata struct {
	Issuer        string
	TokenEndpoint string
	// JWKSURI is empty when the metadata names none.
	JWKSURI string

	// Date is the time at the other end when it answered, in whole seconds;
	// zero if the answer carried none.
	Date time.Time
	// Asked and Answered are our own times before and after the call.
	Asked, Answered time.Time
}

// Metadata fetches the metadata, each time anew. Any error is an *Error.
func (c *Client) Metadata(ctx context.Context) (Metadata, error) {
	address := strings.TrimSuffix(c.Issuer, "/") + "/.well-known/oauth-authorization-server"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Metadata{}, &Error{Call: "metadata", Kind: KindForbidden, Cause: "the address of the metadata cannot be read"}
	}
	r.Header.Set("Cache-Control", "no-cache")

	asked := c.Now()
	a, err := c.call("metadata", r)
	if err != nil {
		return Metadata{}, err
	}
	m, err := c.readMetadata(a)
	if err != nil {
		return Metadata{}, err
	}
	m.Date, m.Asked, m.Answered = a.date(), asked, c.Now()
	return m, nil
}

func (c *Client) readMetadata(a answer) (Metadata, error) {
	if a.Status != http.StatusOK {
		return Metadata{}, a.refused("metadata")
	}
	var fields struct {
		Issuer        string `json:"issuer"`
		TokenEndpoint string `json:"token_endpoint"`
		JWKSURI       string `json:"jwks_uri"`
	}
	if json.Unmarshal(a.Body, &fields) != nil || fields.Issuer == "" || fields.TokenEndpoint == "" {
		return Metadata{}, a.unread("metadata")
	}
	if fields.Issuer != c.Issuer {
		return Metadata{}, &Error{Call: "metadata", Kind: KindWrongIssuer, Status: a.Status, Description: quote(fields.Issuer)}
	}
	for _, endpoint := range []string{fields.TokenEndpoint, fields.JWKSURI} {
		if endpoint != "" && !sameOrigin(endpoint, c.Issuer) {
			return Metadata{}, &Error{Call: "metadata", Kind: KindEndpointElsewhere, Status: a.Status, Description: quote(endpoint)}
		}
	}
	return Metadata{Issuer: fields.Issuer, TokenEndpoint: fields.TokenEndpoint, JWKSURI: fields.JWKSURI}, nil
}

// date reads the Date header. A cache on the way keeps the date of the first
// answer and counts its own time in Age (RFC 9111, 5.1).
func (a answer) date() time.Time {
	date, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	if age, err := strconv.ParseUint(a.Header.Get("Age"), 10, 31); err == nil {
		date = date.Add(time.Duration(age) * time.Second)
	}
	return date
}

// sameOrigin reports whether address lies on the scheme, host and port of
// base. An address with a user name never does.
func sameOrigin(address, base string) bool {
	a, err := url.Parse(address)
	if err != nil || a.User != nil || a.Fragment != "" {
		return false
	}
	b, err := url.Parse(base)
	return err == nil && a.Hostname() != "" && origin(a) == origin(b)
}

func origin(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return fmt.Sprintf("%s://%s", scheme, net.JoinHostPort(strings.ToLower(u.Hostname()), port))
}
