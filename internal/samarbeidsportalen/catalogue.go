package samarbeidsportalen

import (
	"context"
	"errors"
	"time"

	"portvakt/internal/outbound"
)

// catalogueFresh is how long the list is used without asking again. Altinn's
// own self-service keeps it as long.
const catalogueFresh = time.Hour

// Catalogue is the list of public scopes by name, kept for an hour, and for a
// day more while Samarbeidsportalen gives no newer one. It is safe for
// concurrent use.
type Catalogue struct {
	kept outbound.Kept[map[string]Scope]
}

// NewCatalogue makes a catalogue that asks with c and goes by the clock now.
// It asks nothing before it is asked.
func NewCatalogue(c *Client, now func() time.Time) *Catalogue {
	fetch := func(ctx context.Context) (map[string]Scope, error) {
		list, err := c.Scopes(ctx)
		if err != nil {
			return nil, err
		}
		named := make(map[string]Scope, len(list))
		for _, s := range list {
			named[s.Name] = s
		}
		return named, nil
	}
	return &Catalogue{kept: outbound.Kept[map[string]Scope]{Fetch: fetch, Now: now, Fresh: catalogueFresh}}
}

// Scope looks a scope up by its name; listed is false for one that is not
// public, or that there is not. It waits only for the first list: one that is more
// than an hour old will do while a newer one is fetched. Its Types are shared and
// must not be changed.
// Any error is an *Error, and may be up to a minute old.
func (c *Catalogue) Scope(ctx context.Context, name string) (s Scope, listed bool, err error) {
	named, err := c.kept.AtOnce(ctx)
	if err != nil {
		if e := (*Error)(nil); errors.As(err, &e) {
			return Scope{}, false, err
		}
		return Scope{}, false, failed(outbound.Ended(err))
	}
	s, listed = named[name]
	return s, listed, nil
}
