package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"
)

// elsewhere is a place that does not exist (RFC 2606): what a rehearsal points to must not be somebody's.
const elsewhere = "https://elsewhere.example/"

// patience is how long a hanging call waits for its client to go away. It is shorter than the listener's own limit.
const patience = 55 * time.Second

// kindSlow is the one kind after which the service still answers.
const kindSlow = "slow"

// kind is something that every call can meet on its way: the network, a proxy, a gateway.
type kind struct {
	name string
	// meet reports whether it has answered; if not, the service does.
	meet func(*Sandbox, http.ResponseWriter, *http.Request, meeting) bool
}

// meeting is what a kind needs to know of the call.
type meeting struct {
	call string
	wait time.Duration
}

// kinds are in the order in which they are tried: of several at one call the first counts, but for slow, after which
// the next has its turn.
var kinds = []kind{
	{kindSlow, (*Sandbox).meetSlow},
	{"hang", (*Sandbox).meetHang},
	{"stall", (*Sandbox).meetStall},
	{"dropped", (*Sandbox).meetDropped},
	{"cut", (*Sandbox).meetCut},
	{"gateway", canned(http.StatusBadGateway, "text/html", gatewayPage)},
	{"error", (*Sandbox).meetError},
	{"busy", (*Sandbox).meetBusy},
	{"redirect", (*Sandbox).meetRedirect},
	{"login", canned(http.StatusOK, "text/html; charset=utf-8", loginPage)},
	{"broken", canned(http.StatusOK, jsonType, `{"issuer":"http`)},
	{"empty", canned(http.StatusOK, jsonType, "")},
	{"large", canned(http.StatusOK, jsonType, `{"padding":"`+strings.Repeat("x", 1<<20)+`"}`)},
	{"headers", (*Sandbox).meetHeaders},
}

const (
	gatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n" +
		"<hr><center>Microsoft-Azure-Application-Gateway/v2</center>\r\n</body>\r\n</html>\r\n"
	loginPage = "<!DOCTYPE html>\n<title>Guest network</title>\n<h1>Log in to the network</h1>\n"
)

// interfered lets the faults that are on for a call come between client and service, and reports whether one has
// answered. An empty call is one that no fault is about.
func (s *Sandbox) interfered(w http.ResponseWriter, r *http.Request, call string) bool {
	on := s.rehearsing()
	if call == "" || len(on) == 0 {
		return false
	}
	readWhole(r)
	for _, k := range kinds {
		id := call + "." + k.name
		if on.on(id) && k.meet(s, w, r, meeting{call: call, wait: on.duration(id)}) {
			return true
		}
	}
	for _, f := range faultyAnswers {
		if f.call == call && on.on(f.fault) {
			f.answer(w)
			return true
		}
	}
	return false
}

// readWhole reads the body and puts it back. A listener notices that a client has gone only once the body is read; and a
// client that is still sending when it is answered might take the answer for a broken connection. Of a body that is too
// large nothing comes back but the error.
func readWhole(r *http.Request) {
	if body, err := io.ReadAll(r.Body); err == nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
}

// canned is a kind that answers without looking at the request.
func canned(status int, contentType, body string) func(*Sandbox, http.ResponseWriter, *http.Request, meeting) bool {
	return func(_ *Sandbox, w http.ResponseWriter, _ *http.Request, _ meeting) bool {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		io.WriteString(w, body) // a client that has gone needs no answer
		return true
	}
}

// meetSlow waits before the service answers.
func (s *Sandbox) meetSlow(_ http.ResponseWriter, r *http.Request, m meeting) bool {
	return !s.wait(r, m.wait)
}

// meetHang never answers.
func (s *Sandbox) meetHang(w http.ResponseWriter, r *http.Request, _ meeting) bool {
	s.wait(r, patience)
	hangUp(w)
	return true
}

// wait reports whether the client is still there when the time is over, and returns at once when it has gone.
func (s *Sandbox) wait(r *http.Request, d time.Duration) bool {
	select {
	case <-r.Context().Done():
		return false
	case <-s.after(d):
		return true
	}
}

// meetStall begins to answer and then stops.
func (s *Sandbox) meetStall(w http.ResponseWriter, r *http.Request, m meeting) bool {
	w.Header().Set("Content-Type", jsonType)
	io.WriteString(w, "{")                // a client that has gone needs no answer
	http.NewResponseController(w).Flush() // nor does it here
	return s.meetHang(w, r, m)
}

func (s *Sandbox) meetDropped(w http.ResponseWriter, _ *http.Request, _ meeting) bool {
	hangUp(w)
	return true
}

// hangUp ends the connection without an answer, or in the middle of one.
func hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	connection.Close()
}

// meetCut promises more than it sends, whereupon the listener ends the connection.
func (s *Sandbox) meetCut(w http.ResponseWriter, r *http.Request, _ meeting) bool {
	w.Header().Set("Content-Length", "1000")
	return canned(http.StatusOK, jsonType, `{"`)(s, w, r, meeting{})
}

// meetError is the service's own report of a fault in it.
func (s *Sandbox) meetError(w http.ResponseWriter, r *http.Request, m meeting) bool {
	if m.call == CallMetadata || m.call == CallToken {
		s.springError(w, r, http.StatusInternalServerError)
	} else {
		writeProblem(w, http.StatusInternalServerError, "")
	}
	return true
}

// meetBusy is what an API gateway says to somebody who calls too often.
func (s *Sandbox) meetBusy(w http.ResponseWriter, r *http.Request, _ meeting) bool {
	w.Header().Set("Retry-After", "30")
	const body = `{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 30 seconds." }`
	return canned(http.StatusTooManyRequests, "application/json", body)(s, w, r, meeting{})
}

func (s *Sandbox) meetRedirect(w http.ResponseWriter, r *http.Request, _ meeting) bool {
	w.Header().Set("Location", elsewhere+"login")
	return canned(http.StatusFound, "text/html; charset=utf-8", "")(s, w, r, meeting{})
}

func (s *Sandbox) meetHeaders(w http.ResponseWriter, r *http.Request, _ meeting) bool {
	w.Header().Set("X-Padding", strings.Repeat("x", 64<<10))
	return canned(http.StatusOK, jsonType, "{}")(s, w, r, meeting{})
}
