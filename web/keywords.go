package main

import (
	"fmt"
	"strings"

	"portvakt/jwk"
)

// kindWords say what a text turned out to be: for a key that can be used what it
// is, for all else what is wrong and what to do.
var kindWords = map[jwk.Kind]string{
	jwk.KindPublic:   "This is a public key.",
	jwk.KindPublics:  "These are several public keys.",
	jwk.KindPrivate:  "This is a key pair. The private key is in it: keep it secret. What follows is public.",
	jwk.KindPrivates: "These are several key pairs. The private keys are in it: keep it secret. What follows is public.",

	jwk.KindEmpty:     "There is nothing in it.",
	jwk.KindNotRSA:    "This key is of another type than RSA. Maskinporten takes RSA only.",
	jwk.KindSymmetric: "This is a symmetric key, which has no public half. Maskinporten takes RSA keys only.",
	jwk.KindSmall:     "This key is too small. Maskinporten wants 2048 bits or more.",
	jwk.KindLarge:     "This key has an unusual size. Take 2048, 3072 or 4096 bits.",
	jwk.KindExponent:  "This key has another public exponent than 65537. Make a new one.",
	jwk.KindWeak:      "This key is weak: others could break it. Make a new one.",
	jwk.KindUse:       "This key is meant for something else than signatures: its \"use\" is not \"sig\".",
	jwk.KindAlg:       "This key names another algorithm than RS256, RS384 or RS512.",
	jwk.KindKid:       "This key has a key ID that Maskinporten does not take: 1 to 64 letters, digits, dots, underscores and hyphens.",
	jwk.KindTruncated: "The end is missing. Copy the whole key.",
	jwk.KindMalformed: "This has the shape of a key, but it cannot be read.",
	jwk.KindHTML:      "This is a web page, not a key.",
	jwk.KindToken:     "This is a grant or a token, not a key.",
	jwk.KindTooLong:   "This is longer than any key.",
	jwk.KindText:      "There is no key in it.",

	jwk.KindPrivateBroken: "There is a private key in it, but it is broken or incomplete. Copy the whole key, or make a new one.",
	jwk.KindPrivateNotRSA: "This is a private key of another type than RSA. Maskinporten takes RSA only.",
	jwk.KindPrivateSize:   "This private key has a size that is not taken. Make one of 2048, 3072 or 4096 bits.",
	jwk.KindEncrypted:     "This private key is under a passphrase. Take it off with: openssl pkey -in FILE -out NEWFILE",
	jwk.KindOpenSSH:       "This is a private key in OpenSSH's own form. Rewrite a copy of it with: ssh-keygen -p -m PKCS8 -f COPY",
	jwk.KindPKCS12:        "This is a PKCS#12 keystore. Take the key out with: openssl pkcs12 -in FILE -nocerts -nodes -out NEWFILE",
}

func whatItIs(f jwk.Finding) string { return kindWords[f.Kind] }

// whatIsWrong says why a text does not do where one key is wanted.
func whatIsWrong(f jwk.Finding) string {
	switch {
	case f.Kind == jwk.KindPublics || f.Kind == jwk.KindPrivates:
		return "There are several keys in it. Give a file with one."
	case f.Bits > 0:
		return fmt.Sprintf("%s This one has %d bits.", kindWords[f.Kind], f.Bits)
	}
	return kindWords[f.Kind]
}

// remarkWords say what was forgiven. A %s is the remark's value.
var remarkWords = map[string]string{
	jwk.ReadMark:        "An invisible mark at the start (BOM) was left out.",
	jwk.ReadUTF16:       "The text was in UTF-16, as Windows PowerShell writes it.",
	jwk.ReadQuotes:      "Curly or superfluous quotation marks were straightened or left out.",
	jwk.ReadBreaks:      "Line breaks and spaces inside values were left out.",
	jwk.ReadCommas:      "A comma too many was left out.",
	jwk.ReadComments:    "Comments in the JSON were skipped.",
	jwk.ReadValues:      "The numbers of the key were written otherwise than in a JWK.",
	jwk.ReadBase64:      "Read as base64.",
	jwk.ReadBase64URL:   "Read as base64url. Altinn's library takes base64 of the standard alphabet only.",
	jwk.ReadArray:       "Read as a list of keys.",
	jwk.ReadSet:         "Read as a key set (JWKS).",
	jwk.ReadSettings:    "Found among settings, under %s.",
	jwk.ReadPEM:         "Read as PEM.",
	jwk.ReadPKCS1:       "Read as PEM of the older kind, BEGIN RSA PUBLIC KEY.",
	jwk.ReadDER:         "Read as DER, which is PEM without its lines.",
	jwk.ReadCertificate: "Taken out of a certificate.",
	jwk.ReadSSH:         "Read as a public SSH key.",
	jwk.ReadNoUse:       "\"use\" is missing, and was taken for \"%s\".",
	jwk.ReadNoAlg:       "\"alg\" is missing, and was taken for \"%s\".",
	jwk.ReadNoKid:       "\"kid\" is missing.",
}

func remark(r jwk.Remark) string {
	words := remarkWords[r.Code]
	switch {
	case r.Code == jwk.ReadSettings && r.Value == "":
		return "Found among settings."
	case strings.Contains(words, "%s"):
		return fmt.Sprintf(words, r.Value)
	}
	return words
}

// tellRemarks says on standard error what was forgiven.
func (c *console) tellRemarks(f jwk.Finding) {
	for _, r := range f.Remarks {
		fmt.Fprintln(c.err, "-", remark(r))
	}
}
