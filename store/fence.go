package store

import (
	"regexp"
	"strings"
)

var (
	// A JWK (or anything of JSON) in base64 of a length that ids do not have.
	encoded = regexp.MustCompile(`eyJ[A-Za-z0-9+/_=-]{160,}`)

	// A private member of a JWK, also inside a JSON string.
	exponent = regexp.MustCompile(`\\*"(d|p|q|dp|dq|qi|oth)\\*"\s*:`)

	// DER in base64 of a length that only keys and certificates have.
	der = regexp.MustCompile(`M[A-Za-z0-9+/]{150,}`)
)

// looksSecret is the last fence before the database: texts that come from people
// or from remote answers and look like a private key, a grant or a token are
// refused. It is no parser; the callers have cut such things out before.
func looksSecret(text string) bool {
	return hasSigned(text) ||
		encoded.MatchString(text) ||
		exponent.MatchString(text) ||
		der.MatchString(text) ||
		strings.Contains(text, "PRIVATE KEY")
}
