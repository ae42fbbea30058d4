package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
)

// Addresses that cannot work stop the start like every other setting.
func TestRefusedAddresses(t *testing.T) {
	t.Parallel()
	const (
		test, prod   = "PORTVAKT_TEST", "PORTVAKT_PROD"
		testIssuer   = test + "_MASKINPORTEN"
		testAltinn   = test + "_ALTINN"
		prodIssuer   = prod + "_MASKINPORTEN"
		prodScopes   = prod + "_SCOPES"
		self, orgs   = test + "_SAMARBEIDSPORTALEN", test + "_ORGANISATIONS"
		proxy, inner = "PORTVAKT_PROXY", "PORTVAKT_PRIVATE_ADDRESSES"
		usual        = "https://test.maskinporten.no/"
	)
	for _, c := range []struct {
		settings map[string]string
		says     []string
	}{
		{map[string]string{test: "yes"}, []string{test, `"yes"`, "set it to on or off"}},
		{map[string]string{prod: "OFF"}, []string{prod, "set it to on or off"}},
		{map[string]string{inner: "1"}, []string{inner, "set it to on or off"}},

		{map[string]string{testIssuer: "http://test.maskinporten.no/"}, []string{testIssuer, "https://", usual}},
		{map[string]string{testIssuer: "http://localhost:8081/"}, []string{testIssuer, "127.0.0.1"}},
		{map[string]string{testIssuer: "http://10.0.0.1/"}, []string{testIssuer, "127.0.0.1"}},
		{map[string]string{testIssuer: "ftp://test.maskinporten.no/"}, []string{testIssuer, "https://"}},
		{map[string]string{testIssuer: "test.maskinporten.no"}, []string{testIssuer, "whole address", usual}},
		{map[string]string{testIssuer: "https:///token"}, []string{testIssuer, "whole address"}},
		{map[string]string{testIssuer: "https://:443/"}, []string{testIssuer, "whole address"}},
		{map[string]string{testIssuer: "https://bad host/"}, []string{testIssuer, "whole address"}},
		{map[string]string{testIssuer: "https://me:secret@test.maskinporten.no/"}, []string{testIssuer, "take out the user name"}},
		{map[string]string{testIssuer: "me:secret@test.maskinporten.no"}, []string{testIssuer, usual}},
		{map[string]string{testIssuer: "https://me:se%cret@test.maskinporten.no/"}, []string{testIssuer, usual}},
		{map[string]string{orgs: "https://altinncdn.no/orgs.json?key=secret"}, []string{orgs, "the query"}},
		{map[string]string{orgs: "https://altinncdn.no/orgs.json?"}, []string{orgs, "the query"}},
		{map[string]string{self: "https://example.no/#secret"}, []string{self, "the fragment"}},
		{map[string]string{testIssuer: "off"}, []string{testIssuer, "set " + test + " to off"}},

		{map[string]string{testIssuer: "https://maskinporten.no"}, []string{testIssuer, "the Maskinporten of prod", usual}},
		{map[string]string{testIssuer: "https://Maskinporten.no/", prod: "off"}, []string{testIssuer, "the Maskinporten of prod"}},
		{map[string]string{prodIssuer: "https://test.maskinporten.no/"}, []string{prodIssuer, "the Maskinporten of test", "such as https://maskinporten.no/"}},
		{map[string]string{testAltinn: "https://maskinporten.no"}, []string{testAltinn, "the Maskinporten of prod"}},
		{map[string]string{prodIssuer: "https://mp.example/", prodScopes: "https://x.example/", testAltinn: "https://mp.example"}, []string{testAltinn, "the Maskinporten of prod"}},
		{map[string]string{testIssuer: "https://mp.example/", prodIssuer: "https://mp.example/"}, []string{testIssuer, prodIssuer}},
		{map[string]string{testAltinn: "https://platform.altinn.no"}, []string{testAltinn, "the Altinn of prod", "such as https://platform.tt02.altinn.no"}},
		{map[string]string{testAltinn: "https://Platform.altinn.no:443/x/", prod: "off"}, []string{testAltinn, "the Altinn of prod"}},
		{map[string]string{prodScopes: "https://api.test.samarbeid.digdir.no/api/v2/scopes"}, []string{prodScopes, "the list of scopes of test"}},
		{map[string]string{self: "https://sjolvbetjening.samarbeid.digdir.no"}, []string{self, "the self-service of prod"}},
		{map[string]string{testAltinn: "https://gw.example/altinn", prod + "_ALTINN": "https://gw.example/altinn/"}, []string{testAltinn, "the Altinn of prod"}},

		{map[string]string{test: "off", testAltinn: "https://altinn.example"}, []string{testAltinn, test + " is off", "remove one of the two"}},
		{map[string]string{prod: "off", prodIssuer: "x"}, []string{prodIssuer, "remove one of the two"}},

		{map[string]string{proxy: "proxy.example:3128"}, []string{proxy, "http://proxy.example:3128"}},
		{map[string]string{proxy: "socks5://me:secret@proxy.example:1080"}, []string{proxy}},
		{map[string]string{proxy: "me:secret@proxy.example:3128"}, []string{proxy}},
		{map[string]string{proxy: "http://me:se%cret@proxy.example:3128"}, []string{proxy, "%40"}},
		{map[string]string{proxy: "http://proxy.example:3128/secret"}, []string{proxy}},

		{map[string]string{test: "x", testIssuer: "x", prodScopes: "y", proxy: "z", inner: "w", "PORTVAKT_LOG": "v"},
			[]string{test + " ", testIssuer, prodScopes, proxy, inner, "PORTVAKT_LOG"}},
	} {
		t.Run(fmt.Sprint(c.settings), func(t *testing.T) {
			t.Parallel()
			siteTRefused(t, c.settings, c.says)
		})
	}
}

