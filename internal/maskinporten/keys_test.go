package maskinporten_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
)

// issuer is a Maskinporten of which nothing is there but the keys.
type issuer struct {
	mu    sync.Mutex
	set   string
	calls int
	now   time.Time
	keys  *maskinporten.Keys
	uri   string
}

func newIssuer(t *testing.T, keys ...string) *issuer {
	t.Helper()
	i := &issuer{now: today}
	i.publish(keys...)
	c := served(t, func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.calls++
		if i.set == "" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		io.WriteString(w, i.set)
	})
	c.Now = func() time.Time { i.mu.Lock(); defer i.mu.Unlock(); return i.now }
	i.keys, i.uri = maskinporten.NewKeys(c), c.Issuer+"jwk"
	return i
}

func (i *issuer) publish(keys ...string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.set = `{"keys":[` + strings.Join(keys, ",") + "]}"
}

func (i *issuer) down() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.set = ""
}

func (i *issuer) pass(d time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.now = i.now.Add(d)
}

// check compares the verdict on a token and the number of calls so far.
func (i *issuer) check(t *testing.T, token string, want maskinporten.Signature, calls int) {
	t.Helper()
	got, err := i.keys.Verify(t.Context(), i.uri, token)
	if err != nil {
		t.Error(err)
	}
	if got != want || i.calls != calls {
		t.Errorf("got %q after %d calls, want %q after %d", got, i.calls, want, calls)
	}
}

// pair makes a key pair with a kid, and its public half as it is published.
func pair(t *testing.T, kid string) (jwk.Private, string) {
	t.Helper()
	key, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = key.WithKid(kid); err != nil {
		t.Fatal(err)
	}
	return key, key.Public().JSON()
}

func signed(t *testing.T, key jwk.Private, header string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	token, err := key.Sign(encode([]byte(header)) + "." + encode([]byte(`{"scope":"a:b"}`)))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestVerify(t *testing.T) {
	t.Parallel()
	one, published := pair(t, "one")
	other, another := pair(t, "two")
	twice := strings.Replace(another, `"two"`, `"one"`, 1)
	good := signed(t, one, `{"alg":"RS256","kid":"one"}`)
	const elliptic = `{"kty":"EC","kid":"three","crv":"P-256","x":"AA","y":"AA"}`
	for name, test := range map[string]struct {
		keys  []string
		token string
		want  maskinporten.Signature
	}{
		"good":                         {[]string{published, another}, good, maskinporten.SignatureGood},
		"beside keys of other types":   {[]string{"7", "null", "{}", elliptic, published}, good, maskinporten.SignatureGood},
		"two keys of one kid":          {[]string{twice, published}, good, maskinporten.SignatureGood},
		"another algorithm":            {[]string{published}, signed(t, one, `{"alg":"RS512","kid":"one"}`), maskinporten.SignatureGood},
		"another key's kid":            {[]string{published, another}, signed(t, other, `{"alg":"RS256","kid":"one"}`), maskinporten.SignatureWrong},
		"altered":                      {[]string{published}, altered(good), maskinporten.SignatureWrong},
		"unsigned":                     {[]string{published}, strings.Replace(unsigned("{}"), encoded(`{"alg":"RS256","kid":"k"}`), encoded(`{"alg":"none","kid":"one"}`), 1), maskinporten.SignatureWrong},
		"unknown kid":                  {[]string{another}, good, maskinporten.SignatureUnknownKey},
		"no kid":                       {[]string{published}, signed(t, one, `{"alg":"RS256"}`), maskinporten.SignatureUnknownKey},
		"kid of a key that is no RSA":  {[]string{elliptic}, signed(t, one, `{"alg":"RS256","kid":"three"}`), maskinporten.SignatureUnread},
		"opaque":                       {[]string{published}, "opaque", maskinporten.SignatureUnread},
		"nothing":                      {[]string{published}, "", maskinporten.SignatureUnread},
		"a private key is no good key": {[]string{string(one.JSON().Reveal())}, good, maskinporten.SignatureUnread},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t, test.keys...)
			got, err := i.keys.Verify(t.Context(), i.uri, test.token)
			if err != nil || got != test.want {
				t.Errorf("got %q and error %v, want %q", got, err, test.want)
			}
		})
	}
}

