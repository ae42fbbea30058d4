package jwk

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"unicode/utf16"
)

// ParsePublics reads public keys as people paste them: one JWK, an array, a
// JWKS {"keys":[…]}, or PEM (a public key or a certificate, which have no
// kid). A byte order mark, UTF-16 and white space around are forgiven, nothing
// else is. A private key in any disguise gives ErrPrivate, before all else is
// looked at. At least one key comes back; that a kid stands twice is for the
// caller to judge.
func ParsePublics(data []byte) ([]Public, error) {
	keys, err := parsePublics(data)
	if err != nil {
		return nil, fmt.Errorf("reading public keys: %w", err)
	}
	return keys, nil
}

func parsePublics(data []byte) ([]Public, error) {
	if leaks(data) {
		return nil, ErrPrivate
	}
	if len(data) > maxSize {
		return nil, fmt.Errorf("more than %d bytes: %w", maxSize, ErrMalformed)
	}
	data = clean(data)
	if bytes.HasPrefix(data, []byte("-----BEGIN ")) {
		key, err := publicPEM(data)
		return []Public{key}, err
	}

	value, err := strictJSON(data)
	if err != nil {
		return nil, err
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
		if members, _ := value.(map[string]any); members["kty"] == nil && members["keys"] != nil {
			list, _ = members["keys"].([]any)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("a list without a key: %w", ErrMalformed)
	}
	keys := make([]Public, len(list))
	for i, item := range list {
		members, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("key %d is not an object: %w", i+1, ErrMalformed)
		}
		if keys[i], err = publicOf(members); err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
	}
	return keys, nil
}

func publicPEM(data []byte) (Public, error) {
	block, err := onlyBlock(data)
	if err != nil {
		return Public{}, err
	}
	var parsed any
	switch block.Type {
	case "PUBLIC KEY":
		parsed, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		parsed, err = x509.ParsePKCS1PublicKey(block.Bytes)
	case "CERTIFICATE":
		var certificate *x509.Certificate
		if certificate, err = x509.ParseCertificate(block.Bytes); err == nil {
			parsed = certificate.PublicKey
		}
	default:
		return Public{}, fmt.Errorf("a PEM block of another kind: %w", ErrMalformed)
	}
	if err != nil {
		return Public{}, fmt.Errorf("a PEM block that cannot be read: %w", ErrMalformed)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return Public{}, ErrNotRSA
	}
	if err := checkPublic(key); err != nil {
		return Public{}, err
	}
	return newPublic(key, "", defaultAlg), nil
}

// onlyBlock reads a text that is one PEM block and nothing else.
func onlyBlock(data []byte) (*pem.Block, error) {
	block, rest := pem.Decode(data)
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, fmt.Errorf("not exactly one PEM block: %w", ErrMalformed)
	}
	return block, nil
}

// clean takes away what editors and shells put around a text: a byte order
// mark, UTF-16 (what > writes in Windows PowerShell), white space.
func clean(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	}
	if order != nil && len(data)%2 == 0 {
		units := make([]uint16, 0, len(data)/2-1)
		for rest := data[2:]; len(rest) > 0; rest = rest[2:] {
			units = append(units, order.Uint16(rest))
		}
		data = []byte(string(utf16.Decode(units)))
	}
	return bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
}