// siteTEnv answers for the environment of a process.
func siteTEnv(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// copied are the real environments with the same copy of Altinn's list.
func copied() []outside {
	all := slices.Clone(outsides)
	for i := range all {
		all[i].organisations = "https://altinncdn.no/copy.json"
	}
	return all
}

func TestReadAddresses(t *testing.T) {
	t.Parallel()
	const test = "PORTVAKT_TEST"
	changed := outsides[0]
	changed.maskinporten, changed.altinn = "http://127.0.0.1:8081/maskinporten/", "https://altinn.example/x"
	closed := outsides[0]
	closed.altinn, closed.organisations, closed.scopes, closed.samarbeidsportalen = "", "", "", ""
	for _, c := range []struct {
		name     string
		settings map[string]string
		want     []outside
	}{
		{"nothing said", nil, outsides},
		{"said as usual", map[string]string{test: "on", test + "_MASKINPORTEN": " https://test.maskinporten.no "}, outsides},
		{"one off", map[string]string{test: "off"}, outsides[1:]},
		{"both off", map[string]string{test: "off", "PORTVAKT_PROD": "off", test + "_ALTINN": "off"}, nil},
		{"slashes", map[string]string{test + "_MASKINPORTEN": "http://127.0.0.1:8081/maskinporten", test + "_ALTINN": "https://altinn.example/x/"},
			[]outside{changed, outsides[1]}},
		{"one copy of a list for both", map[string]string{test + "_ORGANISATIONS": "https://altinncdn.no/copy.json", "PORTVAKT_PROD_ORGANISATIONS": "https://altinncdn.no/copy.json"},
			copied()},
		{"parts off", map[string]string{test + "_ALTINN": "off", test + "_ORGANISATIONS": "off", test + "_SCOPES": "off", test + "_SAMARBEIDSPORTALEN": "off"},
			[]outside{closed, outsides[1]}},
	} {
		got, err := readConfig(siteTEnv(c.settings))
		if diff := cmp.Diff(c.want, got.Outsides, cmp.AllowUnexported(outside{})); err != nil || diff != "" {
			t.Errorf("%s: got %v\n%s", c.name, err, diff)
		}
	}
}

// The standard addresses are those that Digdir and Altinn document.
func TestStandardAddresses(t *testing.T) {
	t.Parallel()
	text := help()
	for _, o := range outsides {
		host := map[store.Environment]string{store.Test: "test.", store.Prod: ""}[o.name]
		for _, want := range []string{
			"https://" + host + "maskinporten.no/", "https://api." + host + "samarbeid.digdir.no/api/v1/scopes/all",
			"https://sjolvbetjening." + host + "samarbeid.digdir.no/",
		} {
			if !strings.Contains(text, "(default: "+want+")") {
				t.Errorf("%s: %s is not among the defaults", o.name, want)
			}
		}
	}
}
