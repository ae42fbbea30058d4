package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"portvakt/handlers"
	"portvakt/internal/door"
	"portvakt/internal/proof"
	"portvakt/internal/sandbox"
	"portvakt/internal/sandbox/practice"
	"portvakt/jwk"
	"portvakt/store"
)

// house is everything put together.
type house struct {
	store *store.Store
	local *handlers.Local
	// portal and sandbox answer requests; sandbox is nil when it is off.
	portal, sandbox http.Handler
	imitation       *sandbox.Sandbox
	now             func() time.Time
}

// build puts the packages together. print writes the one-time link.
func build(ctx context.Context, c config, log *slog.Logger, print func(path string)) (*house, error) {
	h := &house{now: time.Now}
	var err error
	h.store, err = store.Open(ctx, store.Config{Path: filepath.Join(c.Data, "portvakt.db"), Now: h.now, Random: rand.Reader})
	if errors.Is(err, store.ErrNewer) {
		return nil, fmt.Errorf("the database in %q was written by a newer Portvakt: start that version, or set PORTVAKT_DATA to another folder", c.Data)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the database in %q: %w", c.Data, err)
	}
	if err := h.furnish(ctx, c, log, print); err != nil {
		h.store.Close()
		return nil, err
	}
	return h, nil
}

func (h *house) furnish(ctx context.Context, c config, log *slog.Logger, print func(path string)) error {
	if err := h.openLocal(ctx, print); err != nil {
		return err
	}
	portal := handlers.Config{
		Store: h.store, Prover: proof.New(proof.Config{Now: h.now, Random: rand.Reader}), Rate: proof.NewRate(h.now),
		Sealer: jwk.NewSealer(), URL: c.URL, Local: h.local, Limits: localLimits,
		Version: version(), Log: log, Now: h.now, Random: rand.Reader,
	}
	if c.SandboxAddress != "" {
		if err := h.openSandbox(c, log); err != nil {
			return err
		}
		portal.Sandbox = c.SandboxURL.String() + "/"
	}
	var err error
	if portal.Environments, err = h.environments(c); err != nil {
		return err
	}
	h.portal = handlers.New(portal)
	return nil
}

// localLimits are how long a sign-in of local mode lasts: nobody else can reach it.
var localLimits = store.Limits{Idle: 24 * time.Hour, Absolute: 30 * 24 * time.Hour}

// openLocal prepares local mode: the practice organisations, and one person who
// is a member of each of them and administrator.
func (h *house) openLocal(ctx context.Context, print func(path string)) error {
	user, err := h.store.EnsureLocalUser(ctx, handlers.LocalName)
	if err != nil {
		return err
	}
	var first store.OrgNumber
	for _, o := range sandbox.Organisations() {
		number, err := store.ParseOrgNumber(o.Number)
		if err != nil {
			return fmt.Errorf("reading practice organisation %q: %w", o.Number, err)
		}
		name, err := store.ParseName(o.Name)
		if err != nil {
			return fmt.Errorf("reading practice organisation %q: %w", o.Number, err)
		}
		if err := h.store.EnsureOrganisation(ctx, store.Organisation{Number: number, Name: name, Practice: true}); err != nil {
			return err
		}
		if err := h.store.AddMember(ctx, store.Actor{}, user.ID, number); err != nil {
			return err
		}
		if first == "" {
			first = number
		}
	}
	h.local = &handlers.Local{User: user, Organisation: first, Print: print, Now: h.now}
	return nil
}

func (h *house) openSandbox(c config, log *slog.Logger) error {
	s, err := sandbox.New(sandbox.Config{URL: c.SandboxURL.String(), Dir: c.Data, Now: h.now})
	if err != nil {
		return fmt.Errorf("opening the sandbox: %w", err)
	}
	pages := practice.New(s)
	s.Mount(pages)
	h.imitation = s
	h.sandbox = door.New(door.Config{URL: c.SandboxURL, Local: true, Refuse: pages.Refuse, Log: log.With("listener", "sandbox"), Now: h.now}, s)
	return nil
}
