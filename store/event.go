package store

import (
	"slices"
	"time"
)

// Kind says what happened, noun first.
type Kind string

// The kinds of events.
const (
	OrganisationAdded   Kind = "organisation.added"
	OrganisationChanged Kind = "organisation.changed"
	MemberAdded         Kind = "member.added"
	UserAdded           Kind = "user.added"
	UserChanged         Kind = "user.changed"
	SignInStarted       Kind = "sign-in.started"
	SignInRefused       Kind = "sign-in.refused"
	SignInSwitched      Kind = "sign-in.switched"
	SignInEnded         Kind = "sign-in.ended"
	IntegrationAdded    Kind = "integration.added"
	IntegrationChanged  Kind = "integration.changed"
	IntegrationRecorded Kind = "integration.recorded"
	IntegrationInUse    Kind = "integration.in-use"
	IntegrationForeign  Kind = "integration.foreign" // another organisation's was asked for
	IntegrationsRead    Kind = "integrations.read"   // the list of all organisations'
	EventsRead          Kind = "events.read"
	KeyAdded            Kind = "key.added"
	KeyPosted           Kind = "key.posted"
	KeyDropped          Kind = "key.dropped"
	KeyRevived          Kind = "key.revived"
	KeySaved            Kind = "key.saved"   // its private half was shown to be saved
	KeyPrivate          Kind = "key.private" // a private key was put into a public field
	ProofRun            Kind = "proof.run"
	SightingAdded       Kind = "sighting.added" // the guide was told to be wrong
	SightingSettled     Kind = "sighting.settled"
	SightingsRead       Kind = "sightings.read"
)

// Outcomes of events, beside those of proofs.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused"
)

// Actor is who does something, and from where; all of it goes into the event. The
// zero Actor is the portal itself.
type Actor struct {
	User         string // user id
	Role         Role
	Organisation OrgNumber
	SignIn       string // sign-in id
	Request      string // request id
	From         string // shortened address
}

// Event is one row of the audit trail. It refers to people by id only: what
// they are called is looked up when it is read.
type Event struct {
	Seq          int64
	At           time.Time
	Actor        string // user id; empty for the portal itself
	ActorName    string // joined when read; empty when the person is gone
	Role         Role
	Organisation OrgNumber // the owner of what was changed
	Integration  string
	Object       string // id of what was changed, if it is not the integration
	Kind         Kind
	Outcome      Outcome
	Changes      []Change // before and after, by field
	Detail       map[string]string
	SignIn       string
	Request      string
	From         string
	Hash         string
}

// Change is a field's value before and after. Texts that people wrote freely are
// not repeated in the trail: both values are empty then.
type Change struct {
	Field  string
	Before string
	After  string
}

// changes leaves out what is no change.
func changes(all ...Change) []Change {
	return slices.DeleteFunc(all, func(c Change) bool { return c.Field == "" })
}

// value is a field that has two values, or no change when they are the same.
func value[T ~string](field string, before, after T) Change {
	if before == after {
		return Change{}
	}
	return Change{Field: field, Before: string(before), After: string(after)}
}

// freeText is a field whose values stay out of the trail.
func freeText(field string, changed bool) Change {
	if !changed {
		return Change{}
	}
	return Change{Field: field}
}
