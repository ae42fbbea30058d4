package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"portvakt/jwk"
)

// Client is what Samarbeidsportalen keeps of a Maskinporten client. Values that the sandbox hands out are copies.
type Client struct {
	ID            string    `json:"client_id"`
	Organisation  string    `json:"organisation"` // the number of its owner
	Name          string    `json:"name"`         // "Visningsnavn"
	Description   string    `json:"description"`
	Scopes        []string  `json:"scopes"`
	Active        bool      `json:"active"`
	Created       time.Time `json:"created"`
	TokenLifetime int       `json:"token_lifetime"` // seconds
	Keys          []Key     `json:"keys"`           // in the order in which they were posted
	History       []Event   `json:"history"`        // oldest first
}

// Key is a public key that is registered on a client.
type Key struct {
	Public  jwk.Public
	Posted  time.Time
	Expires time.Time
}

// Kid names the key in the header of a grant.
func (k Key) Kid() string { return k.Public.Kid() }

// Event is one line of a client's history.
type Event struct {
	Time   time.Time `json:"time"`
	What   string    `json:"what"`             // one of the Event constants
	Detail string    `json:"detail,omitempty"` // a kid, scopes separated by spaces, or seconds
}

// The events of a client's history.
const (
	EventClientCreated     = "client.created"
	EventClientDeactivated = "client.deactivated"
	EventScopesSet         = "scopes.set"
	EventLifetimeSet       = "lifetime.set"
	EventKeyAdded          = "key.added"
	EventKeyRemoved        = "key.removed"
	EventKeyExpired        = "key.expired" // by ExpireKey, to practise; a key that grows old leaves no line
)

// maxHistory bounds the file: the oldest lines go first.
const maxHistory = 500

// storedKey is a Key as it lies in the file.
type storedKey struct {
	Kid     string          `json:"kid"`
	JWK     json.RawMessage `json:"jwk"`
	Posted  time.Time       `json:"posted"`
	Expires time.Time       `json:"expires"`
}

// MarshalJSON writes the public JWK and its dates.
func (k Key) MarshalJSON() ([]byte, error) {
	return json.Marshal(storedKey{Kid: k.Kid(), JWK: json.RawMessage(k.Public.JSON()), Posted: k.Posted, Expires: k.Expires})
}

// UnmarshalJSON reads what MarshalJSON wrote, through the same gate as a pasted key: what a person edits into the file
// is no better than what they paste.
func (k *Key) UnmarshalJSON(data []byte) error {
	var stored storedKey
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	public, err := jwk.ParsePublic(stored.JWK)
	if err != nil {
		return err
	}
	if public.Kid() == "" || public.Kid() != stored.Kid {
		return fmt.Errorf("reading key %q: its JWK has the kid %q", stored.Kid, public.Kid())
	}
	*k = Key{Public: public, Posted: stored.Posted, Expires: stored.Expires}
	return nil
}

// clone keeps a caller's changes out of the state.
func (c Client) clone() Client {
	c.Scopes = slices.Clone(c.Scopes)
	c.Keys = slices.Clone(c.Keys)
	c.History = slices.Clone(c.History)
	return c
}

// key finds a registered key.
func (c Client) key(kid string) int {
	return slices.IndexFunc(c.Keys, func(k Key) bool { return k.Kid() == kid })
}

func (c *Client) note(now time.Time, what, detail string) {
	c.History = append(c.History, Event{Time: stamp(now), What: what, Detail: detail})
	if extra := len(c.History) - maxHistory; extra > 0 {
		c.History = slices.Delete(c.History, 0, extra)
	}
}

// stamp is a time as the file keeps it: what is read back equals what was written.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
