package maskinporten

import "fmt"

// Kind says how a call went wrong. Each is a situation with an explanation of
// its own.
type Kind string

const (
	// KindRefused: the answer is no, as an OAuth error or as other JSON under
	// a status that means no.
	KindRefused Kind = "refused"
	// KindUnreachable: no connection came about.
	KindUnreachable Kind = "unreachable"
	// KindUntrusted: the other end's certificate is not trusted.
	KindUntrusted Kind = "untrusted"
	// KindForbidden: the call was stopped before anything was sent, since its
	// address is not configured or leads into the own network.
	KindForbidden Kind = "forbidden"
	// KindTimeout: the request was sent, no answer began in time.
	KindTimeout Kind = "timeout"
	// KindSlow: an answer began and did not end in time.
	KindSlow Kind = "slow"
	// KindCutOff: the connection ended in the middle of the answer or
	// without one.
	KindCutOff Kind = "cut-off"
	// KindRedirect: the answer points elsewhere.
	KindRedirect Kind = "redirect"
	// KindTooLarge: the answer's body is larger than any real one.
	KindTooLarge Kind = "too-large"
	// KindHeadersTooLarge: the answer's header is larger than any real one.
	KindHeadersTooLarge Kind = "headers-too-large"
	// KindNotJSON: the answer is something else than JSON, such as the error
	// page of a gateway.
	KindNotJSON Kind = "not-json"
	// KindMalformed: the answer is of the right sort, but cannot be read or
	// lacks what it must have.
	KindMalformed Kind = "malformed"
	// KindCancelled: who asked gave up before the answer.
	KindCancelled Kind = "cancelled"
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
	// Call is "metadata" or "token".
	Call string
	Kind Kind

	// Status is the answer's HTTP status, 0 when there was none.
	Status int
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
