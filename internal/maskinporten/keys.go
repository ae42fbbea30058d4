package maskinporten

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"portvakt/internal/outbound"
	"portvakt/jwk"
)

// keysFresh is how long the published keys are used without asking again. A
// new key shows as a kid that they lack.
const keysFresh = 24 * time.Hour

// Signature is what Maskinporten's published keys say of a token's signature.
type Signature string

const (
	// SignatureGood: the signature is that of a published key.
	SignatureGood Signature = "good"
	// SignatureUnknownKey: no key with the token's kid is published, or the
	// token names none.
	SignatureUnknownKey Signature = "unknown-key"
	// SignatureWrong: the published key of that kid did not sign this.
	SignatureWrong Signature = "wrong"
	// SignatureUnread: nothing can be said, since the token is no JWS or its key
	// is published in a form that is not read here.
	SignatureUnread Signature = "unread"
)

// Keys are the keys that Maskinporten publishes, kept for a day and asked for
// again, at most once a minute, when a token names one that they lack. It is
// safe for concurrent use.
type Keys struct {
	client *Client

	mu      sync.Mutex
	address string
	kept    *outbound.Kept[[]publishedKey]
}

// publishedKey is one key of the set. One that cannot be read has no key.
type publishedKey struct {
	kid string
	key jwk.Public
}

// NewKeys makes a Keys that asks with c and goes by its clock. It asks nothing
// before it is asked.
func NewKeys(c *Client) *Keys { return &Keys{client: c} }

// Verify judges the signature of an access token by the keys at the address
// that the metadata names as jwks_uri, which must lie on the issuer. Any error
// is an *Error, says nothing of the token, and may be up to a minute old.
func (k *Keys) Verify(ctx context.Context, jwksURI, token string) (Signature, error) {
	header, _, err := jwk.Inspect(token)
	if err != nil {
		return SignatureUnread, nil
	}
	kid, _ := header["kid"].(string)
	kept, err := k.at(jwksURI)
	if err != nil {
		return "", err
	}
	keys, err := kept.Get(ctx)
	if err != nil {
		return "", typed("keys", err)
	}
	found := signature(keys, kid, token)
	if found != SignatureUnknownKey || kid == "" {
		return found, nil
	}
	if keys, err = kept.Newer(ctx); err != nil {
		return "", typed("keys", err)
	}
	return signature(keys, kid, token), nil
}

// typed makes an *Error also of the end of the caller's own context.
func typed(name string, err error) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return err
	}
	return failed(name, outbound.Ended(err))
}

// at gives what is kept of an address. Only the last is kept: it changes
// when Maskinporten moves its keys, and then the older are of no use.
func (k *Keys) at(address string) (*outbound.Kept[[]publishedKey], error) {
	if !sameOrigin(address, k.client.Issuer) {
		return nil, &Error{Call: "keys", Kind: KindEndpointElsewhere, Description: quote(address)}
	}
	k.mu.Lock()
	defer k.mu.Unlock()

	if k.kept == nil || k.address != address {
		fetch := func(ctx context.Context) ([]publishedKey, error) { return k.client.keys(ctx, address) }
		k.address = address
		k.kept = &outbound.Kept[[]publishedKey]{Fetch: fetch, Now: k.client.Now, Fresh: keysFresh}
	}
	return k.kept, nil
}

func (c *Client) keys(ctx context.Context, address string) ([]publishedKey, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{Call: "keys", Kind: KindForbidden, Cause: "the address of the keys cannot be read"}
	}
	a, err := c.call("keys", r)
	if err != nil {
		return nil, err
	}
	return readKeys(a)
}

func readKeys(a answer) ([]publishedKey, error) {
	if a.Status != http.StatusOK {
		return nil, a.refused("keys")
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(a.Body, &set) != nil || len(set.Keys) == 0 {
		return nil, a.unread("keys")
	}
	keys := make([]publishedKey, 0, len(set.Keys))
	for _, raw := range set.Keys {
		// One key of another type must not cost the others.
		var named struct {
			Kid string `json:"kid"`
		}
		if json.Unmarshal(raw, &named) != nil || named.Kid == "" {
			continue
		}
		key, err := jwk.ParsePublic(raw)
		if err != nil {
			key = jwk.Public{}
		}
		keys = append(keys, publishedKey{kid: named.Kid, key: key})
	}
	if len(keys) == 0 {
		return nil, a.unread("keys")
	}
	return keys, nil
}

// signature judges by each key of the kid, since nothing stops a set from having
// two.
func signature(keys []publishedKey, kid, token string) Signature {
	found := SignatureUnknownKey
	for _, k := range keys {
		switch {
		case k.kid != kid:
		case k.key.IsZero():
			found = SignatureUnread
		default:
			if _, err := jwk.Verify(k.key, token); err == nil {
				return SignatureGood
			}
			if found == SignatureUnknownKey {
				found = SignatureWrong
			}
		}
	}
	return found
}
