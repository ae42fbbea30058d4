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
	// Altinn may be nil for subjects that do not need it.
	Altinn *altinn.Client
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

	// Scopes are wanted, and asked for.
	Scopes []string
	// NeedsAltinn applies the exchange and what comes after it.
	NeedsAltinn bool

	// SignIn binds the prepared text to who asked for it.
	SignIn string
	// Integration is the caller's own name for the subject. It comes back in
	// the Run and means nothing here.
	Integration string
}

// wantsServiceOwner reports whether some scope makes Altinn tell the service
// owner in its token.
func (s Subject) wantsServiceOwner() bool {
	return slices.ContainsFunc(s.Scopes, func(scope string) bool { return strings.HasPrefix(scope, serviceOwner) })
}

// wantsNotifications reports whether the scope is wanted that Notifications
// asks for: exactly this one, the bare altinn:serviceowner is not enough.
func (s Subject) wantsNotifications() bool {
	return slices.Contains(s.Scopes, notifications)
}
