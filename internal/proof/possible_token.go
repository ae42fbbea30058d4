package proof

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// oldName is what the scope of Notifications was called before.
const oldName = "altinn:notifications.create"

// uuid is what client ids look like today.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// The causes that look alike at Maskinporten.
var (
	keyNotPosted = Possible{ID: "key-not-posted", evidence: []evidence{
		{"not-posted", func(f *flow) bool { return f.subject.Facts.Posted.IsZero() }},
	}}
	keyRenamed = Possible{ID: "key-renamed", evidence: []evidence{
		// Samarbeidsportalen gives a key that was pasted as PEM a kid of its own.
		{"own-kid", func(f *flow) bool { return !f.subject.Facts.Posted.IsZero() && !f.subject.Facts.ProvedBefore }},
	}}
	keyReplaced = Possible{ID: "key-replaced", evidence: []evidence{
		{"worked-before", func(f *flow) bool { return f.subject.Facts.ProvedBefore }},
	}}
	clientOfAnother = Possible{ID: "client-of-another", evidence: []evidence{
		{"client-twice", func(f *flow) bool { return f.subject.Facts.ClientOfOthers }},
		{"client-changed", func(f *flow) bool { return f.subject.Facts.ClientChanged }},
	}}
	keyAYearOld = Possible{ID: "key-a-year-old", evidence: []evidence{
		{"posted-unknown", func(f *flow) bool { return f.subject.Facts.Posted.IsZero() }},
		{"posted-long-ago", func(f *flow) bool { return f.postedAgo(365 * 24 * time.Hour) }},
	}}
	keyOldExpiry = Possible{ID: "key-old-expiry", evidence: []evidence{
		{"posted-lately", func(f *flow) bool {
			return !f.subject.Facts.Posted.IsZero() && !f.postedAgo(365*24*time.Hour)
		}},
	}}
	clientElsewhere = Possible{ID: "client-elsewhere", evidence: []evidence{
		{"recorded-elsewhere", func(f *flow) bool { return f.subject.Facts.RecordedElsewhere }},
	}}
	clientNotOne = Possible{ID: "client-not-one", evidence: []evidence{
		{"not-uuid", func(f *flow) bool { return !uuid.MatchString(f.subject.ClientID) }},
	}}
	clientMistyped = Possible{ID: "client-mistyped", evidence: []evidence{
		{"client-changed", func(f *flow) bool { return f.subject.Facts.ClientChanged }},
	}}
	clientDeactivated = Possible{ID: "client-deactivated", evidence: []evidence{
		{"worked-before", func(f *flow) bool { return f.subject.Facts.ProvedBefore }},
	}}
	scopeNotAdded = Possible{ID: "scope-not-added", evidence: []evidence{
		{"not-recorded", func(f *flow) bool { return len(missingFrom(f.subject.asked(), f.subject.Facts.Recorded)) > 0 }},
	}}
	scopeOldName = Possible{ID: "scope-old-name", evidence: []evidence{
		{"old-name", func(f *flow) bool { return slices.Contains(f.subject.asked(), oldName) }},
	}}.unless(func(f *flow) bool { return !slices.Contains(f.subject.asked(), oldName) })
	scopeAddedLately = Possible{ID: "scope-added-lately", evidence: []evidence{
		{"all-recorded", func(f *flow) bool { return len(missingFrom(f.subject.asked(), f.subject.Facts.Recorded)) == 0 }},
	}}
	scopeMistyped = Possible{ID: "scope-mistyped", evidence: []evidence{
		{"capitals", func(f *flow) bool {
			return slices.ContainsFunc(f.subject.asked(), func(s string) bool { return s != strings.ToLower(s) })
		}},
	}}
	customerForgotten = Possible{ID: "customer-forgotten", evidence: []evidence{
		{"not-altinn", func(f *flow) bool {
			return f.subject.Options.ConsumerOrg == "" && !f.subject.Facts.ProvedBefore && !f.subject.wantsAltinnOnly()
		}},
	}}.unless(func(f *flow) bool { return f.subject.Options.ConsumerOrg != "" })
	accessElsewhere = Possible{ID: "access-elsewhere", evidence: []evidence{
		{"granted-elsewhere", func(f *flow) bool {
			return f.subject.Options.ConsumerOrg == "" &&
				len(missingFrom(f.subject.asked(), f.subject.Facts.GrantedElsewhere)) == 0
		}},
	}}
	accessNeverGiven = Possible{ID: "access-never-given", evidence: []evidence{
		{"first-proof", func(f *flow) bool { return !f.subject.Facts.ProvedBefore }},
	}}
	delegationMissing   = Possible{ID: "delegation-missing"}
	delegationElsewhere = Possible{ID: "delegation-elsewhere", evidence: []evidence{
		{"not-production", func(f *flow) bool { return f.subject.Environment.Name == "test" }},
	}}
	clientForCustomer = Possible{ID: "client-for-customer"}
	claimUnknown      = Possible{ID: "claim-unknown", evidence: []evidence{
		{"invalid-assertion", (*flow).answeredInvalidAssertion},
	}}.unless(func(f *flow) bool { return !f.answeredInvalidAssertion() })
)

// answeredInvalidAssertion reports whether the refusal begins with the two words
// that, as Digdir has it, an unknown claim is answered with.
func (f *flow) answeredInvalidAssertion() bool {
	return f.run.Answer != nil && strings.HasPrefix(strings.ToLower(f.run.Answer.Description), "invalid assertion")
}
