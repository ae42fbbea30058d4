package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Custody is where a key pair was born.
type Custody string

// The places.
const (
	CustodyServer    Custody = "server"    // in a request of this portal
	CustodyBrowser   Custody = "browser"   // in the user's page
	CustodyElsewhere Custody = "elsewhere" // the portal was given the public half
)

// Key is the public half of an integration's key pair.
type Key struct {
	ID            string
	Integration   string
	Kid           string // as in PublicJWK
	RegisteredKid string // as Samarbeidsportalen has it, if that is another; else empty
	Thumbprint    string // RFC 7638, base64url
	PublicJWK     string
	Bits          int
	Alg           string
	Custody       Custody
	Made          time.Time
	Named         time.Time // when a later post first carried it; zero when none did
	Posted        time.Time // when it was posted in Samarbeidsportalen; zero when unknown
	Expires       time.Time // a year after Posted; zero when unknown
	Dropped       time.Time // when it was given up; zero when it was not
	Saved         time.Time // when the private half was shown to be saved; zero when it was not
	SavedHow      SavedHow  // empty when it was not
	Leaked        time.Time // when its private half was seen where it does not belong; zero when it was not
}

// UsedKid is the kid that goes into the header of a grant.
func (k Key) UsedKid() string {
	if k.RegisteredKid != "" {
		return k.RegisteredKid
	}
	return k.Kid
}

// Live says whether the key is neither dropped nor expired.
func (k Key) Live(now time.Time) bool {
	return k.Dropped.IsZero() && !passed(k.Expires, now)
}

// named is the key when a post has carried it, or a person has said that it is
// in use: it is nothing to give up any more.
func (k Key) named(now time.Time) Key {
	k.Dropped = time.Time{}
	if k.Named.IsZero() {
		k.Named = now
	}
	return k
}

// posted is the key when it was posted at the time. Samarbeidsportalen lets it
// live a year from then on.
func (k Key) posted(at time.Time) Key {
	k.Posted, k.Expires = at, at.AddDate(1, 0, 0)
	return k
}

// NewKey is a key to be put on record.
type NewKey struct {
	Kid        string
	Thumbprint string
	PublicJWK  string // with the members kty, use, alg, kid, n, e and no other
	Bits       int
	Alg        string
	Custody    Custody
}

// check refuses a JWK with members that a public one does not have. The table
// does so too; this tells it apart from other mistakes.
func (n NewKey) check() error {
	var members map[string]any
	if err := json.Unmarshal([]byte(n.PublicJWK), &members); err != nil {
		return ErrSyntax // not the decoder's error, which may quote the text
	}
	for name := range members {
		if !slices.Contains([]string{"kty", "use", "alg", "kid", "n", "e"}, name) {
			return ErrSecret
		}
	}
	if members["kid"] != n.Kid {
		return ErrSyntax
	}
	return nil
}

// AddKey puts a key on record. A key that is there with the same kid is returned
// as it is (and is dropped no longer); ErrExists when its kid was another.
// ErrSecret when the JWK has a member that a public key does not have, ErrSyntax
// when it is no object or has another kid.
func (s *Store) AddKey(ctx context.Context, a Actor, org OrgNumber, integration string, n NewKey) (Key, error) {
	if err := n.check(); err != nil {
		return Key{}, fmt.Errorf("adding a key to integration %q: %w", integration, err)
	}
	var k Key
	err := s.change(ctx, org, integration, func(t *sql.Tx, i Integration) (err error) {
		k, err = key(ctx, t, i.ID, `thumbprint = ?`, n.Thumbprint)
		switch {
		case errors.Is(err, ErrNotFound):
			k, err = s.addKey(ctx, t, a, i, n)
			return err
		case err != nil:
			return err
		case k.Kid != n.Kid:
			return ErrExists
		case k.Dropped.IsZero():
			return nil
		}
		k, err = s.nameKey(ctx, t, a, i, k)
		return err
	})
	if err != nil {
		return Key{}, fmt.Errorf("adding a key: %w", err)
	}
	return k, nil
}

func (s *Store) addKey(ctx context.Context, t *sql.Tx, a Actor, i Integration, n NewKey) (Key, error) {
	id, err := s.newID()
	if err != nil {
		return Key{}, err
	}
	k := Key{
		ID: id, Integration: i.ID, Kid: n.Kid, Thumbprint: n.Thumbprint, PublicJWK: n.PublicJWK,
		Bits: n.Bits, Alg: n.Alg, Custody: n.Custody, Made: s.now().Truncate(time.Second),
	}
	if k.Leaked, err = leakSeen(ctx, t, i.Organisation, n.Thumbprint); err != nil {
		return Key{}, err
	}
	if k.Custody == CustodyElsewhere {
		// Its owner has it already: no page has to carry it, so it is not given up.
		k = k.named(k.Made)
	}
	_, err = t.ExecContext(ctx, `
		INSERT INTO keys (id, integration, kid, thumbprint, bits, alg, public_jwk, custody, made, named, leaked)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ID, k.Integration, k.Kid, k.Thumbprint, k.Bits, k.Alg, k.PublicJWK, k.Custody, unix(k.Made), unix(k.Named),
		unix(k.Leaked))
	if err != nil {
		return Key{}, err
	}
	return k, s.append(ctx, t, a, Event{
		Kind: KeyAdded, Organisation: i.Organisation, Integration: i.ID, Object: k.ID,
		Detail: map[string]string{
			"thumbprint": k.Thumbprint, "kid": k.Kid, "bits": fmt.Sprint(k.Bits), "custody": string(k.Custody),
		},
	})
}

// Keys lists an integration's keys, newest first, dropped ones included. It is
// empty for another organisation's integration.
func (s *Store) Keys(ctx context.Context, org OrgNumber, integration string) ([]Key, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT `+keyColumns+` FROM keys k JOIN integrations i ON i.id = k.integration
		WHERE i.organisation = ? AND k.integration = ? ORDER BY k.seq DESC LIMIT 1000`, org, integration)
	keys, err := collect(rows, err, scanKey)
	if err != nil {
		return nil, fmt.Errorf("listing keys of integration %q: %w", integration, err)
	}
	return keys, nil
}

const keyColumns = `
	k.id, k.integration, k.kid, coalesce(k.registered_kid, ''), k.thumbprint, k.public_jwk, k.bits, k.alg,
	k.custody, k.made, k.named, k.posted, k.expires, k.dropped, k.leaked,
	k.saved, coalesce(k.saved_how, '')`

func scanKey(r row) (k Key, err error) {
	err = r.Scan(&k.ID, &k.Integration, &k.Kid, &k.RegisteredKid, &k.Thumbprint, &k.PublicJWK, &k.Bits, &k.Alg,
		&k.Custody, stored{&k.Made}, stored{&k.Named}, stored{&k.Posted}, stored{&k.Expires}, stored{&k.Dropped},
		stored{&k.Leaked}, stored{&k.Saved}, &k.SavedHow)
	return k, err
}

// key is the one of an integration's keys that the condition finds.
func key(ctx context.Context, q queryer, integration, where string, arg any) (Key, error) {
	k, err := scanKey(q.QueryRowContext(ctx,
		`SELECT `+keyColumns+` FROM keys k WHERE k.integration = ? AND k.`+where, integration, arg))
	return k, failure(err)
}
