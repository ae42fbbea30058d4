package store

import (
	"fmt"
	"strings"
	"unicode"
)

// OrgNumber is a Norwegian organisation number: nine digits, the last of which
// is a check digit. Only ParseOrgNumber makes one; the empty one is none.
type OrgNumber string

// ParseOrgNumber reads an org number as people write it: with spaces, or with
// the prefix 0192: of ISO 6523. The problems are ErrEmpty, ErrSyntax and
// ErrCheckDigit.
func ParseOrgNumber(text string) (OrgNumber, error) {
	digits := strings.TrimPrefix(withoutSpaces(text), "0192:")
	if digits == "" {
		return "", fmt.Errorf("reading org number: %w", ErrEmpty)
	}
	if len(digits) != 9 || strings.Trim(digits, "0123456789") != "" {
		return "", fmt.Errorf("reading org number: %w", ErrSyntax)
	}
	if !checkDigit(digits) {
		return "", fmt.Errorf("reading org number: %w", ErrCheckDigit)
	}
	return OrgNumber(digits), nil
}

// checkDigit uses the weights of Brønnøysundregistrene, modulo 11.
func checkDigit(digits string) bool {
	sum := 0
	for i, weight := range []int{3, 2, 7, 6, 5, 4, 3, 2} {
		sum += int(digits[i]-'0') * weight
	}
	// A remainder of 1 would need the digit 10: no such number is given out.
	return (11-sum%11)%11 == int(digits[8]-'0')
}

func withoutSpaces(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}
