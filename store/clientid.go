package store

import (
	"fmt"
	"strings"
)

// ClientID is what Maskinporten calls a client: a UUID, or for older ones a
// name. Only ParseClientID makes one; the empty one is none.
type ClientID string

// ParseClientID reads a client id. The problems are ErrEmpty, ErrTooLong,
// ErrSyntax and ErrSecret.
func ParseClientID(text string) (ClientID, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", fmt.Errorf("reading client id: %w", ErrEmpty)
	case looksSecret(text):
		return "", fmt.Errorf("reading client id: %w", ErrSecret)
	case len(text) > 255:
		return "", fmt.Errorf("reading client id: %w", ErrTooLong)
	case strings.ContainsFunc(text, notInID):
		return "", fmt.Errorf("reading client id: %w", ErrSyntax)
	}
	return ClientID(text), nil
}

func notInID(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("._:-", r)
}
