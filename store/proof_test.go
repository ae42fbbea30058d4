package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

func TestAddProof(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	p := store.Proof{
		Integration: k.Integration, Key: k.ID, ClientID: "c-1", Started: storetest.Start, Took: 1234567 * time.Microsecond,
		Outcome: store.Failed, Nonce: "n1",
		Stages: []store.StageResult{
			{Stage: "key", Outcome: store.Passed, Took: 12 * time.Microsecond, Figures: map[string]string{"bits": "2048"}},
			{Stage: "token", Outcome: store.Failed, Code: "token.unknown-kid", Took: time.Second},
			{Stage: "scopes", Outcome: store.NotReached},
		},
		MaskinportenClaims: map[string]any{"iat": 1763812800, "scope": "a:b", "consumer": map[string]any{"ID": "0192:991825827"}},
		Answer: &store.Answer{
			Status: 400, Error: "invalid_grant", Description: "Unknown key <id>", TraceID: "0af7", Body: `{"error":"invalid_grant"}`,
		},
	}
	added, again, err := b.AddProof(ctx, a, a.Organisation, p)
	must(t, err)
	if again {
		t.Error("again")
	}
	got, err := b.NewestProof(ctx, a.Organisation, k.Integration)
	must(t, err)
	p.ID, p.By, p.FailedStage = added.ID, a.User, "token"
	if diff := cmp.Diff(p, added); diff != "" {
		t.Errorf("returned: -want +got\n%s", diff)
	}
	p.MaskinportenClaims["iat"] = json.Number("1763812800")
	if diff := cmp.Diff(p, got); diff != "" {
		t.Errorf("read back: -want +got\n%s", diff)
	}
	if got := keyOf(t, b, a, k); got.Named.IsZero() {
		t.Error("a key that was proved with will be dropped")
	}
	t.Run("the same form again", func(t *testing.T) {
		before := dump(t, b)
		second := p
		second.ID, second.Outcome = "", store.Passed
		first, again, err := b.AddProof(ctx, a, a.Organisation, second)
		must(t, err)
		if !again || first.ID != p.ID || first.Outcome != store.Failed {
			t.Errorf("again %v, got %q %q", again, first.ID, first.Outcome)
		}
		if after := dump(t, b); after != before {
			t.Error("something was written")
		}
	})
	t.Run("newest first, up to the limit", func(t *testing.T) {
		for _, nonce := range []string{"n2", "n3"} {
			_, _, err := b.AddProof(ctx, a, a.Organisation, storetest.Proof(k, store.Passed, nonce))
			must(t, err)
		}
		newest, err := b.NewestProof(ctx, a.Organisation, k.Integration)
		must(t, err)
		proofs, next, err := b.Proofs(ctx, a.Organisation, k.Integration, store.Page{Limit: 2})
		must(t, err)
		if len(proofs) != 2 || newest.Nonce != "n3" || proofs[0].ID != newest.ID || next == "" {
			t.Fatalf("got %d, next %q", len(proofs), next)
		}
		rest, end, err := b.Proofs(ctx, a.Organisation, k.Integration, store.Page{After: next, Limit: 2})
		must(t, err)
		if len(rest) != 1 || rest[0].ID != p.ID || end != "" {
			t.Errorf("the rest: got %d, next %q", len(rest), end)
		}
	})
	t.Run("the event", func(t *testing.T) {
		events, _, err := b.EventsOf(ctx, a.Organisation, k.Integration, store.Page{Limit: 3})
		must(t, err)
		want := map[string]string{"thumbprint": k.Thumbprint, "stage": "token", "code": "token.unknown-kid"}
		if diff := cmp.Diff(want, events[2].Detail); diff != "" || events[2].Outcome != store.Failed {
			t.Errorf("outcome %q; -want +got\n%s", events[2].Outcome, diff)
		}
	})
}

func TestProofWithSecrets(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	before := dump(t, b)

	for name, change := range map[string]func(*store.Proof){
		"token in the answer":    func(p *store.Proof) { p.Answer = &store.Answer{Body: "your " + aJWS} },
		"token laid out nicely":  func(p *store.Proof) { p.Answer = &store.Answer{Body: "your " + aSpacedJWS} },
		"token on many lines":    func(p *store.Proof) { p.AltinnClaims = map[string]any{"x": anIndentedJWS} },
		"token in a description": func(p *store.Proof) { p.Answer = &store.Answer{Description: aJWS} },
		"token in a claim":       func(p *store.Proof) { p.MaskinportenClaims = map[string]any{"x": []any{aJWS}} },
		"private key in a claim": func(p *store.Proof) { p.AltinnClaims = map[string]any{"jwk": map[string]any{"d": "x"}} },
		"private key quoted":     func(p *store.Proof) { p.Answer = &store.Answer{Body: aPrivate} },
		"private key in base64":  func(p *store.Proof) { p.Answer = &store.Answer{Body: aBase64} },
		"token in a figure": func(p *store.Proof) {
			p.Stages = []store.StageResult{{Stage: "x", Outcome: store.Passed, Figures: map[string]string{"f": aJWS}}}
		},
	} {
		p := storetest.Proof(k, store.Passed, "n")
		change(&p)
		_, _, err := b.AddProof(ctx, a, a.Organisation, p)
		if got, want := err, store.ErrSecret; got == nil {
			t.Errorf("%s: taken, want %v", name, want)
		} else {
			wantErr(t, err, want)
		}
	}
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
}

func TestAddProofRefused(t *testing.T) {
	t.Parallel()
	b, a, k := withKey(t)
	j := b.NewIntegration(t, a, "two")
	before := dump(t, b)

	p := storetest.Proof(k, store.Passed, "n")
	p.Integration = j.ID
	_, _, err := b.AddProof(ctx, a, a.Organisation, p)
	wantErr(t, err, store.ErrNotFound)

	p = storetest.Proof(k, store.Passed, "")
	_, _, err = b.AddProof(ctx, a, a.Organisation, p)
	wantErr(t, err, store.ErrEmpty)

	p = storetest.Proof(k, store.NotReached, "n")
	if _, _, err = b.AddProof(ctx, a, a.Organisation, p); err == nil {
		t.Error("an outcome that a proof cannot have was taken")
	}
	if after := dump(t, b); after != before {
		t.Error("something was written")
	}
}
