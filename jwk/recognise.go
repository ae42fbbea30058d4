package jwk

import "slices"

// Kind is what a pasted text really is. The values are stable: pages choose
// their words by them.
type Kind string

// The kinds.
const (
	KindEmpty     Kind = "empty"
	KindPublic    Kind = "public"    // one public RSA key
	KindPublics   Kind = "publics"   // several of them
	KindNotRSA    Kind = "not-rsa"   // a public key of another type: EC, OKP
	KindSymmetric Kind = "symmetric" // an oct key, which has no public half
	KindSmall     Kind = "too-small" // fewer than 2048 bits
	KindLarge     Kind = "too-large" // a size above 2048 that is not accepted
	KindExponent  Kind = "exponent"  // another public exponent than 65537
	KindWeak      Kind = "weak"
	KindUse       Kind = "use" // a use other than sig
	KindAlg       Kind = "alg" // an alg other than RS256, RS384 and RS512
	KindKid       Kind = "kid" // a kid outside the alphabet
	KindTruncated Kind = "truncated"
	KindMalformed Kind = "malformed" // it has the shape of a key and is none
	KindHTML      Kind = "html"      // a web page
	KindToken     Kind = "token"     // a grant or a token
	KindTooLong   Kind = "too-long"
	KindText      Kind = "text" // nothing of the kind

	KindPrivate       Kind = "private"  // a whole RSA key pair
	KindPrivates      Kind = "privates" // several of them
	KindPrivateBroken Kind = "private-broken"
	KindPrivateNotRSA Kind = "private-not-rsa"
	KindPrivateSize   Kind = "private-size"
	KindEncrypted     Kind = "private-encrypted" // protected by a passphrase
	KindOpenSSH       Kind = "private-openssh"
	KindPKCS12        Kind = "pkcs12"
)

var privateKinds = []Kind{
	KindPrivate, KindPrivates, KindPrivateBroken, KindPrivateNotRSA, KindPrivateSize, KindEncrypted, KindOpenSSH, KindPKCS12,
}

// Kinds lists them all.
func Kinds() []Kind {
	return append([]Kind{
		KindEmpty, KindPublic, KindPublics, KindNotRSA, KindSymmetric, KindSmall, KindLarge, KindExponent, KindWeak, KindUse,
		KindAlg, KindKid, KindTruncated, KindMalformed, KindHTML, KindToken, KindTooLong, KindText,
	}, privateKinds...)
}

// Private says whether it is, or has in it, private key material.
func (k Kind) Private() bool { return slices.Contains(privateKinds, k) }

// Codes of what was forgiven on the way to a key.
const (
	ReadMark        = "bom"
	ReadUTF16       = "utf16"
	ReadQuotes      = "quotes"   // curly or superfluous quotation marks, curly dashes
	ReadBreaks      = "breaks"   // line breaks or spaces inside a value
	ReadCommas      = "commas"   // superfluous commas
	ReadComments    = "comments" // comments in JSON
	ReadValues      = "values"   // numbers in another base64 than a JWK has
	ReadBase64      = "base64"
	ReadBase64URL   = "base64url"
	ReadArray       = "array"
	ReadSet         = "jwks"
	ReadSettings    = "settings" // inside a file of settings; Value is the setting, if it is a known one
	ReadPEM         = "pem"
	ReadPKCS1       = "pkcs1" // BEGIN RSA PUBLIC KEY
	ReadDER         = "der"   // PEM without its lines
	ReadCertificate = "certificate"
	ReadSSH         = "ssh"
	ReadNoUse       = "use-missing" // Value is what it is taken for; likewise below
	ReadNoAlg       = "alg-missing"
	ReadNoKid       = "kid-missing"
)

// ReadCodes lists them all.
func ReadCodes() []string {
	return []string{
		ReadMark, ReadUTF16, ReadQuotes, ReadBreaks, ReadCommas, ReadComments, ReadValues, ReadBase64, ReadBase64URL, ReadArray,
		ReadSet, ReadSettings, ReadPEM, ReadPKCS1, ReadDER, ReadCertificate, ReadSSH, ReadNoUse, ReadNoAlg, ReadNoKid,
	}
}

// Remark is one thing that was forgiven. Value is never a piece of what was
// pasted: it is a word of ours or a thumbprint.
type Remark struct{ Code, Value string }

// Finding is what a pasted text was recognised as. It holds nothing private.
type Finding struct {
	Kind Kind
	// Keys are the public keys that could be unwrapped; of private ones the public
	// halves, as far as they could be read.
	Keys    []Public
	Remarks []Remark
	// Bits is the size of a key whose size is not accepted.
	Bits int
}

// Recognise says what a pasted text is. It forgives what people's editors,
// mail programs and consoles do to keys, and never fails. It is meant for
// telling a person what was pasted: what is to be stored goes through
// ParsePublics, or is one of the Keys, which have passed the same gate.
func Recognise(data []byte) Finding {
	_, f := RecognisePrivate(data)
	return f
}

// RecognisePrivate is Recognise for a place where a private key belongs. The
// key pair is zero unless the kind is KindPrivate.
func RecognisePrivate(data []byte) (Private, Finding) {
	if len(data) > maxSize {
		if leaks(data) {
			return Private{}, Finding{Kind: KindPrivateBroken}
		}
		return Private{}, Finding{Kind: KindTooLong}
	}
	clean, _ := unmarked(data)
	s := seeker{left: maxTexts, empty: len(clean) == 0}
	s.text(data, maxUnwrapped)
	return s.finding(data)
}

// finding sums up. Private before all else, then keys, then what is wrong.
func (s *seeker) finding(data []byte) (Private, Finding) {
	f := Finding{Remarks: s.remarks, Bits: s.bits}
	if len(s.privates) > 0 || slices.ContainsFunc(s.wrong, Kind.Private) || leaks(data) {
		f.Kind, f.Keys = s.privateKind(), s.halves
		if f.Kind == KindPrivate {
			return s.privates[0], f
		}
		return Private{}, f
	}
	f.Keys = s.publics
	switch {
	case len(s.publics) == 1:
		f.Kind = KindPublic
	case len(s.publics) > 1:
		f.Kind = KindPublics
	case len(s.wrong) > 0:
		f.Kind = s.wrong[0]
	case s.empty:
		f.Kind = KindEmpty
	case s.shaped:
		f.Kind = KindMalformed
	default:
		f.Kind = KindText
	}
	return Private{}, f
}

func (s *seeker) privateKind() Kind {
	switch len(s.privates) {
	case 0:
		if i := slices.IndexFunc(s.wrong, Kind.Private); i >= 0 {
			return s.wrong[i]
		}
		return KindPrivateBroken
	case 1:
		return KindPrivate
	}
	return KindPrivates
}
