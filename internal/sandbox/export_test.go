package sandbox

import "time"

// SignAsMaskinporten signs claims that the sandbox would never issue, so that tests can show them to Altinn.
func (s *Sandbox) SignAsMaskinporten(claims map[string]any) (string, error) {
	return s.maskinporten.sign(nil, claims)
}

// SignAsAltinn does the same with Altinn's key.
func (s *Sandbox) SignAsAltinn(claims map[string]any) (string, error) {
	return s.altinn.sign(nil, claims)
}

// LimitGrants makes the sandbox remember at most that many used grants.
func (s *Sandbox) LimitGrants(most int) { s.used = newReplay(most) }

// SetAfter puts another function in the place of time.After, for faults that take long. Call it before the sandbox serves.
func (s *Sandbox) SetAfter(after func(time.Duration) <-chan time.Time) { s.after = after }
