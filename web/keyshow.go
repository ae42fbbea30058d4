package main

import (
	"flag"
	"fmt"

	"portvakt/jwk"
)

const keyShowHelp = `go run ./web key show [-in FILE]

Tells what a file holds, what had to be forgiven to read it, and the public forms
of the key. Nothing private is ever shown. The exit status is 1 if it is not a key
that Maskinporten takes.

  -in FILE      the key; without it, standard input is read
`

// showKey is key show.
func (c *console) showKey(args []string) error {
	flags := flag.NewFlagSet("show", flag.ContinueOnError)
	in := flags.String("in", "", "")
	if err := c.parse(flags, args, keyShowHelp); err != nil {
		return err
	}
	data, err := c.read("-in", *in)
	if err != nil {
		return err
	}
	defer clear(data)
	found := jwk.Recognise(data)
	usable := isUsable(found.Kind)
	if usable {
		fmt.Fprintln(c.out, whatItIs(found))
	}
	for _, r := range found.Remarks {
		fmt.Fprintln(c.out, "-", remark(r))
	}
	for _, key := range found.Keys {
		c.show(key)
	}
	if !usable {
		return no("%s", whatIsWrong(found))
	}
	return nil
}

func isUsable(k jwk.Kind) bool {
	return k == jwk.KindPublic || k == jwk.KindPublics || k == jwk.KindPrivate || k == jwk.KindPrivates
}

// show prints the public half of a key in each of its forms.
func (c *console) show(key jwk.Public) {
	kid := key.Kid()
	if kid == "" {
		kid = "none"
	}
	fmt.Fprintf(c.out, "\nKey ID (kid):  %s\nSize:          %d bits\nAlgorithm:     %s\nThumbprint:    %s\n",
		kid, key.Bits(), key.Alg(), key.Thumbprint())
	fmt.Fprintf(c.out, "\nPublic key, for Samarbeidsportalen:\n%s\n\nAs a list:\n%s\n\nAs a key set (JWKS):\n%s\n\nAs PEM:\n%s",
		key.JSON(), key.Array(), key.Set(), key.PEM())
}
