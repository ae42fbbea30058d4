package jwk

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// maxDepth is how deep arrays and objects may lie in one another.
const maxDepth = 32

// strictJSON reads exactly one JSON value: valid UTF-8, nothing after it, no
// member twice at any depth. encoding/json alone would keep the last of two
// members and mend broken characters, so that two readers of one text could
// see two keys.
func strictJSON(data []byte) (any, error) {
	if len(data) > maxSize {
		return nil, fmt.Errorf("more than %d bytes: %w", maxSize, ErrMalformed)
	}
	if !utf8.Valid(data) || !json.Valid(data) {
		return nil, fmt.Errorf("not exactly one JSON value: %w", ErrMalformed)
	}
	return jsonValue(json.NewDecoder(bytes.NewReader(data)), 0)
}

// strictObject is strictJSON for a value that must be an object.
func strictObject(data []byte) (map[string]any, error) {
	value, err := strictJSON(data)
	if err != nil {
		return nil, err
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("not a JSON object: %w", ErrMalformed)
	}
	return members, nil
}

func jsonValue(dec *json.Decoder, depth int) (any, error) {
	token, err := dec.Token()
	if err != nil || depth > maxDepth {
		return nil, fmt.Errorf("a JSON value that cannot be read: %w", ErrMalformed)
	}
	switch token {
	case json.Delim('{'):
		return jsonObject(dec, depth)
	case json.Delim('['):
		return jsonArray(dec, depth)
	}
	return token, nil
}

func jsonObject(dec *json.Decoder, depth int) (any, error) {
	members := map[string]any{}
	for dec.More() {
		token, err := dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, fmt.Errorf("a JSON object that cannot be read: %w", ErrMalformed)
		}
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("a member stands twice: %w", ErrMalformed)
		}
		if members[name], err = jsonValue(dec, depth+1); err != nil {
			return nil, err
		}
	}
	_, _ = dec.Token() // the closing brace: the whole text is known to be JSON
	return members, nil
}

func jsonArray(dec *json.Decoder, depth int) (any, error) {
	list := []any{}
	for dec.More() {
		value, err := jsonValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, _ = dec.Token() // the closing bracket, likewise
	return list, nil
}

// decode reads base64url in its one canonical form: no padding, no line break,
// no stray bits at the end.
func decode(text string) ([]byte, error) {
	for i := range len(text) {
		// The standard library skips line breaks.
		if text[i] == '\n' || text[i] == '\r' {
			return nil, fmt.Errorf("a line break in base64url: %w", ErrMalformed)
		}
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("not strict base64url: %w", ErrMalformed)
	}
	return data, nil
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
