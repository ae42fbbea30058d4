package maskinporten_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"portvakt/internal/maskinporten"
)

var today = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// served gives a client of a server that answers everything with h.
func served(t *testing.T, h http.HandlerFunc) *maskinporten.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return clientOf(t, s.URL)
}

func clientOf(t *testing.T, address string) *maskinporten.Client {
	t.Helper()
	transport := &http.Transport{MaxResponseHeaderBytes: 32 << 10}
	t.Cleanup(transport.CloseIdleConnections)
	return &maskinporten.Client{
		HTTP:   &http.Client{Transport: transport, Timeout: 5 * time.Second},
		Issuer: address + "/",
		Now:    func() time.Time { return today },
	}
}

func endpoint(c *maskinporten.Client) string { return c.Issuer + "token" }

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// refusal is the *Error that every error of this package must be.
func refusal(t *testing.T, err error) *maskinporten.Error {
	t.Helper()
	var e *maskinporten.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want a *maskinporten.Error", err)
	}
	return e
}
