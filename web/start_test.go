package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"portvakt/handlers/handlerstest"
)

// siteTProcess is the command while it runs.
type siteTProcess struct {
	stderr *siteTBuffer
	stop   context.CancelFunc
	lines  chan string
	status chan int
}

// siteTPatience is how long a test waits for what should come at once.
const siteTPatience = 30 * time.Second

// siteTRun runs the command with these settings. Nothing else of the environment
// reaches it, and each setting that is missing is one that a test can have.
func siteTRun(t testing.TB, settings map[string]string, args ...string) *siteTProcess {
	t.Helper()
	env := map[string]string{
		"PORTVAKT_ADDRESS": "127.0.0.1:0", "PORTVAKT_SANDBOX_ADDRESS": "127.0.0.1:0",
		"PORTVAKT_DATA": filepath.Join(t.TempDir(), "data"),
	}
	for name, value := range settings {
		env[name] = value
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &siteTProcess{stderr: &siteTBuffer{}, stop: stop, lines: make(chan string, 100), status: make(chan int, 1)}
	out, in := io.Pipe()
	go func() {
		status := run(ctx, args, func(name string) string { return env[name] }, strings.NewReader(""), in, p.stderr)
		in.Close()
		p.status <- status
	}()
	go siteTLines(out, p.lines)
	t.Cleanup(stop)
	return p
}

func siteTLines(r io.Reader, lines chan<- string) {
	defer close(lines)
	for s := bufio.NewScanner(r); s.Scan(); {
		lines <- s.Text()
	}
}

// line is the next line on standard output; false when there is none any more.
func (p *siteTProcess) line(t testing.TB) (string, bool) {
	t.Helper()
	select {
	case line, ok := <-p.lines:
		return line, ok
	case <-time.After(siteTPatience):
		t.Fatalf("no line on standard output\n%s", p.stderr)
	}
	return "", false
}

// exit is the exit status.
func (p *siteTProcess) exit(t testing.TB) int {
	t.Helper()
	select {
	case status := <-p.status:
		return status
	case <-time.After(siteTPatience):
		t.Fatalf("the command has not ended\n%s", p.stderr)
	}
	return -1
}

// all is the rest of standard output.
func (p *siteTProcess) all(t testing.TB) string {
	t.Helper()
	text := ""
	for {
		line, ok := p.line(t)
		if !ok {
			return text
		}
		text += line + "\n"
	}
}

// started reads the three lines and returns the addresses in them.
func (p *siteTProcess) started(t testing.TB) (portal, link, box string) {
	t.Helper()
	for _, c := range []struct {
		to    *string
		shape string
	}{
		{&portal, `^Portvakt: (http://127\.0\.0\.1:\d+)/$`},
		{&link, `^Sign in: (http://127\.0\.0\.1:\d+/signin/once\?token=[A-Z2-7]{26})$`},
		{&box, `^Sandbox: (http://127\.0\.0\.1:\d+)/$`},
	} {
		line, ok := p.line(t)
		found := regexp.MustCompile(c.shape).FindStringSubmatch(line)
		if !ok || found == nil {
			t.Fatalf("got line %q, want one like %s\n%s", line, c.shape, p.stderr)
		}
		*c.to = found[1]
	}
	return portal, link, box
}

func TestStart(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "a", "data")
	p := siteTRun(t, map[string]string{"PORTVAKT_DATA": data})
	portal, link, box := p.started(t)

	if !strings.HasPrefix(link, portal+"/") {
		t.Errorf("got the link %q, want one on %s", link, portal)
	}
	siteTWants(t, handlerstest.New(portal).Get(t, "/"), 200)
	siteTWants(t, handlerstest.New(box).Get(t, "/"), 200)
	home := handlerstest.New(portal).Get(t, link)
	siteTWants(t, home, 200)
	if got, want := home.Text(".menu-org"), siteTOrgs[0].Name; got != want {
		t.Errorf("signed in for %q, want %q", got, want)
	}
	if home.Find(`a[href="/admin/integrations"]`).Length() != 1 {
		t.Error("whoever opened the link is no administrator")
	}
	if !strings.Contains(home.Text("footer"), siteTWord("footer.local")) || home.Find(`footer a[href="`+box+`/"]`).Length() != 1 {
		t.Errorf("the footer does not say local mode, or does not lead to the sandbox: %q", home.Text("footer"))
	}
	info, err := os.Stat(data)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data folder: got %v, %v, want mode 0700", info.Mode(), err)
	}

	p.stop()
	if got := p.exit(t); got != 0 {
		t.Errorf("got exit status %d, want 0\n%s", got, p.stderr)
	}
	if got := p.all(t); got != "" {
		t.Errorf("more on standard output: %q", got)
	}
	if _, token, _ := strings.Cut(link, "token="); strings.Contains(p.stderr.String(), token) {
		t.Error("the token of the one-time link stands in the log")
	}
}

