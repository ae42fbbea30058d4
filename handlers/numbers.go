package handlers

import (
	"regexp"
	"strings"

	"portvakt/store"
)

// readOrgNumber reads an organisation number as people paste it, or says what was
// pasted in its place by the code of the message.
func readOrgNumber(pasted string) (store.OrgNumber, string) {
	text := orgDress.ReplaceAllString(strings.TrimSpace(pasted), "")
	digits := onlyDigits(text)
	switch {
	case uuidShape.MatchString(text):
		return "", "orgnumber.is-client"
	case len(digits) == 11:
		return "", personProblem
	case len(digits) == 10:
		return "", "orgnumber.ten"
	}
	number, err := store.ParseOrgNumber(text)
	if err != nil {
		return "", problemOf("orgnumber", err)
	}
	return number, ""
}

// personProblem is the code of a national identity number, which is neither kept
// nor shown again.
const personProblem = "orgnumber.is-person"

// orgDress is what stands around a number in letterheads: NO 123 456 785 MVA.
var orgDress = regexp.MustCompile(`(?i)^(?:org\.?\s*(?:nr|no)\.?:?|NO)\s*|\s*MVA$|^["'“”]+|["'“”]+$`)

// onlyDigits are the digits of a text that has nothing but digits, spaces, dots
// and hyphens; empty for others.
func onlyDigits(text string) string {
	digits := strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "").Replace(text)
	if strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return digits
}

// personShape is where eleven digits stand in a text as people write them.
var personShape = regexp.MustCompile(`(?:^|[^0-9])([0-9]{6}[ \x{a0}.-]?[0-9]{5})(?:$|[^0-9])`)

// holdsPerson tells whether a national identity number stands anywhere in a text.
func holdsPerson(text string) bool {
	for _, found := range personShape.FindAllStringSubmatch(text, -1) {
		if isPerson(found[1]) {
			return true
		}
	}
	return false
}

// isPerson tells whether a text is a national identity number or a D number, made
// up ones for tests included: eleven digits, of which the last two check the rest.
func isPerson(text string) bool {
	digits := onlyDigits(text)
	if len(digits) != 11 {
		return false
	}
	for _, weights := range [][]int{{3, 7, 6, 1, 8, 9, 4, 5, 2, 1}, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}} {
		sum := 0
		for i, w := range weights {
			sum += int(digits[i]-'0') * w
		}
		if sum%11 != 0 {
			return false
		}
	}
	return true
}
