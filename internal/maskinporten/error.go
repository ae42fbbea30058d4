package maskinporten

import (
	"fmt"
	"time"

	"portvakt/internal/outbound"
)

// Kind says how a call went wrong.
type Kind = outbound.Kind

// The kinds that every call outside can have; see package outbound.
const (
	KindRefused           = outbound.KindRefused
	KindBusy              = outbound.KindBusy
	KindNoName            = outbound.KindNoName
	KindRefusedConnection = outbound.KindRefusedConnection
	KindNoConnection      = outbound.KindNoConnection
	KindProxy             = outbound.KindProxy
	KindUnreachable       = outbound.KindUnreachable
	KindUntrusted         = outbound.KindUntrusted
	KindForbidden         = outbound.KindForbidden
	KindTimeout           = outbound.KindTimeout
	KindSlow              = outbound.KindSlow
	KindCutOff            = outbound.KindCutOff
	KindRedirect          = outbound.KindRedirect
	KindTooLarge          = outbound.KindTooLarge
	KindHeadersTooLarge   = outbound.KindHeadersTooLarge
	KindNotJSON           = outbound.KindNotJSON
	KindMalformed         = outbound.KindMalformed
	KindCancelled         = outbound.KindCancelled
)

// The kinds of Maskinporten's metadata.
const (
	// KindWrongIssuer: the metadata speaks for another issuer.
	KindWrongIssuer Kind = "wrong-issuer"
	// KindEndpointElsewhere: the metadata names an endpoint that is not on
	// the issuer's own scheme, host and port.
	KindEndpointElsewhere Kind = "endpoint-elsewhere"
)

// Error is a call that went wrong, with what the answer said. It never holds
// anything of the request, and what looks like a signed token in the answer
// has been cut out. All texts are of limited length and without control
// characters, but otherwise as they came: they are to be quoted, not trusted.
type Error struct {
	// Call is "metadata", "keys" or "token".
	Call string
	Kind Kind

	// Status is the answer's HTTP status, 0 when there was none.
	Status int
	// RetryAfter is how long Maskinporten asks to be left alone, 0 when it
	// does not say.
	RetryAfter time.Duration
	// OAuth and Description are error and error_description; of an answer
	// that is not an OAuth error, Description is how it begins.
	OAuth, Description string
	// Code is the MP-nnn at the end of error_uri. Many answers carry none.
	Code string
	// TraceID is what Digdir's support asks for.
	TraceID string

	// Cause is what the network said, for the operator.
	Cause string

	err error
}

// Error names the call and the kind, and status and code if there are any.
// The remote description is left out, so that logs hold no remote texts.
func (e *Error) Error() string {
	text := fmt.Sprintf("asking Maskinporten for %s: %s", e.Call, e.Kind)
	if e.Status != 0 {
		text += fmt.Sprintf(", status %d", e.Status)
	}
	for _, detail := range []string{e.Code, e.TraceID, e.Cause} {
		if detail != "" {
			text += ", " + detail
		}
	}
	return text
}

// Unwrap gives context.Canceled or context.DeadlineExceeded when that ended
// the call. Other causes are not given, for their texts can repeat what the
// other end sent.
func (e *Error) Unwrap() error { return e.err }
