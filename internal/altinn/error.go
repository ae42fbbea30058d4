package altinn

import (
	"encoding/json"
	"fmt"
)

// Kind says how a call went wrong. Each is a situation with an explanation of
// its own.
type Kind string

const (
	// KindRefused: the answer is no, as JSON or as nothing but a status.
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
	// KindNotJSON: the answer is something else than what Altinn sends, such
	// as the error page of a gateway.
	KindNotJSON Kind = "not-json"
	// KindMalformed: the answer is of the right sort, but cannot be read or
	// lacks what it must have.
	KindMalformed Kind = "malformed"
	// KindCancelled: who asked gave up before the answer.
	KindCancelled Kind = "cancelled"
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
	if len(a.body) > 0 && json.Unmarshal(a.body, &fields) != nil {
		return a.unread(name, secrets...)
	}
	e := &Error{
		Call:    name,
		Kind:    KindRefused,
		Status:  a.status,
		Code:    quote(fields.Code, secrets...),
		Title:   quote(fields.Title, secrets...),
		Detail:  quote(fields.Detail, secrets...),
		TraceID: quote(fields.TraceID, secrets...),
	}
	// The documentation and the platform's code differ in the name.
	if e.Code == "" {
		e.Code = quote(fields.ErrorCode, secrets...)
	}
	if e.Detail == "" {
		e.Detail = quote(fields.Message, secrets...)
	}
	return e
}
