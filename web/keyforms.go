package main

import (
	"strings"

	"portvakt/jwk"
)

func isPrivateForm(name string) bool { return name == "jwk" || name == "encoded" || name == "pem" }

func privateForm(name string, key jwk.Private) jwk.Secret {
	switch name {
	case "encoded":
		return key.Encoded()
	case "pem":
		return key.PEM()
	}
	return key.JSON()
}

func isPublicForm(name string) bool {
	return name == "public-jwk" || name == "array" || name == "jwks" || name == "public-pem"
}

func publicForm(name string, key jwk.Public) string {
	switch name {
	case "array":
		return key.Array()
	case "jwks":
		return key.Set()
	case "public-pem":
		return strings.TrimSuffix(key.PEM(), "\n")
	}
	return key.JSON()
}

// keyFrom reads one key, private or public, and tells what was forgiven. Of a
// public key the private one is zero.
func (c *console) keyFrom(after, name string) (jwk.Private, jwk.Public, error) {
	data, err := c.read(after, name)
	if err != nil {
		return jwk.Private{}, jwk.Public{}, err
	}
	defer clear(data)
	key, found := jwk.RecognisePrivate(data)
	if found.Kind != jwk.KindPrivate && found.Kind != jwk.KindPublic {
		return jwk.Private{}, jwk.Public{}, no("%s", whatIsWrong(found))
	}
	c.tellRemarks(found)
	return key, found.Keys[0], nil
}

// pairFrom reads one key pair.
func (c *console) pairFrom(after, name string) (jwk.Private, error) {
	key, _, err := c.keyFrom(after, name)
	if err == nil && key.IsZero() {
		err = no("This is a public key, and the private one is needed.")
	}
	return key, err
}

// publicsFrom reads registered keys, of which there may be several. A private
// key there is refused: what others may read does not hold it.
func (c *console) publicsFrom(after, name string) ([]jwk.Public, error) {
	data, err := c.read(after, name)
	if err != nil {
		return nil, err
	}
	defer clear(data)
	found := jwk.Recognise(data)
	switch {
	case found.Kind.Private():
		return nil, misused("The file after %s holds a private key. Only the public one, as it is registered, belongs there.", after)
	case found.Kind != jwk.KindPublic && found.Kind != jwk.KindPublics:
		return nil, misused("The file after %s holds no public key. %s", after, whatIsWrong(found))
	}
	return found.Keys, nil
}

// sameKey is the one of the registered keys that has the key's modulus, or none.
// Of several one with the same key id comes first.
func sameKey(registered []jwk.Public, key jwk.Public) jwk.Public {
	var same jwk.Public
	for _, r := range registered {
		if r.Thumbprint() == key.Thumbprint() && (same.IsZero() || r.Kid() == key.Kid()) {
			same = r
		}
	}
	return same
}

// prints lists the thumbprints of a key and of those that are registered.
func prints(key jwk.Public, registered []jwk.Public) string {
	text := "This key:    " + key.Thumbprint()
	for _, r := range registered {
		text += "\nRegistered:  " + r.Thumbprint()
	}
	return text
}
