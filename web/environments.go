package main

import (
	"cmp"
	"fmt"
	"log/slog"

	"portvakt/handlers"
	"portvakt/internal/altinn"
	"portvakt/internal/maskinporten"
	"portvakt/internal/outbound"
	"portvakt/internal/proof"
	"portvakt/internal/samarbeidsportalen"
	"portvakt/store"
)

// libraryNames are what Altinn's library calls each environment, and the Altinn
// environment that goes with it. It knows no sandbox; what it is shown there is
// the test environment.
var libraryNames = map[store.Environment]struct{ library, exchange string }{
	store.Sandbox: {"test", "tt02"},
	store.Test:    {"test", "tt02"},
	store.Prod:    {"prod", "prod"},
}

// environments are all that are on, in the order in which they are shown. Nothing
// is called for it: a machine without a network starts as fast as any other.
func (h *house) environments(c config) ([]handlers.Environment, error) {
	var all []handlers.Environment
	if h.imitation != nil {
		platform := h.imitation.Platform()
		e, err := h.environment(outside{
			name: store.Sandbox, maskinporten: h.imitation.Issuer(), altinn: platform,
			organisations:      platform + "/orgs/altinn-orgs.json",
			scopes:             h.imitation.ScopesURL(),
			samarbeidsportalen: c.SandboxURL.String() + "/samarbeidsportalen/",
		}, outbound.Limits{})
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	for _, o := range c.Outsides {
		e, err := h.environment(o, outbound.Limits{Proxy: c.Proxy, Private: c.PrivateAddresses})
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// environment is one environment with a client of its own, which calls that
// environment's addresses and no others. The sandbox is one like the real ones:
// reached over HTTP only.
func (h *house) environment(o outside, l outbound.Limits) (handlers.Environment, error) {
	for _, address := range []string{o.maskinporten, o.altinn, o.organisations, o.scopes} {
		if address != "" {
			l.Addresses = append(l.Addresses, address)
		}
	}
	client, err := outbound.Client(l)
	if err != nil {
		return handlers.Environment{}, fmt.Errorf("preparing calls to %s: %w", o.name, err)
	}
	names, standard := libraryNames[o.name], o.standard()
	e := handlers.Environment{
		Name: o.name,
		Proof: proof.Environment{
			Name:         string(o.name),
			Maskinporten: &maskinporten.Client{HTTP: client, Issuer: o.maskinporten, Now: h.now},
			Changed:      o.name != store.Sandbox && o != standard,
			Proxied:      l.Proxy != "",
		},
		Issuer: o.maskinporten, TokenEndpoint: o.maskinporten + "token", SelfService: o.samarbeidsportalen,
		// Where Portvakt does not call Altinn, the reader's own system still does.
		Platform: cmp.Or(o.altinn, standard.altinn),
		Library:  names.library, Exchange: names.exchange,
	}
	e.Proof.Keys = maskinporten.NewKeys(e.Proof.Maskinporten)
	if o.altinn != "" {
		e.Proof.Altinn = &altinn.Client{HTTP: client, Platform: o.altinn}
	}
	if o.organisations != "" {
		e.Proof.Directory = altinn.NewDirectory(&altinn.Client{HTTP: client, OrgsURL: o.organisations}, h.now)
	}
	if o.scopes != "" {
		e.Catalogue = samarbeidsportalen.NewCatalogue(&samarbeidsportalen.Client{HTTP: client, ScopesURL: o.scopes}, h.now)
	}
	return e, nil
}

// logEnvironments tells the operator which environments are on, and which
// addresses may be called.
func (c config) logEnvironments(log *slog.Logger) {
	off := func(address string) string {
		if address == "" {
			return "off"
		}
		return address
	}
	var all []any
	if c.SandboxAddress != "" {
		all = append(all, slog.String(string(store.Sandbox), c.SandboxURL.String()))
	}
	for _, o := range c.Outsides {
		var addresses []any
		for _, a := range outsideAddresses {
			addresses = append(addresses, slog.String(a.id, off(*a.of(&o))))
		}
		all = append(all, slog.Group(string(o.name), addresses...))
	}
	if c.Proxy != "" {
		all = append(all, slog.String("proxy", shown(c.Proxy)))
	}
	log.Info("environments", all...)
}
