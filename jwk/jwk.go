// Package jwk is everything Portvakt knows about keys: it makes RSA key pairs,
// reads the keys of others strictly, shows the public half in each form that a
// person may be asked for, signs, verifies, and seals a private key for the
// time that a page is open.
//
// Its promise: a private key leaves it through [Secret.Reveal] and through the
// ciphertext of a [Sealer], and in no other way. No format verb, encoder,
// logger or error prints one, and a [Public] cannot hold one.
//
// It knows nothing of files, databases, HTTP or Maskinporten, and no value of
// the library beneath it leaves the package: that library accepts nonsense
// keys and prints private ones.
package jwk

import "errors"

// The reasons for which a key, a token or a sealed key is refused. Every error
// of this package wraps at least one of them, and none quotes its input, which
// may be a private key pasted in the wrong place.
var (
	// ErrMalformed: what was given has not the form of a key or token at all.
	ErrMalformed = errors.New("not a well-formed key or token")
	// ErrPrivate: private key material where only a public key belongs. The
	// key must be considered leaked.
	ErrPrivate = errors.New("this holds a private key, and only a public key belongs here")
	// ErrPublic: a public key where the private one is needed.
	ErrPublic = errors.New("this is a public key, and the private key is needed here")
	// ErrNotRSA: a key of another kind.
	ErrNotRSA = errors.New("the key is not an RSA key")
	// ErrSize: a modulus of another size than 2048, 3072 or 4096 bits.
	ErrSize = errors.New("the key must have exactly 2048, 3072 or 4096 bits")
	// ErrWeak: a key which others could break, or whose parts do not fit
	// together.
	ErrWeak = errors.New("the key is weak or its parts do not fit together")
	// ErrUse: a key meant for something else than signatures.
	ErrUse = errors.New("the key is not meant for signatures")
	// ErrAlgorithm: an algorithm outside the short list.
	ErrAlgorithm = errors.New("the algorithm must be RS256, RS384 or RS512")
	// ErrKid: a key identifier that is empty, too long or outside the alphabet.
	ErrKid = errors.New("a key id is 1 to 64 letters, digits, dots, underscores and hyphens")
	// ErrSignature: the signature is not this key's over this text.
	ErrSignature = errors.New("the signature does not match")
	// ErrSealed: a sealed key that this process did not seal for this purpose.
	ErrSealed = errors.New("the sealed key was altered, or was sealed elsewhere or for something else")
	// ErrExpired: the time of a sealed key is out.
	ErrExpired = errors.New("the sealed key has expired")
)

// maxSize is the most that one paste, key or token may measure. The largest
// sensible one, a private key of 4096 bits in base64, takes a quarter of it.
const maxSize = 16 << 10

// sizes are the modulus lengths in bits that are made and accepted.
var sizes = []int{2048, 3072, 4096}

// defaultAlg stands in a key that did not name its algorithm. Maskinporten
// demands the member.
const defaultAlg = "RS256"

// allowedAlg says whether alg is one of the three that Maskinporten takes.
func allowedAlg(alg string) bool {
	return alg == "RS256" || alg == "RS384" || alg == "RS512"
}
