package jwk

import (
	"fmt"
	"strings"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jws"
)

// Sign completes a signing input, base64url(header).base64url(payload), to a
// compact JWS. The algorithm is the one that the header names: RS256, RS384 or
// RS512. Not one byte of the input is changed.
func (k Private) Sign(signingInput string) (string, error) {
	signature, err := k.sign(signingInput)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return signingInput + "." + encode(signature), nil
}

func (k Private) sign(signingInput string) ([]byte, error) {
	if k.IsZero() {
		return nil, fmt.Errorf("no key: %w", ErrMalformed)
	}
	token, err := split(signingInput + ".")
	if err != nil {
		return nil, err
	}
	alg, err := token.algorithm()
	if err != nil {
		return nil, err
	}
	signer, err := jws.NewSigner(alg)
	if err != nil {
		return nil, ErrAlgorithm
	}
	signature, err := signer.Sign([]byte(token.input), k.pair())
	if err != nil {
		return nil, ErrWeak
	}
	return signature, nil
}

// Verify checks a compact JWS with a key and gives its payload. The header
// must name RS256, RS384 or RS512; any of them will do, also where the key
// names another, and the header's kid is for the caller to compare. A text
// that is no JWS gives ErrMalformed, all else ErrSignature.
func Verify(p Public, compact string) (payload []byte, err error) {
	token, err := split(compact)
	if err == nil {
		err = token.verify(p)
	}
	if err != nil {
		return nil, fmt.Errorf("verifying a signature: %w", err)
	}
	return token.payload, nil
}

// Inspect decodes a compact JWS and trusts nothing of it: neither signature
// nor algorithm is looked at. It is strict about form: three parts of
// base64url, header and payload each one JSON object, no member twice.
// Numbers are float64.
func Inspect(compact string) (header, payload map[string]any, err error) {
	token, err := split(compact)
	if err == nil {
		payload, err = strictObject(token.payload)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading a token: %w", err)
	}
	return token.header, payload, nil
}

// token is a compact JWS taken apart.
type token struct {
	input     string
	header    map[string]any
	payload   []byte
	signature []byte
}

func split(compact string) (token, error) {
	if len(compact) > maxSize {
		return token{}, fmt.Errorf("more than %d bytes: %w", maxSize, ErrMalformed)
	}
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return token{}, fmt.Errorf("not three parts: %w", ErrMalformed)
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = decode(part); err != nil {
			return token{}, err
		}
	}
	header, err := strictObject(decoded[0])
	if err != nil {
		return token{}, err
	}
	return token{
		input:     parts[0] + "." + parts[1],
		header:    header,
		payload:   decoded[1],
		signature: decoded[2],
	}, nil
}

func (t token) algorithm() (jwa.SignatureAlgorithm, error) {
	alg, _ := t.header["alg"].(string)
	if !allowedAlg(alg) {
		return "", ErrAlgorithm
	}
	// RFC 7515, section 4.1.11: what is critical and not understood must be
	// refused, and nothing critical is understood here.
	if _, critical := t.header["crit"]; critical {
		return "", fmt.Errorf("a critical header: %w", ErrMalformed)
	}
	return jwa.SignatureAlgorithm(alg), nil
}

func (t token) verify(p Public) error {
	alg, err := t.algorithm()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if p.IsZero() {
		return fmt.Errorf("no key: %w", ErrSignature)
	}
	verifier, err := jws.NewVerifier(alg)
	if err != nil || verifier.Verify([]byte(t.input), t.signature, p.rsa()) != nil {
		return ErrSignature
	}
	return nil
}
