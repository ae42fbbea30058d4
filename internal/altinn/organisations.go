package altinn

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
)

// listLimit is the one limit of an answer above 64 KiB, since the list of all
// service owners, with names, addresses and logos, is of about that size.
const listLimit = 1 << 20

var (
	orgNumber = regexp.MustCompile(`^[0-9]{9}$`)
	orgCode   = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)
)

// Organisations fetches the service owners that Altinn knows, as codes by
// org number. An entry whose number or code is not one is left out. Any error
// is an *Error.
func (c *Client) Organisations(ctx context.Context) (map[string]string, error) {
	r, err := c.request(ctx, "organisations", c.OrgsURL, "")
	if err != nil {
		return nil, err
	}
	a, err := c.call("organisations", r, listLimit)
	if err != nil {
		return nil, err
	}
	return readOrganisations(a)
}

func readOrganisations(a answer) (map[string]string, error) {
	if a.Status != http.StatusOK {
		return nil, a.refused("organisations")
	}
	var list struct {
		Orgs map[string]struct {
			Number json.RawMessage `json:"orgnr"`
		} `json:"orgs"`
	}
	if json.Unmarshal(a.Body, &list) != nil || list.Orgs == nil {
		return nil, a.unread("organisations")
	}
	codes := map[string]string{}
	for code, org := range list.Orgs {
		// One entry of another type must not cost the others.
		var number string
		if json.Unmarshal(org.Number, &number) != nil {
			continue
		}
		if orgNumber.MatchString(number) && orgCode.MatchString(code) {
			codes[number] = code
		}
	}
	return codes, nil
}
