package main

import (
	"flag"
	"fmt"

	"portvakt/jwk"
)

const keyConvertHelp = `go run ./web key convert -to FORM [flags]

Writes a key in another form. A private key in PEM and its key ID become the JWK
or the EncodedJwk that programs want.

  -to FORM      private: jwk, encoded (EncodedJwk), pem
                public: public-jwk, array (a list), jwks (a key set), public-pem
  -in FILE      the key; without it, standard input is read
  -out FILE     where it goes; a private form needs a file, or - for standard
                output, a public one is printed without it
  -kid KID      the key ID, for a key that has none or has a wrong one
  -check FILE   the public key that is registered: refuses when it is another,
                and takes the key ID from it
  -force        replaces a file that is there
`

// convertKey is key convert.
func (c *console) convertKey(args []string) error {
	flags := flag.NewFlagSet("convert", flag.ContinueOnError)
	to, in, out := flags.String("to", "", ""), flags.String("in", "", ""), flags.String("out", "", "")
	kid, check, force := flags.String("kid", "", ""), flags.String("check", "", ""), flags.Bool("force", false, "")
	if err := c.parse(flags, args, keyConvertHelp); err != nil {
		return err
	}
	switch {
	case !isPrivateForm(*to) && !isPublicForm(*to):
		return misused("-to is one of jwk, encoded, pem, public-jwk, array, jwks and public-pem.\n\n%s", keyConvertHelp)
	case isPrivateForm(*to) && *out == "":
		return misused("Where shall the private key go? Give -out a file, or - for standard output.")
	}
	file := outFile{"-out", *out, *force}
	if *out != "" && *out != "-" {
		if err := file.vacant(); err != nil {
			return err
		}
	}
	private, public, err := c.keyFrom("-in", *in)
	if err != nil {
		return err
	}
	if *kid, err = c.kidOf(public, *kid, *check); err != nil {
		return err
	}
	if isPublicForm(*to) {
		return c.givePublic(file, *to, public, *kid)
	}
	if private.IsZero() {
		return no("This is a public key. It cannot become a private one.")
	}
	return c.givePrivate(file, *to, private, *kid)
}

func (c *console) givePrivate(file outFile, form string, key jwk.Private, kid string) error {
	var err error
	switch {
	case kid == "" && form != "pem":
		return misused("The key has no key ID, and without one Maskinporten does not know which key it is. Give the registered one with -kid.")
	case kid != "":
		if key, err = key.WithKid(kid); err != nil {
			return misused("-kid takes 1 to 64 letters, digits, dots, underscores and hyphens.")
		}
	}
	if err := c.giveSecret(file, privateForm(form, key)); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "Thumbprint:    %s\n", key.Public().Thumbprint())
	c.tellKid(kid, form == "pem")
	return nil
}

func (c *console) givePublic(file outFile, form string, key jwk.Public, kid string) error {
	var err error
	if kid != "" {
		if key, err = key.WithKid(kid); err != nil {
			return misused("-kid takes 1 to 64 letters, digits, dots, underscores and hyphens.")
		}
	}
	text := publicForm(form, key)
	c.tellKid(kid, form == "public-pem")
	if file.name == "" || file.name == "-" {
		fmt.Fprintln(c.out, text)
		return nil
	}
	return file.write([]byte(text+"\n"), 0o644)
}

func (c *console) tellKid(kid string, pem bool) {
	switch {
	case kid == "":
		fmt.Fprintln(c.err, "The key has no key ID. -kid gives it one.")
	case pem:
		fmt.Fprintf(c.err, "Key ID (kid):  %s\nPEM has no room for it: keep it beside the file.\n", kid)
	default:
		fmt.Fprintf(c.err, "Key ID (kid):  %s\n", kid)
	}
}

// kidOf is the key id to write: the one that was given, else the key's own, else
// the registered one. A key that is not the registered one, or is it under
// another id, is refused.
func (c *console) kidOf(key jwk.Public, given, check string) (string, error) {
	if given == "" {
		given = key.Kid()
	}
	if check == "" {
		return given, nil
	}
	registered, err := c.publicsFrom("-check", check)
	if err != nil {
		return "", err
	}
	same := sameKey(registered, key)
	switch {
	case same.IsZero():
		return "", no("This is not the registered key.\n%s", prints(key, registered))
	case given == "":
		return same.Kid(), nil
	case same.Kid() != "" && same.Kid() != given:
		return "", no("This is the registered key, but its key ID is another: it is registered as %s. Give that with -kid.", same.Kid())
	}
	return given, nil
}
