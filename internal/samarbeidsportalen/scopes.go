package samarbeidsportalen

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"portvakt/internal/outbound"
)

const (
	// listLimit is the one limit of an answer in megabytes: the list has
	// thousands of scopes, each with a description and some twenty members,
	// and no pages.
	listLimit = 8 << 20
	// scopeLimit is far above the number of scopes that there are, and keeps
	// a list of the shortest entries from growing in memory.
	scopeLimit = 50_000
)

// Scopes fetches the public scopes, in their order. An entry that is none is
// left out; a list without any is an error, as is any other answer. Any error
// is an *Error.
func (c *Client) Scopes(ctx context.Context) ([]Scope, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.ScopesURL, nil)
	if err != nil {
		return nil, &Error{Call: "scopes", Kind: outbound.KindForbidden, Cause: "the address cannot be read"}
	}
	a, f := outbound.Call(c.HTTP, r, listLimit)
	if f != nil {
		return nil, failed(f)
	}
	return readScopes(a)
}

// readScopes reads entry by entry, so that no more than one is in memory
// besides the body.
func readScopes(a outbound.Answer) ([]Scope, error) {
	if a.Status != http.StatusOK {
		return nil, refused(a)
	}
	list := json.NewDecoder(bytes.NewReader(a.Body))
	if opening, err := list.Token(); err != nil || opening != json.Delim('[') {
		return nil, unread(a)
	}
	var scopes []Scope
	for n := 0; list.More(); n++ {
		if n == scopeLimit {
			return nil, &Error{Call: "scopes", Kind: outbound.KindTooLarge, Status: a.Status}
		}
		var entry json.RawMessage
		if list.Decode(&entry) != nil {
			return nil, unread(a)
		}
		if s, ok := readScope(entry); ok {
			scopes = append(scopes, s)
		}
	}
	if _, err := list.Token(); err != nil {
		return nil, unread(a)
	}
	if _, err := list.Token(); err != io.EOF || len(scopes) == 0 {
		return nil, unread(a)
	}
	return scopes, nil
}