func encoded(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// altered is a token with other claims under the same signature.
func altered(token string) string {
	parts := strings.Split(token, ".")
	return parts[0] + "." + encoded(`{"scope":"a:c"}`) + "." + parts[2]
}

func TestKeysAreKept(t *testing.T) {
	t.Parallel()
	old, oldPublished := pair(t, "old")
	fresh, freshPublished := pair(t, "new")
	oldToken, freshToken := signed(t, old, `{"alg":"RS256","kid":"old"}`), signed(t, fresh, `{"alg":"RS256","kid":"new"}`)
	i := newIssuer(t, oldPublished)

	i.check(t, oldToken, maskinporten.SignatureGood, 1)
	i.check(t, freshToken, maskinporten.SignatureUnknownKey, 1)
	i.publish(oldPublished, freshPublished)
	i.pass(time.Minute - time.Second)
	i.check(t, freshToken, maskinporten.SignatureUnknownKey, 1)
	i.pass(time.Second)
	i.check(t, oldToken, maskinporten.SignatureGood, 1)
	i.check(t, signed(t, old, `{"alg":"RS256"}`), maskinporten.SignatureUnknownKey, 1)
	i.check(t, freshToken, maskinporten.SignatureGood, 2)
	i.pass(24*time.Hour - time.Second)
	i.check(t, oldToken, maskinporten.SignatureGood, 2)
	i.pass(time.Second)
	i.check(t, oldToken, maskinporten.SignatureGood, 3)

	// While Maskinporten is down the keys that are there still serve, but that
	// one is not published cannot be said.
	i.down()
	i.pass(24 * time.Hour)
	i.check(t, oldToken, maskinporten.SignatureGood, 4)
	stranger := signed(t, old, `{"alg":"RS256","kid":"stranger"}`)
	_, err := i.keys.Verify(t.Context(), i.uri, stranger)
	if got, want := refusal(t, err).Status, http.StatusServiceUnavailable; got != want || i.calls != 4 {
		t.Errorf("got status %d after %d calls, want %d after 4", got, i.calls, want)
	}
	if strings.Contains(fmt.Sprintf("%v %+v", err, err), "eyJ") {
		t.Errorf("the error holds the token: %v", err)
	}
}

func TestKeysStayOnTheIssuer(t *testing.T) {
	t.Parallel()
	c := served(t, func(http.ResponseWriter, *http.Request) { t.Error("the call was made") })
	for _, address := range []string{"https://evil.example/jwk", "http://169.254.169.254/", "", ":", "/jwk"} {
		_, err := maskinporten.NewKeys(c).Verify(t.Context(), address, unsigned("{}"))
		if got, want := refusal(t, err).Kind, maskinporten.KindEndpointElsewhere; got != want {
			t.Errorf("%q: got %s, want %s", address, got, want)
		}
	}
}

func TestKeysMove(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	key, published := pair(t, "one")
	c := served(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.URL.Path == "/new" {
			io.WriteString(w, `{"keys":[`+published+"]}")
		}
	})
	keys, token := maskinporten.NewKeys(c), signed(t, key, `{"alg":"RS256","kid":"one"}`)
	_, err := keys.Verify(t.Context(), c.Issuer+"old", token)
	if got, want := refusal(t, err).Kind, maskinporten.KindNotJSON; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for range 2 {
		if got, err := keys.Verify(t.Context(), c.Issuer+"new", token); got != maskinporten.SignatureGood {
			t.Errorf("got %q and %v", got, err)
		}
	}
	if got, want := calls.Load(), int32(2); got != want {
		t.Errorf("got %d calls, want %d", got, want)
	}
}

func TestKeysCallerLeaves(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan struct{})
	c := served(t, func(http.ResponseWriter, *http.Request) { cancel(); <-answer })
	_, err := maskinporten.NewKeys(c).Verify(ctx, c.Issuer+"jwk", unsigned("{}"))
	close(answer)
	if got, want := refusal(t, err).Kind, maskinporten.KindCancelled; got != want || !errors.Is(err, context.Canceled) {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}
