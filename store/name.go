package store

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts, in runes.
const (
	maxName        = 100
	maxDescription = 1000
)

// Name is one line by which people know a thing. Only ParseName makes one.
type Name string

// ParseName reads a name of 1 to 100 characters. The problems are ErrEmpty,
// ErrTooLong, ErrSyntax (no UTF-8), ErrControl and ErrSecret.
func ParseName(text string) (Name, error) {
	text = strings.TrimSpace(text)
	// A name of nothing but invisible characters is as good as none.
	if !strings.ContainsFunc(text, visible) {
		return "", fmt.Errorf("reading name: %w", ErrEmpty)
	}
	if err := checkText(text, maxName, false); err != nil {
		return "", fmt.Errorf("reading name: %w", err)
	}
	return Name(text), nil
}

// Description is what people say of a thing, in several lines or none at all.
// Only ParseDescription makes one.
type Description string

// ParseDescription reads a description of at most 1000 characters. Line ends
// become "\n", which counts as one character, and tabs become spaces. The
// problems are ErrTooLong, ErrSyntax (no UTF-8), ErrControl and ErrSecret.
func ParseDescription(text string) (Description, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(text)
	text = strings.TrimSpace(text)
	if err := checkText(text, maxDescription, true); err != nil {
		return "", fmt.Errorf("reading description: %w", err)
	}
	return Description(text), nil
}

func checkText(text string, longest int, lines bool) error {
	switch {
	case !utf8.ValidString(text):
		return ErrSyntax
	case looksSecret(text):
		return ErrSecret
	case utf8.RuneCountInString(text) > longest:
		return ErrTooLong
	case strings.ContainsFunc(text, func(r rune) bool { return unprintable(r) && !(lines && r == '\n') }):
		return ErrControl
	}
	return nil
}

// unprintable finds what would break a line, hide, or turn the text around it.
func unprintable(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return true
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return true
	}
	return false
}

func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }
