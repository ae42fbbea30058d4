package outbound

import (
	"regexp"
	"strings"
	"unicode"
)

const (
	quoteLimit = 500
	// Shorter pieces of a secret tell nothing, and would cut into words.
	pieceLimit = 16
)

// signed finds what looks like a signed token, whole or its beginning: a JSON
// object in base64url begins with eyJ.
var signed = regexp.MustCompile(`eyJ[A-Za-z0-9_=-]*(?:\.[A-Za-z0-9_=-]*)*`)

// Quote makes text from outside fit to be kept and shown: clean, and of
// limited length.
func Quote(text string, secrets ...string) string {
	text = Clean(text, secrets...)
	if runes := []rune(text); len(runes) > quoteLimit {
		text = string(runes[:quoteLimit]) + "…"
	}
	return text
}

// Clean takes out tokens and the parts of the given secrets, and puts the
// text on one line.
func Clean(text string, secrets ...string) string {
	if strings.Contains(text, "eyJ") {
		text = signed.ReplaceAllString(text, "[removed]")
	}
	for _, secret := range secrets {
		for _, piece := range strings.Split(secret, ".") {
			if len(piece) >= pieceLimit {
				text = strings.ReplaceAll(text, piece, "[removed]")
			}
		}
	}

	printable := func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}
	return strings.Join(strings.Fields(strings.Map(printable, text)), " ")
}
