package sandbox

import (
	"slices"
	"strconv"
	"time"
)

// maxKeys is how many keys a client can have.
const maxKeys = 5

// AddKeys registers the public keys in a pasted text: a single JWK, an array of them, a JWKS, or a public key as PEM,
// which is given a random UUID as its kid. All are registered or none. It returns the keys that were added.
func (s *Sandbox) AddKeys(client, pasted string) ([]Key, error) {
	found, err := parseKeys(pasted)
	if err != nil {
		return nil, err
	}
	var added []Key
	err = s.changeClient(client, func(c *Client, now time.Time) error {
		added = nil
		if have := len(c.Keys); have+len(found) > maxKeys {
			return refuse(FieldKey, CodeKeyTooMany, "limit", strconv.Itoa(maxKeys), "have", strconv.Itoa(have))
		}
		var problems Problems
		for _, f := range found {
			key, problem := f.registered(now)
			problems = append(problems, problem...)
			if c.key(key.Kid()) >= 0 {
				problems = append(problems, refuse(FieldKey, CodeKeyKidTaken, "kid", key.Kid())...)
				continue
			}
			c.Keys = append(c.Keys, key)
			c.note(now, EventKeyAdded, key.Kid())
			added = append(added, key)
		}
		return problems.or()
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

// registered gives a pasted key its dates. It lives one year from now, or until the exp in its JWK if that comes first.
func (f foundKey) registered(now time.Time) (Key, Problems) {
	posted := stamp(now)
	key := Key{Public: f.public, Posted: posted, Expires: posted.AddDate(1, 0, 0)}
	switch {
	case f.expires.IsZero():
		return key, nil
	case !f.expires.After(now):
		return key, refuse(FieldKey, CodeKeyExpPast, "kid", key.Kid())
	case f.expires.After(key.Expires):
		return key, refuse(FieldKey, CodeKeyExpTooLate, "kid", key.Kid())
	}
	key.Expires = f.expires
	return key, nil
}

// RemoveKey takes a key off a client.
func (s *Sandbox) RemoveKey(client, kid string) error {
	return s.changeClient(client, func(c *Client, now time.Time) error {
		i := c.key(kid)
		if i < 0 {
			return ErrNotFound
		}
		c.Keys = slices.Delete(c.Keys, i, i+1)
		c.note(now, EventKeyRemoved, kid)
		return nil
	})
}
