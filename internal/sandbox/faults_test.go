package sandbox_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range sandbox.Faults() {
		if seen[f.ID] || f.ID == "" || f.Service == "" {
			t.Errorf("got %+v, want an id of its own and a service", f)
		}
		seen[f.ID] = true
		if (f.Call == "") != (f.Kind == "") || f.Call != "" && f.ID != f.Call+"."+f.Kind {
			t.Errorf("got %+v, want both call and kind, as in its id, or none", f)
		}
		if has := f.Parameter == sandbox.ParameterSeconds; has != (f.Least > 0) || f.Usual < f.Least || f.Most < f.Usual {
			t.Errorf("%s: got %d, %d, %d as bounds of the parameter %q", f.ID, f.Least, f.Usual, f.Most, f.Parameter)
		}
	}
	sandbox.Faults()[0].ID = "changed"
	if sandbox.Faults()[0].ID == "changed" {
		t.Error("a caller can change the table")
	}
}

func TestSetFault(t *testing.T) {
	t.Parallel()
	f := start(t)
	active := func(want ...sandbox.ActiveFault) {
		t.Helper()
		if diff := cmp.Diff(want, f.ActiveFaults()); diff != "" {
			t.Errorf("active (-want +got):\n%s", diff)
		}
	}
	active()
	must(t, f.SetFault("token.slow", true, 20))
	must(t, f.SetFault("signature", true, 7))
	must(t, f.SetFault("clock-fast", true, 86400))
	active(sandbox.ActiveFault{ID: "clock-fast", Seconds: 86400}, sandbox.ActiveFault{ID: "signature"}, sandbox.ActiveFault{ID: "token.slow", Seconds: 20})
	must(t, f.SetFault("clock-fast", true, 1))
	must(t, f.SetFault("signature", false, 0))
	must(t, f.SetFault("grant-used", false, 0))
	kept := []sandbox.ActiveFault{{ID: "clock-fast", Seconds: 1}, {ID: "token.slow", Seconds: 20}}
	active(kept...)

	for _, wrong := range []sandbox.ActiveFault{{ID: "clock-fast"}, {ID: "clock-slow", Seconds: 86401}, {ID: "token.slow", Seconds: 46}, {ID: "propagation", Seconds: -1}} {
		err := f.SetFault(wrong.ID, true, wrong.Seconds)
		if diff := cmp.Diff([]string{sandbox.CodeSeconds}, codes(t, err)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", wrong, diff)
		}
		active(kept...)
	}
	if err := f.SetFault("no-such-fault", true, 0); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("got error %v, want %v", err, sandbox.ErrNotFound)
	}
	f.ClearFaults()
	active()
}

func TestSetFaults(t *testing.T) {
	t.Parallel()
	f := start(t)
	must(t, f.SetFault("signature", true, 0))
	must(t, f.SetFaults([]sandbox.ActiveFault{{ID: "no-date"}, {ID: "clock-slow", Seconds: 12}}))
	want := []sandbox.ActiveFault{{ID: "no-date"}, {ID: "clock-slow", Seconds: 12}}
	if diff := cmp.Diff(want, f.ActiveFaults()); diff != "" {
		t.Errorf("active (-want +got):\n%s", diff)
	}
	err := f.SetFaults([]sandbox.ActiveFault{{ID: "signature"}, {ID: "clock-fast"}, {ID: "propagation", Seconds: 3601}})
	var problems sandbox.Problems
	if !errors.As(err, &problems) || len(problems) != 2 || problems[0].Field != "clock-fast" || problems[1].Field != "propagation" {
		t.Errorf("got %v, want the problems of both", err)
	}
	if err := f.SetFaults([]sandbox.ActiveFault{{ID: "signature"}, {ID: "none"}}); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("got error %v, want %v", err, sandbox.ErrNotFound)
	}
	if diff := cmp.Diff(want, f.ActiveFaults()); diff != "" {
		t.Errorf("active after refusals (-want +got):\n%s", diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Faults are forgotten with the process, unlike clients and keys.
func TestFaultsAreNotKept(t *testing.T) {
	t.Parallel()
	config := sandbox.Config{URL: "http://127.0.0.1:8081", Dir: t.TempDir(), Now: func() time.Time { return noon }}
	first, err := sandbox.New(config)
	must(t, err)
	must(t, first.SetFault("signature", true, 0))
	if _, err := first.AddClient(directorate, "Varsling", "Varsler", []string{ownerScope}); err != nil {
		t.Fatal(err)
	}
	second, err := sandbox.New(config)
	must(t, err)
	if got := second.ActiveFaults(); len(got) != 0 || len(second.Clients(directorate)) != 1 {
		t.Errorf("got %v and %d clients after a restart, want no faults and one client", got, len(second.Clients(directorate)))
	}
}

// Many change faults while many call; run with -race.
func TestFaultsAtOnce(t *testing.T) {
	t.Parallel()
	f := start(t)
	done := make(chan struct{})
	for range 4 {
		go func() {
			defer func() { done <- struct{}{} }()
			for _, fault := range sandbox.Faults() {
				switch {
				case strings.Contains("slow hang stall dropped cut", fault.Kind) && fault.Kind != "":
					continue // these are not worth the wait
				case f.SetFault(fault.ID, true, fault.Usual) != nil:
					t.Errorf("%s was refused", fault.ID)
				}
				f.request(t, "GET", "/maskinporten/.well-known/oauth-authorization-server", "")
				f.post(t, "a.b.c")
				f.request(t, "GET", exchangePath, "")
				f.request(t, "GET", shipment, "")
				f.ActiveFaults()
				must(t, f.SetFault(fault.ID, false, 0))
			}
		}()
	}
	for range 4 {
		<-done
	}
	if got := f.ActiveFaults(); len(got) != 0 {
		t.Errorf("got %v, want none", got)
	}
}
