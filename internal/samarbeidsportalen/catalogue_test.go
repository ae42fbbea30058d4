package samarbeidsportalen_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"portvakt/internal/outbound"
	"portvakt/internal/outbound/outboundtest"
	"portvakt/internal/samarbeidsportalen"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	var calls, gone atomic.Int64
	now := func() time.Time { return time.Unix(1773489600, gone.Load()) }
	var down atomic.Bool
	refused := make(chan struct{}, 9)
	c := samarbeidsportalen.NewCatalogue(served(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if down.Load() {
			outboundtest.Text(502, "<h1>Bad Gateway</h1>")(w, r)
			refused <- struct{}{}
			return
		}
		outboundtest.Text(200, recorded(t))(w, r)
	}), now)
	check := func(name string, listed, forAll bool) {
		t.Helper()
		s, got, err := c.Scope(t.Context(), name)
		if err != nil || got != listed || s.ForAll != forAll {
			t.Errorf("%s: got %+v, %v, %v", name, s, got, err)
		}
	}

	check("krr:global/kontaktinformasjon.read", true, true)
	check("altinn:serviceowner/notifications.create", true, false)
	check("altinn:serviceowner", false, false)
	if got := calls.Load(); got != 1 {
		t.Errorf("got %d calls, want 1", got)
	}
	gone.Add(int64(time.Hour))
	down.Store(true)
	// The older list is there at once; the newer is asked for behind it.
	check("krr:global/kontaktinformasjon.read", true, true)
	<-refused
	gone.Add(int64(24 * time.Hour))
	_, _, err := c.Scope(t.Context(), "krr:global/kontaktinformasjon.read")
	if e := refusal(t, err); e.Kind != outbound.KindNotJSON || e.Status != 502 {
		t.Errorf("got %+v", e)
	}
}

func TestCatalogueCallerLeaves(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan struct{})
	client := served(t, func(http.ResponseWriter, *http.Request) { cancel(); <-answer })
	_, _, err := samarbeidsportalen.NewCatalogue(client, time.Now).Scope(ctx, "a:b")
	close(answer)
	if got, want := refusal(t, err).Kind, outbound.KindCancelled; got != want || !errors.Is(err, context.Canceled) {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}
