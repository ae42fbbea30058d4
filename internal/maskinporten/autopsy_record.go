package maskinporten

import (
	"slices"
	"strings"
)

// Record is what is on record about the client that a grant names.
type Record struct {
	// Issuer is the Maskinporten of the client's environment, with its last slash;
	// empty when that environment is turned off.
	Issuer string
	Keys   []RecordKey
	// Scopes are those that were added to the client; none when nobody said.
	Scopes []string
}

// RecordKey is one key of that client.
type RecordKey struct {
	// Kid is what it was made with; Registered is what Maskinporten calls it.
	Kid, Registered  string
	Expired, Dropped bool
}

// Compared adds to the verdict on a grant how it stands to what is on record;
// nil when the client is not.
func (v Verdict) Compared(r *Record) Verdict {
	if v.Pasted != PastedGrant {
		return v
	}
	a := &autopsy{Verdict: v}
	a.Remarks = slices.Clone(v.Remarks)
	if r == nil {
		a.remark("iss", "record.none")
	} else {
		a.compare(*r)
	}
	a.Fields = a.fields()
	return a.Verdict
}

func (a *autopsy) compare(r Record) {
	// An audience with a fault of its own is not taken for another environment.
	if aud, _ := a.claims["aud"].(string); a.Environment != "" && r.Issuer != "" && aud != r.Issuer && !a.faulty("aud") {
		a.remark("aud", "record.environment", "Aud", aud, "Want", r.Issuer)
	}
	kid, _ := a.header["kid"].(string)
	switch {
	case a.header["x5c"] != nil && len(r.Keys) > 0:
		a.remark("x5c", "record.x5c")
	case kid != "" && !a.faulty("kid"):
		a.compareKid(kid, r.Keys)
	}
	text, _ := a.claims["scope"].(string)
	if len(r.Scopes) == 0 || a.faulty("scope") {
		return
	}
	var missing []string
	for _, scope := range scopesIn(text) {
		if !slices.Contains(r.Scopes, scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) > 0 {
		a.remark("scope", "record.scope", "Scopes", strings.Join(missing, " "))
	}
}

// faulty reports whether a fault was found in the field already.
func (a *autopsy) faulty(field string) bool {
	return slices.ContainsFunc(a.Remarks, func(r Remark) bool { return r.Field == field && r.Severity == Fault })
}

func (a *autopsy) compareKid(kid string, keys []RecordKey) {
	for _, k := range keys {
		used := k.Kid
		if k.Registered != "" {
			used = k.Registered
		}
		switch {
		case kid != used && kid != k.Kid:
			continue
		case kid != used:
			a.remark("kid", "record.kid-renamed", "Want", used)
		case k.Expired:
			a.remark("kid", "record.key-expired")
		case k.Dropped:
			a.remark("kid", "record.key-dropped")
		}
		return
	}
	if len(keys) > 0 {
		a.remark("kid", "record.kid-unknown")
	}
}
