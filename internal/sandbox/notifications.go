package sandbox

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// guid is what the real route takes for one, with or without hyphens.
var guid = regexp.MustCompile(`^(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})$`)

// shipmentProblem is the error object of Altinn's newer endpoints.
type shipmentProblem struct {
	Type              string `json:"type"`
	Title             string `json:"title"`
	Status            int    `json:"status"`
	Code              string `json:"code"`
	TraceID           string `json:"traceId"`
	StatusDescription string `json:"statusDescription"`
}

// serveShipment knows no shipments: nothing is sent from a sandbox. To whoever has access, NOT-00003 says so.
func (s *Sandbox) serveShipment(w http.ResponseWriter, r *http.Request, id string) {
	// The route itself demands a GUID, before anybody asks who is calling.
	if !guid.MatchString(id) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	claims, ok := s.notificationsCaller(w, r)
	if !ok || !actsForOwner(w, claims) {
		return
	}
	writeShipmentProblem(w, http.StatusNotFound, "NOT-00003", "Shipment not found")
}

func writeShipmentProblem(w http.ResponseWriter, status int, code, title string) {
	writeJSON(w, status, problemType, shipmentProblem{
		Type: "urn:altinn:error:" + code, Title: title, Status: status,
		Code: code, TraceID: traceID(), StatusDescription: http.StatusText(status),
	})
}

// serveOrders is the older search, which finds nothing. Its parameter is judged after the scope and before the
// organisation, as in the real one.
func (s *Sandbox) serveOrders(w http.ResponseWriter, r *http.Request) {
	claims, ok := s.notificationsCaller(w, r)
	if !ok {
		return
	}
	if r.URL.Query().Get("sendersReference") == "" {
		writeJSON(w, http.StatusBadRequest, problemType, validationProblem("sendersReference", "The sendersReference field is required."))
		return
	}
	if !actsForOwner(w, claims) {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Write([]byte("{\n  \"count\": 0,\n  \"orders\": []\n}"))
}

// notificationsCaller lets through who has an Altinn token with exactly the scope of the API. It answers the others
// itself, without a body: 401 to a token that is not Altinn's own, a Maskinporten token among them, and 403 to a token
// without the scope.
func (s *Sandbox) notificationsCaller(w http.ResponseWriter, r *http.Request) (map[string]any, bool) {
	claims, ok := verified(s.altinn, bearer(r), s.serviceNow())
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return nil, false
	}
	scope, _ := claims["scope"].(string)
	if !slices.Contains(strings.Split(scope, " "), notificationsScope) {
		w.WriteHeader(http.StatusForbidden)
		return nil, false
	}
	return claims, true
}

// actsForOwner answers 403 to a token that names no service owner.
func actsForOwner(w http.ResponseWriter, claims map[string]any) bool {
	if owner, _ := claims["urn:altinn:org"].(string); owner != "" {
		return true
	}
	w.WriteHeader(http.StatusForbidden)
	return false
}
