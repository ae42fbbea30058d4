package maskinporten_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"portvakt/internal/maskinporten"
	"portvakt/internal/outbound/outboundtest"
)

// hostile are those that are wrong everywhere, and the bodies that are here.
var hostile = append([]outboundtest.Upstream{
	{Name: "sends an array", Kind: maskinporten.KindNotJSON, Status: 200, Answer: text("[]")},
	{Name: "sends an empty object", Kind: maskinporten.KindMalformed, Status: 200, Answer: text("{}")},
	{Name: "sends wrong types", Kind: maskinporten.KindMalformed, Status: 200,
		Answer: text(`{"issuer":[],"token_endpoint":1,"access_token":{},"keys":[1,{"kid":2}]}`)},
	{Name: "is down and says nothing", Kind: maskinporten.KindNotJSON, Status: 503, Answer: outboundtest.Text(503, "")},
}, outboundtest.Hostile...)

func text(body string) http.HandlerFunc { return outboundtest.Text(http.StatusOK, body) }

func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	for _, test := range hostile {
		for name, call := range map[string]func(*maskinporten.Client) error{
			"metadata": func(c *maskinporten.Client) error { _, err := c.Metadata(t.Context()); return err },
			"keys": func(c *maskinporten.Client) error {
				_, err := maskinporten.NewKeys(c).Verify(t.Context(), c.Issuer+"jwk", unsigned("{}"))
				return err
			},
			"token": func(c *maskinporten.Client) error { _, err := c.Token(t.Context(), endpoint(c), "a.b.c"); return err },
		} {
			t.Run(test.Name+"/"+name, func(t *testing.T) {
				t.Parallel()
				c := served(t, test.Answer)
				c.HTTP.Timeout = test.Limit()
				e := refusal(t, call(c))
				if e.Kind != test.Kind || e.Status != test.Status || e.Call != name {
					t.Errorf("got %s of %s with status %d (%s), want %s with status %d",
						e.Kind, e.Call, e.Status, e.Cause, test.Kind, test.Status)
				}
			})
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	for base, want := range map[string]maskinporten.Kind{
		"http://" + address:       maskinporten.KindRefusedConnection,
		"http://portvakt.invalid": maskinporten.KindNoName,
	} {
		_, err := clientOf(t, base).Metadata(t.Context())
		e := refusal(t, err)
		if e.Kind != want {
			t.Errorf("%s: got %s (%s), want %s", base, e.Kind, e.Cause, want)
		}
		if e.Cause == "" {
			t.Errorf("%s: the operator is not told why", base)
		}
	}
}

func TestUntrustedCertificate(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	_, err := clientOf(t, s.URL).Metadata(t.Context())
	if got, want := refusal(t, err).Kind, maskinporten.KindUntrusted; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// guarded is the behaviour by which the portal's own HTTP client says that it
// stopped a call.
type guarded struct{}

func (guarded) Error() string   { return "not a public address" }
func (guarded) Forbidden() bool { return true }

func TestForbiddenAddress(t *testing.T) {
	t.Parallel()
	c := served(t, func(http.ResponseWriter, *http.Request) { t.Error("the call was made") })
	dialer := net.Dialer{Control: func(string, string, syscall.RawConn) error { return guarded{} }}
	c.HTTP.Transport = &http.Transport{DialContext: dialer.DialContext}
	_, err := c.Metadata(t.Context())
	if got, want := refusal(t, err).Kind, maskinporten.KindForbidden; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := served(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err := c.Metadata(ctx)
	if got, want := refusal(t, err).Kind, maskinporten.KindCancelled; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not unwrap to context.Canceled", err)
	}
}

// A client that would follow a redirect is not let to: it would carry the
// grant along (307, 308).
func TestRedirectIsNeverFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308, 300, 304} {
		var calls atomic.Int32
		c := served(t, func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		})
		c.HTTP.CheckRedirect = nil
		_, err := c.Token(t.Context(), endpoint(c), "a.b.c")
		if got, want := refusal(t, err).Kind, maskinporten.KindRedirect; got != want {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
		if got, want := calls.Load(), int32(1); got != want {
			t.Errorf("%d: got %d calls, want %d", status, got, want)
		}
	}
}

// Package net/http sends some requests again when a kept connection breaks.
// A grant that has been sent must not be.
func TestGrantIsNeverSentAgain(t *testing.T) {
	t.Parallel()
	var posts atomic.Int32
	var c *maskinporten.Client
	c = served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprintf(w, `{"issuer":%q,"token_endpoint":%q}`, c.Issuer, endpoint(c))
			return
		}
		posts.Add(1)
		io.Copy(io.Discard, r.Body)
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			conn.Close()
		}
	})
	for range 3 {
		posts.Store(0)
		if _, err := c.Metadata(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := c.Token(t.Context(), endpoint(c), "a.b.c")
		if got, want := refusal(t, err).Kind, maskinporten.KindCutOff; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := posts.Load(), int32(1); got != want {
			t.Errorf("the grant was sent %d times, want %d", got, want)
		}
	}
}

// Whatever the other end repeats of the request, in whatever form, nothing of
// it may stay in the error.
func TestNothingOfTheGrantComesBack(t *testing.T) {
	t.Parallel()
	const header, payload, signature = "eyJhbGciOiJSUzI1NiJ9", "eyJpc3MiOiJpIn0", "c2lnbmF0dXJlLW9mLXRoZS1ncmFudA"
	const grant = header + "." + payload + "." + signature
	for name, answer := range map[string]http.HandlerFunc{
		"in the description": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"cannot read %s (trace_id: 0123456789abcdef0123456789abcdef)"}`, grant)
		},
		"in the error and the address": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"error":%q,"error_uri":"https://x/%s/MP-011"}`, grant, grant)
		},
		"in a page": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(500)
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "<pre>%s</pre>", body)
		},
		"in half an object":   text(`{"echo":"` + grant),
		"percent-encoded":     text(strings.ReplaceAll(grant, ".", "%2E")),
		"the signature alone": text("<p>" + signature),
		"in the status line":  outboundtest.Raw(grant + " 200 OK\r\n\r\n"),
		"in a header line":    outboundtest.Raw("HTTP/1.1 200 OK\r\n" + grant + "\r\n\r\n"),
		"in a length":         outboundtest.Raw("HTTP/1.1 200 OK\r\nContent-Length: " + grant + "\r\n\r\n"),
		"as scope and type":   text(`{"access_token":"x","scope":"` + grant + `","token_type":"` + signature + `"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := served(t, answer)
			token, err := c.Token(t.Context(), endpoint(c), grant)
			kept := fmt.Sprintf("%v %+v %#v %+v", err, err, err, token)
			for _, part := range []string{header, payload, signature} {
				if strings.Contains(kept, part) {
					t.Errorf("%s is kept: %s", part, kept)
				}
			}
		})
	}
}
