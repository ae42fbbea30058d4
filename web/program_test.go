package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// program is the built command, one for all tests that run it.
var program builtProgram

type builtProgram struct {
	build sync.Once
	dir   string
	err   error
}

// path builds the command when it is first needed.
func (p *builtProgram) path(t testing.TB) string {
	t.Helper()
	p.build.Do(func() {
		if p.dir, p.err = os.MkdirTemp("", "portvakt-program-"); p.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", filepath.Join(p.dir, "portvakt"), ".").CombinedOutput(); err != nil {
			p.err = errors.New(err.Error() + "\n" + string(out))
		}
	})
	if p.err != nil {
		t.Fatalf("building the program: %v", p.err)
	}
	return filepath.Join(p.dir, "portvakt")
}

func (p *builtProgram) remove() {
	if p.dir != "" {
		os.RemoveAll(p.dir)
	}
}

// siteTAnswer is what a command answered.
type siteTAnswer struct {
	out, err string
	status   int
}

// siteTProgram runs the built command in the folder, with nothing in its
// environment, and with this standard input.
func siteTProgram(t testing.TB, dir, stdin string, args ...string) siteTAnswer {
	t.Helper()
	c := exec.CommandContext(t.Context(), program.path(t), args...)
	c.Dir, c.Env, c.Stdin = dir, []string{}, bytes.NewReader([]byte(stdin))
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("running the program: %v", err)
	}
	return siteTAnswer{out.String(), errs.String(), c.ProcessState.ExitCode()}
}
