package altinn

import (
	"context"
	"errors"
	"time"

	"portvakt/internal/outbound"
)

// directoryFresh is how long the list of service owners is used without
// asking again: it changes some times a month.
const directoryFresh = time.Hour

// Directory is the list of service owners, kept for an hour, and for a day
// more while Altinn gives no newer one. It is safe for concurrent use.
type Directory struct {
	kept outbound.Kept[map[string]string]
}

// NewDirectory makes a directory that asks with c and goes by the clock now.
// It asks nothing before it is asked.
func NewDirectory(c *Client, now func() time.Time) *Directory {
	return &Directory{kept: outbound.Kept[map[string]string]{Fetch: c.Organisations, Now: now, Fresh: directoryFresh}}
}

// Code looks up the code of a service owner by its org number; listed is false
// for an organisation that Altinn does not know as one. Any error is an
// *Error, and may be up to a minute old.
func (d *Directory) Code(ctx context.Context, orgNumber string) (code string, listed bool, err error) {
	codes, err := d.kept.Get(ctx)
	return found(codes, orgNumber, err)
}

// CodeAtOnce is Code for who must not wait: a list that is more than an hour old
// will do while a newer one is fetched.
func (d *Directory) CodeAtOnce(ctx context.Context, orgNumber string) (code string, listed bool, err error) {
	codes, err := d.kept.AtOnce(ctx)
	return found(codes, orgNumber, err)
}

func found(codes map[string]string, orgNumber string, err error) (code string, listed bool, _ error) {
	if err != nil {
		return "", false, typed("organisations", err)
	}
	code, listed = codes[orgNumber]
	return code, listed, nil
}

// typed makes an *Error also of the end of the caller's own context.
func typed(name string, err error) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return err
	}
	return failed(name, outbound.Ended(err))
}
