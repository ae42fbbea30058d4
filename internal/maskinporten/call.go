package maskinporten

import (
	"net/http"

	"portvakt/internal/outbound"
)

// answer is a whole answer within the limits, whatever its status.
type answer struct{ outbound.Answer }

// call makes one call and reads its answer. What was sent and must not come
// back in a kept answer is named in secrets.
func (c *Client) call(name string, r *http.Request, secrets ...string) (answer, error) {
	a, f := outbound.Call(c.HTTP, r, outbound.BodyLimit, secrets...)
	if f != nil {
		return answer{}, failed(name, f)
	}
	return answer{a}, nil
}

func failed(name string, f *outbound.Failure) *Error {
	return &Error{Call: name, Kind: f.Kind, Status: f.Status, Cause: f.Cause, err: f.End}
}

// unread is the error of an answer whose body is not what was asked for.
func (a answer) unread(name string, secrets ...string) *Error {
	return &Error{
		Call: name, Kind: a.Unread("{"), Status: a.Status, RetryAfter: a.RetryAfter(),
		Description: quote(string(a.Body), secrets...),
	}
}

// quote makes text from outside fit to be kept and shown.
func quote(text string, secrets ...string) string { return outbound.Quote(text, secrets...) }
