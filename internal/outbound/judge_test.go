package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
)

// Errors that a test cannot bring about without a network and a firewall, in
// the form in which the standard library gives them.
func TestKindOfDialing(t *testing.T) {
	t.Parallel()
	said := func(e syscall.Errno) error { return os.NewSyscallError("connect", e) }
	for name, test := range map[string]struct {
		err  error
		want Kind
	}{
		"dropped":                  {timeLimit{}, KindNoConnection},
		"dropped, says the system": {said(syscall.ETIMEDOUT), KindNoConnection},
		"no way to the host":       {said(syscall.EHOSTUNREACH), KindNoConnection},
		"no way to the network":    {said(syscall.ENETUNREACH), KindNoConnection},
		"a firewall here":          {said(syscall.EPERM), KindNoConnection},
		"rejected":                 {said(syscall.ECONNREFUSED), KindRefusedConnection},
		"no such name":             {&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}, KindNoName},
		"DNS is silent":            {&net.DNSError{Err: "i/o timeout", Name: "x", IsTimeout: true}, KindNoName},
		"DNS refuses": {&net.DNSError{
			UnwrapErr: said(syscall.ECONNREFUSED), Err: "connection refused", Name: "x", IsTemporary: true,
		}, KindNoName},
		"another reason": {said(syscall.EADDRNOTAVAIL), KindUnreachable},
		"not a reason":   {errors.New("?"), KindUnreachable},
		"cancelled":      {context.Canceled, KindCancelled},
		"stopped by us":  {&Forbidden{Why: "private"}, KindForbidden},
	} {
		dialed := &net.OpError{Op: "dial", Net: "tcp", Err: test.err}
		if got := kindOfSending(&url.Error{Op: "Get", URL: "https://x/", Err: dialed}); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
		proxied := &net.OpError{Op: "proxyconnect", Net: "tcp", Err: fmt.Errorf("dialing: %w", dialed)}
		want := KindProxy
		if test.want == KindCancelled || test.want == KindForbidden {
			want = test.want
		}
		if got := kindOfSending(proxied); got != want {
			t.Errorf("%s, of the proxy: got %s, want %s", name, got, want)
		}
	}
}

// The documentation finds the same kind behind what the system says.
func TestDocumentedKinds(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/environments.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range []syscall.Errno{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ECONNREFUSED} {
		kind := string(kindOfDialing(&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", no)}))
		said := false
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, "`"+no.Error()+"`") {
				said = true
				if !strings.Contains(line, "(`"+kind+"`)") {
					t.Errorf("%q is %s, and the documentation says %s", no.Error(), kind, line)
				}
			}
		}
		if !said {
			t.Errorf("%q is not in the documentation", no.Error())
		}
	}
	if !strings.Contains(string(text), "`the proxy answered with status 407`") || strings.Contains(string(text), "$PORTVAKT_PROXY") {
		t.Error("the row of the proxy does not say what the log says, or puts its password on a command line")
	}
}

// A connection that breaks once it is there is another matter.
func TestKindOfWhatIsNotDialing(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]Kind{
		&net.OpError{Op: "read", Err: timeLimit{}}:                                    KindTimeout,
		&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}: KindCutOff,
		&net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}:    KindCutOff,
		errors.New("?"): KindMalformed,
	} {
		if got := kindOfSending(err); got != want {
			t.Errorf("%v: got %s, want %s", err, got, want)
		}
	}
}

// timeLimit is the error of a dialer whose time is out.
type timeLimit struct{}

func (timeLimit) Error() string   { return "i/o timeout" }
func (timeLimit) Timeout() bool   { return true }
func (timeLimit) Temporary() bool { return true }
