package proof

import (
	"slices"
	"testing"
	"time"

	"portvakt/internal/altinn"
	"portvakt/internal/maskinporten"
)

const someUUID = "0a1b2c3d-1111-2222-3333-444455556666"

// someday is when the runs of these tests are made.
var someday = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// stopped is a run of an ordinary integration in production that stopped at a
// stage, before which all was well.
func stopped(at Stage) *flow {
	f := &flow{now: func() time.Time { return someday }, subject: Subject{
		ClientID: someUUID, Scopes: []string{"a:one", "a:two"},
		Environment: Environment{
			Name:         "prod",
			Maskinporten: &maskinporten.Client{Issuer: "https://maskinporten.no/"},
			Altinn:       &altinn.Client{Platform: "https://platform.altinn.no"},
		},
	}}
	f.begin("run")
	for i, s := range Stages {
		f.run.Results[i].Outcome = Passed
		if s == StageMetadata && at != StageMetadata {
			f.metadata.Issuer = "https://maskinporten.no/"
		}
		if s == at {
			f.run.Results[i].Outcome = Failed
			break
		}
	}
	return f
}

type piece struct {
	id, cause, code string
	holds, beside   func(*flow)
}

// pieces are all pieces of evidence: at which stage and code they can speak, what
// makes them hold, and one step beside it at which they do not.
var pieces = []piece{
	{"not-posted", "key-not-posted", TokenUnknownKid, nothing, posted(0)},
	{"own-kid", "key-renamed", TokenUnknownKid, posted(0), both(posted(0), proved)},
	{"own-kid", "key-renamed", TokenUnknownKid, posted(0), nothing},
	{"worked-before", "key-replaced", TokenUnknownKid, proved, nothing},
	{"client-twice", "client-of-another", TokenUnknownKid, func(f *flow) { f.subject.Facts.ClientOfOthers = true }, elsewhere},
	{"client-changed", "client-of-another", TokenUnknownKid, changed, proved},
	{"posted-unknown", "key-a-year-old", TokenExpiredKey, nothing, posted(0)},
	{"posted-long-ago", "key-a-year-old", TokenExpiredKey, posted(365), posted(364)},
	{"posted-lately", "key-old-expiry", TokenExpiredKey, posted(364), posted(365)},
	{"recorded-elsewhere", "client-elsewhere", TokenClientNotFound, elsewhere, nothing},
	{"not-uuid", "client-not-one", TokenClientNotFound, func(f *flow) { f.subject.ClientID = someUUID[1:] }, nothing},
	{"client-changed", "client-mistyped", TokenClientNotFound, changed, proved},
	{"worked-before", "client-deactivated", TokenClientNotFound, proved, changed},
	{"not-recorded", "scope-not-added", TokenScopeNotOnClient, recorded("a:one"), recorded("a:two", "a:one")},
	{"old-name", "scope-old-name", TokenScopeNotOnClient, asks("altinn:notifications.create"), asks("altinn:notifications.creat")},
	{"all-recorded", "scope-added-lately", TokenScopeNotOnClient, recorded("a:two", "a:one"), recorded("a:one")},
	{"capitals", "scope-mistyped", TokenScopeNotOnClient, asks("a:One"), asks("a:one")},
	{"not-altinn", "customer-forgotten", TokenAccessNotGranted, nothing, asks("altinn:one")},
	{"not-altinn", "customer-forgotten", TokenAccessNotGranted, nothing, proved},
	{"granted-elsewhere", "access-elsewhere", TokenAccessNotGranted, granted("a:one", "a:two", "a:three"), granted("a:one")},
	{"granted-elsewhere", "access-elsewhere", TokenAccessNotGranted, granted("a:one", "a:two"), both(granted("a:one", "a:two"), customer)},
	{"first-proof", "access-never-given", TokenAccessNotGranted, nothing, proved},
	{"not-production", "delegation-elsewhere", TokenNotDelegated, in("test"), nothing},
	{"invalid-assertion", "claim-unknown", "token.unknown", answered("Invalid assertion. Something new."), answered("An invalid assertion.")},
	{"token-verified", "altinn-down", ExchangeRefused, func(f *flow) { f.signature = yes }, nothing},
	{"listed-now", "owner-listed-lately", ClaimOrganisation, listed(yes), listed(no)},
	{"not-listed", "owner-unlisted", ClaimOrganisation, listed(no), nothing},
	{"no-customer", "owner-supplier", ClaimOrganisation, listed(no), nothing},
	{"practice", "owner-synthetic", ClaimOrganisation, both(in("sandbox"), practice), in("sandbox")},
	{"test-unlisted", "owner-synthetic", ClaimOrganisation, both(in("test"), listed(no)), both(in("sandbox"), listed(no))},
	{"test-unlisted", "owner-synthetic", ClaimOrganisation, both(in("test"), listed(no)), in("test")},
	{"address-changed", "address-mistyped", "metadata.no-name", func(f *flow) { f.subject.Environment.Changed = true }, proxied},
	{"no-proxy", "proxy-needed", "metadata.no-connection", nothing, func(f *flow) { f.metadata.Issuer = "https://maskinporten.no/" }},
	{"proxied", "proxy-answers", "metadata.not-json", proxied, nothing},
	{"answered-before", "other-end-down", "access.not-json", nothing, func(f *flow) { f.run.Results[6].Outcome = NotApplicable }},
}

