package views

import "strings"

// RehearsePath is where failures are turned on; it also takes the form.
func RehearsePath() string { return "/rehearse" }

// RehearseDraftPath shows that form again with everything typed.
func RehearseDraftPath() string { return RehearsePath() + "/draft" }

// RehearseClearPath turns everything off.
func RehearseClearPath() string { return RehearsePath() + "/clear" }

// RehearsePage is where the reader chooses what is to go wrong in the sandbox.
type RehearsePage struct {
	Page
	Groups []RehearseGroup
	// Done is what was just done: "saved", "cleared" or nothing.
	Done     string
	Problems PracticeProblems
}

// RehearseGroup is the faults of one service, or the kinds of those that every call can meet.
type RehearseGroup struct {
	// Service is "any" where it is a group of kinds.
	Service string
	Faults  []RehearseFault
	Kinds   []RehearseKind
	// On is how many of them are on, and Open unfolds the group.
	On   int
	Open bool
}

// RehearseFault is one switch.
type RehearseFault struct {
	ID string
	On bool
	// Timed faults have a number field, in which Seconds stands.
	Timed   bool
	Seconds string
}

// RehearseKind is a fault with one switch for each call.
type RehearseKind struct {
	Kind    string
	Calls   []RehearseCall
	Timed   bool
	Seconds string
}

// RehearseCall is the switch of one call; ID is that of the fault.
type RehearseCall struct {
	ID, Call string
	On       bool
}

// RehearseField is the name of the number field of a fault, or of a kind of fault.
func RehearseField(name string) string { return "seconds-" + name }

// rehearseWords are the messages of each fault, or kind of fault: what it is called, and what one will see.
var rehearseWords = map[string][2]string{
	"other-issuer":          {"rehearse.other-issuer", "rehearse.other-issuer.what"},
	"endpoints-elsewhere":   {"rehearse.endpoints-elsewhere", "rehearse.endpoints-elsewhere.what"},
	"no-date":               {"rehearse.no-date", "rehearse.no-date.what"},
	"clock-fast":            {"rehearse.clock-fast", "rehearse.clock-fast.what"},
	"clock-slow":            {"rehearse.clock-slow", "rehearse.clock-slow.what"},
	"propagation":           {"rehearse.propagation", "rehearse.propagation.what"},
	"key-expired":           {"rehearse.key-expired", "rehearse.key-expired.what"},
	"signature":             {"rehearse.signature", "rehearse.signature.what"},
	"audience":              {"rehearse.audience", "rehearse.audience.what"},
	"grant-used":            {"rehearse.grant-used", "rehearse.grant-used.what"},
	"integration-type":      {"rehearse.integration-type", "rehearse.integration-type.what"},
	"access-revoked":        {"rehearse.access-revoked", "rehearse.access-revoked.what"},
	"unknown-error":         {"rehearse.unknown-error", "rehearse.unknown-error.what"},
	"grant-type":            {"rehearse.grant-type", "rehearse.grant-type.what"},
	"grant-malformed":       {"rehearse.grant-malformed", "rehearse.grant-malformed.what"},
	"unknown-claim":         {"rehearse.unknown-claim", "rehearse.unknown-claim.what"},
	"grant-life":            {"rehearse.grant-life", "rehearse.grant-life.what"},
	"unknown-client":        {"rehearse.unknown-client", "rehearse.unknown-client.what"},
	"unknown-kid":           {"rehearse.unknown-kid", "rehearse.unknown-kid.what"},
	"scope-not-on-client":   {"rehearse.scope-not-on-client", "rehearse.scope-not-on-client.what"},
	"not-delegated":         {"rehearse.not-delegated", "rehearse.not-delegated.what"},
	"consumer-own":          {"rehearse.consumer-own", "rehearse.consumer-own.what"},
	"resource-refused":      {"rehearse.resource-refused", "rehearse.resource-refused.what"},
	"token-early":           {"rehearse.token-early", "rehearse.token-early.what"},
	"token-signature":       {"rehearse.token-signature", "rehearse.token-signature.what"},
	"consumer-prefix":       {"rehearse.consumer-prefix", "rehearse.consumer-prefix.what"},
	"exchange-provider":     {"rehearse.exchange-provider", "rehearse.exchange-provider.what"},
	"notifications-400":     {"rehearse.notifications-400", "rehearse.notifications-400.what"},
	"notifications-415":     {"rehearse.notifications-415", "rehearse.notifications-415.what"},
	"fewer-scopes":          {"rehearse.fewer-scopes", "rehearse.fewer-scopes.what"},
	"token-expired":         {"rehearse.token-expired", "rehearse.token-expired.what"},
	"token-issuer":          {"rehearse.token-issuer", "rehearse.token-issuer.what"},
	"no-consumer":           {"rehearse.no-consumer", "rehearse.no-consumer.what"},
	"exchange-refused":      {"rehearse.exchange-refused", "rehearse.exchange-refused.what"},
	"exchange-gone":         {"rehearse.exchange-gone", "rehearse.exchange-gone.what"},
	"organisation-unlisted": {"rehearse.organisation-unlisted", "rehearse.organisation-unlisted.what"},
	"notifications-401":     {"rehearse.notifications-401", "rehearse.notifications-401.what"},
	"notifications-403":     {"rehearse.notifications-403", "rehearse.notifications-403.what"},
	"notifications-404":     {"rehearse.notifications-404", "rehearse.notifications-404.what"},
	"notifications-503":     {"rehearse.notifications-503", "rehearse.notifications-503.what"},

	"slow":     {"rehearse.slow", "rehearse.slow.what"},
	"hang":     {"rehearse.hang", "rehearse.hang.what"},
	"stall":    {"rehearse.stall", "rehearse.stall.what"},
	"dropped":  {"rehearse.dropped", "rehearse.dropped.what"},
	"cut":      {"rehearse.cut", "rehearse.cut.what"},
	"gateway":  {"rehearse.gateway", "rehearse.gateway.what"},
	"error":    {"rehearse.error", "rehearse.error.what"},
	"busy":     {"rehearse.busy", "rehearse.busy.what"},
	"redirect": {"rehearse.redirect", "rehearse.redirect.what"},
	"login":    {"rehearse.login", "rehearse.login.what"},
	"broken":   {"rehearse.broken", "rehearse.broken.what"},
	"empty":    {"rehearse.empty", "rehearse.empty.what"},
	"large":    {"rehearse.large", "rehearse.large.what"},
	"headers":  {"rehearse.headers", "rehearse.headers.what"},
}

