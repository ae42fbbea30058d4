package proof

import (
	"slices"
	"time"
)

// Possible is one of several causes of the same answer.
type Possible struct {
	// ID finds the words.
	ID string
	// evidence is what would speak for it.
	evidence []evidence
	// rulesOut tells whether the cause is known to be false; nil when nothing
	// that we know can tell.
	rulesOut func(*flow) bool
}

// Evidence are the ids of all that can speak for the cause.
func (p Possible) Evidence() []string {
	ids := make([]string, len(p.evidence))
	for i, e := range p.evidence {
		ids[i] = e.id
	}
	return ids
}

// unless gives the cause with what rules it out.
func (p Possible) unless(rulesOut func(*flow) bool) Possible {
	p.rulesOut = rulesOut
	return p
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
	// ProvedBefore is true when a proof with this client id and this key has
	// got a token.
	ProvedBefore bool
	// ClientChanged is true when the last proof that got a token had another
	// client id.
	ClientChanged bool
	// RecordedElsewhere is true when the client id is on record in another
	// environment.
	RecordedElsewhere bool
	// ClientOfOthers is true when the client id is on record for another
	// integration in this environment too.
	ClientOfOthers bool
	// GrantedElsewhere are the scopes that the organisation has got a token
	// with, for itself, in another environment.
	GrantedElsewhere []string
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
		if p.rulesOut != nil && p.rulesOut(f) {
			continue
		}
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
