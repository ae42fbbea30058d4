package altinn

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"portvakt/internal/outbound"
)

// shipmentUnknown is how Notifications says that there is no such shipment.
const shipmentUnknown = "NOT-00003"

// Access is the proof that a token opens Notifications: what was answered to
// somebody who had been let in.
type Access struct {
	Status int
	// Code is NOT-00003, or empty when the shipment existed.
	Code string
}

// Access asks Notifications for a shipment that does not exist; id must be a
// fresh random UUID. The platform checks token, scope and organisation before
// it looks for the shipment, so that "no such shipment" proves access without
// anything being read or sent. Any error is an *Error.
func (c *Client) Access(ctx context.Context, token, id string) (Access, error) {
	// No Content-Type: the platform answers a GET that has one with 415.
	r, err := c.request(ctx, "access", c.at("/notifications/api/v1/future/shipment/"+url.PathEscape(id)), token)
	if err != nil {
		return Access{}, err
	}
	a, err := c.call("access", r, outbound.BodyLimit, token)
	if err != nil {
		return Access{}, err
	}
	return readAccess(a, token)
}

func readAccess(a answer, token string) (Access, error) {
	if a.Succeeded() {
		return readShipment(a)
	}
	e := a.refused("access", token)
	// Without the code it is the 404 of a gateway or of a wrong address.
	if a.Status == http.StatusNotFound && e.Code == shipmentUnknown {
		return Access{Status: a.Status, Code: e.Code}, nil
	}
	return Access{}, e
}

// readShipment reads no more of a shipment than that it is an object, which a
// page from something in between is not.
func readShipment(a answer) (Access, error) {
	var object map[string]json.RawMessage
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &object) != nil || object == nil {
		return Access{}, a.unread("access")
	}
	return Access{Status: a.Status}, nil
}
