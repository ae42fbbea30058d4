package proof_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/outbound"
	"portvakt/internal/proof"
	"portvakt/internal/sandbox"
)

func TestProof(t *testing.T) {
	t.Parallel()
	w := start(t)
	run := w.prove(t)
	sound(t, run)
	if !run.Passed() || run.Answer != nil {
		t.Fatalf("not all green: %+v, answer %+v", run.Results, run.Answer)
	}
	figures := map[proof.Stage]map[string]string{}
	for _, r := range run.Results {
		if r.Outcome != proof.Passed || r.Code != "" {
			t.Errorf("%s is %s %s", r.Stage, r.Outcome, r.Code)
		}
		figures[r.Stage] = maps.Clone(r.Figures)
	}
	if figures[proof.StageGrant]["jti"] == "" {
		t.Error("the grant has no jti")
	}
	delete(figures[proof.StageGrant], "jti")
	want := map[proof.Stage]map[string]string{
		proof.StageKey:      {"kid": kid, "bits": "2048", "thumbprint": key().Public().Thumbprint(), "days": "365"},
		proof.StageMetadata: {"issuer": w.sandbox.Issuer(), "endpoint": w.sandbox.Issuer() + "token"},
		proof.StageClock:    {"skew": "0", "tolerance": "10"},
		proof.StageGrant:    {"audience": w.sandbox.Issuer(), "life": "120", "scopes": notifications},
		proof.StageToken:    {"lifetime": "119", "type": "Bearer", "consumer": "310110019"},
		proof.StageScopes:   {"wanted": notifications, "issued": notifications},
		proof.StageExchange: {"status": "200", "lifetime": "1800"},
		proof.StageClaim:    {"org": "ovd", "number": "310110019"},
		proof.StageAccess:   {"status": "404", "code": "NOT-00003"},
	}
	if diff := cmp.Diff(want, figures); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
	if got, want := run.MaskinportenClaims["client_id"], w.subject.ClientID; got != want {
		t.Errorf("got client %v in the Maskinporten token, want %v", got, want)
	}
	if got, want := run.AltinnClaims["urn:altinn:org"], "ovd"; got != want {
		t.Errorf("got %v in the Altinn token, want %v", got, want)
	}
}

