package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for anything that a page should do. It is
// long since a loaded machine is no fault of the page's.
const patience = 20 * time.Second

// seats bounds how many browser tests run at once: each has a portal, a sandbox
// and a renderer of its own.
var seats = make(chan struct{}, 3)

func TestMain(m *testing.M) {
	status := m.Run()
	chromium.close()
	program.remove()
	os.Exit(status)
}

// chromium is the one browser of all tests; each test has its own browser
// context in it, as tabs share cookies across ports.
var chromium browserProcess

type browserProcess struct {
	// profile is the folder of its profile; empty for one that nobody looks into.
	profile string

	start sync.Once
	ctx   context.Context
	err   error
}

// open starts the browser when it is first needed. Without one the test is
// skipped, but never in CI, where a skipped test would look like a passed one.
func (b *browserProcess) open(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no browser to test with: %v", err)
		}
		t.Skipf("no browser to test with: %v", err)
	}
	b.start.Do(func() {
		options := chromedp.DefaultExecAllocatorOptions[:]
		if b.profile != "" {
			options = append(options, chromedp.UserDataDir(b.profile))
		}
		options = append(options,
			chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			// The machine's network may be closed, and nothing outside is to be asked.
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
			chromedp.Flag("accept-lang", "nb"), chromedp.WindowSize(1280, 900),
			// Scroll bars that take room are the harder case for narrow pages.
			chromedp.Flag("disable-features", "Translate,OverlayScrollbar"),
		)
		allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
		b.ctx, _ = chromedp.NewContext(allocator)
		b.err = chromedp.Do(b.ctx)
	})
	if b.err != nil {
		t.Fatalf("starting %s: %v", path, b.err)
	}
	return b.ctx
}

func (b *browserProcess) close() {
	if b.ctx == nil || b.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	_ = chromedp.Cancel(ctx)
	b.ctx = nil
}

// site is a whole Portvakt: the program as its main function runs it, on ports
// and with a data folder of its own.
type site struct {
	portal, signIn, sandbox string
	data                    string
	stdout, stderr          *lockedBuffer
}

// openSite starts a Portvakt that ends with the test.
func openSite(t *testing.T) *site {
	t.Helper()
	s := &site{data: t.TempDir(), stdout: newLockedBuffer(), stderr: newLockedBuffer()}
	env := map[string]string{
		"PORTVAKT_ADDRESS": "127.0.0.1:0", "PORTVAKT_SANDBOX_ADDRESS": "127.0.0.1:0", "PORTVAKT_DATA": s.data,
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, func(name string) string { return env[name] }, s.stdout, s.stderr) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("ending the program: %v", err)
		}
	})
	select {
	case <-s.stdout.holds("Sandbox: "):
	case err := <-ended:
		ended <- nil
		t.Fatalf("starting the program: %v", err)
	case <-time.After(patience):
		t.Fatalf("the program printed %q and then nothing", s.stdout)
	}
	s.portal, s.sandbox = s.line(t, "Portvakt"), s.line(t, "Sandbox")
	s.signIn = s.line(t, "Sign in")
	return s
}

// line is what the program printed after a name.
func (s *site) line(t *testing.T, name string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + name + `: (http\S+)$`).FindStringSubmatch(s.stdout.String())
	if m == nil {
		t.Fatalf("the program printed %q: no line %q with an address", s.stdout, name)
	}
	return m[1]
}

// lockedBuffer is what the program writes; the test may read it meanwhile.
type lockedBuffer struct {
	mu      sync.Mutex
	text    bytes.Buffer
	waiting map[string]chan struct{}
}

func newLockedBuffer() *lockedBuffer { return &lockedBuffer{waiting: map[string]chan struct{}{}} }

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.text.Write(p)
	for text, c := range b.waiting {
		if strings.Contains(b.text.String(), text) {
			close(c)
			delete(b.waiting, text)
		}
	}
	return n, err
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// holds returns a channel that is closed as soon as the text has been written.
func (b *lockedBuffer) holds(text string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := make(chan struct{})
	if strings.Contains(b.text.String(), text) {
		close(c)
	} else {
		b.waiting[text] = c
	}
	return c
}
