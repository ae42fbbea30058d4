package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// readOutsides reads the real environments that are on.
func readOutsides(env func(string) string) ([]outside, error) {
	var open []outside
	var errs []error
	for _, o := range outsides {
		on, err := readSwitch(env, o.variable())
		errs = append(errs, err)
		for _, a := range outsideAddresses {
			name := a.variable(o)
			text := strings.TrimSpace(env(name))
			switch {
			case text == "":
			case err == nil && !on && text != "off":
				errs = append(errs, fmt.Errorf("%s is set, but %s is off: remove one of the two", name, o.variable()))
			default:
				errs = append(errs, a.read(&o, text))
			}
		}
		if on {
			open = append(open, o)
		}
	}
	return open, errors.Join(append(errs, checkMixed(open))...)
}

// read puts the address in the environment, or tells what is wrong with it.
func (a outsideAddress) read(o *outside, text string) error {
	name, standard := a.variable(*o), *a.of(o)
	switch {
	case text == "off" && a.optional:
		*a.of(o) = ""
		return nil
	case text == "off":
		return fmt.Errorf("%s is off, but nothing works without it: to close the whole environment, set %s to off", name, o.variable())
	}
	if err := checkOutside(name, text, standard); err != nil {
		return err
	}
	if a.fit != nil {
		text = a.fit(text)
	}
	*a.of(o) = text
	return nil
}

func withSlash(address string) string    { return withoutSlash(address) + "/" }
func withoutSlash(address string) string { return strings.TrimRight(address, "/") }

// checkOutside wants an address that a call may go to: https, or http on this machine.
func checkOutside(name, text, standard string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return fmt.Errorf("%s is %q: set it to a whole address, such as %s", name, shown(text), standard)
	case u.User != nil || strings.ContainsAny(text, "?#"):
		return fmt.Errorf("%s is %q: take out the user name, the query and the fragment, so that it looks like %s", name, shown(text), standard)
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return fmt.Errorf("%s is %q: it must begin with https://, as in %s; plain http is for 127.0.0.1 and [::1] only", name, shown(text), standard)
	}
	return nil
}

// checkMixed refuses an address of one environment that belongs to another: a test
// that asks for tokens in production is worse than none. The standard addresses
// count even where they are overridden or closed.
func checkMixed(open []outside) error {
	var errs []error
	for _, o := range open {
		standard := o.standard()
		for _, a := range outsideAddresses {
			// Of two that are the same, the one that was changed is the wrong one.
			address, usual := *a.of(&o), *a.of(&standard)
			if address == "" || address == usual {
				continue
			}
			if whose := ownerOf(address, o, open); whose != "" {
				errs = append(errs, fmt.Errorf("%s is %q, which is %s: set it to an address of %s, such as %s",
					a.variable(o), address, whose, o.name, usual))
			}
		}
	}
	return errors.Join(errs...)
}

// ownerOf names what an address is in another environment than o; empty when it is
// nothing there.
func ownerOf(address string, o outside, open []outside) string {
	for _, other := range outsides {
		for _, a := range outsideAddresses {
			if other.name != o.name && sameHost(address, *a.of(&other)) && !o.standard().has(address) {
				return fmt.Sprintf("the %s of %s", a.called, other.name)
			}
		}
	}
	// A gateway can serve both on one host, and one copy of a list will do for both.
	for _, other := range open {
		for _, a := range outsideAddresses {
			if other.name != o.name && !a.list && sameAddress(address, *a.of(&other)) {
				return fmt.Sprintf("the %s of %s", a.called, other.name)
			}
		}
	}
	return ""
}

// has tells whether one of the addresses of the environment is on the same host.
func (o outside) has(address string) bool {
	return slices.ContainsFunc(outsideAddresses, func(a outsideAddress) bool { return sameHost(address, *a.of(&o)) })
}

func sameAddress(a, b string) bool {
	return a != "" && strings.EqualFold(withoutSlash(a), withoutSlash(b))
}

// sameHost compares hosts only: any path of production's host is in production.
func sameHost(a, b string) bool {
	u, errA := url.Parse(a)
	v, errB := url.Parse(b)
	return errA == nil && errB == nil && u.Hostname() != "" &&
		strings.EqualFold(strings.TrimSuffix(u.Hostname(), "."), v.Hostname())
}

// readSwitch reads a setting that is on or off.
func readSwitch(env func(string) string, name string) (bool, error) {
	switch word := valueOf(env, name); word {
	case "on", "off":
		return word == "on", nil
	default:
		return false, fmt.Errorf("%s is %q: set it to on or off", name, shown(word))
	}
}

// readProxy reads the address of the proxy, which may carry a password and is
// therefore not repeated.
func readProxy(env func(string) string) (string, error) {
	text := strings.TrimSpace(env("PORTVAKT_PROXY"))
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" ||
		strings.Trim(u.Path, "/") != "" || strings.ContainsAny(text, "?#") {
		return "", errors.New("PORTVAKT_PROXY cannot be read: set it to scheme, host and port only, such as http://proxy.example:3128; " +
			"special characters of a password are written as %40 and the like")
	}
	return text, nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// shown is the text of a setting for the eyes of an operator: what stands before
// an @ or behind a question mark may be a password.
func shown(text string) string {
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		text = "…" + text[i:]
	}
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		text = text[:i+1] + "…"
	}
	return text
}
