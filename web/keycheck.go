package main

import (
	"encoding/base64"
	"flag"
	"fmt"

	"portvakt/jwk"
)

const keyCheckHelp = `go run ./web key check (-thumbprint T | -public FILE) [-in FILE]

Tells whether the key in your vault is the registered one. Nothing is sent
anywhere. The exit status is 0 if it is, and 1 if it is another.

  -thumbprint T  the thumbprint that Portvakt or key show tells
  -public FILE   else: the public key that is registered, in any form
  -in FILE       the key pair; without it, standard input is read
`

// checkKey is key check.
func (c *console) checkKey(args []string) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	thumbprint, public, in := flags.String("thumbprint", "", ""), flags.String("public", "", ""), flags.String("in", "", "")
	if err := c.parse(flags, args, keyCheckHelp); err != nil {
		return err
	}
	switch {
	case (*thumbprint == "") == (*public == ""):
		return misused("Compare with what? Give -thumbprint or -public, one of them.\n\n%s", keyCheckHelp)
	case *thumbprint != "" && !isThumbprint(*thumbprint):
		return misused("-thumbprint takes 43 characters of base64url: RFC 7638 with SHA-256.")
	}
	pair, err := c.pairFrom("-in", *in)
	if err != nil {
		return err
	}
	key := pair.Public()
	if *thumbprint != "" {
		fmt.Fprintf(c.out, "This key:    %s\nRegistered:  %s\n", key.Thumbprint(), *thumbprint)
		if key.Thumbprint() != *thumbprint {
			return no("This is another key.")
		}
		fmt.Fprintln(c.out, "This is the registered key.")
		return nil
	}
	registered, err := c.publicsFrom("-public", *public)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, prints(key, registered))
	return c.judge(key, sameKey(registered, key))
}

// judge says whether a key is the registered one, also by its id: Maskinporten
// looks a key up by it. A key without one gets it from a setting.
func (c *console) judge(key, same jwk.Public) error {
	switch {
	case same.IsZero():
		return no("This is another key.")
	case key.Kid() != "" && same.Kid() != "" && key.Kid() != same.Kid():
		return no("This is the registered key, but under another key ID, so Maskinporten will not find it.\n"+
			"Key ID here:   %s\nRegistered as: %s", key.Kid(), same.Kid())
	}
	fmt.Fprintln(c.out, "This is the registered key.")
	return nil
}

func isThumbprint(text string) bool {
	sum, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(text) == 43 && len(sum) == 32
}
