package altinn

import (
	"fmt"
	"log/slog"
)

const hidden = "[secret]"

// Token is an Altinn token, which cannot print itself. Its zero value is none.
type Token struct {
	// A function, since fmt prints unexported fields without asking their
	// methods: of a function it sees an address.
	reveal func() string
}

func newToken(value string) Token { return Token{reveal: func() string { return value }} }

// Reveal gives the token to who is about to send it.
func (t Token) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.reveal == nil }

// String says "[secret]".
func (Token) String() string { return hidden }

// GoString says "[secret]".
func (Token) GoString() string { return hidden }

// Format says "[secret]" for every verb.
func (Token) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// MarshalText says "[secret]".
func (Token) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON says "[secret]".
func (Token) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// LogValue says "[secret]".
func (Token) LogValue() slog.Value { return slog.StringValue(hidden) }
