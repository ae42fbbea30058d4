package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
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
	// LogJSON writes the log as JSON lines instead of text.
	LogJSON bool
}

// setting is one environment variable. The table is the configuration's only
// description: help prints it, the README shows it, and a test compares the two.
type setting struct {
	name, standard, what string
}

var settings = []setting{
	{"PORTVAKT_ADDRESS", "127.0.0.1:8080", "where the portal listens; port 0 takes a free one"},
	{"PORTVAKT_SANDBOX_ADDRESS", "127.0.0.1:8081", "where the sandbox listens; `off` turns it off"},
	{"PORTVAKT_DATA", "./data", "the folder of everything that is kept; made (0700) when it is missing"},
	{"PORTVAKT_URL", "http:// and the address", "the portal's public address, as it stands in the browser"},
	{"PORTVAKT_SANDBOX_URL", "http:// and the address", "the sandbox's public address"},
	{"PORTVAKT_LOG", "text", "the form of the log on standard error: `text` or `json`"},
}

// readConfig reads the settings and reports all that is wrong with them at once,
// each in a sentence that says what to change.
func readConfig(env func(string) string) (config, error) {
	get := func(name string) string {
		if v := strings.TrimSpace(env(name)); v != "" {
			return v
		}
		for _, s := range settings {
			if s.name == name {
				return s.standard
			}
		}
		panic("web: no setting " + name)
	}
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
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.IsLoopback() {
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
		if u != nil {
			text = u.Redacted() // an error repeats no password
		}
		return nil, fmt.Errorf("%s is %q: set it to scheme, host and port only, such as http://127.0.0.1:8080", name, text)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil || !ip.IsLoopback() || u.Scheme != "http" {
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
		"  go run ./web help     print this\n\n" +
		"Settings are environment variables:\n\n")
	for _, s := range settings {
		fmt.Fprintf(&b, "  %-26s %s\n  %-26s (default: %s)\n", s.name, strings.ReplaceAll(s.what, "`", ""), "", s.standard)
	}
	return b.String()
}
