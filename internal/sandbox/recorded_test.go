package sandbox_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"portvakt/internal/sandbox"
)

func standard(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// TestRecordedGrants sends grants that other implementations made, since the sandbox verifies with the same package as
// our own client signs with.
func TestRecordedGrants(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/sandbox.json", []byte(read(t, "recorded/sandbox.json")), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.New(sandbox.Config{URL: "http://127.0.0.1:8081", Dir: dir, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"openssl", "node"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			grant := read(t, "recorded/"+name+".jwt")
			if got, want := send(t, s, grant), http.StatusOK; got != want {
				t.Errorf("got status %d, want %d", got, want)
			}
			// A signature is judged before the replay: this one is refused for what it is.
			end := strings.LastIndex(grant, ".") + 1
			changed := grant[:end] + strings.Map(swap, grant[end:end+300]) + grant[end+300:]
			if got, want := send(t, s, changed), http.StatusBadRequest; got != want {
				t.Errorf("got status %d for a changed signature, want %d", got, want)
			}
		})
	}
}

func swap(r rune) rune {
	switch r {
	case 'A':
		return 'B'
	case 'B':
		return 'A'
	}
	return r
}

func send(t *testing.T, s http.Handler, grant string) int {
	t.Helper()
	form := url.Values{"grant_type": {jwtBearer}, "assertion": {grant}}
	request := httptest.NewRequestWithContext(t.Context(), "POST", "/maskinporten/token", strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", formType)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	if recorder.Code == http.StatusBadRequest && !strings.Contains(recorder.Body.String(), "Invalid JWT signature.") {
		t.Errorf("got %s, want a refusal of the signature", recorder.Body)
	}
	return recorder.Code
}
