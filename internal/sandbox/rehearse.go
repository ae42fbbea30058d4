package sandbox

import (
	"maps"
	"strconv"
	"time"
)

// ActiveFault is a fault that is on.
type ActiveFault struct {
	ID string
	// Seconds is its parameter; 0 when it has none.
	Seconds int
}

// rehearsed are the faults that are on, each with its seconds. One that has been handed to a reader is never changed.
type rehearsed map[string]int

func (r rehearsed) on(id string) bool {
	_, on := r[id]
	return on
}

func (r rehearsed) duration(id string) time.Duration { return time.Duration(r[id]) * time.Second }

// skew is how far the clock of the services is off from the sandbox's own.
func (r rehearsed) skew() time.Duration {
	return r.duration(faultClockFast) - r.duration(faultClockSlow)
}

// SetFault turns a fault on or off. Seconds are read only of a fault that has them and is turned on; when they are out of
// its bounds the error is Problems whose field is the fault's id, and nothing changes. An unknown id is ErrNotFound.
//
// Faults act on what clients call, never on the practice pages; they are kept in memory, and a request that is under way
// may meet them or not.
func (s *Sandbox) SetFault(id string, on bool, seconds int) error {
	f, known := fault(id)
	if !known {
		return ErrNotFound
	}
	if !on {
		s.changeFaults(func(next rehearsed) { delete(next, id) })
		return nil
	}
	if err := f.check(seconds); err != nil {
		return err
	}
	s.changeFaults(func(next rehearsed) { next[id] = f.seconds(seconds) })
	return nil
}

// SetFaults turns the given faults on and all others off, or changes nothing and returns what SetFault would, the
// Problems of all faults together.
func (s *Sandbox) SetFaults(on []ActiveFault) error {
	wanted := rehearsed{}
	var problems Problems
	for _, a := range on {
		f, known := fault(a.ID)
		if !known {
			return ErrNotFound
		}
		problems = append(problems, f.check(a.Seconds)...)
		wanted[a.ID] = f.seconds(a.Seconds)
	}
	if len(problems) > 0 {
		return problems
	}
	s.changeFaults(func(next rehearsed) {
		clear(next)
		maps.Copy(next, wanted)
	})
	return nil
}

// ClearFaults turns all faults off.
func (s *Sandbox) ClearFaults() { s.changeFaults(func(next rehearsed) { clear(next) }) }

// ActiveFaults are the faults that are on, in the order of Faults.
func (s *Sandbox) ActiveFaults() []ActiveFault {
	on := s.rehearsing()
	var active []ActiveFault
	for _, f := range faultTable {
		if on.on(f.ID) {
			active = append(active, ActiveFault{ID: f.ID, Seconds: on[f.ID]})
		}
	}
	return active
}

func (s *Sandbox) changeFaults(apply func(rehearsed)) {
	s.mu.Lock()
	defer s.mu.Unlock()

	next := rehearsed{}
	maps.Copy(next, s.faults)
	apply(next)
	s.faults = next
}

func (s *Sandbox) rehearsing() rehearsed {
	s.mu.RLock()
	defer s.mu.RUnlock()

	return s.faults
}

// serviceNow is the time on the clock of the services, which a fault can put wrong. What was registered, and when, goes
// by the sandbox's own clock, as pages do.
func (s *Sandbox) serviceNow() time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()

	return s.now().Add(s.faults.skew())
}

func (f Fault) check(seconds int) Problems {
	if f.Parameter == ParameterNone || (seconds >= f.Least && seconds <= f.Most) {
		return nil
	}
	return refuse(f.ID, CodeSeconds, "least", strconv.Itoa(f.Least), "most", strconv.Itoa(f.Most))
}

// seconds is what is kept: nothing for a fault without the parameter.
func (f Fault) seconds(given int) int {
	if f.Parameter == ParameterNone {
		return 0
	}
	return given
}
