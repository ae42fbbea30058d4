package jwk

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// savedPrefix keeps the proof of saving apart from everything else that the key
// signs: no grant, and no other JWS, begins so or has a colon.
const savedPrefix = "portvakt-saved:v1:"

// SavedText is the text whose signature shows that somebody has the private key.
func SavedText(challenge string) string { return savedPrefix + challenge }

// VerifySaved checks a signature over SavedText by RSASSA-PKCS1-v1_5 with
// SHA-256, as openssl dgst and WebCrypto make it. The signature is base64 in
// any of its alphabets, with or without padding and line breaks. All that is
// wrong gives ErrSignature.
func VerifySaved(p Public, challenge, signature string) error {
	raw, err := base64.RawURLEncoding.DecodeString(bare64(signature))
	if err != nil || p.IsZero() {
		return fmt.Errorf("verifying that a key is saved: %w", ErrSignature)
	}
	verifier, err := jws.NewVerifier(jwa.RS256)
	if err != nil || verifier.Verify([]byte(SavedText(challenge)), raw, p.rsa()) != nil {
		return fmt.Errorf("verifying that a key is saved: %w", ErrSignature)
	}
	return nil
}

// SignSaved makes what VerifySaved checks, in base64url.
func (k Private) SignSaved(challenge string) (string, error) {
	if k.IsZero() {
		return "", fmt.Errorf("signing: no key: %w", ErrMalformed)
	}
	signer, err := jws.NewSigner(jwa.RS256)
	if err != nil {
		return "", fmt.Errorf("signing: %w", ErrAlgorithm)
	}
	signature, err := signer.Sign([]byte(SavedText(challenge)), k.pair())
	if err != nil {
		return "", fmt.Errorf("signing: %w", ErrWeak)
	}
	return encode(signature), nil
}

// bare64 brings base64 into the alphabet for addresses, on one line, without padding.
func bare64(text string) string {
	return strings.NewReplacer("+", "-", "/", "_", "=", "", " ", "", "\t", "", "\r", "", "\n", "").Replace(text)
}
