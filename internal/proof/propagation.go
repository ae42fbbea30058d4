package proof

import (
	"math"
	"strconv"
	"time"
)

// Propagation is how long what was registered may take to reach the token
// service. Sources say two, three and ten minutes; the longest counts, since
// people change what is right while they wait.
const Propagation = 10 * time.Minute

// soon are the failures that mean "not there yet" shortly after registration.
var soon = map[string]string{TokenUnknownKid: TokenKidNotYet, TokenClientNotFound: TokenClientNotYet}

// notYet turns the refusal of what was registered minutes ago into "not there
// yet", with the seconds to wait. When the time is up it is a failure like any
// other, and so it is at once when we know better.
func (f *flow) notYet(found finding) finding {
	early, may := soon[found.code]
	posted := f.subject.Facts.Posted
	if !may || posted.IsZero() || f.knownBetter() {
		return found
	}
	left := posted.Add(Propagation).Sub(f.now())
	if left <= 0 || left > Propagation {
		return found
	}
	found.code = early
	return found.with("wait", strconv.Itoa(int(math.Ceil(left.Seconds()))))
}

// knownBetter reports whether what is on record tells that something else than
// time is missing: a client id that is none or that belongs elsewhere, or a
// client and a key that were there before.
func (f *flow) knownBetter() bool {
	facts := f.subject.Facts
	return !uuid.MatchString(f.subject.ClientID) ||
		facts.RecordedElsewhere || facts.ClientOfOthers || facts.ProvedBefore
}

// Early reports whether a code means "not there yet".
func Early(code string) bool { return code == TokenKidNotYet || code == TokenClientNotYet }
