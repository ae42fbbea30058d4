package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"portvakt/jwk"
)

const keyNewHelp = `go run ./web key new -out FILE [flags]

Makes a key pair, writes the private key to a file that only you can read, and
prints the key ID, the thumbprint and the public key for Samarbeidsportalen.

  -out FILE      where the private key goes; - is standard output
  -form FORM     its form: jwk (the default), encoded (EncodedJwk), pem
  -public FILE   writes the public JWK to a file too
  -bits N        2048 (the default, which Digdir documents), 3072 or 4096
  -kid KID       the key ID
  -name NAME     else: what the key ID begins with, such as the system's name
  -env ENV       and the environment that stands in it, such as test
  -force         replaces files that are there
`

// newKey is key new.
func (c *console) newKey(args []string) error {
	flags := flag.NewFlagSet("new", flag.ContinueOnError)
	bits, form := flags.Int("bits", 2048, ""), flags.String("form", "jwk", "")
	kid, name, env := flags.String("kid", "", ""), flags.String("name", "", ""), flags.String("env", "", "")
	out, public, force := flags.String("out", "", ""), flags.String("public", "", ""), flags.Bool("force", false, "")
	if err := c.parse(flags, args, keyNewHelp); err != nil {
		return err
	}
	private, half := outFile{"-out", *out, *force}, outFile{"-public", *public, *force}
	switch {
	case *out == "":
		return misused("Where shall the private key go? Give -out a file, or - for standard output.\n\n%s", keyNewHelp)
	case *kid != "" && *name+*env != "":
		return misused("-kid is the whole key ID; -name and -env make one. Give one or the other.")
	case !isPrivateForm(*form):
		return misused("-form is jwk, encoded or pem.")
	case *public == "-" || *public != "" && sameFile(*public, *out):
		return misused("The public key is printed anyway. Give -public a file of its own.")
	}
	for _, file := range []outFile{private, half} {
		if file.name == "" || file.name == "-" {
			continue
		}
		if err := file.vacant(); err != nil {
			return err
		}
	}

	made, err := jwk.Generate(*bits)
	if err != nil {
		return misused("-bits is 2048, 3072 or 4096.")
	}
	if *kid == "" {
		*kid = jwk.Kid(*name, *env, c.now(), made.Public().Thumbprint())
	}
	if made, err = made.WithKid(*kid); err != nil {
		return misused("-kid takes 1 to 64 letters, digits, dots, underscores and hyphens.")
	}
	if err := c.giveSecret(private, privateForm(*form, made)); err != nil {
		return err
	}
	if half.name != "" {
		if err := half.write([]byte(made.Public().JSON()+"\n"), 0o644); err != nil {
			return err
		}
	}
	c.tellNew(made.Public(), *form, *out == "-")
	return nil
}

// tellNew prints what is public about a new key, beside standard output when
// that carries the private one.
func (c *console) tellNew(made jwk.Public, form string, occupied bool) {
	to := c.out
	if occupied {
		to = c.err
	}
	fmt.Fprintf(to, "Key ID (kid):  %s\nThumbprint:    %s\n\nThe public key, for Samarbeidsportalen:\n%s\n",
		made.Kid(), made.Thumbprint(), made.JSON())
	if form == "pem" {
		fmt.Fprintln(c.err, "PEM has no room for the key ID: keep it beside the file.")
	}
}

// sameFile tells whether two names are those of one file, also of one that is yet
// to be made.
func sameFile(a, b string) bool {
	one, err := filepath.Abs(a)
	other, err2 := filepath.Abs(b)
	if err != nil || err2 != nil || one == other {
		return true
	}
	first, err := os.Stat(one)
	second, err2 := os.Stat(other)
	return err == nil && err2 == nil && os.SameFile(first, second)
}
