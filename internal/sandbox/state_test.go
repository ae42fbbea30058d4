package sandbox_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
	"portvakt/jwk"
)

func open(t *testing.T, dir string) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.New(sandbox.Config{URL: "http://127.0.0.1:8081", Dir: dir, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStateRoundTrip(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	before := open(t, dir)
	client, err := before.AddClient(directorate, "Værvarsling", "Sender <varsler> & mer", []string{notifyScope})
	if err != nil {
		t.Fatal(err)
	}
	key := privateKey(t, "practice.pem")
	if _, err := before.AddKeys(client.ID, publicKey(t, key, kid).Array()); err != nil {
		t.Fatal(err)
	}
	if _, err := before.AddClient(inspection, "Tilsyn", "Fører tilsyn", []string{ownerScope}); err != nil {
		t.Fatal(err)
	}

	after := open(t, dir)
	for _, organisation := range []string{directorate, inspection, accountant} {
		if diff := cmp.Diff(before.Clients(organisation), after.Clients(organisation), cmp.Comparer(samePublic)); diff != "" {
			t.Errorf("clients of %s (-before +after):\n%s", organisation, diff)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "sandbox.json"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := info.Mode(), fs.FileMode(0o600); got != want {
		t.Errorf("got mode %v, want %v", got, want)
	}
	data, err := os.ReadFile(filepath.Join(dir, "sandbox.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{`"d"`, `"p"`, `"q"`, "PRIVATE"} {
		if strings.Contains(string(data), private) {
			t.Errorf("the file holds %s", private)
		}
	}
}

func samePublic(a, b jwk.Public) bool { return a == b }

func TestStateHandsOutCopies(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, client := range f.Clients(directorate) {
		client.Scopes[0], client.Keys[0], client.History[0] = "x", sandbox.Key{}, sandbox.Event{}
	}
	client, err := f.Client(f.client.ID)
	if err != nil {
		t.Fatal(err)
	}
	if client.Scopes[0] != ownerScope || client.Keys[0].Kid() != kid || client.History[0].What != sandbox.EventClientCreated {
		t.Errorf("a caller changed the state: %+v", client)
	}
}

func TestStateRefusesBrokenFiles(t *testing.T) {
	t.Parallel()
	good := read(t, "recorded/sandbox.json")
	for _, test := range []struct{ name, content string }{
		{"empty", ""},
		{"cut off", good[:len(good)/2]},
		{"two documents", good + good},
		{"another version", strings.Replace(good, `"version": 1`, `"version": 2`, 1)},
		{"unknown member", strings.Replace(good, `"version": 1`, `"version": 1, "owner": "x"`, 1)},
		{"private key", strings.Replace(good, `"e": "AQAB"`, `"e": "AQAB", "d": "AQAB"`, 1)},
		{"another kid in the JWK", strings.Replace(good, `"kid": "recorded-openssl"`, `"kid": "other"`, 1)},
		{"a text", `"sandbox"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "sandbox.json")
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := sandbox.New(sandbox.Config{URL: "http://127.0.0.1:8081", Dir: filepath.Dir(path), Now: time.Now})
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "move it away") {
				t.Errorf("got %v, want an error that names the file and says what to do", err)
			}
			if kept, err := os.ReadFile(path); err != nil || string(kept) != test.content {
				t.Errorf("the broken file was changed (%v)", err)
			}
		})
	}
}

// TestStateSurvivesAFailedWrite lets the last step fail: a folder lies where the file should go.
func TestStateSurvivesAFailedWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	if err := os.MkdirAll(filepath.Join(dir, "sandbox.json", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddClient(directorate, "Varsling", "Varsler", []string{notifyScope}); err == nil {
		t.Fatal("the write succeeded")
	}
	if got := len(s.Clients(directorate)); got != 0 {
		t.Errorf("got %d clients after a failed write, want 0", got)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("got %d entries in the folder, want only the one in the way", len(entries))
	}
}

// TestStateIsReplacedWhole reads the file while it is being replaced: what is read is always one whole state.
func TestStateIsReplacedWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	client, err := s.AddClient(directorate, "Varsling", "Varsler", []string{notifyScope})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		defer close(done)
		for i := range 50 {
			if err := s.SetTokenLifetime(client.ID, 100+i); err != nil {
				t.Error(err)
			}
		}
	})
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		data, err := os.ReadFile(filepath.Join(dir, "sandbox.json"))
		if err != nil || !json.Valid(data) {
			t.Errorf("read %d bytes that are not a state: %v", len(data), err)
		}
	}
	wait.Wait()
	if history := open(t, dir).Clients(directorate)[0].History; len(history) != 51 {
		t.Errorf("got %d events, want 51", len(history))
	}
}

func TestStateParallelChanges(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := s.AddClient(directorate, "Varsling", "Varsler", []string{notifyScope}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got, want := len(s.Clients(directorate)), 20; got != want {
		t.Errorf("got %d clients, want %d", got, want)
	}
}

func TestClientNotFound(t *testing.T) {
	t.Parallel()
	f := start(t)
	_, err := f.Client("none")
	for _, err := range []error{
		err, f.SetScopes("none", []string{ownerScope}), f.SetTokenLifetime("none", 60), f.Deactivate("none"),
		f.RemoveKey("none", kid), f.RemoveKey(f.client.ID, "none"), f.ExpireKey(f.client.ID, "none"),
	} {
		if !errors.Is(err, sandbox.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	}
}
