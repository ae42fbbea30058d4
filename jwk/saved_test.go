package jwk_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"portvakt/jwk"
)

// A signature by the standard library is accepted in each form in which people
// paste base64, and nothing else is.
func TestSaved(t *testing.T) {
	t.Parallel()
	key, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(key.PEM().Reveal()))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("portvakt-saved:v1:abc"))
	raw, err := rsa.SignPKCS1v15(rand.Reader, parsed.(*rsa.PrivateKey), crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	lines := base64.StdEncoding.EncodeToString(raw)
	lines = lines[:64] + "\n" + lines[64:] + "\n"
	for _, form := range []string{base64.RawURLEncoding.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw), lines} {
		if err := jwk.VerifySaved(key.Public(), "abc", form); err != nil {
			t.Errorf("%q: %v", form[:20], err)
		}
	}
	own, err := key.SignSaved("abc")
	if err != nil || jwk.VerifySaved(key.Public(), "abc", own) != nil {
		t.Errorf("own signature: %v", err)
	}
	for name, check := range map[string]error{
		"another challenge": jwk.VerifySaved(key.Public(), "abd", own),
		"another key":       jwk.VerifySaved(other.Public(), "abc", own),
		"no key":            jwk.VerifySaved(jwk.Public{}, "abc", own),
		"nothing":           jwk.VerifySaved(key.Public(), "abc", ""),
		"no base64":         jwk.VerifySaved(key.Public(), "abc", "???"),
		"a bit changed":     jwk.VerifySaved(key.Public(), "abc", strings.Replace(own, own[:1], string(own[0]^1), 1)),
	} {
		if check == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
