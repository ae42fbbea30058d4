package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// kindOfSending judges an error before there was an answer.
func kindOfSending(err error) Kind {
	var (
		forbidden   interface{ Forbidden() bool }
		network     *net.OpError
		certificate *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return KindCancelled
	case errors.As(err, &forbidden) && forbidden.Forbidden():
		return KindForbidden
	// Before the certificate, for the one in here is the proxy's own.
	case errors.As(err, &network) && network.Op == "proxyconnect":
		return KindProxy
	case errors.As(err, &certificate):
		return KindUntrusted
	case network != nil && network.Op == "dial":
		return kindOfDialing(network)
	case timedOut(err):
		return KindTimeout
	// Package net/http has these errors in no other form than their text.
	case strings.Contains(err.Error(), "response headers exceeded"),
		strings.Contains(err.Error(), "header list larger"):
		return KindHeadersTooLarge
	case dropped(err):
		return KindCutOff
	}
	return KindMalformed
}

// noWay is what the system says when a packet does not get out or nobody on
// the way takes it. The last two are a firewall on this machine.
var noWay = []error{
	syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN, syscall.EPERM, syscall.EACCES,
}

// kindOfDialing judges why no connection came about. DNS comes first, since
// its own calls can time out and be refused as well.
func kindOfDialing(err *net.OpError) Kind {
	if name := (*net.DNSError)(nil); errors.As(err, &name) {
		return KindNoName
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return KindRefusedConnection
	}
	if err.Timeout() {
		return KindNoConnection
	}
	for _, no := range noWay {
		if errors.Is(err, no) {
			return KindNoConnection
		}
	}
	return KindUnreachable
}

// kindOfReading judges an error in the middle of an answer's body.
func kindOfReading(err error) Kind {
	switch {
	case errors.Is(err, context.Canceled):
		return KindCancelled
	case timedOut(err):
		return KindSlow
	case dropped(err):
		return KindCutOff
	}
	return KindMalformed
}

func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

func dropped(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		strings.Contains(err.Error(), "server closed idle connection")
}
