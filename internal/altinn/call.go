package altinn

import (
	"context"
	"net/http"

	"portvakt/internal/outbound"
)

// answer is a whole answer within the limits, whatever its status.
type answer struct{ outbound.Answer }

// request prepares a GET, with a token unless that is empty.
func (c *Client) request(ctx context.Context, name, address, token string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Call: name, Kind: KindForbidden, Cause: "the address cannot be read"}
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}

// call makes one call and reads its answer. What was sent and must not come
// back in a kept answer is named in secrets.
func (c *Client) call(name string, r *http.Request, limit int64, secrets ...string) (answer, error) {
	a, f := outbound.Call(c.HTTP, r, limit, secrets...)
	if f != nil {
		return answer{}, failed(name, f)
	}
	return answer{a}, nil
}

func failed(name string, f *outbound.Failure) *Error {
	return &Error{Call: name, Kind: f.Kind, Status: f.Status, Cause: f.Cause, err: f.End}
}

// unread is the error of an answer whose body is not what was asked for. Nothing
// is quoted of an answer that may be a token, or about people.
func (a answer) unread(name string, secrets ...string) *Error {
	e := &Error{Call: name, Kind: a.Unread("{"), Status: a.Status, RetryAfter: a.RetryAfter()}
	if name != "organisations" && a.Succeeded() {
		e.Detail = a.Shape()
		if a.Status != http.StatusOK {
			e.Kind = a.Refused()
		}
	} else {
		e.Detail = outbound.Quote(string(a.Body), secrets...)
	}
	return e
}
