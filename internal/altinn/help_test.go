package altinn_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"portvakt/internal/altinn"
)

const (
	token    = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
	shipment = "3f2b9c1e-7d3a-4e9e-9a53-0b8f5f0f6c11"
)

// served gives a client of a server that answers everything with h.
func served(t *testing.T, h http.HandlerFunc) *altinn.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return clientOf(t, s.URL)
}

func clientOf(t *testing.T, address string) *altinn.Client {
	t.Helper()
	transport := &http.Transport{MaxResponseHeaderBytes: 32 << 10}
	t.Cleanup(transport.CloseIdleConnections)
	return &altinn.Client{
		HTTP:     &http.Client{Transport: transport, Timeout: 5 * time.Second},
		Platform: address,
		OrgsURL:  address + "/orgs/altinn-orgs.json",
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

func recorded(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// refusal is the *Error that every error of this package must be.
func refusal(t *testing.T, err error) *altinn.Error {
	t.Helper()
	var e *altinn.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want an *altinn.Error", err)
	}
	return e
}
