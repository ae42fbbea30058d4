package altinn

import (
	"encoding/json"
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

// Error is a call that went wrong, with what the answer said. It never holds
// anything of the request, and what looks like a signed token in the answer
// has been cut out. All texts are of limited length and without control
// characters, but otherwise as they came: they are to be quoted, not trusted.
type Error struct {
	// Call is "exchange", "access" or "organisations".
	Call string
	Kind Kind

	// Status is the answer's HTTP status, 0 when there was none.
	Status int
	// RetryAfter is how long Altinn asks to be left alone, 0 when it does not
	// say.
	RetryAfter time.Duration
	// Code is Altinn's own code, such as NOT-00003. Most answers carry none.
	Code string
	// Title and Detail are those of the problem details (RFC 9457); of an
	// answer that is something else, Detail is how it begins. The platform's
	// 401 and 403 often say nothing at all.
	Title, Detail string
	// TraceID is what Altinn's support asks for.
	TraceID string

	// Cause is what the network said, for the operator.
	Cause string

	err error
}

// Error names the call and the kind, and status and code if there are any.
// The remote texts are left out, so that logs hold none.
func (e *Error) Error() string {
	text := fmt.Sprintf("asking Altinn for %s: %s", e.Call, e.Kind)
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

// refused reads an answer that says no. Altinn does so with problem details
// or with nothing; the gateway in front of it has a shape of its own.
func (a answer) refused(name string, secrets ...string) *Error {
	var fields struct {
		Title     string `json:"title"`
		Detail    string `json:"detail"`
		Message   string `json:"message"`
		Code      string `json:"code"`
		ErrorCode string `json:"errorCode"`
		TraceID   string `json:"traceId"`
	}
	if len(a.Body) > 0 && json.Unmarshal(a.Body, &fields) != nil {
		return a.unread(name, secrets...)
	}
	e := &Error{
		Call:       name,
		Kind:       a.Refused(),
		Status:     a.Status,
		RetryAfter: a.RetryAfter(),
		Code:       outbound.Quote(fields.Code, secrets...),
		Title:      outbound.Quote(fields.Title, secrets...),
		Detail:     outbound.Quote(fields.Detail, secrets...),
		TraceID:    outbound.Quote(fields.TraceID, secrets...),
	}
	// The documentation and the platform's code differ in the name.
	if e.Code == "" {
		e.Code = outbound.Quote(fields.ErrorCode, secrets...)
	}
	if e.Detail == "" {
		e.Detail = outbound.Quote(fields.Message, secrets...)
	}
	return e
}
