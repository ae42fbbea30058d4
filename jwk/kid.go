package jwk

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// maxKid is the length of the longest key id.
const maxKid = 64

// ParseKid checks a key id: 1 to 64 characters of [A-Za-z0-9._-], the alphabet
// of Maskinporten. Nothing is trimmed.
func ParseKid(kid string) (string, error) {
	if kid == "" || len(kid) > maxKid || strings.ContainsFunc(kid, outsideKid) {
		return "", fmt.Errorf("reading a key id: %w", ErrKid)
	}
	return kid, nil
}

func outsideKid(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	}
	return r != '.' && r != '_' && r != '-'
}

// Kid makes the key id that is proposed for a new key:
// <name>-<environment>-<yyyymmdd>-<first 8 of the thumbprint>. A person can
// read it, and it can be checked against the key. The day is that of UTC; a
// name too long is cut, and a name without a usable letter is left out.
func Kid(name, environment string, made time.Time, thumbprint string) string {
	if len(thumbprint) > 8 {
		thumbprint = thumbprint[:8]
	}
	tail := cut(slug(environment), 16)
	if tail != "" {
		tail += "-"
	}
	tail += made.UTC().Format("20060102")
	if !strings.ContainsFunc(thumbprint, outsideKid) && thumbprint != "" {
		tail += "-" + thumbprint
	}

	head := cut(slug(name), maxKid-1-len(tail))
	if head == "" {
		return cut(tail, maxKid)
	}
	return head + "-" + tail
}

// cut shortens a slug and leaves no hyphen at its end.
func cut(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	return strings.TrimRight(text, "-")
}

// letters writes the letters of Norwegian and its neighbours with those of the
// key id's alphabet. The first pair is å as two characters (letter and ring).
var letters = strings.NewReplacer(
	"a\u030a", "aa", "å", "aa", "æ", "ae", "ø", "oe", "ä", "ae", "ö", "oe", "ü", "u",
	"á", "a", "à", "a", "â", "a", "č", "c", "ç", "c", "đ", "d", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"í", "i", "ï", "i", "ń", "n", "ŋ", "n", "ñ", "n", "ó", "o", "ò", "o", "ô", "o", "õ", "o",
	"š", "s", "ŧ", "t", "ú", "u", "ý", "y", "ž", "z",
)

// slug writes a name in lower-case letters and digits, with one hyphen for
// whatever else stands between them.
func slug(name string) string {
	var out strings.Builder
	gap := false
	for _, r := range letters.Replace(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && out.Len() > 0 {
				out.WriteByte('-')
			}
			gap = false
			out.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
			// An accent of its own belongs to the letter before it.
		default:
			gap = true
		}
	}
	return out.String()
}
