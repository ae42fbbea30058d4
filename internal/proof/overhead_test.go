package proof_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// BenchmarkOverhead is what a proof takes beyond its calls, apart from the
// signature, as a share of the same four calls made plainly. Both are made in
// turn, against the sandbox on loopback: a real network makes the share smaller.
func BenchmarkOverhead(b *testing.B) {
	w := start(b)
	w.prove(b)
	p := plain{b, w, w.subject.Environment.Maskinporten.HTTP}

	var proofs, calls time.Duration
	for b.Loop() {
		proofs += w.timed(b)
		calls += p.timed()
	}
	b.ReportMetric(100*float64(proofs-calls)/float64(calls), "overhead-%")
	b.ReportMetric(float64(calls.Microseconds())/float64(b.N), "calls-µs/op")
}

// timed is the time of a proof without the signature.
func (w *world) timed(b *testing.B) time.Duration {
	began := time.Now()
	prepared, run := w.Prepare(b.Context(), w.subject)
	if prepared == nil {
		b.Fatalf("got %+v", run)
	}
	sign := time.Now()
	grant := w.sign(b, prepared)
	signing := time.Since(sign)
	run, err := w.Finish(b.Context(), signIn, prepared.ID, grant)
	if err != nil || !run.Passed() {
		b.Fatalf("got %+v, %v", run, err)
	}
	return time.Since(began) - signing
}

// plain makes the calls of a proof and nothing else.
type plain struct {
	*testing.B
	world  *world
	client *http.Client
}

func (p plain) timed() time.Duration {
	prepared, _ := p.world.Prepare(p.Context(), p.world.subject) // for a grant that was not used
	grant := p.world.sign(p.B, prepared)
	issuer, platform := p.world.sandbox.Issuer(), p.world.sandbox.Platform()

	began := time.Now()
	p.get(issuer+".well-known/oauth-authorization-server", "")
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant}}
	r, err := http.NewRequestWithContext(p.Context(), http.MethodPost, issuer+"token", strings.NewReader(form.Encode()))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var token struct {
		Value string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(p.do(r)), &token); err != nil {
		p.Fatal(err)
	}
	altinn := p.get(platform+"/authentication/api/v1/exchange/maskinporten", token.Value)
	p.get(platform+"/notifications/api/v1/future/shipment/"+prepared.ID, strings.Trim(altinn, `"`))
	return time.Since(began)
}

func (p plain) get(address, token string) string {
	r, err := http.NewRequestWithContext(p.Context(), http.MethodGet, address, nil)
	if err != nil {
		p.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return p.do(r)
}

func (p plain) do(r *http.Request) string {
	answer, err := p.client.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		p.Fatal(err)
	}
	return string(body)
}