// The messages of services and calls.
var (
	rehearseServices = map[string]string{
		"maskinporten": "rehearse.service.maskinporten", "altinn": "rehearse.service.altinn",
		"notifications": "rehearse.service.notifications", "any": "rehearse.any",
	}
	rehearseCalls = map[string]string{
		"metadata": "rehearse.call.metadata", "token": "rehearse.call.token",
		"exchange": "rehearse.call.exchange", "notifications": "rehearse.call.notifications",
	}
)

// word is the message that belongs to a name, or the name where there is none.
func word(t Text, messages map[string]string, name string) string {
	if id, ok := messages[name]; ok {
		return t.S(id)
	}
	return name
}

// rehearseWhat is what one will see of a fault.
func rehearseWhat(t Text, name string) string {
	if ids, ok := rehearseWords[name]; ok {
		return t.S(ids[1])
	}
	return name
}

// RehearseName is what a fault, or a kind of fault, is called.
func RehearseName(t Text, id string) string {
	if ids, ok := rehearseWords[id]; ok {
		return t.S(ids[0])
	}
	call, kind, ok := strings.Cut(id, ".")
	if ids, known := rehearseWords[kind]; ok && known {
		return t.F("rehearse.at", "Call", word(t, rehearseCalls, call), "Fault", t.S(ids[0]))
	}
	return id
}

// mostNamed is how many faults the band names; the page has them all.
const mostNamed = 3

// rehearsed names the faults that are on.
func (p Page) rehearsed() string {
	var names []string
	for _, id := range p.Rehearsing[:min(len(p.Rehearsing), mostNamed)] {
		names = append(names, RehearseName(p.T, id))
	}
	text := strings.Join(names, "; ")
	if more := len(p.Rehearsing) - len(names); more > 0 {
		text += " " + p.T.F("rehearse.band.more", "Count", more)
	}
	return text
}

func (p RehearsePage) done() string {
	switch {
	case p.Done == "cleared":
		return p.T.S("rehearse.done.cleared")
	case len(p.Rehearsing) == 0:
		return p.T.S("rehearse.done.none")
	}
	return p.T.F("rehearse.done.saved", "Count", len(p.Rehearsing))
}
