package jwk

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
)

// Public is the public half of a key: a value that can be compared with == and
// has no room for a private key. Its zero value is no key.
type Public struct {
	kid, alg, n string
	bits        int
}

func newPublic(key *rsa.PublicKey, kid, alg string) Public {
	return Public{kid: kid, alg: alg, n: encode(key.N.Bytes()), bits: key.N.BitLen()}
}

// IsZero says whether there is no key.
func (p Public) IsZero() bool { return p == Public{} }

// Kid is the key id, or "" for a key that came without one.
func (p Public) Kid() string { return p.kid }

// Alg is the algorithm to sign with: the one that the key names, RS256 for a
// key that named none.
func (p Public) Alg() string { return p.alg }

// Bits is the size of the modulus.
func (p Public) Bits() int { return p.bits }

// Thumbprint is the key's own name, the same whatever its kid: RFC 7638 with
// SHA-256, in base64url.
func (p Public) Thumbprint() string {
	if p.IsZero() {
		return ""
	}
	sum := sha256.Sum256([]byte(`{"e":"AQAB","kty":"RSA","n":"` + p.n + `"}`))
	return encode(sum[:])
}

// WithKid is the same key under another id.
func (p Public) WithKid(kid string) (Public, error) {
	kid, err := ParseKid(kid)
	if err != nil {
		return Public{}, err
	}
	p.kid = kid
	return p, nil
}

func (p Public) document() document {
	return document{Kty: "RSA", Use: "sig", Alg: p.alg, Kid: p.kid, N: p.n, E: "AQAB"}
}

// JSON is the key as one JWK, on one line: kty, use, alg, kid (unless the key
// has none), n, e. It is "" for no key, and so are the other forms.
func (p Public) JSON() string {
	if p.IsZero() {
		return ""
	}
	text, err := json.Marshal(p.document())
	if err != nil {
		panic("jwk: a struct of texts did not become JSON")
	}
	return string(text)
}

// Array is the form [{…}].
func (p Public) Array() string {
	if p.IsZero() {
		return ""
	}
	return "[" + p.JSON() + "]"
}

// Set is the form {"keys":[{…}]}, a JWKS.
func (p Public) Set() string {
	if p.IsZero() {
		return ""
	}
	return `{"keys":` + p.Array() + "}"
}

// PEM is the key as SubjectPublicKeyInfo between BEGIN PUBLIC KEY and END. It
// has no room for a kid.
func (p Public) PEM() string {
	if p.IsZero() {
		return ""
	}
	der, err := x509.MarshalPKIXPublicKey(p.rsa())
	if err != nil {
		panic("jwk: a public key did not become DER")
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// String is JSON, so that a public key prints as what it is.
func (p Public) String() string { return p.JSON() }

func (p Public) rsa() *rsa.PublicKey {
	// The text was decoded when the key was read.
	n, _ := decode(p.n)
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: exponent}
}

// ParsePublic reads exactly one JWK object through the strict gate. A private
// key in any disguise gives ErrPrivate, before all else is looked at. The kid
// may be absent.
func ParsePublic(data []byte) (Public, error) {
	key, err := parsePublic(data)
	if err != nil {
		return Public{}, fmt.Errorf("reading a public key: %w", err)
	}
	return key, nil
}

func parsePublic(data []byte) (Public, error) {
	if leaks(data) {
		return Public{}, ErrPrivate
	}
	members, err := strictObject(data)
	if err != nil {
		return Public{}, err
	}
	return publicOf(members)
}

func publicOf(members map[string]any) (Public, error) {
	doc, err := gate(members)
	if err != nil {
		return Public{}, err
	}
	var key rsa.PublicKey
	if err := raw(doc, &key); err != nil {
		return Public{}, err
	}
	if err := checkPublic(&key); err != nil {
		return Public{}, err
	}
	return newPublic(&key, doc.Kid, doc.Alg), nil
}
