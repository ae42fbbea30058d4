package altinn_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"portvakt/internal/altinn"
	"portvakt/internal/outbound/outboundtest"
)

// hostile are those that are wrong everywhere, and the bodies that are here.
var hostile = append([]outboundtest.Upstream{
	{Name: "sends an array", Kind: altinn.KindNotJSON, Status: 200, Answer: text("[]")},
	{Name: "sends an empty object", Kind: altinn.KindMalformed, Status: 200, Answer: text("{}")},
	{Name: "sends wrong types", Kind: altinn.KindMalformed, Status: 200, Answer: text(`{"orgs":[]}`)},
	{Name: "is down and says nothing", Kind: altinn.KindRefused, Status: 503, Answer: status(503, "")},
}, outboundtest.Hostile...)

// fineForAccess are those of them that are not: of Notifications' answer nothing
// is read but that it is an object.
var fineForAccess = []string{"sends an empty object", "sends wrong types"}

func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	for _, test := range hostile {
		for name, call := range map[string]func(*altinn.Client) error{
			"exchange":      func(c *altinn.Client) error { _, err := c.Exchange(t.Context(), token); return err },
			"access":        func(c *altinn.Client) error { _, err := c.Access(t.Context(), token, shipment); return err },
			"organisations": func(c *altinn.Client) error { _, err := c.Organisations(t.Context()); return err },
		} {
			if name == "access" && slices.Contains(fineForAccess, test.Name) {
				continue
			}
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
	for base, want := range map[string]altinn.Kind{
		"http://" + address:       altinn.KindRefusedConnection,
		"http://portvakt.invalid": altinn.KindNoName,
	} {
		_, err := clientOf(t, base).Exchange(t.Context(), token)
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
		"in the status line":  outboundtest.Raw(token + " 200 OK\r\n\r\n"),
		"in a header line":    outboundtest.Raw("HTTP/1.1 200 OK\r\n" + token + "\r\n\r\n"),
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
