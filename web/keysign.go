package main

import (
	"bytes"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"time"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
)

const keySignHelp = `go run ./web key sign [flags]

Signs a grant that Portvakt has prepared, and nothing else. What it is for is told
on standard error, and the signed grant is printed. It fetches one token within
two minutes, so show it to nobody.

  -in FILE      the key pair; without it, standard input is read
  -text FILE    the text to sign; without it, standard input is read
  -kid KID      the key ID, for a key in PEM, which has none
  -audience URL also signs for this issuer, beside Maskinporten's two and a sandbox
                on this machine
  -nonce        signs the text by which Portvakt sees that you have saved the key,
                and prints the signature
`

// signWithKey is key sign.
func (c *console) signWithKey(args []string) error {
	flags := flag.NewFlagSet("sign", flag.ContinueOnError)
	in, text := flags.String("in", "", ""), flags.String("text", "", "")
	kid, nonce := flags.String("kid", "", ""), flags.Bool("nonce", false, "")
	audience := flags.String("audience", "", "")
	if err := c.parse(flags, args, keySignHelp); err != nil {
		return err
	}
	if (*in == "" || *in == "-") && (*text == "" || *text == "-") {
		return misused("Standard input is either the key or the text to sign: give -in or -text a file.\n\n%s", keySignHelp)
	}
	content, err := c.read("-text", *text)
	if err != nil {
		return err
	}
	// It is no secret, unless it is the key in the wrong place.
	defer clear(content)
	key, err := c.pairFrom("-in", *in)
	if err != nil {
		return err
	}
	if *kid != "" {
		if key, err = key.WithKid(*kid); err != nil {
			return misused("-kid takes 1 to 64 letters, digits, dots, underscores and hyphens.")
		}
	}
	input := string(bytes.TrimSpace(content))
	if *nonce {
		return c.signSaved(key, input)
	}
	return c.signGrant(key, input, *audience)
}

func (c *console) signGrant(key jwk.Private, input, audience string) error {
	grant, err := readGrant(input, audience)
	if err != nil {
		return err
	}
	if key.Public().Kid() == "" {
		return misused("The key has no key ID. Give the registered one with -kid.")
	}
	if grant.Kid != key.Public().Kid() {
		return no("The grant names another key ID than the key's, so this is another key, or it lies under another ID.")
	}
	if err := timely(grant, c.now()); err != nil {
		return err
	}
	c.tellGrant(grant)
	signed, err := key.Sign(input)
	if err != nil {
		return no("The text could not be signed.")
	}
	fmt.Fprintln(c.out, signed)
	return nil
}

// tellGrant shows what is about to be signed. Its values are plain text:
// readGrant lets no other pass.
func (c *console) tellGrant(g maskinporten.Grant) {
	rows := [][2]string{
		{"Audience", g.Audience}, {"Client ID", g.ClientID}, {"Scopes", strings.Join(g.Scopes, " ")},
		{"On behalf of", g.ConsumerOrg}, {"Resource", g.Resource}, {"Key ID (kid)", g.Kid},
		{"Lifetime", fmt.Sprintf("%d seconds, until %s", int(g.Life.Seconds()), g.IssuedAt.Add(g.Life).UTC().Format(time.DateTime+" MST"))},
	}
	fmt.Fprintln(c.err, "Signing a grant:")
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(c.err, "  %-13s  %s\n", row[0]+":", row[1])
		}
	}
}

// challenge is the part of the saved-key text that differs from time to time.
var challenge = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

func (c *console) signSaved(key jwk.Private, input string) error {
	rest, ours := strings.CutPrefix(input, jwk.SavedText(""))
	if !ours || !challenge.MatchString(rest) {
		return no("This is not the text by which Portvakt sees that a key is saved. Nothing else is signed.")
	}
	signature, err := key.SignSaved(rest)
	if err != nil {
		return no("The text could not be signed.")
	}
	fmt.Fprintf(c.err, "Signing the proof that the key is saved.\n  Thumbprint:  %s\n", key.Public().Thumbprint())
	fmt.Fprintln(c.out, signature)
	return nil
}
