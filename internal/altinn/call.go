package altinn

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// bodyLimit is far above every real answer but the list of service owners.
const bodyLimit = 64 << 10

// answer is a whole answer within the limits, whatever its status.
type answer struct {
	status int
	body   []byte
}

// request prepares a GET, with a token unless that is empty.
func (c *Client) request(ctx context.Context, name, address, token string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Call: name, Kind: KindForbidden, Cause: "the address cannot be read"}
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Portvakt")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}

// call makes one call and reads its answer. What was sent and must not come
// back in a kept answer is named in secrets.
func (c *Client) call(name string, r *http.Request, limit int64, secrets ...string) (answer, error) {
	h := *c.HTTP
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got, err := h.Do(r)
	if err != nil {
		return answer{}, failed(name, kindOfSending(err), 0, err, secrets)
	}
	defer got.Body.Close()

	if got.StatusCode >= 300 && got.StatusCode < 400 {
		return answer{}, &Error{Call: name, Kind: KindRedirect, Status: got.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(got.Body, limit+1))
	if err != nil {
		return answer{}, failed(name, kindOfReading(err), got.StatusCode, err, secrets)
	}
	if int64(len(body)) > limit {
		return answer{}, &Error{Call: name, Kind: KindTooLarge, Status: got.StatusCode}
	}
	return answer{status: got.StatusCode, body: body}, nil
}

// unread is the error of an answer whose body is not what was asked for.
func (a answer) unread(name string, secrets ...string) *Error {
	e := &Error{Call: name, Kind: KindNotJSON, Status: a.status, Detail: quote(string(a.body), secrets...)}
	if strings.HasPrefix(strings.TrimSpace(string(a.body)), "{") {
		e.Kind = KindMalformed
	}
	return e
}

func failed(name string, k Kind, status int, err error, secrets []string) *Error {
	e := &Error{Call: name, Kind: k, Status: status}
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			e.err = end
		}
	}
	// The address around the cause is ours and known.
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	e.Cause = quote(err.Error(), secrets...)
	return e
}

// kindOfSending judges an error before there was an answer.
func kindOfSending(err error) Kind {
	var (
		forbidden   interface{ Forbidden() bool }
		dialing     *net.OpError
		certificate *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return KindCancelled
	case errors.As(err, &forbidden) && forbidden.Forbidden():
		return KindForbidden
	case errors.As(err, &certificate):
		return KindUntrusted
	case errors.As(err, &dialing) && (dialing.Op == "dial" || dialing.Op == "proxyconnect"):
		return KindUnreachable
	case timedOut(err):
		return KindTimeout
	// Package net/http has these errors in no other form than their text.
	case strings.Contains(err.Error(), "response headers exceeded"),
		strings.Contains(err.Error(), "header list larger"):
		return KindHeadersTooLarge
	case dropped(err):
		return KindCutOff
	}
	return KindMalformed
}

// kindOfReading judges an error in the middle of an answer's body.
func kindOfReading(err error) Kind {
	switch {
	case errors.Is(err, context.Canceled):
		return KindCancelled
	case timedOut(err):
		return KindSlow
	case dropped(err):
		return KindCutOff
	}
	return KindMalformed
}

func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

func dropped(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		strings.Contains(err.Error(), "server closed idle connection")
}
