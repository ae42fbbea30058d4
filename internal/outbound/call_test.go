package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"portvakt/internal/outbound"
	"portvakt/internal/outbound/outboundtest"
)

func TestWhyThereIsNoConnection(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]outbound.Kind{
		"http://" + closed(t):                 outbound.KindRefusedConnection,
		"https://nobody.invalid/":             outbound.KindNoName,
		"http://" + outboundtest.Full(t):      outbound.KindNoConnection,
		"https://localhost:1/":                outbound.KindForbidden,
		serve(t, outboundtest.Raw("")) + "/x": outbound.KindCutOff,
	} {
		_, f := call(t, outbound.Limits{Connect: 500 * time.Millisecond}, address)
		if f == nil || f.Kind != want {
			t.Errorf("%s: got %+v, want %s", address, f, want)
			continue
		}
		if f.Cause == "" {
			t.Errorf("%s: the operator is not told why", address)
		}
	}
}

func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	for _, test := range outboundtest.Hostile {
		t.Run(test.Name, func(t *testing.T) {
			t.Parallel()
			a, f := call(t, outbound.Limits{Call: test.Limit()}, serve(t, test.Answer))
			if f == nil {
				// Judging the body is for the reader.
				if a.Status != test.Status || len(a.Body) > outbound.BodyLimit {
					t.Errorf("got status %d and %d bytes, want status %d", a.Status, len(a.Body), test.Status)
				}
				return
			}
			if f.Kind != test.Kind || f.Status != test.Status {
				t.Errorf("got %s with status %d (%s), want %s with status %d", f.Kind, f.Status, f.Cause, test.Kind, test.Status)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		header string
		want   time.Duration
	}{
		{429, "30", 30 * time.Second},
		{503, "30", 30 * time.Second},
		{200, "30", 0},
		{429, "", 0},
		{429, "-1", 0},
		{429, "1.5", 0},
		{429, "Wed, 21 Oct 2026 07:28:00 GMT", 0},
		{429, "2000000000", 24 * time.Hour},
		{429, "99999999999999999999", 0},
	} {
		a := outbound.Answer{Status: test.status, Header: http.Header{"Retry-After": {test.header}}}
		if got := a.RetryAfter(); got != test.want {
			t.Errorf("%d, %q: got %v, want %v", test.status, test.header, got, test.want)
		}
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]outbound.Kind{
		context.Canceled:         outbound.KindCancelled,
		context.DeadlineExceeded: outbound.KindTimeout,
	} {
		if f := outbound.Ended(err); f.Kind != want || !errors.Is(f.End, err) {
			t.Errorf("%v: got %+v", err, f)
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef0123.short"
	for text, want := range map[string]string{
		"a\r\n\tb\x00c\u202ed":           "a b c d",
		"x eyJhbGciOi.eyJpc3Mi.c2ln y":   "x [removed] y",
		"x 0123456789abcdef0123 short y": "x [removed] short y",
		strings.Repeat("æ", 501):         strings.Repeat("æ", 500) + "…",
		"\xff":                           "\ufffd",
		// { "alg":"RS256" }, and the same on lines of its own, cut off.
		"x eyAiYWxnIjoiUlMyNTYiIH0.eyAiaXNzIjoieCIgfQ.c2ln y": "x [removed] y",
		"x=ewogICJhbGciOiAiUlMyNTYiCn0 y":                     "x=[removed] y",
		"keyAgreement.newkirk.no":                             "keyAgreement.newkirk.no",
		strings.Repeat("eyJ", 1000) + " end":                  "[removed] end",
	} {
		if got := outbound.Quote(text, secret); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The shape of an answer holds nothing of its body.
func TestShape(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		"application/json; charset=utf-8": "application/json, 5 bytes",
		"":                                "no content type, 5 bytes",
		"a/b/c; secret":                   "no content type, 5 bytes",
	} {
		a := outbound.Answer{Header: http.Header{"Content-Type": {kind}}, Body: []byte("12345")}
		if got := a.Shape(); got != want {
			t.Errorf("%q: got %q, want %q", kind, got, want)
		}
	}
}
