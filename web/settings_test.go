package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTakenPort(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"PORTVAKT_ADDRESS", "PORTVAKT_SANDBOX_ADDRESS"} {
		taken := siteTListen(t).Addr().String()
		p := siteTRun(t, map[string]string{name: taken})
		if got := p.exit(t); got != 1 {
			t.Errorf("%s: got exit status %d, want 1", name, got)
		}
		for _, want := range []string{taken, name + "=127.0.0.1:0"} {
			if got := p.stderr.String(); !strings.Contains(got, want) {
				t.Errorf("%s: got %q, want %q in it", name, got, want)
			}
		}
		if got := p.all(t); got != "" {
			t.Errorf("%s: got %q on standard output, want nothing", name, got)
		}
	}
}

// Settings that cannot work stop the start with a sentence that names them and
// says what to set instead, before anything is made.
func TestRefusedSettings(t *testing.T) {
	t.Parallel()
	const address, sandbox, public, practice, log = "PORTVAKT_ADDRESS", "PORTVAKT_SANDBOX_ADDRESS", "PORTVAKT_URL", "PORTVAKT_SANDBOX_URL", "PORTVAKT_LOG"
	loopback := "such as 127.0.0.1:8080"
	plain := "such as http://127.0.0.1:8080"
	for _, c := range []struct {
		settings map[string]string
		says     []string
	}{
		{map[string]string{address: "0.0.0.0:8080"}, []string{address, `"0.0.0.0:8080"`, "local mode", loopback}},
		{map[string]string{address: ":8080"}, []string{address, loopback}},
		{map[string]string{address: "[::]:8080"}, []string{address, loopback}},
		{map[string]string{address: "192.168.1.2:8080"}, []string{address, loopback}},
		{map[string]string{address: "portvakt.example:8080"}, []string{address, loopback}},
		{map[string]string{address: "localhost:8080"}, []string{address, loopback}},
		{map[string]string{address: "127.0.0.1"}, []string{address, loopback}},
		{map[string]string{address: "8080"}, []string{address, loopback}},
		{map[string]string{address: "off"}, []string{address, loopback}},
		{map[string]string{address: "127.0.0.1:99999"}, []string{address, "99999"}},
		{map[string]string{sandbox: "0.0.0.0:8081"}, []string{sandbox, "local mode", loopback}},
		{map[string]string{sandbox: "on"}, []string{sandbox, loopback}},
		{map[string]string{public: "https://portvakt.example"}, []string{public, "local mode", plain}},
		{map[string]string{public: "https://127.0.0.1:8080"}, []string{public, "local mode", plain}},
		{map[string]string{public: "http://10.0.0.1:8080"}, []string{public, "local mode", plain}},
		{map[string]string{public: "http://127.0.0.1:8080/portvakt"}, []string{public, plain}},
		{map[string]string{public: "http://127.0.0.1:8080/?a=b"}, []string{public, plain}},
		{map[string]string{public: "http://me:secret@127.0.0.1:8080"}, []string{public, plain}},
		{map[string]string{public: "me:secret@127.0.0.1:8080"}, []string{public, plain}},
		{map[string]string{public: "http://me:se%cret@127.0.0.1:8080"}, []string{public, plain}},
		{map[string]string{public: "127.0.0.1:8080"}, []string{public, plain}},
		{map[string]string{public: "ftp://127.0.0.1"}, []string{public, plain}},
		{map[string]string{practice: "http://sandbox.example"}, []string{practice, plain}},
		{map[string]string{practice: "http://127.0.0.1:8081", sandbox: "off"}, []string{practice, sandbox, "remove one of the two"}},
		{map[string]string{log: "xml"}, []string{log, `"xml"`, "text or json"}},
		{map[string]string{address: "0.0.0.0:1", log: "xml", public: "x"}, []string{address, log, public}},
	} {
		t.Run(fmt.Sprint(c.settings), func(t *testing.T) {
			t.Parallel()
			siteTRefused(t, c.settings, c.says)
		})
	}
}

// siteTRefused starts with settings that cannot work and wants them refused in
// such words, without a password, before anything is made.
func siteTRefused(t *testing.T, settings map[string]string, says []string) {
	t.Helper()
	settings["PORTVAKT_DATA"] = filepath.Join(t.TempDir(), "data")
	p := siteTRun(t, settings)
	if got := p.exit(t); got != 1 {
		t.Fatalf("got exit status %d, want 1", got)
	}
	for _, want := range says {
		if got := p.stderr.String(); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if strings.Contains(p.stderr.String(), "secret") {
		t.Errorf("a password is repeated: %q", p.stderr)
	}
	if _, err := os.Stat(settings["PORTVAKT_DATA"]); settings["PORTVAKT_ADDRESS"] != "127.0.0.1:99999" && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder was made before the refusal: %v", err)
	}
}

func TestDataFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := siteTRun(t, map[string]string{"PORTVAKT_DATA": filepath.Join(file, "data")})
	if got := p.exit(t); got != 1 || !strings.Contains(p.stderr.String(), "Set PORTVAKT_DATA to a folder") {
		t.Errorf("got exit status %d and %q", got, p.stderr)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"help", "-h", "-help", "--help"} {
		p := siteTRun(t, nil, command)
		text := p.all(t)
		if got := p.exit(t); got != 0 {
			t.Errorf("%s: got exit status %d, want 0", command, got)
		}
		for _, s := range settings {
			if !strings.Contains(text, s.name+" ") || !strings.Contains(text, "(default: "+s.standard+")") {
				t.Errorf("%s does not tell of %s", command, s.name)
			}
		}
	}
	p := siteTRun(t, nil, "dance")
	if got := p.exit(t); got != 2 || !strings.Contains(p.stderr.String(), `"dance"`) || !strings.Contains(p.stderr.String(), "PORTVAKT_ADDRESS") {
		t.Errorf("an unknown command: got exit status %d and %q", got, p.stderr)
	}
	siteTRun(t, nil, "serve").started(t)
}

// Every setting that the program reads is in the table, and none that it does not.
func TestSettings(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	c, err := readConfig(func(name string) string { asked[name] = true; return "" })
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range settings {
		if !asked[s.name] && s.name != "PORTVAKT_SANDBOX_URL" {
			t.Errorf("%s is in the table and not read", s.name)
		}
		delete(asked, s.name)
	}
	if len(asked) > 0 {
		t.Errorf("read and not in the table: %v", asked)
	}
	if c.Address != "127.0.0.1:8080" || c.SandboxAddress != "127.0.0.1:8081" || c.Data != "./data" || c.URL != nil || c.LogJSON {
		t.Errorf("nothing configured: got %+v", c)
	}
}
