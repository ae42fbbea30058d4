package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync"
	"time"

	"portvakt/store"
	"portvakt/views"
)

const (
	linkLife  = 24 * time.Hour
	linkPause = 10 * time.Second
)

// LocalName is the name on record of local mode's one person, which pages show in
// the reader's words.
const LocalName = "local"

// personName is what a person is called on a page.
func personName(t views.Text, name string) string {
	if name == LocalName {
		return t.S("person.local")
	}
	return name
}

// Local is the sign-in of local mode: a link that is printed on the terminal and
// works once. It is safe for concurrent use.
type Local struct {
	// User signs in by the link, as a member of Organisation.
	User         store.User
	Organisation store.OrgNumber
	// Print writes a fresh link on the terminal: the one secret that is ever printed.
	Print func(path string)
	Now   func() time.Time

	mu      sync.Mutex
	hash    [sha256.Size]byte
	made    time.Time
	pending bool
}

// NewLink prints a new link, which ends the one before, and reports false when
// the last one was printed less than ten seconds ago.
func (l *Local) NewLink() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Now()
	if !l.made.IsZero() && now.Sub(l.made) < linkPause {
		return false
	}
	token := rand.Text()
	l.hash, l.made, l.pending = sha256.Sum256([]byte(token)), now, true
	l.Print(views.SignInOnce(token))
	return true
}

// use signs in by the link. It reports false when the token is not that of the
// link; the link is used up when the sign-in has come about.
func (l *Local) use(token string, signIn func() error) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	hash := sha256.Sum256([]byte(token))
	ok := l.pending && subtle.ConstantTimeCompare(hash[:], l.hash[:]) == 1 && l.Now().Sub(l.made) < linkLife
	if !ok {
		return false, nil
	}
	if err := signIn(); err != nil {
		return true, err
	}
	l.pending = false
	return true, nil
}
