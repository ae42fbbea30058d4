package samarbeidsportalen_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"portvakt/internal/samarbeidsportalen"
)

// served gives a client of a server that answers everything with h.
func served(t *testing.T, h http.HandlerFunc) *samarbeidsportalen.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	transport := &http.Transport{MaxResponseHeaderBytes: 32 << 10}
	t.Cleanup(transport.CloseIdleConnections)
	return &samarbeidsportalen.Client{
		HTTP:      &http.Client{Transport: transport, Timeout: 5 * time.Second},
		ScopesURL: s.URL + "/api/v1/scopes/all",
	}
}

func recorded(t *testing.T) string {
	t.Helper()
	body, err := os.ReadFile("testdata/scopes.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// refusal is the *Error that every error of this package must be.
func refusal(t *testing.T, err error) *samarbeidsportalen.Error {
	t.Helper()
	var e *samarbeidsportalen.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want a *samarbeidsportalen.Error", err)
	}
	return e
}
