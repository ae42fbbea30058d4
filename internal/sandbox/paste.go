package sandbox

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"portvakt/jwk"
)

// maxPaste is the longest text in which a key is looked for: five keys of 4096 bits are about 5 KiB.
const maxPaste = 16 << 10

// foundKey is a public key in a pasted text, with a kid.
type foundKey struct {
	public  jwk.Public
	expires time.Time // zero when the text does not say
}

// parseKeys finds the public keys in a pasted text, or says why there are none to be had. What must be refused whatever
// else is wrong comes first: a private key.
func parseKeys(pasted string) ([]foundKey, error) {
	pasted = strings.TrimSpace(strings.TrimPrefix(pasted, "\ufeff"))
	switch {
	case pasted == "":
		return nil, refuse(FieldKey, CodeKeyEmpty)
	case len(pasted) > maxPaste:
		return nil, refuse(FieldKey, CodeKeyTooLarge, "limit", strconv.Itoa(maxPaste))
	}
	publics, err := jwk.ParsePublics([]byte(pasted))
	if errors.Is(err, jwk.ErrPrivate) {
		return nil, refuse(FieldKey, CodeKeyPrivate)
	}
	if strings.HasPrefix(pasted, "-----BEGIN") {
		return pemKeys(pasted, publics, err)
	}
	return jwkKeys(pasted, publics, err)
}

// pemKeys gives each key a kid, since PEM has no place for one.
func pemKeys(pasted string, publics []jwk.Public, err error) ([]foundKey, error) {
	if strings.HasPrefix(pasted, "-----BEGIN CERTIFICATE-----") {
		return nil, refuse(FieldKey, CodeKeyCertificate)
	}
	if strings.HasPrefix(pasted, "-----BEGIN RSA PUBLIC KEY-----") {
		return nil, refuse(FieldKey, CodeKeyPKCS1)
	}
	if err != nil {
		return nil, keyProblem(pasted, err)
	}
	found := make([]foundKey, len(publics))
	for i, public := range publics {
		named, err := public.WithKid(newID())
		if err != nil {
			return nil, keyProblem(pasted, err)
		}
		found[i] = foundKey{public: named}
	}
	return found, nil
}

// jwkKeys looks at the members that self-service demands and a general parser forgives.
func jwkKeys(pasted string, publics []jwk.Public, err error) ([]foundKey, error) {
	if errors.Is(err, jwk.ErrNotRSA) {
		return nil, keyProblem(pasted, err)
	}
	members, ok := jwkMembers([]byte(pasted))
	if !ok {
		return nil, unread(pasted)
	}
	var problems Problems
	for _, m := range members {
		problems = append(problems, m.problems()...)
	}
	if refused := problems.or(); refused != nil {
		return nil, refused
	}
	if err == nil && len(publics) != len(members) {
		err = jwk.ErrMalformed
	}
	if err != nil {
		return nil, keyProblem(pasted, err)
	}
	found := make([]foundKey, len(publics))
	for i, public := range publics {
		found[i] = foundKey{public: public, expires: members[i].expires()}
	}
	return found, nil
}

// keyProblem puts what the gate in jwk refused into one of our codes.
func keyProblem(pasted string, err error) Problems {
	switch {
	case errors.Is(err, jwk.ErrPrivate):
		return refuse(FieldKey, CodeKeyPrivate)
	case errors.Is(err, jwk.ErrNotRSA):
		return refuse(FieldKey, CodeKeyNotRSA)
	case errors.Is(err, jwk.ErrSize):
		return wrongSize(pasted)
	case errors.Is(err, jwk.ErrWeak):
		return weak(pasted)
	case errors.Is(err, jwk.ErrUse):
		return refuse(FieldKey, CodeKeyUse)
	case errors.Is(err, jwk.ErrAlgorithm):
		return refuse(FieldKey, CodeKeyAlg)
	case errors.Is(err, jwk.ErrKid):
		return refuse(FieldKey, CodeKeyKid)
	}
	return unread(pasted)
}

// pastedJWK is one JWK's members as they were pasted.
type pastedJWK map[string]json.RawMessage

// jwkMembers reads a JWK, an array of them or a JWKS without judging them.
func jwkMembers(data []byte) ([]pastedJWK, bool) {
	if data[0] == '[' {
		var several []pastedJWK
		return several, json.Unmarshal(data, &several) == nil && len(several) > 0
	}
	var one pastedJWK
	if json.Unmarshal(data, &one) != nil || one == nil {
		return nil, false
	}
	keys, isSet := one["keys"]
	if !isSet || one["kty"] != nil {
		return []pastedJWK{one}, true
	}
	var several []pastedJWK
	return several, json.Unmarshal(keys, &several) == nil && len(several) > 0
}

func (p pastedJWK) text(member string) string {
	var text string
	if json.Unmarshal(p[member], &text) != nil {
		return ""
	}
	return text
}

// problems are what self-service demands beyond a sound key: use since May 2025, alg and kid always.
func (p pastedJWK) problems() Problems {
	var problems Problems
	kid := p.text("kid")
	note := func(code string) { problems = append(problems, problem(FieldKey, code, "kid", kid)) }
	if kid == "" {
		problems = append(problems, problem(FieldKey, CodeKeyKidMissing))
	} else if _, err := jwk.ParseKid(kid); err != nil {
		problems = append(problems, problem(FieldKey, CodeKeyKid))
	}
	switch use := p.text("use"); {
	case p["use"] == nil:
		note(CodeKeyUseMissing)
	case use != "sig":
		note(CodeKeyUse)
	}
	switch alg := p.text("alg"); {
	case p["alg"] == nil:
		note(CodeKeyAlgMissing)
	case !grantAlgorithm(alg):
		note(CodeKeyAlg)
	}
	if p["exp"] != nil && p.expires().IsZero() {
		note(CodeKeyExpMalformed)
	}
	return problems
}

// expires reads exp; zero when it is absent or not a sensible number of seconds.
func (p pastedJWK) expires() time.Time {
	seconds, err := strconv.ParseInt(string(p["exp"]), 10, 64)
	if err != nil || seconds < 1 || seconds > maxSeconds {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
