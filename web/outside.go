package main

import (
	"slices"
	"strings"

	"portvakt/store"
)

// outside is a real environment: what is called in it and what is linked to. An
// address that is off is empty.
type outside struct {
	name store.Environment
	// maskinporten is the issuer, with its last slash; altinn the platform, without one.
	maskinporten, altinn string
	// organisations and scopes are the public lists of Altinn and of Samarbeidsportalen.
	organisations, scopes string
	// samarbeidsportalen is only linked to, never called.
	samarbeidsportalen string
}

// outsides are the real environments with their standard addresses, in the order
// in which they are shown. They are the only place where these addresses stand.
var outsides = []outside{
	{
		name:               store.Test,
		maskinporten:       "https://test.maskinporten.no/",
		altinn:             "https://platform.tt02.altinn.no",
		organisations:      "https://altinncdn.no/orgs/altinn-orgs.json",
		scopes:             "https://api.test.samarbeid.digdir.no/api/v1/scopes/all",
		samarbeidsportalen: "https://sjolvbetjening.test.samarbeid.digdir.no/",
	},
	{
		name:               store.Prod,
		maskinporten:       "https://maskinporten.no/",
		altinn:             "https://platform.altinn.no",
		organisations:      "https://altinncdn.no/orgs/altinn-orgs.json",
		scopes:             "https://api.samarbeid.digdir.no/api/v1/scopes/all",
		samarbeidsportalen: "https://sjolvbetjening.samarbeid.digdir.no/",
	},
}

// variable is the name of the setting that turns the environment on and off, and
// the beginning of those of its addresses.
func (o outside) variable() string { return "PORTVAKT_" + strings.ToUpper(string(o.name)) }

// outsideAddress is one address of each real environment.
type outsideAddress struct {
	// id is its name in the log, and in capital letters in the setting; called is
	// what it is in an error.
	id, called, what string
	of               func(*outside) *string
	// optional is one that can be off, since the rest works without it.
	optional bool
	// list is one that says the same to everybody.
	list bool
	// fit gives it the ending that it must have; nil leaves it as it was typed.
	fit func(string) string
}

var outsideAddresses = []outsideAddress{
	{id: "maskinporten", called: "Maskinporten", what: "Maskinporten's issuer",
		of: func(o *outside) *string { return &o.maskinporten }, fit: withSlash},
	{id: "altinn", called: "Altinn", what: "Altinn's platform; `off` ends the proof after the scopes",
		of: func(o *outside) *string { return &o.altinn }, optional: true, fit: withoutSlash},
	{id: "organisations", called: "list of service owners", list: true, what: "Altinn's list of service owners, or `off`",
		of: func(o *outside) *string { return &o.organisations }, optional: true},
	{id: "scopes", called: "list of scopes", list: true, what: "the list of public scopes, or `off`",
		of: func(o *outside) *string { return &o.scopes }, optional: true},
	{id: "samarbeidsportalen", called: "self-service", what: "the self-service pages, which are linked to and not called; `off` shows no link",
		of: func(o *outside) *string { return &o.samarbeidsportalen }, optional: true},
}

// variable is the name of its setting for the environment.
func (a outsideAddress) variable(o outside) string {
	return o.variable() + "_" + strings.ToUpper(a.id)
}

// outsideSettings are the settings of the real environments.
func outsideSettings() []setting {
	var all []setting
	for _, o := range outsides {
		all = append(all, setting{o.variable(), "on", "the environment `" + string(o.name) + "`; `off` closes it"})
		for _, a := range outsideAddresses {
			all = append(all, setting{a.variable(o), *a.of(&o), string(o.name) + ": " + a.what})
		}
	}
	return all
}

// standard is the environment with its standard addresses; the sandbox has none.
func (o outside) standard() outside {
	if i := slices.IndexFunc(outsides, func(s outside) bool { return s.name == o.name }); i >= 0 {
		return outsides[i]
	}
	return outside{name: o.name}
}
