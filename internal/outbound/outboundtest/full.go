package outboundtest

import (
	"net"
	"syscall"
	"testing"
	"time"
)

// Full is the host and port of a listener that takes no more connections: the
// system leaves those that ask without an answer, as a firewall does.
func Full(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	raw, err := l.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) { err = syscall.Listen(int(fd), 0) })
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		waiting, err := net.DialTimeout("tcp", l.Addr().String(), 100*time.Millisecond)
		if err != nil {
			return l.Addr().String()
		}
		t.Cleanup(func() { waiting.Close() })
	}
	t.Fatal("the listener takes connections without end")
	return ""
}
