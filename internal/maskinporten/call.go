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

// unread is the error of an answer whose body is not what was asked for. Where a
// token was asked for and may have come, in whatever form, nothing is quoted.
func (a answer) unread(name string, secrets ...string) *Error {
	e := &Error{Call: name, Kind: a.Unread("{"), Status: a.Status, RetryAfter: a.RetryAfter()}
	if name == "token" && a.Succeeded() {
		e.Description = a.Shape()
		if a.Status != http.StatusOK {
			e.Kind = a.Refused()
		}
	} else {
		e.Description = quote(string(a.Body), secrets...)
	}
	return e
}

// quote makes text from outside fit to be kept and shown.
func quote(text string, secrets ...string) string { return outbound.Quote(text, secrets...) }
