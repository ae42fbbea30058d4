package jwk

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"

	jwx "github.com/lestrrat-go/jwx/v2/jwk"
)

// Private is an RSA key pair. It prints itself no more than a [Secret] does,
// with whatever verb, encoder or logger, and cannot be compared with ==. Its
// zero value is no key. It may be used by several goroutines at once.
type Private struct {
	redacted
	public Public
	pair   func() *rsa.PrivateKey // a function for the reason given at Secret
}

func newPrivate(key *rsa.PrivateKey, kid, alg string) Private {
	return Private{
		public: newPublic(&key.PublicKey, kid, alg),
		pair:   func() *rsa.PrivateKey { return key },
	}
}

// Generate makes a key pair of 2048, 3072 or 4096 bits, for RS256. Its kid is
// its thumbprint until WithKid gives it another.
//
// JWK writes numbers without zero bytes in front, while .NET refuses a key
// with a private member shorter than its full length. A key in which the two
// rules meet is thrown away and made anew, which happens to one in fifteen.
func Generate(bits int) (Private, error) {
	if !slices.Contains(sizes, bits) {
		return Private{}, fmt.Errorf("making a key pair: %w", ErrSize)
	}
	for {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			return Private{}, fmt.Errorf("making a key pair: %w", err)
		}
		if fullLength(key) {
			made := newPrivate(key, "", defaultAlg)
			made.public.kid = made.public.Thumbprint()
			return made, nil
		}
	}
}

// fullLength says whether every private member fills its bytes: d those of the
// modulus, the others half of them.
func fullLength(key *rsa.PrivateKey) bool {
	whole := key.N.BitLen()
	return key.D.BitLen() > whole-8 &&
		key.Precomputed.Dp.BitLen() > whole/2-8 &&
		key.Precomputed.Dq.BitLen() > whole/2-8 &&
		key.Precomputed.Qinv.BitLen() > whole/2-8
}

// IsZero says whether there is no key.
func (k Private) IsZero() bool { return k.pair == nil }

// Public is the half that may be shown, with the same kid.
func (k Private) Public() Public { return k.public }

// WithKid is the same key pair under another id.
func (k Private) WithKid(kid string) (Private, error) {
	public, err := k.public.WithKid(kid)
	if err != nil {
		return Private{}, err
	}
	k.public = public
	return k, nil
}

// JSON is the key pair as one JWK, on one line: kty, use, alg, kid (unless the
// key has none), n, e, d, p, q, dp, dq, qi. It is empty for no key, and so are
// the other forms.
func (k Private) JSON() Secret {
	if k.IsZero() {
		return Secret{}
	}
	text, err := k.json()
	if err != nil {
		// Without the error: it may quote the key.
		panic("jwk: a key pair did not become JSON")
	}
	return NewSecret(string(text))
}

func (k Private) json() ([]byte, error) {
	key, err := jwx.FromRaw(k.pair())
	if err != nil {
		return nil, err
	}
	written, err := json.Marshal(key)
	if err != nil {
		return nil, err
	}
	// The library writes the members in the order of the alphabet; once more,
	// in the order in which people read them.
	doc := document{Use: "sig", Alg: k.public.alg, Kid: k.public.kid}
	if err := json.Unmarshal(written, &doc); err != nil {
		return nil, err
	}
	whole := k.public.bits / 8
	doc.D = filled(doc.D, whole)
	for _, part := range []*string{&doc.P, &doc.Q, &doc.Dp, &doc.Dq, &doc.Qi} {
		*part = filled(*part, whole/2)
	}
	return json.Marshal(doc)
}

// filled writes a private member in its full length. The library leaves out
// zero bytes in front, and .NET refuses a key with a member that is shorter: one
// made elsewhere in fifteen. Every reader that is known takes the zeros.
func filled(member string, length int) string {
	data, _ := decode(member)
	if short := length - len(data); short > 0 {
		return encode(append(make([]byte, short), data...))
	}
	return member
}

// Encoded is JSON in base64 of the standard alphabet, padded, on one line:
// what Altinn's library calls EncodedJwk.
func (k Private) Encoded() Secret {
	return NewSecret(base64.StdEncoding.EncodeToString([]byte(k.JSON().Reveal())))
}

// PEM is the key pair as PKCS#8 between BEGIN PRIVATE KEY and END. It has no
// room for a kid.
func (k Private) PEM() Secret {
	if k.IsZero() {
		return Secret{}
	}
	der, err := x509.MarshalPKCS8PrivateKey(k.pair())
	if err != nil {
		panic("jwk: a key pair did not become DER")
	}
	return NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}
