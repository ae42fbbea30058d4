package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

var errJWS = errors.New("not a compact JWS of two JSON objects")

// decodeJWS takes a compact JWS apart without verifying it. encoding/base64 would skip line breaks, which are the
// commonest damage to a pasted grant, so they are looked for first.
func decodeJWS(compact string) (header, payload map[string]any, err error) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 || parts[2] == "" || strings.ContainsAny(compact, "\r\n") {
		return nil, nil, errJWS
	}
	objects := make([]map[string]any, 2)
	for i := range objects {
		data, err := base64.RawURLEncoding.Strict().DecodeString(parts[i])
		if err != nil {
			return nil, nil, errJWS
		}
		if objects[i], err = decodeObject(data); err != nil {
			return nil, nil, err
		}
	}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(parts[2]); err != nil {
		return nil, nil, errJWS
	}
	return objects[0], objects[1], nil
}

// decodeObject reads exactly one JSON object in which no member occurs twice: of two claims with one name, a signer may
// have meant the other.
func decodeObject(data []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if first, err := decoder.Token(); err != nil || first != json.Delim('{') {
		return nil, errJWS
	}
	object := map[string]any{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, errJWS
		}
		key, _ := name.(string)
		if _, twice := object[key]; twice {
			return nil, errJWS
		}
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil, errJWS
		}
		object[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errJWS
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errJWS
	}
	return object, nil
}
