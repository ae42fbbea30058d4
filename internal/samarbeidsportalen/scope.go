package samarbeidsportalen

import (
	"encoding/json"
	"regexp"
	"slices"

	"portvakt/internal/outbound"
)

// Scope is a scope as Samarbeidsportalen tells everybody of it.
type Scope struct {
	// Name is the whole name, prefix:subscope.
	Name string
	// Description is the owner's, on one line.
	Description string
	// Owner is the owner's org number, empty when it is not told.
	Owner string
	// ForAll: every organisation may use the scope without being given access.
	ForAll bool
	// Types are the types of integration that may have the scope, such as
	// maskinporten; none means all.
	Types []string
	// MaxAge is the longest life of a token with the scope, in seconds; 0
	// leaves it to the client.
	MaxAge int
	// Active is false for a scope that its owner has closed.
	Active bool
	// Visibility is PUBLIC, PRIVATE or INTERNAL, empty when it is not told.
	Visibility string
}

// Allows reports whether an integration of the type may have the scope.
func (s Scope) Allows(integrationType string) bool {
	return len(s.Types) == 0 || slices.Contains(s.Types, integrationType)
}

const (
	typeLimit = 16
	// maxAgeLimit is a year, in seconds.
	maxAgeLimit = 366 * 24 * 3600
)

var (
	// Names may hold slashes, dots and more colons, but no white space. Both
	// parts must be there.
	nameForm   = regexp.MustCompile(`^[!-9;-~]{1,100}:[!-~]{1,200}$`)
	numberForm = regexp.MustCompile(`^[0-9]{9}$`)
	typeForm   = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)
	wordForm   = regexp.MustCompile(`^[A-Z_]{1,40}$`)
)

// readScope reads one entry of the list; false for what is no scope. What
// decides about access must be right, so that a wrong type there costs the
// entry.
func readScope(entry []byte) (Scope, bool) {
	var fields struct {
		Name        string   `json:"name"`
		Prefix      string   `json:"prefix"`
		Subscope    string   `json:"subscope"`
		Description string   `json:"description"`
		Owner       string   `json:"owner_orgno"`
		ForAll      bool     `json:"accessible_for_all"`
		Types       []string `json:"allowed_integration_types"`
		MaxAge      int      `json:"at_max_age"`
		Active      *bool    `json:"active"`
		Visibility  string   `json:"visibility"`
	}
	if json.Unmarshal(entry, &fields) != nil || len(fields.Types) > typeLimit ||
		fields.MaxAge < 0 || fields.MaxAge > maxAgeLimit {
		return Scope{}, false
	}
	s := Scope{
		Name:        fields.Name,
		Description: outbound.Quote(fields.Description),
		ForAll:      fields.ForAll,
		Types:       fields.Types,
		MaxAge:      fields.MaxAge,
		Active:      fields.Active == nil || *fields.Active,
	}
	if s.Name == "" {
		s.Name = fields.Prefix + ":" + fields.Subscope
	}
	if !nameForm.MatchString(s.Name) {
		return Scope{}, false
	}
	for _, t := range s.Types {
		if !typeForm.MatchString(t) {
			return Scope{}, false
		}
	}
	if numberForm.MatchString(fields.Owner) {
		s.Owner = fields.Owner
	}
	if wordForm.MatchString(fields.Visibility) {
		s.Visibility = fields.Visibility
	}
	return s, true
}
