package sandbox

import (
	"errors"
	"strings"
)

// ErrNotFound says that the sandbox has no such client, or the client no such key.
var ErrNotFound = errors.New("no such client or key in the sandbox")

// The codes of what the sandbox's self-service refuses. They are stable: pages choose their words by them.
const (
	CodeOrganisationUnknown = "organisation.unknown"
	CodeNameEmpty           = "name.empty"
	CodeNameTooLong         = "name.too-long" // Figures: limit
	CodeNameControl         = "name.control"  // a line break or another control character
	CodeDescriptionEmpty    = "description.empty"
	CodeDescriptionTooLong  = "description.too-long" // Figures: limit
	CodeDescriptionControl  = "description.control"
	CodeScopeNone           = "scope.none"       // a client has at least one scope
	CodeScopeUnknown        = "scope.unknown"    // Figures: scope
	CodeClientsTooMany      = "clients.too-many" // Figures: limit
	CodeClientInactive      = "client.inactive"  // a deactivated client cannot be changed
	CodeLifetime            = "lifetime.invalid" // Figures: least, most (seconds)
	CodeKeyEmpty            = "key.empty"
	CodeKeyTooLarge         = "key.too-large"   // Figures: limit (bytes)
	CodeKeyPrivate          = "key.private"     // the pasted text holds a private key
	CodeKeyCertificate      = "key.certificate" // a certificate, where a public key is wanted
	CodeKeyPKCS1            = "key.pkcs1"       // PEM of an older form: BEGIN RSA PUBLIC KEY instead of BEGIN PUBLIC KEY
	CodeKeyMalformed        = "key.malformed"   // neither JWK nor PEM
	CodeKeyTruncated        = "key.truncated"   // the end is missing
	CodeKeyHTML             = "key.html"        // a web page
	CodeKeyBase64           = "key.base64"      // a key in base64; likewise the six below are keys that a person would know
	CodeKeySSH              = "key.ssh"
	CodeKeySettings         = "key.settings" // among settings or code
	CodeKeyQuotes           = "key.quotes"   // quotation marks that JSON does not have
	CodeKeyBreaks           = "key.breaks"   // a line break inside a value
	CodeKeyCommas           = "key.commas"   // a comma too many, or a comment
	CodeKeyValues           = "key.values"   // numbers otherwise than in base64url
	CodeKeyExponent         = "key.exponent" // not AQAB
	CodeKeyNotRSA           = "key.not-rsa"
	CodeKeySize             = "key.size" // not 2048, 3072 or 4096 bits; Figures: bits, where they are known
	CodeKeyWeak             = "key.weak"
	CodeKeyUseMissing       = "key.use-missing" // Figures: kid
	CodeKeyUse              = "key.use"         // Figures: kid
	CodeKeyAlgMissing       = "key.alg-missing" // Figures: kid
	CodeKeyAlg              = "key.alg"         // Figures: kid
	CodeKeyKidMissing       = "key.kid-missing"
	CodeKeyKid              = "key.kid"           // letters, digits, dot, underscore and hyphen, at most 64
	CodeKeyKidTaken         = "key.kid-taken"     // Figures: kid
	CodeKeyTooMany          = "key.too-many"      // Figures: limit, have
	CodeKeyExpMalformed     = "key.exp-malformed" // exp is not whole seconds since 1970; Figures: kid
	CodeKeyExpPast          = "key.exp-past"      // Figures: kid
	CodeKeyExpTooLate       = "key.exp-too-late"  // more than a year ahead; Figures: kid
	CodeSeconds             = "seconds.invalid"   // of a fault, whose id is the field; Figures: least, most
)

// The fields that a Problem can be about.
const (
	FieldOrganisation = "organisation"
	FieldName         = "name"
	FieldDescription  = "description"
	FieldScopes       = "scopes"
	FieldKey          = "key"
	FieldLifetime     = "lifetime"
	FieldClient       = "client"
)

// Problem is one thing that self-service refuses in what a person sent.
type Problem struct {
	Field   string            // one of the Field constants, or the id of a fault
	Code    string            // one of the Code constants
	Figures map[string]string // what a sentence about it may mention; nil when there is nothing
}

// Problems are all that is wrong with one request, in the order of the form. Find them with errors.As. When a method
// returns them, nothing was changed.
type Problems []Problem

// Error lists the codes; words for people are the pages' business.
func (p Problems) Error() string {
	codes := make([]string, len(p))
	for i, problem := range p {
		codes[i] = problem.Code
	}
	return "refused by the sandbox: " + strings.Join(codes, ", ")
}

// or returns p as an error, or nil when there is no problem.
func (p Problems) or() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// refuse is the error of a single problem; figures are names and values in turn.
func refuse(field, code string, figures ...string) Problems {
	return Problems{problem(field, code, figures...)}
}

func problem(field, code string, figures ...string) Problem {
	p := Problem{Field: field, Code: code}
	for i := 0; i+1 < len(figures); i += 2 {
		if p.Figures == nil {
			p.Figures = map[string]string{}
		}
		p.Figures[figures[i]] = figures[i+1]
	}
	return p
}
