package proof_test

import (
	"testing"
)

// BenchmarkProof is a whole proof against the sandbox on loopback: five calls,
// of which one verifies a grant and two sign a token.
func BenchmarkProof(b *testing.B) {
	w := start(b)
	if run := w.prove(b); !run.Passed() {
		b.Fatalf("got %+v", run)
	}
	for b.Loop() {
		if run := w.prove(b); !run.Passed() {
			b.Fatalf("got %+v", run)
		}
	}
}

// BenchmarkPrepareAndSign is the half that a page waits for before it can
// sign, one call, with the signature.
func BenchmarkPrepareAndSign(b *testing.B) {
	w := start(b)
	for b.Loop() {
		prepared, run := w.Prepare(b.Context(), w.subject)
		if prepared == nil {
			b.Fatalf("got %+v", run)
		}
		w.sign(b, prepared)
	}
}

// BenchmarkSign is the signature alone, to be taken off the others.
func BenchmarkSign(b *testing.B) {
	w := start(b)
	prepared, _ := w.Prepare(b.Context(), w.subject)
	for b.Loop() {
		w.sign(b, prepared)
	}
}
