package proof

// The causes that look alike at Altinn.
var (
	altinnTrustsOther = Possible{ID: "altinn-trusts-other"}
	altinnDown        = Possible{ID: "altinn-down", evidence: []evidence{
		{"token-verified", func(f *flow) bool { return f.signature == yes }},
	}}
	headerStripped    = Possible{ID: "header-stripped"}
	ownerListedLately = Possible{ID: "owner-listed-lately", evidence: []evidence{
		{"listed-now", func(f *flow) bool { return f.listed == yes }},
	}}
	ownerUnlisted = Possible{ID: "owner-unlisted", evidence: []evidence{
		{"not-listed", func(f *flow) bool { return f.listed == no }},
	}}.unless((*flow).isListed)
	ownerSupplier = Possible{ID: "owner-supplier", evidence: []evidence{
		{"no-customer", func(f *flow) bool { return f.listed == no && f.subject.Options.ConsumerOrg == "" }},
	}}.unless(func(f *flow) bool { return f.isListed() || f.subject.Options.ConsumerOrg != "" })
	ownerSynthetic = Possible{ID: "owner-synthetic", evidence: []evidence{
		{"practice", func(f *flow) bool { return f.subject.Facts.Practice }},
		{"test-unlisted", func(f *flow) bool { return f.subject.Environment.Name == "test" && f.listed == no }},
	}}.unless(func(f *flow) bool { return f.isListed() || f.subject.Environment.Name == "prod" })
)

// isListed reports whether Altinn's list was read and has the organisation.
func (f *flow) isListed() bool { return f.listed == yes }
