package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// config is everything that the environment says.
type config struct {
	// Address is where the portal listens.
	Address string
	// SandboxAddress is where the sandbox listens; empty when it is off.
	SandboxAddress string
	// Data is the folder of the database and of the sandbox's state.
	Data string
	// URL and SandboxURL are the public addresses; nil until they follow from the
	// listeners.
	URL, SandboxURL *url.URL
	// Outsides are the real environments that are on.
	Outsides []outside
	// Proxy is the address of the proxy that calls to them go through, or empty.
	Proxy string
	// PrivateAddresses lets them lie in a private network.
	PrivateAddresses bool
	// LogJSON writes the log as JSON lines instead of text.
	LogJSON bool
}

// setting is one environment variable. The table is the configuration's only
// description: help prints it, the README shows it, and a test compares the two.
type setting struct {
	name, standard, what string
}

var settings = slices.Concat([]setting{
	{"PORTVAKT_ADDRESS", "127.0.0.1:8080", "where the portal listens; port 0 takes a free one"},
	{"PORTVAKT_SANDBOX_ADDRESS", "127.0.0.1:8081", "where the sandbox listens; `off` turns it off"},
	{"PORTVAKT_DATA", "./data", "the folder of everything that is kept; made (0700) when it is missing"},
	{"PORTVAKT_URL", "http:// and the address", "the portal's public address, as it stands in the browser"},
	{"PORTVAKT_SANDBOX_URL", "http:// and the address", "the sandbox's public address"},
	{"PORTVAKT_LOG", "text", "the form of the log on standard error: `text` or `json`"},
}, outsideSettings(), []setting{
	{"PORTVAKT_PROXY", "none", "the HTTP proxy for calls to `test` and `prod`, such as `http://proxy.example:3128`; HTTP_PROXY is not looked at"},
	{"PORTVAKT_PRIVATE_ADDRESSES", "off", "`on` lets the names above lead to private addresses (10.…, 192.168.…)"},
})

// valueOf is what the setting says, or its standard.
func valueOf(env func(string) string, name string) string {
	if v := strings.TrimSpace(env(name)); v != "" {
		return v
	}
	i := slices.IndexFunc(settings, func(s setting) bool { return s.name == name })
	if i < 0 {
		panic("web: no setting " + name)
	}
	return settings[i].standard
}

// readConfig reads the settings and reports all that is wrong with them at once,
// each in a sentence that says what to change.
func readConfig(env func(string) string) (config, error) {
	get := func(name string) string { return valueOf(env, name) }
	c := config{Address: get("PORTVAKT_ADDRESS"), SandboxAddress: get("PORTVAKT_SANDBOX_ADDRESS"), Data: get("PORTVAKT_DATA")}
	errs := []error{checkAddress("PORTVAKT_ADDRESS", c.Address)}
	if c.SandboxAddress == "off" {
		c.SandboxAddress = ""
	} else {
		errs = append(errs, checkAddress("PORTVAKT_SANDBOX_ADDRESS", c.SandboxAddress))
	}
	var err error
	c.URL, err = readURL(env, "PORTVAKT_URL")
	errs = append(errs, err)
	c.SandboxURL, err = readURL(env, "PORTVAKT_SANDBOX_URL")
	errs = append(errs, err)
	if c.SandboxURL != nil && c.SandboxAddress == "" {
		errs = append(errs, errors.New("PORTVAKT_SANDBOX_URL is set, but PORTVAKT_SANDBOX_ADDRESS is off: remove one of the two"))
	}
	c.Outsides, err = readOutsides(env)
	errs = append(errs, err)
	c.Proxy, err = readProxy(env)
	errs = append(errs, err)
	c.PrivateAddresses, err = readSwitch(env, "PORTVAKT_PRIVATE_ADDRESSES")
	errs = append(errs, err)
	switch format := get("PORTVAKT_LOG"); format {
	case "text", "json":
		c.LogJSON = format == "json"
	default:
		errs = append(errs, fmt.Errorf("PORTVAKT_LOG is %q: set it to text or json", format))
	}
	return c, errors.Join(errs...)
}

// checkAddress holds local mode to this machine: without a sign-in provider,
// whoever reaches the portal could ask for a link.
func checkAddress(name, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%s is %q: set it to an address and a port, such as 127.0.0.1:8080", name, address)
	}
	if !isLoopback(host) {
		return fmt.Errorf("%s is %q: Portvakt is in local mode, which must not be reached from other machines; "+
			"set it to a loopback address, such as 127.0.0.1:8080", name, address)
	}
	return nil
}

// readURL reads a public address: scheme, host and port, no path. In local mode
// it is a loopback address too.
func readURL(env func(string) string, name string) (*url.URL, error) {
	text := strings.TrimSuffix(strings.TrimSpace(env(name)), "/")
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("%s is %q: set it to scheme, host and port only, such as http://127.0.0.1:8080", name, shown(text))
	}
	if !isLoopback(u.Hostname()) || u.Scheme != "http" {
		return nil, fmt.Errorf("%s is %q: Portvakt is in local mode, where it must be http and a loopback address, "+
			"such as http://127.0.0.1:8080", name, text)
	}
	return u, nil
}

// help is what the help command prints.
func help() string {
	var b strings.Builder
	b.WriteString("Portvakt: set up Maskinporten integrations for Altinn, and prove that they work.\n\n" +
		"  go run ./web          start the portal and the sandbox\n" +
		"  go run ./web key      make, look at, convert, check and sign with keys\n" +
		"  go run ./web version  print which build this is, and the hashes of its scripts\n" +
		"  go run ./web help     print this\n\n" +
		"Settings are environment variables:\n\n")
	for _, s := range settings {
		fmt.Fprintf(&b, "  %-32s %s\n  %-32s (default: %s)\n", s.name, strings.ReplaceAll(s.what, "`", ""), "", s.standard)
	}
	return b.String()
}
