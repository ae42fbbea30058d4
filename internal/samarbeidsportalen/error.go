package samarbeidsportalen

import (
	"encoding/json"
	"fmt"
	"strings"

	"portvakt/internal/outbound"
)

// Kind says how a call went wrong; see package outbound.
type Kind = outbound.Kind

// Error is a call that went wrong, with what the answer said. All texts are of
// limited length and without control characters, but otherwise as they came:
// they are to be quoted, not trusted.
type Error struct {
	// Call is "scopes".
	Call string
	Kind Kind

	// Status is the answer's HTTP status, 0 when there was none.
	Status int
	// Detail is what the answer gives as its reason; of an answer that is
	// something else than a list or a refusal, it is how it begins.
	Detail string
	// TraceID is what Digdir's support asks for.
	TraceID string

	// Cause is what the network said, for the operator.
	Cause string

	err error
}

// Error names the call and the kind, and status and trace id if there are any.
// The remote detail is left out, so that logs hold no remote texts.
func (e *Error) Error() string {
	text := fmt.Sprintf("asking Samarbeidsportalen for %s: %s", e.Call, e.Kind)
	if e.Status != 0 {
		text += fmt.Sprintf(", status %d", e.Status)
	}
	for _, detail := range []string{e.TraceID, e.Cause} {
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

func failed(f *outbound.Failure) *Error {
	return &Error{Call: "scopes", Kind: f.Kind, Status: f.Status, Cause: f.Cause, err: f.End}
}

// refused reads an answer that says no.
func refused(a outbound.Answer) *Error {
	var fields struct {
		Errors []struct {
			Message string `json:"errorMessage"`
		} `json:"errors"`
		Description string `json:"error_description"`
		Correlation string `json:"correlation_id"`
	}
	if json.Unmarshal(a.Body, &fields) != nil {
		return unread(a)
	}
	e := &Error{
		Call: "scopes", Kind: a.Refused(), Status: a.Status,
		// Their lists begin with the comma that should part them.
		Detail:  outbound.Quote(strings.TrimPrefix(fields.Description, ", ")),
		TraceID: outbound.Quote(fields.Correlation),
	}
	if len(fields.Errors) > 0 && fields.Errors[0].Message != "" {
		e.Detail = outbound.Quote(fields.Errors[0].Message)
	}
	return e
}

// unread is the error of an answer whose body is not what was asked for.
func unread(a outbound.Answer) *Error {
	return &Error{
		Call: "scopes", Kind: a.Unread("[{"), Status: a.Status,
		Detail: outbound.Quote(string(a.Body[:min(len(a.Body), outbound.BodyLimit)])),
	}
}
