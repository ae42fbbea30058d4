package proof

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Possible is one of several causes of the same answer.
type Possible struct {
	// ID finds the words.
	ID string
	// evidence is what would speak for it.
	evidence []evidence
}

// Evidence are the ids of all that can speak for the cause.
func (p Possible) Evidence() []string {
	ids := make([]string, len(p.evidence))
	for i, e := range p.evidence {
		ids[i] = e.id
	}
	return ids
}

// evidence is something that we know ourselves.
type evidence struct {
	id    string
	holds func(*flow) bool
}

// Facts are what else is on record about the subject. They never decide a
// stage; they tell which of several causes is the likely one.
type Facts struct {
	// Posted is when the key was posted in Samarbeidsportalen, zero if unknown.
	Posted time.Time
	// Recorded are the scopes that were added there, as a person said.
	Recorded []string
	// ProvedBefore is true when a proof with this key has got a token.
	ProvedBefore bool
	// RecordedElsewhere is true when the client id is on record in another
	// environment.
	RecordedElsewhere bool
	// ClientOfOthers is true when the client id is on record for another
	// integration in this environment too.
	ClientOfOthers bool
	// Practice is true for an organisation that does not exist.
	Practice bool
}

// Possibility is a cause that remains, with what speaks for it.
type Possibility struct {
	ID  string
	For []string
}

// remaining lists the causes of a code that remain: first those for which
// something speaks.
func (f *flow) remaining(code string) []Possibility {
	d, _ := DiagnosisOf(code)
	var likely, others []Possibility
	for _, p := range d.Possible {
		found := Possibility{ID: p.ID}
		for _, e := range p.evidence {
			if e.holds(f) {
				found.For = append(found.For, e.id)
			}
		}
		if len(found.For) > 0 {
			likely = append(likely, found)
		} else {
			others = append(others, found)
		}
	}
	return append(likely, others...)
}

// The causes that look alike at Maskinporten.
var (
	keyNotPosted = Possible{"key-not-posted", []evidence{
		{"not-posted", func(f *flow) bool { return f.subject.Facts.Posted.IsZero() }},
	}}
	keyRenamed = Possible{"key-renamed", []evidence{
		// Samarbeidsportalen gives a key that was pasted as PEM a kid of its own.
		{"own-kid", func(f *flow) bool { return !f.subject.Facts.Posted.IsZero() && !f.subject.Facts.ProvedBefore }},
	}}
	keyReplaced = Possible{"key-replaced", []evidence{
		{"worked-before", func(f *flow) bool { return f.subject.Facts.ProvedBefore }},
	}}
	clientOfAnother = Possible{"client-of-another", []evidence{
		{"client-twice", func(f *flow) bool { return f.subject.Facts.ClientOfOthers }},
	}}
	keyAYearOld = Possible{"key-a-year-old", []evidence{
		{"posted-unknown", func(f *flow) bool { return f.subject.Facts.Posted.IsZero() }},
		{"posted-long-ago", func(f *flow) bool { return f.postedAgo(365 * 24 * time.Hour) }},
	}}
	keyOldExpiry = Possible{"key-old-expiry", []evidence{
		{"posted-lately", func(f *flow) bool {
			return !f.subject.Facts.Posted.IsZero() && !f.postedAgo(365*24*time.Hour)
		}},
	}}
	clientElsewhere = Possible{"client-elsewhere", []evidence{
		{"recorded-elsewhere", func(f *flow) bool { return f.subject.Facts.RecordedElsewhere }},
	}}
	clientNotOne = Possible{"client-not-one", []evidence{
		{"not-uuid", func(f *flow) bool { return !uuid.MatchString(f.subject.ClientID) }},
	}}
	clientMistyped    = Possible{ID: "client-mistyped"}
	clientDeactivated = Possible{"client-deactivated", []evidence{
		{"worked-before", func(f *flow) bool { return f.subject.Facts.ProvedBefore }},
	}}
	scopeNotAdded = Possible{"scope-not-added", []evidence{
		{"not-recorded", func(f *flow) bool { return len(missingFrom(f.subject.asked(), f.subject.Facts.Recorded)) > 0 }},
	}}
	scopeOldName = Possible{"scope-old-name", []evidence{
		{"old-name", func(f *flow) bool { return slices.Contains(f.subject.asked(), "altinn:notifications.create") }},
	}}
	scopeAddedLately = Possible{"scope-added-lately", []evidence{
		{"all-recorded", func(f *flow) bool { return len(missingFrom(f.subject.asked(), f.subject.Facts.Recorded)) == 0 }},
	}}
	scopeMistyped = Possible{"scope-mistyped", []evidence{
		{"capitals", func(f *flow) bool {
			return slices.ContainsFunc(f.subject.asked(), func(s string) bool { return s != strings.ToLower(s) })
		}},
	}}
	customerForgotten = Possible{"customer-forgotten", []evidence{
		{"not-altinn", func(f *flow) bool {
			return f.subject.Options.ConsumerOrg == "" && !f.subject.Facts.ProvedBefore && !f.subject.wantsAltinnOnly()
		}},
	}}
	accessElsewhere = Possible{"access-elsewhere", []evidence{
		{"recorded-elsewhere", func(f *flow) bool { return f.subject.Facts.RecordedElsewhere }},
	}}
	accessNeverGiven = Possible{"access-never-given", []evidence{
		{"first-proof", func(f *flow) bool { return !f.subject.Facts.ProvedBefore }},
	}}
	delegationMissing   = Possible{ID: "delegation-missing"}
	delegationElsewhere = Possible{"delegation-elsewhere", []evidence{
		{"not-production", func(f *flow) bool { return f.subject.Environment.Name == "test" }},
	}}
	clientForCustomer = Possible{ID: "client-for-customer"}
)

