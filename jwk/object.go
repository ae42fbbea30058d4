package jwk

import (
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
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("not UTF-8: %w", ErrMalformed)
	}
	members, depth := shape(data)
	if depth > maxDepth {
		return nil, fmt.Errorf("JSON that lies too deep: %w", ErrMalformed)
	}
	var value any
	if json.Unmarshal(data, &value) != nil {
		return nil, fmt.Errorf("not exactly one JSON value: %w", ErrMalformed)
	}
	// The reader keeps one of two members of a name, and so has fewer than the text.
	if count(value) != members {
		return nil, fmt.Errorf("a member stands twice: %w", ErrMalformed)
	}
	return value, nil
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

// shape counts the members of all objects in a JSON text by their colons, and how
// deep it goes. Of a text that is no JSON it says something without meaning.
func shape(data []byte) (members, depth int) {
	inText, open := false, 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == ':':
			members++
		case c == '{', c == '[':
			open++
			depth = max(depth, open)
		case c == '}', c == ']':
			open--
		}
	}
	return members, depth
}

// count is how many members a value has, those of the objects in it included.
func count(value any) int {
	n := 0
	switch value := value.(type) {
	case map[string]any:
		n = len(value)
		for _, inner := range value {
			n += count(inner)
		}
	case []any:
		for _, inner := range value {
			n += count(inner)
		}
	}
	return n
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
