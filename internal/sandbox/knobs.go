package sandbox

import "time"

// SetClockOffset sets the sandbox's clock that much ahead of the real one, or behind it when negative. All of the sandbox
// goes by it, the practice pages too; the faults of the clock come on top of it and concern the services alone.
func (s *Sandbox) SetClockOffset(offset time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.offset = offset
}

// SetPropagationDelay makes new clients and new keys unknown to the token endpoint for a while after they were
// registered, as they are for some minutes in the real one. It is the fault of that name in whole seconds, without its
// bounds; none, or a negative one, turns it off.
func (s *Sandbox) SetPropagationDelay(delay time.Duration) {
	seconds := int((delay + time.Second - 1) / time.Second)
	s.changeFaults(func(next rehearsed) {
		if delete(next, faultPropagation); seconds > 0 {
			next[faultPropagation] = seconds
		}
	})
}

// ExpireKey ends a key's life now, as if its year were over.
func (s *Sandbox) ExpireKey(client, kid string) error {
	return s.changeClient(client, func(c *Client, now time.Time) error {
		i := c.key(kid)
		if i < 0 {
			return ErrNotFound
		}
		c.Keys[i].Expires = stamp(now)
		c.note(now, EventKeyExpired, kid)
		return nil
	})
}
