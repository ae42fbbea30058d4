package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// BodyLimit is far above every real answer but the long lists, whose readers
// have limits of their own.
const BodyLimit = 64 << 10

// patience is the longest Retry-After that is believed.
const patience = 24 * time.Hour

// Answer is a whole answer within the limits, whatever its status. Only with
// status 429 can the body be the beginning of one.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Failure is a call that brought no answer to read. It holds nothing of the
// request.
type Failure struct {
	Kind Kind
	// Status is the answer's HTTP status, 0 when there was none.
	Status int
	// Cause is what the network said, for the operator.
	Cause string
	// End is context.Canceled or context.DeadlineExceeded when that ended the
	// call. Other causes are not given, for their texts can repeat what the
	// other end sent.
	End error
}

// Call makes one call for JSON and reads at most limit bytes of its answer. It
// never follows a redirect, also where the client would. What was sent and
// must not come back in a kept text is named in secrets. The failure is nil
// when there is an answer.
func Call(client *http.Client, r *http.Request, limit int64, secrets ...string) (Answer, *Failure) {
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Portvakt")
	way := &way{}

	h := *client
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got, err := h.Do(r.WithContext(way.noted(r.Context())))
	if err != nil {
		return Answer{}, failed(way.judge(err), 0, err, secrets)
	}
	defer got.Body.Close()

	if got.StatusCode >= 300 && got.StatusCode < 400 {
		return Answer{}, &Failure{Kind: KindRedirect, Status: got.StatusCode}
	}
	a := Answer{Status: got.StatusCode, Header: got.Header}
	a.Body, err = io.ReadAll(io.LimitReader(got.Body, limit+1))
	switch {
	// What it says matters more than how it goes on.
	case a.Status == http.StatusTooManyRequests && !errors.Is(err, context.Canceled):
		a.Body = a.Body[:min(int64(len(a.Body)), limit)]
	case err != nil:
		return Answer{}, failed(kindOfReading(err), a.Status, err, secrets)
	case int64(len(a.Body)) > limit:
		return Answer{}, &Failure{Kind: KindTooLarge, Status: a.Status}
	}
	return a, nil
}

func failed(k Kind, status int, err error, secrets []string) *Failure {
	f := &Failure{Kind: k, Status: status}
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			f.End = end
		}
	}
	// The address around the cause is ours and known.
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	f.Cause = Quote(err.Error(), secrets...)
	return f
}

// Ended is the failure of who waited for somebody else's call until his own
// context ended with err, or until the reading of the answer broke down.
func Ended(err error) *Failure {
	k := KindMalformed
	switch {
	case errors.Is(err, context.Canceled):
		k = KindCancelled
	case errors.Is(err, context.DeadlineExceeded):
		k = KindTimeout
	}
	return failed(k, 0, err, nil)
}

// Refused is the kind of an answer that says no.
func (a Answer) Refused() Kind {
	if a.Status == http.StatusTooManyRequests {
		return KindBusy
	}
	return KindRefused
}

// Unread is the kind of an answer whose body is not what was asked for. What
// was asked for begins with one of the characters of opening.
func (a Answer) Unread(opening string) Kind {
	if a.Status == http.StatusTooManyRequests {
		return KindBusy
	}
	body := bytes.TrimSpace(a.Body)
	if len(body) > 0 && strings.IndexByte(opening, body[0]) >= 0 {
		return KindMalformed
	}
	return KindNotJSON
}

// Shape is what can be told of an answer in which a secret may stand: its
// content type and its length.
func (a Answer) Shape() string {
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		kind = "no content type"
	}
	return Quote(fmt.Sprintf("%s, %d bytes", kind, len(a.Body)))
}

// Succeeded reports whether the status says that what was asked for is here.
func (a Answer) Succeeded() bool { return a.Status >= 200 && a.Status < 300 }

// RetryAfter is how long the other end asks to be left alone (status 429 and
// 503), at most a day; 0 when it does not say so in seconds.
func (a Answer) RetryAfter() time.Duration {
	if a.Status != http.StatusTooManyRequests && a.Status != http.StatusServiceUnavailable {
		return 0
	}
	seconds, err := strconv.ParseUint(a.Header.Get("Retry-After"), 10, 31)
	if err != nil {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, patience)
}
