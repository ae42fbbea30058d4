package maskinporten

import (
	"regexp"
	"slices"
	"strings"
)

// oldScopes are names that documentation has had, and what they are called now.
var oldScopes = map[string]string{
	"altinn:notifications.create": "altinn:serviceowner/notifications.create",
}

// loginScopes belong to a person who signs in with ID-porten.
var loginScopes = []string{"openid", "profile", "email", "phone", "address", "offline_access", "eidas", "no_pid"}

// mostScopes caps the remarks; no client has so many.
const mostScopes = 40

// scopeShape is prefix:sub, as scopes are given out.
var scopeShape = regexp.MustCompile(`^[a-z0-9_.-]+:[A-Za-z0-9_./:*-]+$`)

func (a *autopsy) judgeScope() {
	value, there := a.claims["scope"]
	_, plural := a.claims["scopes"]
	if plural {
		a.remark("scopes", "scope.plural")
	}
	if !there {
		if !plural {
			a.remark("scope", "scope.missing")
		}
		return
	}
	if _, isList := value.([]any); isList {
		a.remark("scope", "scope.array")
		return
	}
	text, ok := value.(string)
	if !ok {
		a.remark("scope", "scope.shape")
		return
	}
	if strings.TrimSpace(text) == "" {
		a.remark("scope", "scope.missing")
		return
	}
	a.judgeScopes(text)
}

func (a *autopsy) judgeScopes(text string) {
	if strings.ContainsAny(text, ",;") {
		a.remark("scope", "scope.commas")
	} else if text != strings.Join(scopesIn(text), " ") {
		a.remark("scope", "scope.whitespace")
	}
	seen := map[string]bool{}
	for n, scope := range scopesIn(text) {
		switch {
		case n >= mostScopes:
			return
		case seen[scope]:
			a.remark("scope", "scope.twice", "Scope", scope)
		default:
			a.judgeOneScope(scope)
		}
		seen[scope] = true
	}
}

func scopesIn(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) })
}

func (a *autopsy) judgeOneScope(scope string) {
	switch {
	case slices.Contains(a.known.Scopes, scope):
	case oldScopes[scope] != "":
		a.remark("scope", "scope.old", "Scope", scope, "Want", oldScopes[scope])
	case slices.Contains(loginScopes, scope):
		a.remark("scope", "scope.login", "Scope", scope)
	case strings.ContainsFunc(scope, func(r rune) bool { return r < '!' || r > '~' || r == '"' || r == '\\' }):
		a.remark("scope", "scope.characters", "Scope", scope)
	default:
		a.judgeSpelling(scope)
	}
}

// judgeSpelling looks for the scope that somebody may have meant.
func (a *autopsy) judgeSpelling(scope string) {
	for _, known := range a.known.Scopes {
		if strings.EqualFold(known, scope) {
			a.remark("scope", "scope.case", "Scope", scope, "Want", known)
			return
		}
	}
	for _, known := range a.known.Scopes {
		if alike(known, scope) {
			a.remark("scope", "scope.spelling", "Scope", scope, "Want", known)
			return
		}
	}
	prefix, sub, _ := strings.Cut(scope, ":")
	if prefix == "" || sub == "" {
		a.remark("scope", "scope.no-prefix", "Scope", scope)
	}
}

// alike reports whether two names differ by punctuation, or by a slip or two.
// Short names differ by that from one another anyway.
func alike(a, b string) bool {
	if letters(a) == letters(b) {
		return true
	}
	if longer := max(len(a), len(b)); longer < 17 || longer > 200 || max(len(a)-len(b), len(b)-len(a)) > 2 {
		return false
	}
	return distance(strings.ToLower(a), strings.ToLower(b)) <= 2
}

func letters(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(":/._-", r) {
			return -1
		}
		return r
	}, s))
}

// distance counts the characters to add, leave out or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above := row[j+1]
			change := before
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, above+1, row[j]+1)
			before = above
		}
	}
	return row[len(b)]
}
