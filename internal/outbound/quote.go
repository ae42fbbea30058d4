package outbound

import (
	"strings"
	"unicode"
)

const (
	quoteLimit = 500
	// Shorter pieces of a secret tell nothing, and would cut into words.
	pieceLimit = 16
)

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
	text = cutSigned(text, "[removed]")
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
