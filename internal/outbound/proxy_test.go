package outbound_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portvakt/internal/outbound"
	"portvakt/internal/outbound/outboundtest"
)

// outside is an address that is called through the proxy. The certificates of
// package httptest are for this name too.
const outside = "https://example.com/list"

// call makes one call through a proxy.
func call(t *testing.T, l outbound.Limits, address string) (outbound.Answer, *outbound.Failure) {
	t.Helper()
	l.Addresses = []string{address}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return outbound.Call(client(t, l), r, outbound.BodyLimit)
}

// closed is an address on which nobody listens.
func closed(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestProxyThatDoesNotOpenTheWay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		proxy string
		cause string
	}{
		"wants a password":    {serve(t, outboundtest.Text(407, "")), "the proxy answered with status 407"},
		"forbids the address": {serve(t, outboundtest.Text(403, "<h1>Blocked</h1>")), "the proxy answered with status 403"},
		"finds nobody":        {serve(t, outboundtest.Text(502, "")), "the proxy answered with status 502"},
		"ends the call":       {serve(t, outboundtest.Raw("")), "EOF"},
		"speaks no HTTP":      {serve(t, outboundtest.Raw("220 smtp.example ESMTP\r\n")), "malformed HTTP"},
		"hangs":               {serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), "exceeded"},
		"is not there":        {"http://user:secret@" + closed(t), "connection refused"},
		"has no address":      {"http://user:secret@nobody.invalid:3128", "nobody.invalid"},
		"has a certificate of its own": {func() string {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}(), "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limits := outbound.Limits{Proxy: test.proxy}
			if name == "hangs" {
				limits.Call = 100 * time.Millisecond
			}
			_, f := call(t, limits, outside)
			if f == nil || f.Kind != outbound.KindProxy || f.Status != 0 || !strings.Contains(f.Cause, test.cause) {
				t.Fatalf("got %+v, want %s with the cause %q", f, outbound.KindProxy, test.cause)
			}
			if strings.Contains(f.Cause, "secret") {
				t.Errorf("the cause repeats the password: %s", f.Cause)
			}
		})
	}
}

// tunnel is a proxy that leads every CONNECT to one address.
func tunnel(t *testing.T, to string) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		other, err := net.Dial("tcp", to)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		go func() {
			io.Copy(other, buffered)
			other.Close()
		}()
		io.Copy(conn, other)
	})
}

// Once the proxy has opened the way, what goes wrong is no longer its doing,
// but for the certificate of one that opens traffic.
func TestProxyThatOpensTheWay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		trusted bool
		answer  http.HandlerFunc
		want    outbound.Kind
	}{
		"and the other end answers":      {true, outboundtest.Text(200, "{}"), ""},
		"and the other end cuts off":     {true, outboundtest.Raw(""), outbound.KindCutOff},
		"and opens what goes through it": {false, outboundtest.Text(200, "{}"), outbound.KindUntrusted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewUnstartedServer(test.answer)
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			roots := x509.NewCertPool()
			if test.trusted {
				roots.AddCert(s.Certificate())
			}
			a, f := call(t, outbound.Limits{Proxy: tunnel(t, s.Listener.Addr().String()), Roots: roots}, outside)
			if test.want == "" && (f != nil || a.Status != 200 || string(a.Body) != "{}") {
				t.Errorf("got %+v and %+v", a, f)
			}
			if test.want != "" && (f == nil || f.Kind != test.want) {
				t.Errorf("got %+v, want %s", f, test.want)
			}
		})
	}
}
