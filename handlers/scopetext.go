package handlers

import (
	"regexp"
	"strings"
	"unicode"

	"portvakt/store"
)

// scopeText is a list of scopes as it was typed, read.
type scopeText struct {
	scopes []store.Scope
	// problem is the code of what is wrong with the first wrong one; Scope and Right
	// are that one and what it should be, where that is known.
	problem      string
	scope, right string
	// tidied tells that more than commas and spaces was forgiven.
	tidied bool
}

// readScopes reads scopes out of lists, JSON and configuration.
func readScopes(text string) scopeText {
	tidy := scopeDress.ReplaceAllString(scopeLabel.ReplaceAllString(text, "$1 "), " ")
	var read scopeText
	read.tidied = tidy != text
	for item := range strings.FieldsFuncSeq(tidy, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		if read.problem, read.right = judgeScope(item); read.problem != "" {
			read.scope = item
			return read
		}
	}
	scopes, bad := store.ParseScopes(tidy)
	if len(bad) > 0 {
		read.problem = problemOf("scopes", bad[0].Err)
	}
	read.scopes = scopes
	return read
}

var (
	// scopeLabel is what stands before scopes in requests and settings.
	scopeLabel = regexp.MustCompile(`(?i)(^|[\s,;{"'])scopes?["']?\s*[=:]`)
	// scopeDress is what stands around them. A scope has none of these.
	scopeDress = regexp.MustCompile("[;\\[\\]{}\"'`“”„«»‘’\u200b\ufeff]+")
)

// judgeScope names addresses, old names and what looks like a known scope without
// being it, with the right one.
func judgeScope(item string) (problem, right string) {
	if addressShape.MatchString(item) {
		return "scopes.is-address", ""
	}
	if inCatalogue(store.Scope(item)) {
		return "", ""
	}
	if now := oldScopes[strings.ToLower(item)]; now != "" {
		return "scopes.old", now
	}
	folded := foldScope(item)
	for _, c := range store.Catalogue() {
		if f := foldScope(string(c.Scope)); f == folded || !strings.Contains(item, ":") && f == "altinn"+folded {
			return "scopes.alike", string(c.Scope)
		}
	}
	return "", ""
}

// oldScopes are names from old guides that were never given to anybody, or are no
// more.
var oldScopes = map[string]string{
	"altinn:notifications.create": "altinn:serviceowner/notifications.create",
}

// foldScope leaves what two spellings of one scope have in common.
func foldScope(scope string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, scope)
}
