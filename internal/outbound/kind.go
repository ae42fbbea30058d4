package outbound

// Kind says how a call went wrong. Each is a situation with an explanation of
// its own. The clients share these, and may add what only their own answers
// can show.
type Kind string

const (
	// KindRefused: the answer is no, in a form in which the other end says so.
	KindRefused Kind = "refused"
	// KindBusy: the other end asks for patience (status 429), whatever the
	// body.
	KindBusy Kind = "busy"

	// KindNoName: the name of the other end was not found, or DNS does not
	// answer.
	KindNoName Kind = "no-name"
	// KindRefusedConnection: something answered the wish for a connection with
	// no: a service that is down, or a firewall that rejects.
	KindRefusedConnection Kind = "refused-connection"
	// KindNoConnection: nothing answered the wish for a connection, or no way
	// leads there: a firewall that drops, or a network that is down.
	KindNoConnection Kind = "no-connection"
	// KindProxy: the configured proxy was not reached, or it does not open the
	// way.
	KindProxy Kind = "proxy"
	// KindUnreachable: no connection came about, for another reason.
	KindUnreachable Kind = "unreachable"
	// KindUntrusted: the other end's certificate is not trusted, as with a
	// proxy that opens traffic.
	KindUntrusted Kind = "untrusted"
	// KindForbidden: the call was stopped before anything was sent, since its
	// address is not configured or leads into the own network.
	KindForbidden Kind = "forbidden"

	// KindTimeout: connected, and no answer began in time.
	KindTimeout Kind = "timeout"
	// KindSlow: an answer began and did not end in time.
	KindSlow Kind = "slow"
	// KindCutOff: the connection ended in the middle of the answer or without
	// one.
	KindCutOff Kind = "cut-off"
	// KindRedirect: the answer points elsewhere.
	KindRedirect Kind = "redirect"
	// KindTooLarge: the answer's body is larger than any real one.
	KindTooLarge Kind = "too-large"
	// KindHeadersTooLarge: the answer's header is larger than any real one.
	KindHeadersTooLarge Kind = "headers-too-large"
	// KindNotJSON: the answer is something else than was asked for, such as
	// the error page of a gateway.
	KindNotJSON Kind = "not-json"
	// KindMalformed: the answer is of the right sort, but cannot be read or
	// lacks what it must have.
	KindMalformed Kind = "malformed"
	// KindCancelled: who asked gave up before the answer.
	KindCancelled Kind = "cancelled"
)
