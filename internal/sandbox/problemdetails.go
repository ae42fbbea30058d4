package sandbox

import "net/http"

// problemDetails is the error body of RFC 9457 as ASP.NET Core writes it.
type problemDetails struct {
	Type    string              `json:"type"`
	Title   string              `json:"title"`
	Status  int                 `json:"status"`
	Detail  string              `json:"detail,omitempty"`
	Errors  map[string][]string `json:"errors,omitempty"`
	TraceID string              `json:"traceId"`
}

// problemTypes are the sections of RFC 9110 that the framework names as an error's type.
var problemTypes = map[int]string{
	http.StatusBadRequest:          "https://tools.ietf.org/html/rfc9110#section-15.5.1",
	http.StatusUnauthorized:        "https://tools.ietf.org/html/rfc9110#section-15.5.2",
	http.StatusGone:                "https://tools.ietf.org/html/rfc9110#section-15.5.11",
	http.StatusInternalServerError: "https://tools.ietf.org/html/rfc9110#section-15.6.1",
}

func writeProblem(w http.ResponseWriter, status int, detail string) {
	writeJSON(w, status, problemType, problemDetails{
		Type: problemTypes[status], Title: http.StatusText(status), Status: status, Detail: detail, TraceID: traceID(),
	})
}

func validationProblem(field, text string) problemDetails {
	return problemDetails{
		Type: problemTypes[http.StatusBadRequest], Title: "One or more validation errors occurred.",
		Status: http.StatusBadRequest, Errors: map[string][]string{field: {text}}, TraceID: traceID(),
	}
}

// traceID has the form of W3C trace context.
func traceID() string { return "00-" + randomHex(16) + "-" + randomHex(8) + "-00" }
