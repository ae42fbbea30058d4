// Package portal builds and runs the program as people run it, and signs in to
// it over HTTP, so that the benchmarks measure the real thing from outside.
package portal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Build compiles a package (as seen from the bench folder) to a program in the
// folder.
func Build(dir, name, pkg, moduleDir string) (string, error) {
	program := filepath.Join(dir, name)
	c := exec.Command("go", "build", "-o", program, pkg)
	c.Dir = moduleDir
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %q: %w\n%s", pkg, err, out)
	}
	return program, nil
}

// Server is a running program that has printed where it listens.
type Server struct {
	// URL is its address, without the last slash.
	URL string
	// Lines are what it has printed until then, by the word before the colon.
	Lines map[string]string
	// Ready is when the address was read.
	Ready time.Time

	command *exec.Cmd
}

// Start runs a program and waits until it has printed the line that begins with
// the word, which is the last one needed.
func Start(program string, args, env []string, word string) (*Server, error) {
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), env...)
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting %q: %w", program, err)
	}
	// The log goes where a service's log goes: into a file descriptor, and no further.
	c.Stderr = nil
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("starting %q: %w", program, err)
	}
	s := &Server{Lines: map[string]string{}, command: c}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		s.Lines[name] = value
		if s.URL == "" {
			s.URL = strings.TrimSuffix(value, "/")
		}
		if name == word {
			s.Ready = time.Now()
			go io.Copy(io.Discard, out)
			return s, nil
		}
	}
	_ = c.Wait()
	return nil, fmt.Errorf("starting %q: it ended before it said %q", program, word)
}

// Portal starts the portal on its data folder; env comes on top of free ports.
func Portal(program, data string, env ...string) (*Server, error) {
	free := []string{"PORTVAKT_ADDRESS=127.0.0.1:0", "PORTVAKT_SANDBOX_ADDRESS=127.0.0.1:0", "PORTVAKT_DATA=" + data}
	return Start(program, nil, append(free, env...), "Sandbox")
}

// Pid is the number of the process.
func (s *Server) Pid() int { return s.command.Process.Pid }

// Stop ends the program as Ctrl-C would, and waits for it.
func (s *Server) Stop() error {
	if err := s.command.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	return s.command.Wait()
}

// SignIn opens the one-time link that the portal printed, and returns the cookie.
func (s *Server) SignIn() (*http.Cookie, error) {
	answer, err := NoRedirects.Get(s.Lines["Sign in"])
	if err != nil {
		return nil, fmt.Errorf("signing in: %w", err)
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if strings.HasPrefix(c.Name, "portvakt_") {
			return c, nil
		}
	}
	return nil, errors.New("signing in: the link gave no cookie")
}

// NoRedirects is a client that shows a redirect instead of following it.
var NoRedirects = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