func nothing(*flow)     {}
func proved(f *flow)    { f.subject.Facts.ProvedBefore = true }
func changed(f *flow)   { f.subject.Facts.ClientChanged = true }
func elsewhere(f *flow) { f.subject.Facts.RecordedElsewhere = true }
func practice(f *flow)  { f.subject.Facts.Practice = true }
func proxied(f *flow)   { f.subject.Environment.Proxied = true }
func customer(f *flow)  { f.subject.Options.ConsumerOrg = "310330035" }

func both(a, b func(*flow)) func(*flow) { return func(f *flow) { a(f); b(f) } }

func posted(days int) func(*flow) {
	return func(f *flow) { f.subject.Facts.Posted = someday.AddDate(0, 0, -days) }
}

func recorded(scopes ...string) func(*flow) {
	return func(f *flow) { f.subject.Facts.Recorded = scopes }
}

func granted(scopes ...string) func(*flow) {
	return func(f *flow) { f.subject.Facts.GrantedElsewhere = scopes }
}

func asks(scopes ...string) func(*flow) { return func(f *flow) { f.subject.Scopes = scopes } }
func in(environment string) func(*flow) {
	return func(f *flow) { f.subject.Environment.Name = environment }
}
func listed(v verdict) func(*flow) { return func(f *flow) { f.listed = v } }
func answered(text string) func(*flow) {
	return func(f *flow) { f.run.Answer = &Answer{Description: text} }
}
func loopback(f *flow) { at(f, "http://127.0.0.1:8081/maskinporten/", "http://127.0.0.1:8081/altinn") }
func at(f *flow, issuer, platform string) {
	f.subject.Environment.Maskinporten = &maskinporten.Client{Issuer: issuer}
	f.subject.Environment.Altinn = &altinn.Client{Platform: platform}
}

// told is what is said of a cause, and whether it is listed at all.
func told(code string, arrange func(*flow), cause string) (Possibility, bool) {
	d, _ := DiagnosisOf(code)
	f := stopped(d.Stage)
	arrange(f)
	all := f.remaining(code)
	i := slices.IndexFunc(all, func(p Possibility) bool { return p.ID == cause })
	if i < 0 {
		return Possibility{}, false
	}
	return all[i], true
}

