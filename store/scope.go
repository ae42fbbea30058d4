package store

import (
	"fmt"
	"strings"
	"unicode"
)

// The longest scope, and the most that an integration can have.
const (
	maxScope  = 255
	maxScopes = 100
)

// Scope is a right that is asked of Maskinporten, prefix:sub. Only ParseScope
// makes one.
type Scope string

// ParseScope reads one scope. The problems are ErrEmpty, ErrTooLong, ErrSyntax
// and ErrSecret.
func ParseScope(text string) (Scope, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", fmt.Errorf("reading scope: %w", ErrEmpty)
	}
	if looksSecret(text) {
		return "", fmt.Errorf("reading scope: %w", ErrSecret)
	}
	if len(text) > maxScope {
		return "", fmt.Errorf("reading scope: %w", ErrTooLong)
	}
	prefix, sub, _ := strings.Cut(text, ":")
	if prefix == "" || sub == "" || strings.ContainsFunc(text, notInScope) {
		return "", fmt.Errorf("reading scope: %w", ErrSyntax)
	}
	return Scope(text), nil
}

// notInScope is the complement of RFC 6749's scope-token (section 3.3).
func notInScope(r rune) bool {
	return r <= ' ' || r > '~' || r == '"' || r == '\\'
}

// ScopeProblem is an item of a list that is no scope.
type ScopeProblem struct {
	Item string // as it was typed
	Err  error  // one of ParseScope's, or ErrTooMany for the list
}

// ParseScopes reads scopes that are separated by whitespace or commas. It
// returns those that are right, in order and without duplicates, and a problem
// for every other item. An empty text has neither.
func ParseScopes(text string) ([]Scope, []ScopeProblem) {
	var scopes []Scope
	var problems []ScopeProblem
	seen := map[Scope]bool{}

	for _, item := range strings.FieldsFunc(text, separatesScopes) {
		scope, err := ParseScope(item)
		switch {
		case err != nil:
			problems = append(problems, ScopeProblem{Item: item, Err: err})
		case seen[scope]:
		case len(scopes) == maxScopes:
			err := fmt.Errorf("reading scopes: %w", ErrTooMany)
			return scopes, append(problems, ScopeProblem{Item: item, Err: err})
		default:
			seen[scope] = true
			scopes = append(scopes, scope)
		}
	}
	return scopes, problems
}

func separatesScopes(r rune) bool { return r == ',' || unicode.IsSpace(r) }

// NeedsAltinn says whether an access token with the scope is exchanged for an
// Altinn token before it is used.
func (s Scope) NeedsAltinn() bool { return strings.HasPrefix(string(s), "altinn:") }
