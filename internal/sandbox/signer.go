package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sync"

	"portvakt/jwk"
)

// signer is a service's own signing key. It is made when it is first needed and dies with the process, so that tokens
// from another run of the sandbox are worth nothing.
type signer struct {
	key func() (jwk.Private, error)
}

func newSigner() *signer {
	return &signer{key: sync.OnceValues(func() (jwk.Private, error) { return jwk.Generate(2048) })}
}

func (s *signer) public() (jwk.Public, error) {
	key, err := s.key()
	if err != nil {
		return jwk.Public{}, fmt.Errorf("making a signing key: %w", err)
	}
	return key.Public(), nil
}

// sign makes a compact JWS. The header holds kid and alg and what else is given.
func (s *signer) sign(header map[string]any, claims any) (string, error) {
	key, err := s.key()
	if err != nil {
		return "", fmt.Errorf("making a signing key: %w", err)
	}
	full := map[string]any{"alg": "RS256", "kid": key.Public().Kid()}
	for name, value := range header {
		full[name] = value
	}
	first, err := segment(full)
	if err != nil {
		return "", err
	}
	second, err := segment(claims)
	if err != nil {
		return "", err
	}
	return key.Sign(first + "." + second)
}

func segment(value any) (string, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("encoding a token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(data), nil
}
