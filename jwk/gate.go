package jwk

import (
	"encoding/json"
	"fmt"

	jwx "github.com/lestrrat-go/jwx/v2/jwk"
)

// document is one JWK with the members that Portvakt knows, in the order in
// which they are written: what a person looks for comes first.
type document struct {
	Kty string `json:"kty"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	Kid string `json:"kid,omitempty"`
	N   string `json:"n"`
	E   string `json:"e"`
	D   string `json:"d,omitempty"`
	P   string `json:"p,omitempty"`
	Q   string `json:"q,omitempty"`
	Dp  string `json:"dp,omitempty"`
	Dq  string `json:"dq,omitempty"`
	Qi  string `json:"qi,omitempty"`
}

// gate takes the members of a JWK from outside and passes on those that are
// known, each checked for its form, and nothing else. The library reads only
// what has come through here.
func gate(members map[string]any) (document, error) {
	if err := flat(members); err != nil {
		return document{}, err
	}
	doc := document{Kty: "RSA", Use: "sig", Alg: defaultAlg, E: "AQAB"}
	if kty, err := text(members, "kty"); err != nil {
		return document{}, err
	} else if kty != "RSA" {
		return document{}, ErrNotRSA
	}
	if use, stated := members["use"]; stated && use != "sig" {
		return document{}, ErrUse
	}
	if alg, stated := members["alg"]; stated {
		if doc.Alg, stated = alg.(string); !stated || !allowedAlg(doc.Alg) {
			return document{}, ErrAlgorithm
		}
	}
	if kid, stated := members["kid"]; stated {
		doc.Kid, _ = kid.(string)
		if _, err := ParseKid(doc.Kid); err != nil {
			return document{}, ErrKid
		}
	}
	if e, err := text(members, "e"); err != nil {
		return document{}, err
	} else if e != "AQAB" {
		return document{}, fmt.Errorf("the public exponent is not AQAB: %w", ErrWeak)
	}
	var err error
	if doc.N, err = modulus(members); err != nil {
		return document{}, err
	}
	return doc, nil
}

// gatePrivate is gate for a key pair, which must be complete: some clients,
// Altinn's among them, take a key without its CRT members for a public one.
func gatePrivate(members map[string]any) (document, error) {
	doc, err := gate(members)
	if err != nil {
		return document{}, err
	}
	if members["d"] == nil {
		return document{}, ErrPublic
	}
	if _, more := members["oth"]; more {
		return document{}, fmt.Errorf("the key has more than two primes: %w", ErrMalformed)
	}
	whole := len(doc.N) * 3 / 4
	for _, part := range []struct {
		name string
		to   *string
		most int
	}{
		{"d", &doc.D, whole}, {"p", &doc.P, whole / 2}, {"q", &doc.Q, whole / 2},
		{"dp", &doc.Dp, whole / 2}, {"dq", &doc.Dq, whole / 2}, {"qi", &doc.Qi, whole / 2},
	} {
		if *part.to, err = text(members, part.name); err != nil {
			return document{}, err
		}
		// Zeros in front are allowed here, up to the full length: .NET demands them.
		data, err := decode(*part.to)
		if err != nil || len(data) == 0 || len(data) > part.most {
			return document{}, fmt.Errorf("member %q: %w", part.name, ErrMalformed)
		}
	}
	return doc, nil
}

// flat refuses objects within the key. Arrays of texts are common (key_ops,
// x5c) and harmless.
func flat(members map[string]any) error {
	for _, value := range members {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, item := range list {
			switch item.(type) {
			case map[string]any, []any:
				return fmt.Errorf("a key is one flat object: %w", ErrMalformed)
			}
		}
	}
	return nil
}

// text reads a member that must be there as a text. Its name is one of ours,
// so the error may say it.
func text(members map[string]any, name string) (string, error) {
	value, ok := members[name].(string)
	if !ok || value == "" {
		return "", fmt.Errorf("member %q is missing or not a text: %w", name, ErrMalformed)
	}
	return value, nil
}

func modulus(members map[string]any) (string, error) {
	n, err := text(members, "n")
	if err != nil {
		return "", err
	}
	data, err := decode(n)
	if err != nil {
		return "", fmt.Errorf("member %q: %w", "n", err)
	}
	// RFC 7518, section 6.3.1.1: as few bytes as it takes.
	if len(data) == 0 || data[0] == 0 {
		return "", fmt.Errorf("member %q begins with a zero byte: %w", "n", ErrMalformed)
	}
	return n, nil
}

// raw lets the library turn a document that has passed the gate into the key
// that key points to. The library's own errors end here: they may quote the key.
func raw(doc document, key any) error {
	canonical, err := json.Marshal(doc)
	if err != nil {
		return ErrMalformed
	}
	parsed, err := jwx.ParseKey(canonical)
	if err != nil {
		return ErrMalformed
	}
	if parsed.Raw(key) != nil {
		return ErrMalformed
	}
	return nil
}
