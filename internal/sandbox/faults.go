package sandbox

import "slices"

// The services of the sandbox, to one of which each fault belongs.
const (
	ServiceMaskinporten  = "maskinporten"
	ServiceAltinn        = "altinn"
	ServiceNotifications = "notifications"
)

// The calls that a client makes on its way to Notifications, in their order.
const (
	CallMetadata      = "metadata"
	CallToken         = "token"
	CallExchange      = "exchange"
	CallNotifications = "notifications"
)

// Parameter is what must be told of a fault besides that it is on.
type Parameter string

// The parameters.
const (
	ParameterNone    Parameter = ""
	ParameterSeconds Parameter = "seconds"
)

// Fault is one way to fail that the real services, or the network in front of them, have shown. All are off when a
// sandbox starts; see SetFault.
type Fault struct {
	// ID is stable: pages find their words by it. Of a fault that every call can meet it is call, dot, kind.
	ID      string
	Service string
	// Call and Kind are set of faults that every call can meet, one fault for each call and kind.
	Call, Kind string
	Parameter  Parameter
	// Least and Most bound the parameter, and Usual is what a page may propose.
	Least, Most, Usual int
}

// The faults that are looked for by name.
const (
	faultClockFast    = "clock-fast"
	faultClockSlow    = "clock-slow"
	faultPropagation  = "propagation"
	faultKeyExpired   = "key-expired"
	faultSignature    = "signature"
	faultAudience     = "audience"
	faultGrantUsed    = "grant-used"
	faultType         = "integration-type"
	faultRevoked      = "access-revoked"
	faultUnknownError = "unknown-error"
	faultMalformed    = "grant-malformed"
	faultClaim        = "unknown-claim"
	faultGrantType    = "grant-type"
	faultLife         = "grant-life"
	faultClient       = "unknown-client"
	faultKid          = "unknown-kid"
	faultOffClient    = "scope-not-on-client"
	faultDelegation   = "not-delegated"
	faultOwnConsumer  = "consumer-own"
	faultResource     = "resource-refused"
	faultOtherIssuer  = "other-issuer"
	faultElsewhere    = "endpoints-elsewhere"
	faultNoDate       = "no-date"
	faultFewerScopes  = "fewer-scopes"
	faultTokenExpired = "token-expired"
	faultTokenIssuer  = "token-issuer"
	faultNoConsumer   = "no-consumer"
	faultTokenEarly   = "token-early"
	faultPrefix       = "consumer-prefix"
	faultForged       = "token-signature"
	faultExchange400  = "exchange-provider"
	faultExchange401  = "exchange-refused"
	faultExchange410  = "exchange-gone"
	faultUnlisted     = "organisation-unlisted"
	faultAccess400    = "notifications-400"
	faultAccess415    = "notifications-415"
	faultAccess401    = "notifications-401"
	faultAccess403    = "notifications-403"
	faultAccess404    = "notifications-404"
	faultAccess503    = "notifications-503"
)

// Faults are all that can be rehearsed: first those of one service, in the order in which a client would meet them,
// then those of any call, kind by kind.
func Faults() []Fault { return slices.Clone(faultTable) }

// faultTable is made once, since each request may look faults up.
var faultTable = allFaults()

func allFaults() []Fault {
	all := slices.Concat(
		serviceFaults(ServiceMaskinporten,
			faultOtherIssuer, faultElsewhere, faultNoDate, faultClockFast, faultClockSlow, faultPropagation, faultKeyExpired,
			faultSignature, faultAudience, faultGrantUsed, faultGrantType, faultMalformed, faultClaim, faultLife, faultClient,
			faultKid, faultOffClient, faultType, faultRevoked, faultDelegation, faultOwnConsumer, faultResource,
			faultUnknownError, faultFewerScopes, faultTokenExpired, faultTokenEarly, faultTokenIssuer, faultForged,
			faultNoConsumer, faultPrefix),
		serviceFaults(ServiceAltinn, faultExchange400, faultExchange401, faultExchange410, faultUnlisted),
		serviceFaults(ServiceNotifications, faultAccess400, faultAccess401, faultAccess403, faultAccess404, faultAccess415, faultAccess503),
	)
	service := map[string]string{
		CallMetadata: ServiceMaskinporten, CallToken: ServiceMaskinporten,
		CallExchange: ServiceAltinn, CallNotifications: ServiceNotifications,
	}
	for _, kind := range kinds {
		for _, call := range []string{CallMetadata, CallToken, CallExchange, CallNotifications} {
			all = append(all, Fault{ID: call + "." + kind.name, Service: service[call], Call: call, Kind: kind.name})
		}
	}
	for i := range all {
		all[i].bound()
	}
	return all
}

func serviceFaults(service string, ids ...string) []Fault {
	faults := make([]Fault, len(ids))
	for i, id := range ids {
		faults[i] = Fault{ID: id, Service: service}
	}
	return faults
}

// bound gives the faults with a parameter its bounds. A clock may be off by a day; the longest wait ends before the
// listener's own limit for an answer.
func (f *Fault) bound() {
	switch {
	case f.ID == faultClockFast, f.ID == faultClockSlow:
		f.Least, f.Most, f.Usual = 1, 24*hour, 30
	case f.ID == faultPropagation:
		f.Least, f.Most, f.Usual = 1, hour, 120
	case f.Kind == kindSlow:
		f.Least, f.Most, f.Usual = 1, 45, 15
	default:
		return
	}
	f.Parameter = ParameterSeconds
}

// fault finds one by its id.
func fault(id string) (Fault, bool) {
	i := slices.IndexFunc(faultTable, func(f Fault) bool { return f.ID == id })
	if i < 0 {
		return Fault{}, false
	}
	return faultTable[i], true
}