// The second start finds what the first one kept, and its link is another one.
func TestStartAgain(t *testing.T) {
	t.Parallel()
	settings := map[string]string{"PORTVAKT_DATA": t.TempDir()}
	first := siteTRun(t, settings)
	portal, link, box := first.started(t)
	b := handlerstest.New(portal)
	b.Get(t, link)
	(&siteT{sandbox: box}).proved(t, b, "Saksystem")
	first.stop()
	if got := first.exit(t); got != 0 {
		t.Fatalf("got exit status %d\n%s", got, first.stderr)
	}

	second := siteTRun(t, settings)
	portal, again, box := second.started(t)
	_, token, _ := strings.Cut(link, "?")
	siteTWants(t, handlerstest.New(portal).Get(t, "/signin/once?"+token), 401)
	home := handlerstest.New(portal).Get(t, again)
	if got := home.Text("table"); !strings.Contains(got, "Saksystem") || !strings.Contains(got, siteTWord("state.proved")) {
		t.Errorf("got the list %q, want the integration of before, proved", got)
	}
	clients := handlerstest.New(box).Get(t, "/samarbeidsportalen/"+siteTOrgs[0].Number+"/clients")
	if !strings.Contains(clients.Text("main"), "Saksystem") {
		t.Error("the sandbox has forgotten the client")
	}
}

func TestSandboxOff(t *testing.T) {
	t.Parallel()
	p := siteTRun(t, map[string]string{"PORTVAKT_SANDBOX_ADDRESS": "off"})
	var lines []string
	for range 2 {
		line, _ := p.line(t)
		lines = append(lines, line)
	}
	portal := strings.TrimSuffix(strings.TrimPrefix(lines[0], "Portvakt: "), "/")
	b := handlerstest.New(portal)
	home := b.Get(t, strings.TrimPrefix(lines[1], "Sign in: "))
	siteTWants(t, home, 200)
	if got := home.Text("footer"); strings.Contains(got, siteTWord("footer.sandbox")) {
		t.Errorf("the footer leads to a sandbox that is off: %q", got)
	}
	// No environment can be chosen: the form says so, and does not break.
	form := b.Get(t, "/integrations/new")
	siteTWants(t, form, 200)
	siteTWants(t, form.Form(t, "describe").Fill(t, siteTWord("describe.name"), "Saksystem").Press(t, siteTWord("describe.create")), 422)
	p.stop()
	if status, rest := p.exit(t), p.all(t); status != 0 || rest != "" {
		t.Errorf("got exit status %d and %q, want 0 and no third line\n%s", status, rest, p.stderr)
	}
}

// A request that is half sent when the end comes gets its answer.
func TestRunningRequestFinishes(t *testing.T) {
	t.Parallel()
	p := siteTRun(t, nil)
	portal, _, _ := p.started(t)
	address := strings.TrimPrefix(portal, "http://")
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	body := "language=en&return=/signin"
	fmt.Fprintf(c, "POST /language HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", address, len(body))
	in := bufio.NewReader(c)
	// The server asks for the body when the handler reads it: the request is running.
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("got %q, %v", line, err)
	}
	if line, err := in.ReadString('\n'); err != nil || line != "\r\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	p.stop()
	for {
		// Until nobody listens any more, so that the end has surely begun.
		other, err := d.DialContext(t.Context(), "tcp", address)
		if err != nil {
			break
		}
		other.Close()
	}
	select {
	case status := <-p.status:
		t.Fatalf("the command ended with %d while a request was running", status)
	default:
	}
	io.WriteString(c, body) // the answer tells
	answer, err := http.ReadResponse(in, nil)
	if err != nil || answer.StatusCode != 303 || answer.Header.Get("Location") != "/signin" {
		t.Fatalf("got %v, %v, want the answer to the form", answer, err)
	}
	answer.Body.Close()
	if got := p.exit(t); got != 0 {
		t.Errorf("got exit status %d, want 0\n%s", got, p.stderr)
	}
}

// The built program, as a person runs and ends it.
func TestBinary(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "portvakt")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		c := exec.CommandContext(t.Context(), program)
		c.Dir = t.TempDir()
		c.Env = []string{"PORTVAKT_ADDRESS=127.0.0.1:0", "PORTVAKT_SANDBOX_ADDRESS=127.0.0.1:0"}
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		log := &siteTBuffer{}
		c.Stderr = log
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		p := &siteTProcess{stderr: log, lines: make(chan string, 100)}
		go siteTLines(out, p.lines)
		portal, link, _ := p.started(t)
		siteTWants(t, handlerstest.New(portal).Get(t, link), 200)
		if info, err := os.Stat(filepath.Join(c.Dir, "data")); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("got %v, %v, want ./data with mode 0700", info, err)
		}
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if rest := p.all(t); rest != "" {
			t.Errorf("%v: more on standard output: %q", signal, rest)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("%v: got %v, want exit status 0\n%s", signal, err, log)
		}
	}
}
