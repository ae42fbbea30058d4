// Package samarbeidsportalen is a client of what Samarbeidsportalen, Digdir's
// self-service, tells everybody: the list of public scopes. It promises that it
// sends nothing but the question, that one broken entry does not cost the
// others, that all it returns is of limited size and without control
// characters, and that whatever comes back, however hostile, becomes either a
// value or an *Error with a Kind. It does not know who has been given a scope,
// which only its owner and its holder may see, and has no words for people.
package samarbeidsportalen

import "net/http"

// Client asks the Samarbeidsportalen of one environment. Both fields are
// required; a Client is safe for concurrent use.
type Client struct {
	// HTTP makes the calls. Whom it may call and for how long is its
	// business; it may follow redirects, but is never let to.
	HTTP *http.Client

	// ScopesURL is the address of the list of public scopes, such as
	// https://api.samarbeid.digdir.no/api/v1/scopes/all.
	ScopesURL string
}
