package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"portvakt/internal/sandbox"
)

var calls = []string{sandbox.CallMetadata, sandbox.CallToken, sandbox.CallExchange, sandbox.CallNotifications}

func TestCannedInterference(t *testing.T) {
	t.Parallel()
	html := "text/html; charset=utf-8"
	type canned struct {
		status            int
		contentType, body string
		header, value     string
		least             int
	}
	kinds := map[string]canned{
		"gateway":  {status: 502, contentType: "text/html", body: "<h1>502 Bad Gateway</h1>"},
		"error":    {status: 500, contentType: "json", body: `"status":500`},
		"busy":     {status: 429, contentType: "application/json", body: `"statusCode": 429`, header: "Retry-After", value: "30"},
		"redirect": {status: 302, contentType: html, header: "Location", value: "https://elsewhere.example/login"},
		"login":    {status: 200, contentType: html, body: "<h1>Log in to the network</h1>"},
		"broken":   {status: 200, contentType: "application/json", body: `{"issuer":"http`},
		"empty":    {status: 200, contentType: "application/json"},
		"large":    {status: 200, contentType: "application/json", body: "xxx", least: 1 << 20},
		"headers":  {status: 200, contentType: "application/json", body: "{}", header: "X-Padding", value: strings.Repeat("x", 64<<10)},
	}
	for _, call := range calls {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			for kind, want := range kinds {
				f.set(t, call+"."+kind)
				a := f.call(t, call, "a.b.c")
				if a.status != want.status || !strings.Contains(a.header.Get("Content-Type"), want.contentType) {
					t.Errorf("%s: got %d %q, want %d %q", kind, a.status, a.header.Get("Content-Type"), want.status, want.contentType)
				}
				if !strings.Contains(a.body, want.body) || want.body == "" && a.body != "" || len(a.body) < want.least {
					t.Errorf("%s: got body %.100q, want %q", kind, a.body, want.body)
				}
				if got := a.header.Get(want.header); want.header != "" && got != want.value {
					t.Errorf("%s: got %s %.100q, want %.100q", kind, want.header, got, want.value)
				}
				for _, other := range calls {
					if got := f.call(t, other, "a.b.c"); other != call && got.status == want.status && got.body == a.body {
						t.Errorf("%s: %s meets it as well", kind, other)
					}
				}
				f.ClearFaults()
			}
		})
	}
}

// ends counts the requests that the sandbox has finished.
type ends chan struct{}

// startWatched is start with other clocks, in which a wait ends when the channel says so.
func startWatched(t *testing.T, after func(time.Duration) <-chan time.Time) (fixture, ends) {
	t.Helper()
	f := start(t)
	f.SetAfter(after)
	ended := make(ends, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended <- struct{}{} }()
		f.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	f.url = server.URL
	return f, ended
}

// raw makes a call that may get no answer.
func (f fixture) raw(ctx context.Context, call string) (string, error) {
	method, path, body := "GET", metadataPath, ""
	switch call {
	case sandbox.CallToken:
		method, path, body = "POST", "/maskinporten/token", url.Values{"grant_type": {jwtBearer}, "assertion": {"a.b.c"}}.Encode()
	case sandbox.CallExchange:
		path = exchangePath
	case sandbox.CallNotifications:
		path = shipment
	}
	r, err := http.NewRequestWithContext(ctx, method, f.url+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", formType)
	got, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return "", err
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	return string(data), err
}

func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for _, call := range calls {
		f, ended := startWatched(t, time.After)
		for kind, begins := range map[string]string{"dropped": "", "cut": `{"`} {
			f.set(t, call+"."+kind)
			body, err := f.raw(t.Context(), call)
			if err == nil || body != begins {
				t.Errorf("%s.%s: got %q and %v, want %q and a broken connection", call, kind, body, err, begins)
			}
			<-ended
			f.ClearFaults()
		}
	}
}

// Slow is an answer as ever, only later; and another fault may follow the wait.
func TestSlow(t *testing.T) {
	t.Parallel()
	for _, call := range calls {
		waited := make(chan time.Duration, 10)
		f, ended := startWatched(t, func(d time.Duration) <-chan time.Time {
			waited <- d
			now := make(chan time.Time, 1)
			now <- noon
			return now
		})
		before, err := f.raw(t.Context(), call)
		must(t, err)
		must(t, f.SetFault(call+".slow", true, 7))
		after, err := f.raw(t.Context(), call)
		if got := <-waited; err != nil || got != 7*time.Second || len(after) != len(before) {
			t.Errorf("%s: got %q after %v (%v), want it as before: %q", call, after, got, err, before)
		}
		f.set(t, call+".gateway")
		if after, err = f.raw(t.Context(), call); err != nil || !strings.Contains(after, "502") || len(waited) != 1 {
			t.Errorf("%s: got %q and %d waits (%v), want a wait and the gateway's page", call, after, len(waited), err)
		}
		for range 3 {
			<-ended
		}
	}
}

// A slow, hanging or stalling call ends when its client goes away, and not for ever later when it stays.
func TestLongCallsEnd(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"slow", "hang", "stall"} {
		for _, call := range calls {
			t.Run(call+"."+kind, func(t *testing.T) {
				t.Parallel()
				waits, over := make(chan time.Duration, 2), make(chan time.Time)
				f, ended := startWatched(t, func(d time.Duration) <-chan time.Time {
					waits <- d
					return over
				})
				f.set(t, call+"."+kind)

				ctx, leave := context.WithCancel(t.Context())
				go func() {
					<-waits
					leave()
				}()
				if _, err := f.raw(ctx, call); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v, want no answer until the client leaves", err)
				}
				<-ended

				if kind == "slow" {
					return
				}
				go func() { over <- noon }()
				if body, err := f.raw(t.Context(), call); err == nil || slices.Contains([]string{"hang", "stall"}, body) {
					t.Errorf("got %q and %v, want the connection to break", body, err)
				}
				if got := <-waits; got >= time.Minute {
					t.Errorf("waits for %v, longer than a listener lets it", got)
				}
				<-ended
			})
		}
	}
}

// A body beyond the limit is refused as ever, also after a wait.
func TestSlowWithLargeBody(t *testing.T) {
	t.Parallel()
	f, _ := startWatched(t, func(time.Duration) <-chan time.Time {
		now := make(chan time.Time, 1)
		now <- noon
		return now
	})
	f.set(t, "token.slow")
	a := f.request(t, "POST", "/maskinporten/token", strings.Repeat("a", 65<<10), "Content-Type", formType)
	f.checkRefusal(t, refusal{"", "", 413, "invalid_request", "", "The request is too large."}, a)
}

// A listener's limit for reading a request must not end the wait for the answer.
func TestSlowBehindAReadLimit(t *testing.T) {
	t.Parallel()
	const limit = 50 * time.Millisecond
	f := start(t)
	f.SetAfter(func(time.Duration) <-chan time.Time { return time.After(3 * limit) })
	server := httptest.NewUnstartedServer(f.Sandbox)
	server.Config.ReadTimeout = limit
	server.Start()
	t.Cleanup(server.Close)
	f.url = server.URL
	f.set(t, "metadata.slow")
	if body, err := f.raw(t.Context(), sandbox.CallMetadata); err != nil || !strings.Contains(body, "token_endpoint") {
		t.Errorf("got %q and %v, want the metadata", body, err)
	}
}
