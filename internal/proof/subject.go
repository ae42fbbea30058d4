package proof

import (
	"slices"
	"strings"
	"time"

	"portvakt/internal/altinn"
	"portvakt/internal/maskinporten"
	"portvakt/jwk"
)

const (
	serviceOwner  = "altinn:serviceowner"
	notifications = "altinn:serviceowner/notifications.create"
)

// Environment is whom a proof calls.
type Environment struct {
	Name         string
	Maskinporten *maskinporten.Client
	// Keys are the keys that Maskinporten publishes; nil when they are not read.
	Keys *maskinporten.Keys
	// Altinn is nil where there is none to call. The stages from the exchange
	// on are not applicable then.
	Altinn *altinn.Client
	// Directory is Altinn's list of service owners; nil when it is not read.
	Directory *altinn.Directory

	// Changed is true when an address is not the usual one, Proxied when calls
	// go through a proxy. Both only help to tell causes apart.
	Changed, Proxied bool
}

// Options are what a grant can ask for otherwise than usual. Zero is usual.
type Options struct {
	// ConsumerOrg is the org number of a customer, on whose behalf the token
	// shall be.
	ConsumerOrg string
	// Resource is what the token shall be for; it becomes its audience.
	Resource string
	// Scopes are asked for instead of all the subject's; empty means all.
	Scopes []string
}

// Subject is the integration to be proved, as it is on record.
type Subject struct {
	Environment Environment
	ClientID    string

	// Kid and Thumbprint are those on record; Key is the key to prove,
	// carrying the kid to use. One that does not match the record fails.
	Kid, Thumbprint string
	Key             jwk.Public
	// KeyExpires is zero when unknown.
	KeyExpires time.Time
	KeyDropped bool

	// Scopes are wanted, and asked for unless the options say otherwise.
	Scopes []string
	// NeedsAltinn applies the exchange and what comes after it.
	NeedsAltinn bool
	Options     Options
	Facts       Facts

	// SignIn binds the prepared text to who asked for it.
	SignIn string
	// Integration is the caller's own name for the subject. It comes back in
	// the Run and means nothing here.
	Integration string
}

// asked are the scopes that the grant asks for.
func (s Subject) asked() []string {
	if len(s.Options.Scopes) > 0 {
		return s.Options.Scopes
	}
	return s.Scopes
}

// callsAltinn reports whether there is an Altinn to go on to, and a reason to.
func (s Subject) callsAltinn() bool { return s.NeedsAltinn && s.Environment.Altinn != nil }

// wantsServiceOwner reports whether some scope makes Altinn tell the service
// owner in its token.
func (s Subject) wantsServiceOwner() bool {
	return slices.ContainsFunc(s.asked(), func(scope string) bool { return strings.HasPrefix(scope, serviceOwner) })
}

// wantsNotifications reports whether the scope is wanted that Notifications
// asks for: exactly this one, the bare altinn:serviceowner is not enough.
func (s Subject) wantsNotifications() bool {
	return slices.Contains(s.asked(), notifications)
}

// wantsAltinnOnly reports whether all scopes are Altinn's own, which are given
// to the service owner itself.
func (s Subject) wantsAltinnOnly() bool {
	return !slices.ContainsFunc(s.asked(), func(scope string) bool { return !strings.HasPrefix(scope, "altinn:") })
}
