package views

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portvakt/internal/maskinporten"
	"portvakt/internal/proof"
	"portvakt/internal/sandbox"
	"portvakt/store"
)

// family is messages whose ids are built from a stem and a code: "state.*".
type family struct {
	form    string
	members []string
	// some is true when not every member has such a message.
	some bool
}

func (f family) ids() []string {
	ids := make([]string, len(f.members))
	for i, m := range f.members {
		ids[i] = strings.Replace(f.form, "*", m, 1)
	}
	return ids
}

// needed are the ids of all families that must exist; allowed those that may.
func needed(t *testing.T) []string { return familyIDs(t, false) }

func allowed(t *testing.T) []string { return familyIDs(t, true) }

func familyIDs(t *testing.T, some bool) []string {
	t.Helper()
	var ids []string
	for _, f := range families(t) {
		if f.some == some {
			ids = append(ids, f.ids()...)
		}
	}
	return ids
}

// families are all families, with where their members come from.
func families(t *testing.T) []family {
	t.Helper()
	return slices.Concat(fieldFamilies(t), domainFamilies(t), proofFamilies(t), grantFamilies(), practiceFamilies(t), []family{
		{form: "welcome.*.title", members: []string{"1", "2", "3"}},
		{form: "welcome.*.text", members: []string{"1", "2", "3"}},
		{form: "month.*", members: count(1, 12)},
		{form: "step.*", members: stepIDs},
		{form: "sighting.step.*", members: append(slices.Clone(guideSteps), "gone")},
		{form: "history.side.*", members: []string{"a", "b"}},
		{form: "history.only.*", members: []string{"a", "b"}},
		{form: "history.change.*", members: []string{"added", "gone", "changed"}},
		{form: "history.token.*", members: []string{"maskinporten", "altinn"}},
		// Who can help: partyOf in handlers.
		{form: "bundle.to.*", members: []string{
			string(proof.WhoYou), string(proof.WhoAdministrator), string(proof.WhoScopeOwner), string(proof.WhoAltinn),
			string(proof.WhoDigdir), "nobody",
		}},
		{form: "picture.*", members: found(readCode(t, "."), `@sitePicture\(p\.T, "(\w+)"`)},
		{form: "recipe.*.title", members: recipeIDs()},
		{form: "recipe.*.what", members: recipeIDs()},
		{form: "recipe.*.then", members: recipeIDs(), some: true},
		{form: "recipe.group.*", members: recipeGroupIDs()},
		{form: "trap.*", members: recipeTraps()},
		{form: "lint.is.*", members: lintCodes()},
		{form: "error.*.title", members: errorCodes},
		{form: "error.*.text", members: errorCodes},
		{form: "problem.*", members: problemCodes(t)},
		// How what was pasted was read.
		{form: "read.*", members: slices.Concat(
			atLeast(t, 20, found(readCode(t, "../jwk"), `Read\w+\s+= "([\w-]+)"`)),
			atLeast(t, 4, found(readCode(t, "../handlers"), `Remark\{+Code: "([\w-]+)"`)),
		)},
		// What a text turned out to be, on the page of the key tools.
		{form: "keytool.kind.*", members: atLeast(t, 20, found(readCode(t, "../jwk"), `Kind\w+\s+Kind = "([\w-]+)"`))},
		// How a key's expiry stands: alarmOf in handlers.
		{form: "key.alarm.*", members: []string{"unknown", "soon", "expired", "leaked"}},
		{form: "key.bits.*", members: []string{"2048", "3072", "4096"}},
		// The trail's own words for the outcomes that are shown.
		{form: "event.outcome.*", members: []string{"refused", "failed"}},
		{form: "event.field.*", members: trailFields(t)},
		{form: "event.*", members: kinds(t)},
	})
}

func count(from, to int) []string {
	var all []string
	for i := from; i <= to; i++ {
		all = append(all, strconv.Itoa(i))
	}
	return all
}

func recipeIDs() []string {
	var ids []string
	for _, s := range recipeSources {
		ids = append(ids, s.ID)
	}
	return ids
}

func recipeGroupIDs() []string {
	var ids []string
	for _, g := range recipeGroups {
		ids = append(ids, g.id)
	}
	return ids
}

