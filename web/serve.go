package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"time"

	"portvakt/handlers"
)

const (
	// grace is how long running requests get to finish at the end: longer than a
	// proof may take.
	grace = 40 * time.Second
	// sweepEvery is how often keys that nobody took into use are dropped.
	sweepEvery = time.Minute
)

// serve runs the portal and the sandbox until the context ends. It prints three
// lines on stdout: where they are, and the one-time link to sign in.
func serve(ctx context.Context, env func(string) string, stdout, stderr io.Writer) error {
	c, err := readConfig(env)
	if err != nil {
		return err
	}
	log := newLog(c, stderr)
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("making the data folder %q: %w\nSet PORTVAKT_DATA to a folder that can be written", c.Data, err)
	}
	portal, err := listen(ctx, "PORTVAKT_ADDRESS", c.Address)
	if err != nil {
		return err
	}
	defer portal.Close()
	c.URL = addressOf(c.URL, portal)
	var practice net.Listener
	if c.SandboxAddress != "" {
		if practice, err = listen(ctx, "PORTVAKT_SANDBOX_ADDRESS", c.SandboxAddress); err != nil {
			return err
		}
		defer practice.Close()
		c.SandboxURL = addressOf(c.SandboxURL, practice)
	}

	h, err := build(ctx, c, log, func(path string) { fmt.Fprintf(stdout, "Sign in: %s%s\n", c.URL, path) })
	if err != nil {
		return err
	}
	defer h.store.Close()
	fmt.Fprintf(stdout, "Portvakt: %s/\n", c.URL)
	h.local.NewLink()
	servers := []*http.Server{newServer(h.portal, log)}
	listeners := []net.Listener{portal}
	if practice != nil {
		fmt.Fprintf(stdout, "Sandbox: %s/\n", c.SandboxURL)
		servers, listeners = append(servers, newServer(h.sandbox, log)), append(listeners, practice)
	}
	c.logEnvironments(log)
	go sweep(ctx, h, log)
	return serveAll(ctx, servers, listeners)
}

// serveAll serves until the context ends or a server fails, then lets running
// requests finish.
func serveAll(ctx context.Context, servers []*http.Server, listeners []net.Listener) error {
	failed := make(chan error, len(servers))
	for i, s := range servers {
		go func() { failed <- s.Serve(listeners[i]) }()
	}
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	for _, s := range servers {
		if err := s.Shutdown(end); err != nil {
			cause = errors.Join(cause, fmt.Errorf("waiting for running requests: %w", err))
		}
	}
	return cause
}

// newServer sets every limit that net/http leaves open.
func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// listen opens a port. One that is taken is named, with how to change it.
func listen(ctx context.Context, name, address string) (net.Listener, error) {
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		host, _, _ := net.SplitHostPort(address)
		return nil, fmt.Errorf("%s is taken by another program, perhaps another Portvakt.\nChoose another address, or any free port: %s=%s",
			address, name, net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, fmt.Errorf("listening on %s (%s): %w", address, name, err)
	}
	return l, nil
}

// addressOf is the configured public address, or that of the listener.
func addressOf(configured *url.URL, l net.Listener) *url.URL {
	if configured != nil {
		return configured
	}
	return &url.URL{Scheme: "http", Host: l.Addr().String()}
}

func newLog(c config, stderr io.Writer) *slog.Logger {
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(stderr, nil))
	}
	return slog.New(slog.NewTextHandler(stderr, nil))
}

// sweep drops keys that no later post named, once the page that could have
// carried them has lost them.
func sweep(ctx context.Context, h *house, log *slog.Logger) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if _, err := h.store.DropUnnamedKeys(ctx, h.now().Add(-handlers.KeyIdle)); err != nil {
				log.Warn("dropping unnamed keys", "cause", err)
			}
			if _, err := h.store.RefreshSummaries(ctx); err != nil {
				log.Warn("refreshing summaries", "cause", err)
			}
		}
	}
}