func TestEveryPieceOfEvidence(t *testing.T) {
	t.Parallel()
	for _, p := range pieces {
		got, listed := told(p.code, p.holds, p.cause)
		if !listed || !slices.Contains(got.For, p.id) {
			t.Errorf("%s: got %+v for %s, want it to speak", p.id, got, p.cause)
		}
		if got, _ := told(p.code, p.beside, p.cause); slices.Contains(got.For, p.id) {
			t.Errorf("%s: speaks for %s also one step beside", p.id, p.cause)
		}
	}
	for _, d := range Diagnoses() {
		for _, possible := range d.Possible {
			for _, e := range possible.evidence {
				if !slices.ContainsFunc(pieces, func(p piece) bool { return p.id == e.id && p.cause == possible.ID }) {
					t.Errorf("no row for %s of %s", e.id, possible.ID)
				}
			}
		}
	}
}

// A cause that is known to be false is not listed; one step beside it is.
func TestRuledOut(t *testing.T) {
	t.Parallel()
	type row struct {
		cause, code string
		out, beside func(*flow)
	}
	rows := []row{
		{"scope-old-name", TokenScopeNotOnClient, nothing, asks("altinn:notifications.create")},
		{"customer-forgotten", TokenAccessNotGranted, customer, nothing},
		{"claim-unknown", "token.unknown", answered("Something new."), answered("Invalid assertion")},
		{"owner-unlisted", ClaimOrganisation, listed(yes), nothing},
		{"owner-supplier", ClaimOrganisation, listed(yes), nothing},
		{"owner-supplier", ClaimOrganisation, customer, nothing},
		{"owner-synthetic", ClaimOrganisation, nothing, in("test")},
		{"owner-synthetic", ClaimOrganisation, both(in("test"), listed(yes)), in("test")},
		{"address-mistyped", "metadata.no-name", nothing, func(f *flow) { f.subject.Environment.Changed = true }},
		{"proxy-needed", "metadata.no-name", proxied, nothing},
		{"proxy-needed", "metadata.no-name", loopback, nothing},
		{"proxy-needed", "access.no-name", nothing, func(f *flow) { f.run.Results[6].Outcome = NotApplicable }},
		{"proxy-answers", "metadata.not-json", loopback, nothing},
	}
	for _, r := range rows {
		if got, listed := told(r.code, r.out, r.cause); listed {
			t.Errorf("%s at %s: is listed though it is false: %+v", r.cause, r.code, got)
		}
		if _, listed := told(r.code, r.beside, r.cause); !listed {
			t.Errorf("%s at %s: is not listed though it can be true", r.cause, r.code)
		}
	}
	for _, d := range Diagnoses() {
		for _, p := range d.Possible {
			if p.rulesOut != nil && !slices.ContainsFunc(rows, func(r row) bool { return r.cause == p.ID }) {
				t.Errorf("no row for what rules out %s", p.ID)
			}
		}
	}
}

// That Maskinporten answered says nothing of Altinn, unless they are one.
func TestAnsweredBeforeAtTheSameOrigin(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		code    string
		arrange func(*flow)
		want    bool
	}{
		"metadata, the first of all":  {"metadata.not-json", nothing, false},
		"the token, after metadata":   {"token.not-json", nothing, true},
		"Altinn, after Maskinporten":  {"exchange.not-json", nothing, false},
		"Altinn at another port":      {"exchange.not-json", func(f *flow) { at(f, "https://a.no:444/", "https://a.no") }, false},
		"Altinn at the same":          {"exchange.not-json", func(f *flow) { at(f, "https://A.no:443/", "https://a.no/altinn") }, true},
		"Notifications, after Altinn": {"access.not-json", nothing, true},
	} {
		got, _ := told(test.code, test.arrange, "other-end-down")
		if slices.Contains(got.For, "answered-before") != test.want {
			t.Errorf("%s: got %v", name, got.For)
		}
	}
}

// After a green run, a client id that was typed anew is the first to be doubted.
func TestChangedClientComesFirst(t *testing.T) {
	t.Parallel()
	f := stopped(StageToken)
	changed(f)
	if got := f.remaining(TokenClientNotFound); got[0].ID != "client-mistyped" {
		t.Errorf("got %+v", got)
	}
}
