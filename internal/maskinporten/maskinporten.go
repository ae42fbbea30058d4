// Package maskinporten is a client of Maskinporten's token service: the
// metadata, the published keys, the JWT-bearer grant (RFC 7523) and the answers
// to it, the refusals above all. It promises that a grant is sent once and
// never again, that nothing it returns holds a grant, and that whatever comes
// back, however hostile, becomes either a value or an *Error with a Kind. It
// also judges grants that were made elsewhere (Autopsy), and forgets their
// signatures. It does not know who the user is, nor anything of Altinn, and has
// no words for people.
package maskinporten

import (
	"net/http"
	"time"
)

// Client calls the Maskinporten of one environment. All fields are required;
// a Client is safe for concurrent use.
type Client struct {
	// HTTP makes the calls. Whom it may call and for how long is its
	// business; it may follow redirects, but is never let to.
	HTTP *http.Client

	// Issuer is the configured issuer, with its last slash.
	Issuer string

	// Now is the portal's own clock.
	Now func() time.Time
}
