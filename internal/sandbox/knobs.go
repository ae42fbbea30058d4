package sandbox

import "time"

// SetClockOffset sets the sandbox's clock that much ahead of the real one, or behind it when negative.
func (s *Sandbox) SetClockOffset(offset time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.offset = offset
}

// SetPropagationDelay makes new clients and new keys unknown to the token endpoint for a while after they were
// registered, as they are for some minutes in the real one. There is none at first, and a negative one is none.
func (s *Sandbox) SetPropagationDelay(delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.delay = max(delay, 0)
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
