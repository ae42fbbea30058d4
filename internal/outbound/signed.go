package outbound

import (
	"encoding/base64"
	"regexp"
	"strings"
)

const signedLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// spacedObject is how a JSON object begins that somebody has laid out nicely.
var spacedObject = regexp.MustCompile(`^\{[ \t\r\n]+"[A-Za-z0-9_]{2}`)

// cutSigned puts a word in the place of all that is a signed token, or begins as
// one. The rule is that of package jwk, which is not for this one to know.
func cutSigned(text, instead string) string {
	var cut strings.Builder
	for at := indexSigned(text); at >= 0; at = indexSigned(text) {
		cut.WriteString(text[:at] + instead)
		text = strings.TrimLeft(text[at:], signedLetters+"=.")
	}
	return cut.String() + text
}

func indexSigned(text string) int {
	for at := range len(text) {
		if text[at] == 'e' && beginsSigned(text[at:]) {
			return at
		}
	}
	return -1
}

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
