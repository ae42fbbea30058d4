package proof

import (
	"container/list"
	"time"
)

// waiting is a prepared text, with the run to go on with.
type waiting struct {
	id, signIn, input string
	until             time.Time
	flow              *flow
}

// pending are the prepared texts, oldest first: all wait equally long. It
// does not lock.
type pending struct {
	order *list.List
	byID  map[string]*list.Element
}

func newPending() pending {
	return pending{order: list.New(), byID: map[string]*list.Element{}}
}

// add takes in one more, at the cost of those out of time and, if there are
// too many, of the oldest.
func (p pending) add(w waiting, now time.Time) {
	for oldest := p.order.Front(); oldest != nil; oldest = p.order.Front() {
		if p.order.Len() < maxPending && !now.After(oldest.Value.(waiting).until) {
			break
		}
		p.remove(oldest)
	}
	p.byID[w.id] = p.order.PushBack(w)
}

// take gives out a prepared text once, to its own sign-in and in time. What
// another sign-in asks for stays.
func (p pending) take(id, signIn string, now time.Time) (waiting, bool) {
	e, ok := p.byID[id]
	if !ok {
		return waiting{}, false
	}
	w := e.Value.(waiting)
	if w.signIn != signIn {
		return waiting{}, false
	}
	p.remove(e)
	return w, !now.After(w.until)
}

func (p pending) remove(e *list.Element) {
	delete(p.byID, p.order.Remove(e).(waiting).id)
}
