// Package outboundtest has the upstreams that misbehave, for the tests of those
// who read outside answers. What they do is wrong whatever was asked for, so
// that every reader must survive them in the same way.
package outboundtest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"portvakt/internal/outbound"
)

// Upstream is one way of misbehaving, and how a call to it must end.
type Upstream struct {
	Name   string
	Kind   outbound.Kind
	Status int
	Answer http.HandlerFunc
}

// Limit is the time that a test should give a call: short for an upstream that
// uses it up.
func (u Upstream) Limit() time.Duration {
	if u.Kind == outbound.KindTimeout || u.Kind == outbound.KindSlow {
		return 100 * time.Millisecond
	}
	return 5 * time.Second
}

// Hostile are the upstreams.
var Hostile = []Upstream{
	{"hangs before the header", outbound.KindTimeout, 0, hang},
	{"drips", outbound.KindSlow, 200, drip},
	{"answers with a page", outbound.KindNotJSON, 502, Text(502, "<!DOCTYPE html><title>502 Bad Gateway</title>")},
	{"sends a gzip bomb", outbound.KindTooLarge, 200, bomb(200)},
	{"redirects", outbound.KindRedirect, 302, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	}},
	{"sends a large header", outbound.KindHeadersTooLarge, 0, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("x", 200<<10))
	}},
	{"cuts off in the body", outbound.KindCutOff, 200, cut(200)},
	{"cuts off before the header", outbound.KindCutOff, 0, Raw("")},
	{"speaks no HTTP", outbound.KindMalformed, 0, Raw("220 smtp.example ESMTP\r\n")},
	{"sends broken gzip", outbound.KindMalformed, 200, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		io.WriteString(w, "not gzip at all")
	}},
	{"sends nothing", outbound.KindNotJSON, 200, Text(200, "")},
	{"sends null", outbound.KindNotJSON, 200, Text(200, "null")},
	{"sends half an object", outbound.KindMalformed, 200, Text(200, `{"issuer":{`)},
	{"nests deeply", outbound.KindMalformed, 200, Text(200, strings.Repeat(`{"a":`, 11_000))},
	{"is busy", outbound.KindBusy, 429, Text(429, `{"statusCode":429,"message":"Rate limit is exceeded."}`)},
	{"is busy and says nothing", outbound.KindBusy, 429, Text(429, "")},
	{"is busy with a page", outbound.KindBusy, 429, Text(429, "<h1>Too many requests</h1>")},
	{"is busy with half an object", outbound.KindBusy, 429, Text(429, `{"message":`)},
	{"is busy with a gzip bomb", outbound.KindBusy, 429, bomb(429)},
	{"is busy and cuts off", outbound.KindBusy, 429, cut(429)},
	{"is down", outbound.KindRefused, 503, Text(503, `{"message":"down"}`)},
	{"is down with a page", outbound.KindNotJSON, 503, Text(503, "<h1>Service Unavailable</h1>")},
	{"is down with half an object", outbound.KindMalformed, 503, Text(503, `{"message":`)},
}

// Text answers with a status and a body.
func Text(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// Raw answers with bytes that need not be HTTP, and ends the connection.
func Raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		io.WriteString(conn, answer)
		conn.Close()
	}
}

func hang(_ http.ResponseWriter, r *http.Request) {
	// The server notices that the client has gone only once the body is read.
	io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func drip(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	io.WriteString(w, "{")
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// zeros is a MiB of them, compressed. A gzip stream may be many in a row.
var zeros = sync.OnceValue(func() []byte {
	var small bytes.Buffer
	z := gzip.NewWriter(&small)
	z.Write(make([]byte, 1<<20))
	z.Close()
	return small.Bytes()
})

// bomb is 2 GiB of zeros.
func bomb(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		for range 2048 {
			if _, err := w.Write(zeros()); err != nil {
				return
			}
		}
	}
}

func cut(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(status)
		io.WriteString(w, `{"issuer":`)
	}
}
