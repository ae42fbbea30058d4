package jwk

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
)

// ParsePrivate reads a key pair from what people save in files: one JWK, the
// same in base64 (base64url and missing padding are recognised too), or PEM
// with PKCS#8 or PKCS#1. A byte order mark, UTF-16 and white space around are
// forgiven. The key passes the strict gate, must be complete, and its parts
// must belong together. A key without a kid comes back without one.
func ParsePrivate(data []byte) (Private, error) {
	key, err := parsePrivate(data)
	if err != nil {
		return Private{}, fmt.Errorf("reading a key pair: %w", err)
	}
	return key, nil
}

func parsePrivate(data []byte) (Private, error) {
	if len(data) > maxSize {
		return Private{}, fmt.Errorf("more than %d bytes: %w", maxSize, ErrMalformed)
	}
	data = clean(data)
	if bytes.HasPrefix(data, []byte("-----BEGIN ")) {
		return privatePEM(data)
	}
	if !bytes.HasPrefix(data, []byte("{")) {
		decoded, err := decodeAny(data)
		if err != nil {
			return Private{}, err
		}
		data = clean(decoded)
	}
	members, err := strictObject(data)
	if err != nil {
		return Private{}, err
	}
	return privateOf(members)
}

// privateOf reads a key pair from the members of a JWK.
func privateOf(members map[string]any) (Private, error) {
	doc, err := gatePrivate(members)
	if err != nil {
		return Private{}, err
	}
	var key rsa.PrivateKey
	if err := raw(doc, &key); err != nil {
		return Private{}, err
	}
	if err := checkPrivate(&key); err != nil {
		return Private{}, err
	}
	return newPrivate(&key, doc.Kid, doc.Alg), nil
}

// decodeAny reads base64 of either alphabet, padded or not, in lines or not.
func decodeAny(data []byte) ([]byte, error) {
	data = bytes.Join(bytes.Fields(data), nil)
	unpadded := bytes.TrimRight(data, "=")
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(unpadded, "-_") {
		encoding = base64.RawURLEncoding
	}
	decoded, err := encoding.Strict().DecodeString(string(unpadded))
	if err != nil || len(data)-len(unpadded) > 2 {
		return nil, fmt.Errorf("neither JSON nor PEM nor base64: %w", ErrMalformed)
	}
	return decoded, nil
}

func privatePEM(data []byte) (Private, error) {
	block, err := onlyBlock(data)
	if err != nil {
		return Private{}, err
	}
	var parsed any
	switch block.Type {
	case "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		if len(block.Headers) > 0 {
			return Private{}, fmt.Errorf("a PEM block with a passphrase: %w", ErrMalformed)
		}
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return Private{}, fmt.Errorf("a PEM block with a passphrase: %w", ErrMalformed)
	case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE":
		return Private{}, ErrPublic
	case "EC PRIVATE KEY":
		return Private{}, ErrNotRSA
	default:
		return Private{}, fmt.Errorf("a PEM block of another kind: %w", ErrMalformed)
	}
	if err != nil {
		return Private{}, fmt.Errorf("a PEM block that cannot be read: %w", ErrMalformed)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return Private{}, ErrNotRSA
	}
	if err := checkPrivate(key); err != nil {
		return Private{}, err
	}
	return newPrivate(key, "", defaultAlg), nil
}