// The causes that look alike at Altinn.
var (
	altinnTrustsOther = Possible{ID: "altinn-trusts-other"}
	altinnDown        = Possible{"altinn-down", []evidence{
		{"token-verified", func(f *flow) bool { return f.signature == yes }},
	}}
	headerStripped    = Possible{ID: "header-stripped"}
	ownerListedLately = Possible{"owner-listed-lately", []evidence{
		{"listed-now", func(f *flow) bool { return f.listed == yes }},
	}}
	ownerUnlisted = Possible{"owner-unlisted", []evidence{
		{"not-listed", func(f *flow) bool { return f.listed == no }},
	}}
	ownerSupplier = Possible{"owner-supplier", []evidence{
		{"no-customer", func(f *flow) bool { return f.listed == no && f.subject.Options.ConsumerOrg == "" }},
	}}
	ownerSynthetic = Possible{"owner-synthetic", []evidence{
		{"practice", func(f *flow) bool { return f.subject.Facts.Practice }},
	}}
)

// The causes that look alike in the network.
var (
	nameServer      = Possible{ID: "name-server"}
	addressMistyped = Possible{"address-mistyped", []evidence{
		{"address-changed", func(f *flow) bool { return f.subject.Environment.Changed }},
	}}
	proxyNeeded = Possible{"proxy-needed", []evidence{
		{"no-proxy", func(f *flow) bool { return !f.subject.Environment.Proxied }},
	}}
	firewallDrops   = Possible{ID: "firewall-drops"}
	firewallRejects = Possible{ID: "firewall-rejects"}
	proxyForbids    = Possible{ID: "proxy-forbids"}
	proxyDown       = Possible{ID: "proxy-down"}
	proxyAnswers    = Possible{"proxy-answers", []evidence{
		{"proxied", func(f *flow) bool { return f.subject.Environment.Proxied }},
	}}
	otherEndDown = Possible{"other-end-down", []evidence{
		{"answered-before", func(f *flow) bool { return f.metadata.Issuer != "" }},
	}}
)

// uuid is what client ids look like today.
var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func (f *flow) postedAgo(d time.Duration) bool {
	posted := f.subject.Facts.Posted
	return !posted.IsZero() && f.now().Sub(posted) >= d
}

// missingFrom lists what is wanted and not among the others.
func missingFrom(wanted, others []string) []string {
	var missing []string
	for _, s := range wanted {
		if !slices.Contains(others, s) {
			missing = append(missing, s)
		}
	}
	return missing
}