func recipeTraps() []string {
	var codes []string
	for _, s := range recipeSources {
		codes = append(codes, s.Traps...)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// fieldFamilies are the words of form fields: "record.client_id" and, where there
// is one, its help.
func fieldFamilies(t *testing.T) []family {
	t.Helper()
	files := readCode(t, ".")
	var all []family
	for _, stem := range found(files, `p\.field\("(\w+)", "?\w+`) {
		ids := found(files, `p\.field\("`+stem+`", "(\w+)"`)
		ids = append(ids, found(files, `@`+stem+`Field\(p, "(\w+)"`)...)
		all = append(all, family{form: stem + ".*", members: ids}, family{form: stem + ".*.help", members: ids, some: true})
	}
	return all
}

// domainFamilies are those whose members the store knows.
func domainFamilies(t *testing.T) []family {
	t.Helper()
	environments := []string{string(store.Sandbox), string(store.Test), string(store.Prod)}
	custody := []string{string(store.CustodyServer), string(store.CustodyBrowser), string(store.CustodyElsewhere)}
	purposes := []string{"other"}
	for _, p := range store.Purposes() {
		purposes = append(purposes, p.ID)
	}
	var states, keys, groups []string
	for _, s := range store.States() {
		states = append(states, string(s))
	}
	for _, s := range store.Catalogue() {
		keys, groups = append(keys, s.Key), append(groups, s.Group)
	}
	return []family{
		{form: "environment.*", members: environments},
		{form: "environment.*.what", members: environments},
		{form: "register.lead.*", members: environments},
		{form: "key.custody.*", members: custody},
		{form: "purpose.*", members: purposes},
		{form: "purpose.*.what", members: purposes},
		{form: "state.*", members: states},
		{form: "scope.*", members: keys},
		{form: "scope.group.*", members: groups},
	}
}

// proofFamilies are those whose members the proof knows.
func proofFamilies(t *testing.T) []family {
	t.Helper()
	var stages, outcomes []string
	var all []family
	for _, s := range proof.Stages {
		stages = append(stages, string(s))
		all = append(all, family{form: "figure." + string(s) + ".*", members: proof.Figures[s]})
	}
	for _, o := range []proof.Outcome{proof.Passed, proof.Failed, proof.NotApplicable, proof.NotReached} {
		outcomes = append(outcomes, string(o))
	}
	outcomes = append(outcomes, "early") // in words; in the store it has failed
	codes := []string{"unknown"}
	var elsewhere, possible, evidence, who, unseen []string
	for _, d := range proof.Diagnoses() {
		codes, who = append(codes, d.Code), append(who, string(d.Who))
		if d.Stage == "" {
			elsewhere = append(elsewhere, d.Code)
		}
		if d.Unseen != "" {
			unseen = append(unseen, d.Unseen)
		}
		for _, p := range d.Possible {
			possible, evidence = append(possible, p.ID), append(evidence, p.Evidence()...)
		}
	}
	return append(all,
		family{form: "figure.*", some: true},
		family{form: "stage.*", members: stages},
		family{form: "outcome.*", members: outcomes},
		family{form: "cause.*", members: codes},
		family{form: "remedy.*", members: codes},
		family{form: "title.*", members: elsewhere},
		family{form: "possible.*", members: possible},
		family{form: "evidence.*", members: evidence},
		family{form: "who.*", members: who},
		family{form: "unseen.*", members: unseen},
		family{form: "scopes.is.*", members: []string{"yes", "no", "refused", "not-asked", "unknown"}},
		family{form: "scopes.difference.*", members: found(readCode(t, "../handlers"), `return "(not-\w+|refused|unknown)"`)},
		family{form: "letter.environment.*", members: []string{string(store.Sandbox), string(store.Test), string(store.Prod)}},
		// Claims that are known to come: Maskinporten's, then Altinn's.
		family{form: "claim.*", members: []string{
			"iss", "aud", "scope", "client_id", "client_amr", "token_type", "iat", "nbf", "exp", "jti",
			"consumer", "supplier", "delegation_source", "sid",
			"urn-altinn-org", "urn-altinn-orgNumber", "urn-altinn-authenticatemethod", "urn-altinn-authlevel",
		}},
	)
}

// grantFamilies are those whose members the autopsy of a grant knows.
func grantFamilies() []family {
	codes := slices.Sorted(maps.Keys(maskinporten.Judgements()))
	severities := []string{
		string(maskinporten.Fine), string(maskinporten.Note), string(maskinporten.Warning), string(maskinporten.Fault),
	}
	tokens := []string{
		string(maskinporten.PastedToken), string(maskinporten.PastedAltinnToken), string(maskinporten.PastedOtherToken),
	}
	return []family{
		{form: "grant.*.cause", members: codes},
		{form: "grant.*.remedy", members: codes},
		{form: "grant.severity.*", members: severities},
		{form: "grant.count.*", members: severities[1:]},
		{form: "grant.result.*", members: slices.Concat(severities, tokens, []string{string(maskinporten.PastedNothing)})},
		{form: "grant.token.*", members: tokens},
		{form: "grant.fact.*", members: []string{
			"issuer", "environment", "owner", "consumer", "supplier", "client", "scopes", "issued", "expires",
		}},
		// Fields that a grant can have; others have no such sentence.
		{form: "grant.field.*", members: []string{
			"alg", "kid", "x5c", "typ", "aud", "iss", "scope", "consumer_org", "iss_onbehalfof", "resource",
			"authorization_details", "pid", "iat", "nbf", "exp", "jti",
		}},
	}
}

// practiceFamilies are those of the sandbox's pages.
func practiceFamilies(t *testing.T) []family {
	t.Helper()
	pages := readCode(t, "../internal/sandbox/practice")
	refused := append(found(readCode(t, "../internal/sandbox/problem.go"), `Code\w+\s+= "([\w.-]+)"`),
		found(pages, `code\w+\s+= "([\w.-]+)"`)...)
	var kinds []string
	for _, o := range practiceOrganisations {
		kinds = append(kinds, o.Kind)
	}
	addresses := found(pages, `\{ID: "(\w+)", URL: `)
	return []family{
		{form: "practice.problem.*", members: refused},
		{form: "practice.event.*", members: []string{
			sandbox.EventClientCreated, sandbox.EventClientDeactivated, sandbox.EventScopesSet, sandbox.EventLifetimeSet,
			sandbox.EventKeyAdded, sandbox.EventKeyRemoved, sandbox.EventKeyExpired,
		}},
		{form: "practice.done.*", members: list(t, pages, `deeds = \[\]string\{([^}]+)\}`)},
		{form: "practice.organisation.*", members: kinds},
		{form: "practice.address.*", members: addresses},
		{form: "practice.address.*.what", members: addresses},
		{form: "practice.scope.*", members: found(pages, `shown\.Note = "(\w+)"`)},
		{form: "practice.*.help", members: found(readCode(t, "."), `practiceField\(\w[\w.]*, "\w+", "([\w-]+)"`), some: true},
	}
}

// list is the members of a list of strings in the code.
func list(t *testing.T, files []code, pattern string) []string {
	t.Helper()
	lists := found(files, pattern)
	if len(lists) != 1 {
		t.Fatalf("found %d lists like %s, want 1", len(lists), pattern)
	}
	return found([]code{{text: lists[0]}}, `"([^"]+)"`)
}

// kinds are the kinds of events, as the store declares them.
func kinds(t *testing.T) []string {
	t.Helper()
	return atLeast(t, 20, found(readCode(t, "../store"), `Kind\s+= "([\w.-]+)"`))
}

// trailFields are the names under which the store and the handlers put values
// into the trail.
func trailFields(t *testing.T) []string {
	t.Helper()
	files := readCode(t, "../store", "../handlers")
	all := slices.Concat(
		found(files, `(?:value|freeText)\("(\w+)"`),
		found(files, `detail\["(\w+)"\]`), found(files, `detail\["\w+"\], detail\["(\w+)"\]`),
	)
	for _, text := range found(files, `(?s)Detail: map\[string\]string\{(.*?)\}`) {
		all = append(all, found([]code{{text: text}}, `"(\w+)":`)...)
	}
	slices.Sort(all)
	return atLeast(t, 15, slices.Compact(all))
}

// atLeast guards against patterns that have stopped to match.
func atLeast(t *testing.T, n int, all []string) []string {
	t.Helper()
	if len(all) < n {
		t.Fatalf("found only %v, want %d or more", all, n)
	}
	return all
}

// problemCodes are the codes of what is wrong with a form: those that handlers
// name, and those that problemOf builds from a field and an error of the store.
func problemCodes(t *testing.T) []string {
	t.Helper()
	files := readCode(t, "../handlers")
	named := slices.Concat(
		found(files, `(?i)problems\[[^\]]+\](?:, [^=\n]+)? = "([\w.-]+)"`),
		found(files, `return (?:"", )?"((?:client|kid|file|orgnumber|scopes|own|saved)\.[\w-]+)"`),
		found(files, `personProblem = "([\w.-]+)"`),
		found(files, `, "((?:file|prove)\.[\w-]+)"`),
	)
	atLeast(t, 20, named)
	// Each parser of the store with the errors that it can return.
	for stem, errors := range map[string]string{
		"name": "empty too-long characters syntax", "description": "too-long characters syntax",
		"scopes": "too-long too-many syntax", "orgnumber": "empty syntax check-digit", "client": "empty too-long syntax",
		"sighting": "empty too-long too-many characters syntax",
	} {
		for e := range strings.FieldsSeq(errors) {
			named = append(named, stem+"."+e)
		}
	}
	return append(named, "secret")
}

// The stems of problemOf are those listed above.
func TestEveryStemOfProblemsIsListed(t *testing.T) {
	t.Parallel()
	codes := problemCodes(t)
	for _, stem := range found(readCode(t, "../handlers"), `problemOf\("(\w+)"`) {
		if !slices.ContainsFunc(codes, func(c string) bool { return strings.HasPrefix(c, stem+".") }) {
			t.Errorf("problemOf is asked for %q, whose codes are not listed", stem)
		}
	}
}

// Every page that says no is among the examples.
func TestEveryErrorPageIsListed(t *testing.T) {
	t.Parallel()
	handlers, err := os.ReadFile("../handlers/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	files := append(readCode(t, "../internal/sandbox/practice/render.go"), code{text: string(handlers)})
	named := slices.Concat(
		found(files, `Status\w+[,:] "(\w+)"`), found(files, `code = "(\w+)"`), found(files, `(\d{3}): true`),
	)
	for _, c := range atLeast(t, 14, named) {
		if !slices.Contains(errorCodes, c) {
			t.Errorf("the error page %q is not among the examples", c)
		}
	}
}
