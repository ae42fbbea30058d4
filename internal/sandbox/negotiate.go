package sandbox

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// negotiate answers with a text as ASP.NET Core does: bare as text/plain, or as a JSON string, with quotation marks, for
// a caller who prefers JSON. There is no 406: who wants neither gets plain text.
func negotiate(w http.ResponseWriter, r *http.Request, status int, text string) {
	if prefersJSON(r.Header.Values("Accept")) {
		writeJSON(w, status, "application/json; charset=utf-8", text)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(text))
}

// prefersJSON goes through what is accepted, best first. A wildcard for everything ends the search: the framework takes
// it for a browser that has no opinion.
func prefersJSON(accept []string) bool {
	type wish struct {
		media   string
		quality float64
	}
	var wishes []wish
	for _, part := range strings.Split(strings.Join(accept, ","), ",") {
		media, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
			quality = q
		}
		if media == "*/*" {
			return false
		}
		if quality > 0 {
			wishes = append(wishes, wish{media, quality})
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int {
		switch {
		case a.quality > b.quality:
			return -1
		case a.quality < b.quality:
			return 1
		}
		return 0
	})
	for _, w := range wishes {
		switch {
		case w.media == "text/plain" || w.media == "text/*":
			return false
		case w.media == "application/json" || w.media == "text/json" || w.media == "application/*":
			return true
		case strings.HasPrefix(w.media, "application/") && strings.HasSuffix(w.media, "+json"):
			return true
		}
	}
	return false
}
