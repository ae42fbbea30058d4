package altinn_test

import (
	"compress/gzip"
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
	"time"

	"portvakt/internal/altinn"
)

// hostile are the ways in which the other end misbehaves.
var hostile = []struct {
	name   string
	kind   altinn.Kind
	status int
	answer http.HandlerFunc
	// Of Notifications' answer nothing is read but that it is an object.
	fineForAccess bool
}{
	{"hangs before the header", altinn.KindTimeout, 0, func(_ http.ResponseWriter, r *http.Request) {
		// The server notices that the client has gone only once the body is read.
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}, false},
	{"drips", altinn.KindSlow, 200, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "{")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, false},
	{"answers with a page", altinn.KindNotJSON, 502, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		io.WriteString(w, "<!DOCTYPE html><title>502 Bad Gateway</title>")
	}, false},
	{"sends a gzip bomb", altinn.KindTooLarge, 200, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for range 2048 {
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
	}, false},
	{"redirects", altinn.KindRedirect, 302, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	}, false},
	{"sends a large header", altinn.KindHeadersTooLarge, 0, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 200<<10))
	}, false},
	{"cuts off in the body", altinn.KindCutOff, 200, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"issuer":`)
	}, false},
	{"cuts off before the header", altinn.KindCutOff, 0, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}, false},
	{"speaks no HTTP", altinn.KindMalformed, 0, raw("220 smtp.example ESMTP\r\n"), false},
	{"sends broken gzip", altinn.KindMalformed, 200, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "not gzip at all")
	}, false},
	{"sends nothing", altinn.KindNotJSON, 200, func(http.ResponseWriter, *http.Request) {}, false},
	{"sends an array", altinn.KindNotJSON, 200, text("[]"), false},
	{"sends half an object", altinn.KindMalformed, 200, text(`{"orgs":{`), false},
	{"sends an empty object", altinn.KindMalformed, 200, text("{}"), true},
	{"sends wrong types", altinn.KindMalformed, 200, text(`{"orgs":[]}`), true},
	{"nests deeply", altinn.KindMalformed, 200, text(strings.Repeat(`{"a":`, 11_000)), false},
}

func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		io.WriteString(conn, answer)
		conn.Close()
	}
}

func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	for _, test := range hostile {
		for name, call := range map[string]func(*altinn.Client) error{
			"exchange":      func(c *altinn.Client) error { _, err := c.Exchange(t.Context(), token); return err },
			"access":        func(c *altinn.Client) error { _, err := c.Access(t.Context(), token, shipment); return err },
			"organisations": func(c *altinn.Client) error { _, err := c.Organisations(t.Context()); return err },
		} {
			if name == "access" && test.fineForAccess {
				continue
			}
			t.Run(test.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				c := served(t, test.answer)
				if test.kind == altinn.KindTimeout || test.kind == altinn.KindSlow {
					c.HTTP.Timeout = 100 * time.Millisecond
				}
				e := refusal(t, call(c))
				if e.Kind != test.kind || e.Status != test.status || e.Call != name {
					t.Errorf("got %s of %s with status %d (%s), want %s with status %d",
						e.Kind, e.Call, e.Status, e.Cause, test.kind, test.status)
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
	for _, base := range []string{"http://" + address, "http://portvakt.invalid"} {
		_, err := clientOf(t, base).Exchange(t.Context(), token)
		e := refusal(t, err)
		if got, want := e.Kind, altinn.KindUnreachable; got != want {
			t.Errorf("%s: got %s (%s), want %s", base, got, e.Cause, want)
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
	_, err := clientOf(t, s.URL).Exchange(t.Context(), token)
	if got, want := refusal(t, err).Kind, altinn.KindUntrusted; got != want {
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
	_, err := c.Exchange(t.Context(), token)
	if got, want := refusal(t, err).Kind, altinn.KindForbidden; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := served(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err := c.Exchange(ctx, token)
	if got, want := refusal(t, err).Kind, altinn.KindCancelled; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not unwrap to context.Canceled", err)
	}
}

// A client that would follow a redirect is not let to: it would carry the
// token along.
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
		_, err := c.Exchange(t.Context(), token)
		if got, want := refusal(t, err).Kind, altinn.KindRedirect; got != want {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
		if got, want := calls.Load(), int32(1); got != want {
			t.Errorf("%d: got %d calls, want %d", status, got, want)
		}
	}
}

// Whatever the other end repeats of the request, in whatever form, nothing of
// it may stay in the error.
func TestNothingOfTheTokenComesBack(t *testing.T) {
	t.Parallel()
	signature := token[strings.LastIndexByte(token, '.')+1:]
	for name, answer := range map[string]http.HandlerFunc{
		"in the detail":       status(401, `{"title":"`+token+`","detail":"`+token+`","traceId":"`+signature+`","code":"`+signature+`"}`),
		"in a page":           status(500, "<pre>Authorization: Bearer "+token+"</pre>"),
		"in half an object":   text(`{"echo":"` + token),
		"percent-encoded":     text(strings.ReplaceAll(token, ".", "%2E")),
		"the signature alone": text("<p>" + signature),
		"in the status line":  raw(token + " 200 OK\r\n\r\n"),
		"in a header line":    raw("HTTP/1.1 200 OK\r\n" + token + "\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := served(t, answer)
			_, err := c.Exchange(t.Context(), token)
			_, err2 := c.Access(t.Context(), token, shipment)
			kept := fmt.Sprintf("%v %+v %#v %v %+v %#v", err, err, err, err2, err2, err2)
			for _, part := range strings.Split(token, ".") {
				if strings.Contains(kept, part) {
					t.Errorf("%s is kept: %s", part, kept)
				}
			}
		})
	}
}
