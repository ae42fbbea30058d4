package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"portvakt/internal/sandbox"
	"portvakt/jwk"
)

const (
	directorate = "310110019"
	inspection  = "310220027"
	accountant  = "310330035"

	ownerScope  = "altinn:serviceowner"
	notifyScope = "altinn:serviceowner/notifications.create"

	jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	kid       = "practice-1"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// fixture is a sandbox behind a real listener, with one client that has one key.
type fixture struct {
	*sandbox.Sandbox
	url    string
	key    jwk.Private
	client sandbox.Client
}

func start(t *testing.T) fixture {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	s, err := sandbox.New(sandbox.Config{URL: address, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s
	server.Start()
	t.Cleanup(server.Close)
	f := fixture{Sandbox: s, url: address, key: privateKey(t, "practice.pem")}
	f.client = f.addClient(t, directorate, ownerScope, notifyScope)
	return f
}

func (f fixture) addClient(t *testing.T, organisation string, scopes ...string) sandbox.Client {
	t.Helper()
	client, err := f.AddClient(organisation, "Varsling", "Varsler fra fagsystemet", scopes)
	if err != nil {
		t.Fatal(err)
	}
	f.addKey(t, client.ID, kid)
	return client
}

func (f fixture) addKey(t *testing.T, client, kid string) {
	t.Helper()
	if _, err := f.AddKeys(client, publicKey(t, f.key, kid).JSON()); err != nil {
		t.Fatal(err)
	}
}

func privateKey(t *testing.T, name string) jwk.Private {
	t.Helper()
	key, err := jwk.ParsePrivate([]byte(read(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func publicKey(t *testing.T, key jwk.Private, kid string) jwk.Public {
	t.Helper()
	public, err := key.Public().WithKid(kid)
	if err != nil {
		t.Fatal(err)
	}
	return public
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// header and claims are those of a grant with nothing wrong in it.
func header() map[string]any { return map[string]any{"alg": "RS256", "kid": kid, "typ": "JWT"} }

func (f fixture) claims(jti string) map[string]any {
	return map[string]any{
		"aud": f.url + "/maskinporten/", "iss": f.client.ID, "scope": notifyScope,
		"iat": noon.Unix(), "exp": noon.Unix() + 60, "jti": jti,
	}
}

// with is a copy of an object in which some members have other values; a nil takes one away.
func with(object map[string]any, members ...any) map[string]any {
	object = maps.Clone(object)
	for i := 0; i < len(members); i += 2 {
		name := members[i].(string)
		if object[name] = members[i+1]; members[i+1] == nil {
			delete(object, name)
		}
	}
	return object
}

// sign makes a compact JWS by hand, so that tests can make such as the sandbox's own code would not.
func sign(t *testing.T, key jwk.Private, header, claims map[string]any) string {
	t.Helper()
	signed, err := key.Sign(part(t, header) + "." + part(t, claims))
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func part(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

func (f fixture) grant(t *testing.T, claims map[string]any) string {
	t.Helper()
	return sign(t, f.key, header(), claims)
}

// answer is what came back from the sandbox.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(a.body), &object); err != nil {
		t.Fatalf("status %d, body %q: %v", a.status, a.body, err)
	}
	return object
}

func do(t *testing.T, request *http.Request) answer {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

func (f fixture) request(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, f.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return do(t, request)
}

const formType = "application/x-www-form-urlencoded"

// post sends a grant as it should be sent.
func (f fixture) post(t *testing.T, grant string) answer {
	t.Helper()
	form := url.Values{"grant_type": {jwtBearer}, "assertion": {grant}}
	return f.request(t, "POST", "/maskinporten/token", form.Encode(), "Content-Type", formType)
}

// token gets a Maskinporten token, which must succeed.
func (f fixture) token(t *testing.T, claims map[string]any) string {
	t.Helper()
	a := f.post(t, f.grant(t, claims))
	if a.status != http.StatusOK {
		t.Fatalf("getting a token: status %d, %s", a.status, a.body)
	}
	return a.object(t)["access_token"].(string)
}

// codes are the codes of an error that self-service gave.
func codes(t *testing.T, err error) []string {
	t.Helper()
	var problems sandbox.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got error %v, want problems", err)
	}
	var found []string
	for _, p := range problems {
		found = append(found, p.Code)
	}
	return found
}
