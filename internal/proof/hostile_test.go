package proof_test

import (
	"compress/gzip"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portvakt/internal/maskinporten"
	"portvakt/internal/outbound"
	"portvakt/internal/proof"
)

// hostile are the ways in which the other end misbehaves, by the reason that
// must be found for each.
var hostile = map[string]http.HandlerFunc{
	proof.ReasonTimeout: func(_ http.ResponseWriter, r *http.Request) {
		// The server notices that the client has gone only once the body is read.
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	},
	proof.ReasonSlow: func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "{")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	},
	proof.ReasonCutOff: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, "{")
	},
	proof.ReasonRedirect: func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	},
	proof.ReasonTooLarge: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for range 2048 {
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
	},
	proof.ReasonHeadersTooLarge: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 200<<10))
	},
	proof.ReasonNotJSON:    func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<h1>Log in to the network</h1>") },
	proof.ReasonUnreadable: func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"issuer":`) },
	proof.ReasonBusy:       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
	proof.ReasonServerError: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		io.WriteString(w, "<h1>502 Bad Gateway</h1>")
	},
	proof.ReasonUnknown: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, `{"error":"teapot","title":"short","error_description":"and stout","detail":"and stout"}`)
	},
}

func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	for _, stage := range proof.Calls {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			w := start(t)
			// The sandbox makes its keys on the first proof, which may take
			// longer than an impatient client waits.
			w.prove(t)
			patient := w.subject.Environment
			impatient := w.environment(t, outbound.Limits{Addresses: []string{w.server.URL}, Call: 500 * time.Millisecond})
			for reason, answer := range hostile {
				w.subject.Environment = patient
				if reason == proof.ReasonTimeout || reason == proof.ReasonSlow {
					w.subject.Environment = impatient
				}
				w.override(stage, answer)
				run := w.prove(t)
				sound(t, run)
				red, _ := run.Failed()
				if got, want := red.Code, string(stage)+"."+reason; got != want {
					t.Errorf("got %q, want %q; answer %+v", got, want, run.Answer)
				}
				if run.Answer == nil {
					t.Errorf("%s: the run does not say what was answered", reason)
				}
			}
		})
	}
}

// Between two calls the listener goes away.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	for i, stage := range proof.Calls[1:] {
		before := proof.Calls[i]
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.override(before, func(out http.ResponseWriter, r *http.Request) {
				out.Header().Set("Connection", "close")
				w.sandbox.ServeHTTP(out, r)
				w.server.Listener.Close()
			})
			run := w.prove(t)
			sound(t, run)
			if red, _ := run.Failed(); red.Code != string(stage)+"."+proof.ReasonRefusedConnection || run.Answer.Cause == "" {
				t.Errorf("got %q with answer %+v", red.Code, run.Answer)
			}
		})
	}
}

func TestUntrusted(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	w := start(t)
	client, err := outbound.Client(outbound.Limits{Addresses: []string{s.URL}})
	must(t, err)
	w.subject.Environment.Maskinporten = &maskinporten.Client{HTTP: client, Issuer: s.URL + "/", Now: w.clock}
	run := w.prove(t)
	sound(t, run)
	if red, _ := run.Failed(); red.Code != "metadata."+proof.ReasonUntrusted {
		t.Errorf("got %q, answer %+v", red.Code, run.Answer)
	}
}

// Who asked goes away in the middle of a call.
func TestCancelled(t *testing.T) {
	t.Parallel()
	for _, stage := range proof.Calls {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			w := start(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w.override(stage, func(_ http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				cancel()
				<-r.Context().Done()
			})
			prepared, run := w.Prepare(ctx, w.subject)
			if prepared != nil {
				var err error
				run, err = w.Finish(ctx, signIn, prepared.ID, w.sign(t, prepared))
				must(t, err)
			}
			sound(t, run)
			if red, _ := run.Failed(); red.Code != string(stage)+"."+proof.ReasonCancelled {
				t.Errorf("got %q, answer %+v", red.Code, run.Answer)
			}
		})
	}
}

// Each reason is provoked by some test of this file or of proof_test.go.
func TestEveryReasonIsProvoked(t *testing.T) {
	t.Parallel()
	elsewhere := []string{
		proof.ReasonRefusedConnection, proof.ReasonUntrusted, proof.ReasonAddressForbidden, proof.ReasonCancelled,
		// Package outbound provokes and judges these.
		proof.ReasonUnreachable, proof.ReasonNoName, proof.ReasonNoConnection, proof.ReasonProxy,
	}
	for _, reason := range proof.Reasons {
		if hostile[reason] == nil && !slices.Contains(elsewhere, reason) {
			t.Errorf("nothing provokes %q", reason)
		}
	}
}

// Many proofs at once share the prover and nothing else.
func TestManyProofsAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			prepared, run := w.Prepare(t.Context(), w.subject)
			if prepared == nil {
				t.Errorf("got %+v", run.Answer)
				return
			}
			grant, err := w.signer.Sign(prepared.SigningInput)
			if err != nil {
				t.Error(err)
				return
			}
			if run, err = w.Finish(t.Context(), signIn, prepared.ID, grant); err != nil || !run.Passed() {
				t.Errorf("got error %v, run %+v", err, run)
			}
		})
	}
	wait.Wait()
}
