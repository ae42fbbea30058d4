// Package altinn is a client of the Altinn platform: the exchange of a
// Maskinporten token for an Altinn token, the check of access to
// Notifications, and the list of service owners, which it keeps for a while
// (Directory). It promises that it reads nobody's data and sends nothing to
// anybody, that nothing it returns holds a token except Token itself, and that
// whatever comes back, however hostile, becomes either a value or an *Error
// with a Kind. It does not know where the token it is given came from, and has
// no words for people.
package altinn

import (
	"net/http"
	"strings"
)

// Client calls the Altinn platform of one environment. HTTP and Platform are
// required; a Client is safe for concurrent use.
type Client struct {
	// HTTP makes the calls. Whom it may call and for how long is its
	// business; it may follow redirects, but is never let to.
	HTTP *http.Client

	// Platform is the configured base address, without a last slash.
	Platform string

	// OrgsURL is the address of the list of service owners.
	OrgsURL string
}

func (c *Client) at(path string) string {
	return strings.TrimSuffix(c.Platform, "/") + path
}
