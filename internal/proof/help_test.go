package proof_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portvakt/internal/altinn"
	"portvakt/internal/maskinporten"
	"portvakt/internal/outbound"
	"portvakt/internal/proof"
	"portvakt/internal/sandbox"
	"portvakt/jwk"
)

const (
	notifications = "altinn:serviceowner/notifications.create"
	serviceOwner  = "altinn:serviceowner"
	appDeploy     = "altinn:appdeploy"
	kid           = "notify-sandbox-20260115"
	signIn        = "sign-in-1"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// key and otherKey are made once: it takes some 100 ms each.
var key, otherKey = sync.OnceValue(generate), sync.OnceValue(generate)

func generate() jwk.Private {
	made, err := jwk.Generate(2048)
	if err != nil {
		panic(err)
	}
	made, err = made.WithKid(kid)
	if err != nil {
		panic(err)
	}
	return made
}

// world is a sandbox on loopback, a client registered there, and a prover.
type world struct {
	*proof.Prover
	sandbox *sandbox.Sandbox
	server  *httptest.Server
	subject proof.Subject
	signer  jwk.Private

	mu        sync.Mutex
	now       time.Time
	overrides map[proof.Stage]http.HandlerFunc
}

// start builds a world in which everything is right: the first practice
// organisation, with the notifications scope.
func start(t testing.TB) *world {
	t.Helper()
	w := &world{now: noon, overrides: map[proof.Stage]http.HandlerFunc{}, signer: key()}
	w.server = httptest.NewUnstartedServer(w)
	address := "http://" + w.server.Listener.Addr().String()
	var err error
	if w.sandbox, err = sandbox.New(sandbox.Config{URL: address, Now: func() time.Time { return noon }}); err != nil {
		t.Fatal(err)
	}
	w.server.Start()
	t.Cleanup(w.server.Close)
	w.Prover = proof.New(proof.Config{Now: w.clock, Random: rand.Reader})
	w.register(t, sandbox.Organisations()[0], notifications)
	return w
}

// register makes a client with the key for an organisation, and the subject
// that fits it.
func (w *world) register(t testing.TB, o sandbox.Organisation, scopes ...string) {
	t.Helper()
	client, err := w.sandbox.AddClient(o.Number, "Varsling", "Varsler fra fagsystemet", scopes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.sandbox.AddKeys(client.ID, key().Public().JSON()); err != nil {
		t.Fatal(err)
	}
	w.subject = proof.Subject{
		Environment: w.environment(t, outbound.Limits{Addresses: []string{w.server.URL}}),
		ClientID:    client.ID, Kid: kid, Thumbprint: key().Public().Thumbprint(), Key: key().Public(),
		KeyExpires: noon.AddDate(1, 0, 0), Scopes: scopes, NeedsAltinn: true, SignIn: signIn, Integration: "i-1",
	}
}

func (w *world) environment(t testing.TB, l outbound.Limits) proof.Environment {
	t.Helper()
	client, err := outbound.Client(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	e := proof.Environment{
		Name:         "sandbox",
		Maskinporten: &maskinporten.Client{HTTP: client, Issuer: w.sandbox.Issuer(), Now: w.clock},
		Altinn: &altinn.Client{
			HTTP: client, Platform: w.sandbox.Platform(), OrgsURL: w.sandbox.Platform() + "/orgs/altinn-orgs.json",
		},
	}
	e.Keys, e.Directory = maskinporten.NewKeys(e.Maskinporten), altinn.NewDirectory(e.Altinn, w.clock)
	return e
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) sleep(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// override lets something else than the sandbox answer a stage's call.
func (w *world) override(s proof.Stage, h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.overrides[s] = h
}

// ServeHTTP answers as the sandbox, but for the overrides.
func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	stage := map[string]proof.Stage{
		"/maskinporten/.well-known/oauth-authorization-server": proof.StageMetadata,
		"/maskinporten/token": proof.StageToken,
		"/altinn/authentication/api/v1/exchange/maskinporten": proof.StageExchange,
	}[r.URL.Path]
	if strings.HasPrefix(r.URL.Path, "/altinn/notifications/") {
		stage = proof.StageAccess
	}
	w.mu.Lock()
	override := w.overrides[stage]
	w.mu.Unlock()
	if override != nil {
		override(out, r)
		return
	}
	w.sandbox.ServeHTTP(out, r)
}

// prove walks both halves, signing in between.
func (w *world) prove(t testing.TB) proof.Run {
	t.Helper()
	prepared, run := w.Prepare(t.Context(), w.subject)
	if prepared == nil {
		return run
	}
	run, err := w.Finish(t.Context(), signIn, prepared.ID, w.sign(t, prepared))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func (w *world) sign(t testing.TB, p *proof.Prepared) string {
	t.Helper()
	grant, err := w.signer.Sign(p.SigningInput)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// sound fails on a run that breaks what every run promises.
func sound(t *testing.T, run proof.Run) {
	t.Helper()
	if len(run.Results) != len(proof.Stages) || run.ID == "" {
		t.Fatalf("got %d results in run %q", len(run.Results), run.ID)
	}
	behind := false
	for i, r := range run.Results {
		if r.Stage != proof.Stages[i] {
			t.Errorf("result %d is of %s, want %s", i, r.Stage, proof.Stages[i])
		}
		if (r.Outcome == proof.NotReached) != behind {
			t.Errorf("%s is %s", r.Stage, r.Outcome)
		}
		behind = behind || r.Outcome == proof.Failed
		if r.Code != "" && !slices.Contains(proof.Codes, r.Code) {
			t.Errorf("%s has the code %q, which is not among Codes", r.Stage, r.Code)
		}
		for name, value := range r.Figures {
			if !slices.Contains(proof.Figures[r.Stage], name) || value == "" {
				t.Errorf("%s has the figure %q = %q, which is not among Figures", r.Stage, name, value)
			}
		}
	}
	if kept, err := json.Marshal(run); err != nil || strings.Contains(string(kept), "eyJ") {
		t.Errorf("the run holds a token, or cannot be encoded (%v): %s", err, kept)
	}
}

// unsigned makes a token that looks like one.
func unsigned(claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + encode(payload) + "." + encode([]byte("not a signature"))
}

// issues answers a grant with a token of these claims.
func issues(claims map[string]any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{
			"access_token": unsigned(claims), "token_type": "Bearer", "expires_in": 119, "scope": claims["scope"],
		})
	}
}

func dump(t *testing.T, run proof.Run) []byte {
	t.Helper()
	text, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// decoded reads the claims of a signing input.
func decoded(t *testing.T, input string) map[string]any {
	t.Helper()
	_, claims, err := jwk.Inspect(input + ".AAAA")
	if err != nil {
		t.Fatal(err)
	}
	return claims
}
