package jwk

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what an encoder, a logger or a format verb sees of a secret. The
// types that embed it inherit all its methods.
type redacted struct{}

const mask = "[secret]"

// String says "[secret]".
func (redacted) String() string { return mask }

// GoString says "[secret]".
func (redacted) GoString() string { return mask }

// Format says "[secret]", whatever the verb.
func (redacted) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// MarshalJSON says "[secret]".
func (redacted) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// MarshalText says "[secret]".
func (redacted) MarshalText() ([]byte, error) { return []byte(mask), nil }

// LogValue says "[secret]".
func (redacted) LogValue() slog.Value { return slog.StringValue(mask) }

// Secret is a text that cannot print itself: String, GoString, Format,
// MarshalJSON, MarshalText and LogValue all say "[secret]". Its zero value is
// the empty text. Secrets cannot be compared with ==.
type Secret struct {
	redacted
	// A function, since fmt prints unexported fields without asking their
	// methods, and so do debuggers' dumpers: of a function they see an address.
	reveal func() string
}

// NewSecret wraps a text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return text }}
}

// Reveal gives the text: the one way out.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero says whether the text is empty.
func (s Secret) IsZero() bool { return s.reveal == nil }
