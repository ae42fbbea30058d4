package jwk

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// HasSigned reports whether a text has a grant or a token in it: three parts of
// base64url, the first of which is the beginning of a JSON object.
func HasSigned(text string) bool {
	for at := indexSigned(text); at >= 0; at = indexSigned(text) {
		rest := strings.TrimLeft(text[at:], signedLetters+"=.")
		parts := strings.Split(text[at:len(text)-len(rest)], ".")
		for i := range len(parts) - 2 {
			if len(parts[i]) >= 8 && len(parts[i+1]) >= 5 {
				return true
			}
		}
		text = rest
	}
	return false
}

// CutSigned puts a word in the place of all that is a grant or a token or begins
// as one: also a part of one tells what nobody else should read. Packages that
// may not import this one have the same rule.
func CutSigned(text, instead string) string {
	var cut strings.Builder
	for at := indexSigned(text); at >= 0; at = indexSigned(text) {
		cut.WriteString(text[:at] + instead)
		text = strings.TrimLeft(text[at:], signedLetters+"=.")
	}
	return cut.String() + text
}

// indexSigned is where the first thing stands that begins as a signed token
// does, or -1.
func indexSigned(text string) int {
	for at := range len(text) {
		if text[at] == 'e' && beginsSigned(text[at:]) {
			return at
		}
	}
	return -1
}

const signedLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// spacedObject is how a JSON object begins that somebody has laid out nicely.
var spacedObject = regexp.MustCompile(`^\{[ \t\r\n]+"[A-Za-z0-9_]{2}`)

// beginsSigned reports whether a text begins with a JSON object in base64url:
// with eyJ when the object has no space, with eyA, ewo, ew0 or ewk when it has.
func beginsSigned(text string) bool {
	if strings.HasPrefix(text, "eyJ") {
		return true
	}
	if !strings.HasPrefix(text, "ey") && !strings.HasPrefix(text, "ew") {
		return false
	}
	text = text[:min(len(text), 120)]
	part := text[:len(text)-len(strings.TrimLeft(text, signedLetters))]
	object, err := base64.RawURLEncoding.DecodeString(part[:len(part)&^3])
	return err == nil && spacedObject.Match(object)
}