// Each changes one thing in a world in which everything is right.
func TestProofFails(t *testing.T) {
	t.Parallel()
	organisations := sandbox.Organisations()
	for _, test := range []struct {
		name    string
		arrange func(*testing.T, *world)
		code    string
		mp      string
	}{
		{"key dropped", func(_ *testing.T, w *world) { w.subject.KeyDropped = true }, proof.KeyDropped, ""},
		{"key expired on record", func(_ *testing.T, w *world) { w.subject.KeyExpires = noon }, proof.KeyExpired, ""},
		{"kid of the record is another", func(_ *testing.T, w *world) { w.subject.Kid = "other" }, proof.KeyMismatch, ""},
		{"key of the record is another", func(_ *testing.T, w *world) { w.subject.Key = otherKey().Public() }, proof.KeyMismatch, ""},
		{"sandbox down", func(_ *testing.T, w *world) { w.server.Close() }, "metadata.refused-connection", ""},
		{"issuer configured without slash", func(_ *testing.T, w *world) {
			w.subject.Environment.Maskinporten.Issuer = w.server.URL + "/maskinporten"
		}, proof.MetadataWrongIssuer, ""},
		{"issuer configured at another path", func(_ *testing.T, w *world) {
			w.subject.Environment.Maskinporten.Issuer = w.server.URL + "/altinn/"
		}, "metadata.unknown", ""},
		{"endpoint elsewhere", func(_ *testing.T, w *world) {
			w.override(proof.StageMetadata, func(out http.ResponseWriter, _ *http.Request) {
				io.WriteString(out, `{"issuer":"`+w.sandbox.Issuer()+`","token_endpoint":"https://evil.example/token"}`)
			})
		}, proof.MetadataEndpointElsewhere, ""},
		{"sandbox half a minute ahead", func(_ *testing.T, w *world) { w.sandbox.SetClockOffset(30 * time.Second) }, proof.ClockSlow, ""},
		{"sandbox half a minute behind", func(_ *testing.T, w *world) { w.sandbox.SetClockOffset(-30 * time.Second) }, proof.ClockFast, ""},
		{"signed with another key", func(_ *testing.T, w *world) { w.signer = otherKey() }, proof.GrantInvalidSignature, ""},
		{"unknown kid", func(t *testing.T, w *world) { must(t, w.sandbox.RemoveKey(w.subject.ClientID, kid)) }, proof.TokenUnknownKid, ""},
		{"client not found", func(_ *testing.T, w *world) { w.subject.ClientID = kid }, proof.TokenClientNotFound, "MP-100"},
		{"another key registered under the kid", func(_ *testing.T, w *world) {
			w.signer = otherKey()
			w.subject.Key, w.subject.Thumbprint = otherKey().Public(), otherKey().Public().Thumbprint()
		}, proof.TokenInvalidSignature, "MP-124"},
		{"scope not on the client", func(_ *testing.T, w *world) {
			w.subject.Scopes = []string{notifications, serviceOwner}
		}, proof.TokenScopeNotOnClient, "MP-200"},
		{"organisation without the notifications scope", func(t *testing.T, w *world) {
			w.register(t, organisations[1], notifications)
		}, proof.TokenAccessNotGranted, "MP-250"},
		{"key expired in Maskinporten", func(t *testing.T, w *world) {
			must(t, w.sandbox.ExpireKey(w.subject.ClientID, kid))
		}, proof.TokenExpiredKey, "MP-121"},
		{"scope missing in the token", func(_ *testing.T, w *world) {
			w.override(proof.StageToken, issues(map[string]any{"scope": serviceOwner}))
		}, proof.ScopesMissing, ""},
		{"organisation unknown to Altinn", func(t *testing.T, w *world) {
			w.register(t, organisations[2], notifications)
		}, proof.ClaimOrganisation, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			test.arrange(t, w)
			run := w.prove(t)
			sound(t, run)
			red, _ := run.Failed()
			if got, want := red.Code, test.code; got != want {
				t.Fatalf("got %q, want %q; answer %+v", got, want, run.Answer)
			}
			if test.mp != "" && (run.Answer.Code != test.mp || run.Answer.TraceID == "" || run.Answer.Description == "") {
				t.Errorf("got %+v, want the answer with %s", run.Answer, test.mp)
			}
			if run.Passed() {
				t.Error("a run with a red light has passed")
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What goes wrong between the two halves is found by Maskinporten.
func TestBetweenPrepareAndFinish(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		between func(t *testing.T, w *world, grant string)
		code    string
	}{
		{"clock jumps back", func(_ *testing.T, w *world, _ string) { w.sandbox.SetClockOffset(-time.Minute) }, proof.TokenClockFast},
		{"clock jumps ahead", func(_ *testing.T, w *world, _ string) { w.sandbox.SetClockOffset(time.Hour) }, proof.TokenClockSlow},
		{"somebody uses the grant", func(t *testing.T, w *world, grant string) {
			answer, err := http.PostForm(w.sandbox.Issuer()+"token", url.Values{
				"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant},
			})
			must(t, err)
			answer.Body.Close()
		}, proof.TokenGrantUsed},
		{"sandbox goes down", func(_ *testing.T, w *world, _ string) {
			w.server.Close()
			w.subject.Environment.Maskinporten.HTTP.CloseIdleConnections()
		}, "token.refused-connection"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			prepared, _ := w.Prepare(t.Context(), w.subject)
			grant := w.sign(t, prepared)
			test.between(t, w, grant)
			run, err := w.Finish(t.Context(), signIn, prepared.ID, grant)
			must(t, err)
			sound(t, run)
			if red, _ := run.Failed(); red.Code != test.code {
				t.Errorf("got %q, want %q; answer %+v", red.Code, test.code, run.Answer)
			}
		})
	}
}

func TestNotApplicable(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, test := range []struct {
		scopes                  []string
		needsAltinn             bool
		exchange, claim, access proof.Outcome
	}{
		{[]string{notifications}, false, proof.NotApplicable, proof.NotApplicable, proof.NotApplicable},
		{[]string{appDeploy}, true, proof.Passed, proof.NotApplicable, proof.NotApplicable},
		{[]string{serviceOwner}, true, proof.Passed, proof.Passed, proof.NotApplicable},
		{[]string{serviceOwner, notifications}, true, proof.Passed, proof.Passed, proof.Passed},
	} {
		w.register(t, sandbox.Organisations()[0], test.scopes...)
		w.subject.NeedsAltinn = test.needsAltinn
		run := w.prove(t)
		sound(t, run)
		got := [3]proof.Outcome{run.Results[6].Outcome, run.Results[7].Outcome, run.Results[8].Outcome}
		if want := [3]proof.Outcome{test.exchange, test.claim, test.access}; got != want {
			t.Errorf("%v: got %v, want %v; answer %+v", test.scopes, got, want, run.Answer)
		}
		if !run.Passed() {
			t.Errorf("%v: not green", test.scopes)
		}
	}
}

// The exchange answers all of these with the same 401, and Notifications with
// the same 403: what we know ourselves tells them apart.
func TestSilentRefusals(t *testing.T) {
	t.Parallel()
	w := start(t)
	good := map[string]any{
		"iss": w.sandbox.Issuer(), "scope": notifications, "iat": noon.Unix(), "exp": noon.Unix() + 119,
		"consumer":       map[string]any{"authority": "iso6523-actorid-upis", "ID": "0192:310110019"},
		"urn:altinn:org": "ovd",
	}
	with := func(name string, value any) map[string]any {
		changed := maps.Clone(good)
		changed[name] = value
		return changed
	}
	silent := func(status int) http.HandlerFunc {
		return func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(status) }
	}
	exchanged := func(claims map[string]any) http.HandlerFunc {
		return func(out http.ResponseWriter, _ *http.Request) { io.WriteString(out, unsigned(claims)) }
	}
	opaque := func(out http.ResponseWriter, _ *http.Request) {
		io.WriteString(out, `{"access_token":"opaque","scope":"`+notifications+`"}`)
	}
	for _, test := range []struct {
		name                    string
		token, exchange, access http.HandlerFunc
		code                    string
	}{
		// The sandbox itself refuses these.
		{"opaque token", opaque, nil, nil, proof.ExchangeTokenUnreadable},
		{"token expired", issues(with("exp", noon.Unix()-11)), nil, nil, proof.ExchangeTokenExpired},
		{"token without expiry", issues(with("exp", nil)), nil, nil, proof.ExchangeTokenExpired},
		{"token of another issuer", issues(with("iss", "https://maskinporten.no/")), nil, nil, proof.ExchangeWrongIssuer},
		{"token without consumer", issues(with("consumer", nil)), nil, nil, proof.ExchangeNoConsumer},
		{"consumer of another kind", issues(with("consumer", "0192:310110019")), nil, nil, proof.ExchangeNoConsumer},
		{"token with a bad signature", issues(good), nil, nil, proof.ExchangeSignature},
		{"Altinn token not accepted", nil, exchanged(good), nil, proof.AccessTokenRefused},

		{"exchange down", nil, silent(503), nil, "exchange.server-error"},
		{"exchange gone", nil, silent(410), nil, proof.ExchangeGone},
		{"Altinn token unreadable", nil, func(out http.ResponseWriter, _ *http.Request) { io.WriteString(out, "a.b.c") }, nil, proof.ClaimUnreadable},
		{"scope lost in the exchange", nil, exchanged(with("urn:altinn:org", nil)), nil, proof.ClaimOrganisation},
		{"service owner lost in the exchange", nil, exchanged(map[string]any{"scope": appDeploy}), nil, proof.ClaimScope},
		{"403 for the scope", nil, exchanged(with("scope", serviceOwner)), silent(403), proof.AccessScope},
		{"403 for nothing we see", nil, nil, silent(403), proof.AccessRefused},
		{"404 of a gateway", nil, nil, silent(404), proof.AccessNotFound},
		{"429", nil, nil, silent(429), "access.busy"},
	} {
		// Not parallel: the world is shared.
		t.Run(test.name, func(t *testing.T) {
			w.override(proof.StageToken, test.token)
			w.override(proof.StageExchange, test.exchange)
			w.override(proof.StageAccess, test.access)
			run := w.prove(t)
			sound(t, run)
			if red, _ := run.Failed(); red.Code != test.code {
				t.Errorf("got %q, want %q; answer %+v", red.Code, test.code, run.Answer)
			}
		})
	}
}

// A run holds no grant and no token, whatever the other end puts into what is
// kept.
func TestRunHoldsNoToken(t *testing.T) {
	t.Parallel()
	w := start(t)
	var grant []byte
	w.override(proof.StageToken, func(out http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		grant = []byte(r.PostForm.Get("assertion"))
		signature := string(grant[bytes.LastIndexByte(grant, '.')+1:])
		issues(map[string]any{
			"scope": notifications, "iss": string(grant), signature: []any{map[string]any{"x": signature}},
		})(out, r)
	})
	w.override(proof.StageExchange, func(out http.ResponseWriter, r *http.Request) {
		io.WriteString(out, unsigned(map[string]any{"urn:altinn:org": r.Header.Get("Authorization"), "scope": string(grant)}))
	})
	run := w.prove(t)
	sound(t, run)
	kept := dump(t, run)
	for _, piece := range bytes.Split(grant, []byte(".")) {
		if bytes.Contains(kept, piece) {
			t.Errorf("the run holds %s", piece)
		}
	}
	if run.Results[6].Outcome != proof.Passed {
		t.Fatalf("the run did not come as far as the exchange: %s", kept)
	}
}

// hang answers nothing until the caller gives up.
func hang(_ http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func TestLimits(t *testing.T) {
	t.Parallel()
	const brief, soon = 100 * time.Millisecond, 8 * time.Second
	for name, limits := range map[string]proof.Config{
		"of a call":      {Call: brief},
		"of a whole run": {Run: brief},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			limits.Now, limits.Random = time.Now, zeros{}
			w.Prover = proof.New(limits)
			w.subject.KeyExpires = time.Time{}
			w.override(proof.StageMetadata, hang)
			began := time.Now()
			_, run := w.Prepare(t.Context(), w.subject)
			sound(t, run)
			if red, _ := run.Failed(); red.Code != "metadata.timeout" || red.Took < brief || run.Took < brief {
				t.Errorf("got %q after %v, run %v", red.Code, red.Took, run.Took)
			}
			if took := time.Since(began); took > soon {
				t.Errorf("took %v", took)
			}
		})
	}

	// The second half gets what the first one left of the whole run's time.
	t.Run("of the second half", func(t *testing.T) {
		t.Parallel()
		w := start(t)
		w.override(proof.StageMetadata, func(out http.ResponseWriter, r *http.Request) {
			w.sleep(30*time.Second - brief)
			w.sandbox.ServeHTTP(out, r)
		})
		w.override(proof.StageToken, hang)
		began := time.Now()
		run := w.prove(t)
		sound(t, run)
		if red, _ := run.Failed(); red.Code != "token.timeout" {
			t.Errorf("got %q, answer %+v", red.Code, run.Answer)
		}
		if took := time.Since(began); took > soon {
			t.Errorf("took %v", took)
		}
	})
}

// zeros is enough randomness where nobody compares.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestForbiddenAddress(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.subject.Environment = w.environment(t, outbound.Limits{Addresses: []string{"https://maskinporten.no/"}})
	run := w.prove(t)
	sound(t, run)
	if red, _ := run.Failed(); red.Code != "metadata.address-forbidden" {
		t.Errorf("got %q, want metadata.address-forbidden", red.Code)
	}
}
