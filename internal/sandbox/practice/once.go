package practice

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"sync"
)

// maxOnce is how many forms are remembered. A double click comes within a second.
const maxOnce = 500

// once gives a form that is sent twice one effect: a browser sends a double click as two posts and shows the answer to
// the second, which would be a second client or "this key is there already".
type once struct {
	mu    sync.Mutex
	most  int
	order []form
	done  map[form]string
}

// form is a sent form: its nonce together with all that was typed, so that a form which was changed counts as another.
// It is a hash, so that nothing typed is kept.
type form [sha256.Size]byte

func newOnce(most int) *once { return &once{most: most, done: map[form]string{}} }

// newNonce makes forms with equal contents two forms.
func newNonce() string { return rand.Text() }

// do calls act, unless it succeeded before for the same form; then it returns what act returned that time. A form without
// a nonce comes from no page of ours, and nothing is known about whether it is a new one.
func (o *once) do(nonce string, act func() (string, error), contents ...string) (string, error) {
	if nonce == "" {
		return act()
	}
	o.mu.Lock()
	defer o.mu.Unlock()

	f := form(sha256.Sum256([]byte(strings.Join(append(contents, nonce), "\x00"))))
	if result, ok := o.done[f]; ok {
		return result, nil
	}
	result, err := act()
	if err != nil {
		return "", err
	}
	if len(o.order) == o.most {
		delete(o.done, o.order[0])
		o.order = o.order[1:]
	}
	o.order = append(o.order, f)
	o.done[f] = result
	return result, nil
}
