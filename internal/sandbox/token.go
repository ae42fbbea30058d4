package sandbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"portvakt/jwk"
)

// Time rules of a grant as reported from the real server. Its documentation says 120 seconds and allows no old iat; the
// server allows 180 and does not look at how old iat is.
const (
	grantLife = 180 * time.Second
	grantSkew = 10 * time.Second
)

func (s *Sandbox) serveToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	token, err := s.token(r)
	if err == nil {
		writeJSON(w, http.StatusOK, jsonType, token)
		return
	}
	var known *refusal
	if !errors.As(err, &known) {
		known = errInternal
	}
	s.serveRefusal(w, known)
}

// token judges a request in the order in which a person would want to hear of its faults: form, client, key, signature,
// audience, time, replay, scopes. The real server's order is not documented.
func (s *Sandbox) token(r *http.Request) (tokenAnswer, error) {
	assertion, err := assertionOf(r)
	if err != nil {
		return tokenAnswer{}, err
	}
	grant, err := parseGrant(assertion)
	if err != nil {
		return tokenAnswer{}, err
	}

	s.mu.RLock()
	now, on, client, known := s.now(), s.faults, Client{}, false
	if i := s.state.client(grant.issuer); i >= 0 {
		client, known = s.state.Clients[i], true
	}
	s.mu.RUnlock()

	delay := on.duration(faultPropagation)
	if !known || !client.Active || !arrived(client.Created, now, delay) {
		return tokenAnswer{}, errClient
	}
	if err := authenticate(grant, client, now, delay); err != nil {
		return tokenAnswer{}, err
	}
	if err := on.faultyRefusal(grant); err != nil {
		return tokenAnswer{}, err
	}
	now = now.Add(on.skew())
	if grant.audience != s.Issuer() {
		return tokenAnswer{}, errAudience
	}
	if err := grant.timely(now); err != nil {
		return tokenAnswer{}, err
	}
	if err := s.used.use(client.ID, grant.replayID(), grant.expires.Add(grantSkew), now); err != nil {
		return tokenAnswer{}, err
	}
	parties, err := authorize(grant, client)
	if err != nil {
		return tokenAnswer{}, err
	}
	if err := grant.checkTargets(); err != nil {
		return tokenAnswer{}, err
	}
	return s.issue(grant, client, parties, now, on)
}

// assertionOf takes the grant out of a form post, and out of nothing else.
func assertionOf(r *http.Request) (string, error) {
	query := r.URL.Query()
	if query.Has("assertion") || query.Has("grant_type") {
		return "", errQuery
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return "", errMediaType
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return "", errTooLarge
		}
		return "", errNoGrant
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form["grant_type"]) != 1 {
		return "", errNoGrant
	}
	if form.Get("grant_type") != jwtBearer {
		return "", errGrantType
	}
	if len(form["assertion"]) != 1 || form.Get("assertion") == "" {
		return "", errNoGrant
	}
	return form.Get("assertion"), nil
}

// authenticate finds the key that the grant names among those registered on the client, and verifies the signature.
// The sandbox has no certificates: a grant with x5c is refused, in the words that fit what is registered.
func authenticate(g grant, client Client, now time.Time, delay time.Duration) error {
	if g.kid == "" && g.chain && len(client.Keys) == 0 {
		return errCert
	}
	if g.kid == "" {
		return errNoKid
	}
	i := client.key(g.kid)
	if i < 0 || !arrived(client.Keys[i].Posted, now, delay) {
		return errUnknownKid
	}
	if !now.Before(client.Keys[i].Expires) {
		return errExpiredKey
	}
	if _, err := jwk.Verify(client.Keys[i].Public, g.compact); errors.Is(err, jwk.ErrMalformed) {
		return errParameter
	} else if err != nil {
		return errSignature
	}
	return nil
}

// arrived says whether what was registered then has reached the token endpoint. Without a delay it has, also when the
// clock has been turned back to before that.
func arrived(registered, now time.Time, delay time.Duration) bool {
	return delay == 0 || !registered.Add(delay).After(now)
}

// timely applies the server's three time rules, in its order.
func (g grant) timely(now time.Time) error {
	switch {
	case g.expires.Sub(g.issued) > grantLife:
		return errLifetime
	case now.Add(grantSkew).Before(g.issued):
		return errFuture
	case now.Add(-grantSkew).After(g.expires):
		return errExpired
	}
	return nil
}
