// Package sandbox is a local imitation of Maskinporten and Altinn and of the state behind Samarbeidsportalen, as one
// http.Handler. Its one promise: what it accepts, the real services accept as well, and what they refuse it refuses in
// the same words. It therefore really verifies signatures, remembers used grants and counts the seconds.
//
// It knows nothing of the clients that call it, and shares no types with them: an imitation made from a client's own
// structs repeats the client's mistakes. It keeps public data only, in one JSON file; its own signing keys are made in
// each process and never stored.
package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// maxBody is the largest request body that is read. A grant with a 4096-bit key is about 1 KiB.
const maxBody = 64 << 10

// Config says where a sandbox lives.
type Config struct {
	// URL is the public address without a slash at its end, such as http://127.0.0.1:8081. Issuers, audiences and
	// the endpoints in metadata come from it, never from a request's Host.
	URL string
	// Dir is the folder of sandbox.json. Empty keeps everything in memory.
	Dir string
	// Now is the clock. The sandbox adds its own offset to it; see SetClockOffset.
	Now func() time.Time
}

// Sandbox is the imitation. All its methods may be called concurrently.
type Sandbox struct {
	url   string
	path  string
	clock func() time.Time

	maskinporten *signer
	altinn       *signer
	used         *replay

	mu     sync.RWMutex
	state  state
	offset time.Duration
	faults rehearsed
	pages  http.Handler

	// after is time.After, but for tests of what takes long.
	after func(time.Duration) <-chan time.Time
}

// New makes a sandbox and reads its state, if there is any. It changes nothing on disk.
func New(c Config) (*Sandbox, error) {
	u, err := url.Parse(c.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Scheme+"://"+u.Host != c.URL {
		return nil, fmt.Errorf("reading the sandbox's address %q: want scheme and host only, without a slash at the end", c.URL)
	}
	if c.Now == nil {
		return nil, errors.New("making the sandbox: it needs a clock")
	}
	s := &Sandbox{url: c.URL, clock: c.Now, maskinporten: newSigner(), altinn: newSigner(), used: newReplay(maxGrants), after: time.After}
	if c.Dir != "" {
		s.path = statePath(c.Dir)
		if s.state, err = readState(s.path); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Issuer is the sandbox's Maskinporten: the audience of grants and the issuer of tokens, with the last slash.
func (s *Sandbox) Issuer() string { return s.url + "/maskinporten/" }

// Platform is the base address of the sandbox's Altinn, without a slash at the end.
func (s *Sandbox) Platform() string { return s.url + "/altinn" }

// Now is the time on the sandbox's clock.
func (s *Sandbox) Now() time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()

	return s.now()
}

// now is for callers who hold the lock: a read lock taken twice deadlocks when a writer waits in between.
func (s *Sandbox) now() time.Time { return s.clock().Add(s.offset) }

// Mount hands everything that no service answers to pages. Call it before the sandbox serves.
func (s *Sandbox) Mount(pages http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.pages = pages
}

// ServeHTTP answers as the service to which the path belongs. The Date of every answer is that of the sandbox's clock,
// so that a client can find out how far its own is off.
//
// It matches paths itself, since http.ServeMux would redirect /maskinporten//token to the clean path, and a client
// that follows would send its grant a second time.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	now, pages := s.now(), s.pages
	s.mu.RUnlock()

	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if serve, rest := s.service(r.URL.Path); serve != nil {
		setDate(w, s.serviceNow())
		serve(w, r, rest)
		return
	}
	setDate(w, now)
	if pages == nil {
		http.NotFound(w, r)
		return
	}
	pages.ServeHTTP(w, r)
}

// service finds the service to which a path belongs, and what follows in it; nil for the pages.
func (s *Sandbox) service(path string) (serve func(http.ResponseWriter, *http.Request, string), rest string) {
	if rest, ok := below(path, "/maskinporten"); ok {
		return s.serveMaskinporten, rest
	}
	if rest, ok := below(path, "/altinn"); ok {
		return s.serveAltinn, rest
	}
	if rest, ok := below(path, selfServicePath); ok {
		return s.serveSelfService, rest
	}
	if strings.TrimSuffix(path, "/") == rfc8414Path {
		return s.serveMaskinporten, metadataPath
	}
	return nil, ""
}

func setDate(w http.ResponseWriter, now time.Time) {
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
}

// below returns what follows prefix in path, if path is prefix or lies below it.
func below(path, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	return rest, ok && (rest == "" || rest[0] == '/')
}
