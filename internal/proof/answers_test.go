package proof_test

import (
	"net/http"
	"testing"
	"time"

	"portvakt/internal/proof"
)

// FuzzAnswers lets anything at all answer one call of a proof. Whatever it is, the
// run keeps what every run promises, within its time.
func FuzzAnswers(f *testing.F) {
	w := start(f)
	w.prove(f)
	for i := range proof.Calls {
		f.Add(byte(i), 200, "application/json", []byte(`{"issuer":1,"access_token":{},"error":[]}`))
		f.Add(byte(i), 403, "text/html", []byte(`<h1>Expired key</h1>`))
		f.Add(byte(i), 400, "application/json", []byte(`{"error":"invalid_grant","error_description":"Unknown key identifier (kid)","error_uri":"https://maskinporten.no/errors/MP-250"}`))
		f.Add(byte(i), 200, "text/plain", []byte("eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6ImE6YiJ9.AAAA"))
		f.Add(byte(i), 302, "\x00", []byte{0xff, 0xfe})
	}
	f.Fuzz(func(t *testing.T, call byte, status int, kind string, body []byte) {
		if status < 200 || status > 599 {
			status = 200 + (status&0x1ff)%400
		}
		stage := proof.Calls[int(call)%len(proof.Calls)]
		w.override(stage, func(out http.ResponseWriter, _ *http.Request) {
			out.Header()["Content-Type"] = []string{kind}
			out.WriteHeader(status)
			out.Write(body) // of no body that a status forbids does it matter
		})
		defer w.override(stage, nil)
		began := time.Now()
		run := w.prove(t)
		sound(t, run)
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("took %v", took)
		}
		if red, failed := run.Failed(); failed && len(dump(t, run)) > 64<<10 {
			t.Errorf("%s keeps %d bytes", red.Code, len(dump(t, run)))
		}
	})
}
