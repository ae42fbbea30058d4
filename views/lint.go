package views

import (
	"regexp"
	"slices"
	"strings"
)

// lintRules are the known mistakes in the configuration of a program, in the
// order in which the page lists them.
var lintRules = []struct {
	code  string
	found func(settings) bool
}{
	{"exchange-spelling", func(s settings) bool { return s.has("exchangetoaltinntoken") }},
	{"kid-setting", func(s settings) bool { return s.has("kid") && s.has("encodedjwk") }},
	{"base64url", func(s settings) bool {
		return slices.ContainsFunc(slices.Concat(s["encodedjwk"], s["jwkbase64"]), notBase64)
	}},
	{"exchange-environment", func(s settings) bool {
		prod, exchange := s.is("environment", "prod"), s["tokenexchangeenvironment"]
		return slices.ContainsFunc(exchange, func(v string) bool { return v != "" && (v == "prod") != prod }) && s.has("environment")
	}},
	{"environment", func(s settings) bool {
		return s.has("encodedjwk") && slices.ContainsFunc(s["environment"], func(v string) bool { return v != "prod" && v != "test" })
	}},
	{"debug-logging", func(s settings) bool { return s.is("enabledebuglogging", "true") }},
	{"debug-name", func(s settings) bool { return s.has("enabledebuglog") }},
	{"enterprise-user", func(s settings) bool { return s.has("enterpriseusername") || s.has("enterpriseuserpassword") }},
	{"retired", func(s settings) bool {
		return retiredHost.MatchString(s.text()) || s.is("environment", "ver1") || s.is("environment", "ver2")
	}},
	{"audience", func(s settings) bool {
		all := slices.Concat(s["audience"], s["maskinporten_audience"], s["maskinporten_issuer"], s["authority"])
		return slices.ContainsFunc(all, func(v string) bool { return bareHost.MatchString(v) })
	}},
	{"old-scope", func(s settings) bool { return oldScope.MatchString(s.text()) }},
	{"app-names", func(s settings) bool {
		return s.has("authority") && s.has("encodedjwk") || s.has("environment") && s.has("jwkbase64")
	}},
}

var (
	// A name and its value, as .NET, variables, YAML and properties have them.
	settingText = regexp.MustCompile(`(?i)([a-z][a-z0-9_:.-]*)["']?[ \t]*[:=][ \t]*["']?([^"'\s,}]*)`)
	// The same in lists of names and values, and for commands that set them.
	namedText = regexp.MustCompile(`(?i)\bname["']?[: \t]+["']?([a-z][a-z0-9_:.-]*)["']?[\s,]+["']?(?:--)?value["']?[: \t]+["']?([^"'\s,}]*)`)
	// The part before the name: MaskinportenSettings__, MaskinportenSettings-- and others.
	settingStem = regexp.MustCompile(`^.*(?:__|--|:|\.)`)
	retiredHost = regexp.MustCompile(`(?i)\bver[12]\.maskinporten\.no|oidc[a-z0-9-]*\.difi\.(?:no|eon\.no)`)
	bareHost    = regexp.MustCompile(`^https://(?:test\.)?maskinporten\.no(?:/token)?$`)
	oldScope    = regexp.MustCompile(`(?:^|[^a-z/])altinn:notifications\.create\b`)
)

// settings are the values by their names in lower case, without what stands before
// them; the whole text is under the empty name.
type settings map[string][]string

func (s settings) has(name string) bool { return len(s[name]) > 0 }

func (s settings) is(name, value string) bool {
	return slices.ContainsFunc(s[name], func(v string) bool { return strings.EqualFold(v, value) })
}

func (s settings) text() string { return s[""][0] }

// Lint returns the codes of the known mistakes in a configuration, pasted as JSON,
// YAML, environment variables, properties or commands. It guesses: what it finds
// is worth a look, and what it finds nothing in may still be wrong.
func Lint(text string) []string {
	s := settings{"": {text}}
	for _, m := range slices.Concat(settingText.FindAllStringSubmatch(text, -1), namedText.FindAllStringSubmatch(text, -1)) {
		name := strings.ToLower(settingStem.ReplaceAllString(m[1], ""))
		s[name] = append(s[name], m[2])
	}
	var codes []string
	for _, r := range lintRules {
		if r.found(s) {
			codes = append(codes, r.code)
		}
	}
	return codes
}

// notBase64 tells whether a value is too long for a placeholder and no base64 as
// .NET reads it.
func notBase64(v string) bool {
	return len(v) >= 20 && !strings.ContainsAny(v, "<>@{$") && (strings.ContainsAny(v, "-_") || len(v)%4 != 0)
}
