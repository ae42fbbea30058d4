package jwk

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

const (
	// idle is how long a sealed key lives after the last post.
	idle = 30 * time.Minute
	// longest is how long it lives at most after the key was made.
	longest = 4 * time.Hour
)

// Validity says when a key was made and when its sealed form ends.
type Validity struct{ Made, Expires time.Time }

// NewValidity ends 30 minutes after the last post, and at most 4 hours after
// the key was made.
func NewValidity(made, lastPost time.Time) Validity {
	// Without the monotonic clock, which does not survive the sealing.
	v := Validity{Made: made.UTC().Round(0), Expires: lastPost.UTC().Round(0).Add(idle)}
	if end := v.Made.Add(longest); v.Expires.After(end) {
		v.Expires = end
	}
	return v
}

// Sealer turns a key pair into a text that only the same Sealer turns back,
// while its time lasts and for the same purpose. Its own key exists in this
// process's memory alone, so a restart ends every sealed key. It may be used
// by several goroutines at once.
type Sealer struct {
	aead func() cipher.AEAD // a function for the reason given at Secret
}

// NewSealer makes a Sealer with a random AES-256 key.
func NewSealer() *Sealer {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("jwk: AES refused a key of 32 bytes")
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("jwk: GCM refused AES")
	}
	return &Sealer{aead: func() cipher.AEAD { return aead }}
}

// sealed is what is encrypted.
type sealed struct {
	Made    time.Time `json:"made"`
	Expires time.Time `json:"expires"`
	Key     string    `json:"key"`
}

// Seal encrypts a key pair together with its validity. The binding is whatever
// the opener must know besides: a sign-in, an integration. The text is the
// key's thumbprint, a dot, and the ciphertext in base64url.
func (s *Sealer) Seal(k Private, v Validity, binding ...string) (string, error) {
	if k.IsZero() {
		return "", fmt.Errorf("sealing a key: %w", ErrMalformed)
	}
	if v.Made.IsZero() || v.Expires.After(v.Made.Add(longest)) {
		return "", fmt.Errorf("sealing a key for more than %s: %w", longest, ErrExpired)
	}
	plain, err := json.Marshal(sealed{v.Made.UTC(), v.Expires.UTC(), k.JSON().Reveal()})
	if err != nil {
		// Only a year beyond 9999 gets here.
		return "", fmt.Errorf("sealing a key: %w", ErrExpired)
	}
	thumbprint := k.Public().Thumbprint()
	blob := s.aead().Seal(nil, nil, plain, associated(thumbprint, binding))
	return thumbprint + "." + encode(blob), nil
}

// Open gives back what Seal was given. ErrSealed says that the text was
// altered, or sealed by another process or with another binding; ErrExpired
// that its time is out, and then the validity still comes back.
func (s *Sealer) Open(blob string, now time.Time, binding ...string) (Private, Validity, error) {
	content, thumbprint, err := s.open(blob, binding)
	if err != nil {
		return Private{}, Validity{}, fmt.Errorf("opening a sealed key: %w", err)
	}
	validity := Validity{Made: content.Made, Expires: content.Expires}
	if !now.Before(validity.Expires) {
		return Private{}, validity, fmt.Errorf("opening a sealed key: %w", ErrExpired)
	}
	key, err := parsePrivate([]byte(content.Key))
	if err != nil || key.Public().Thumbprint() != thumbprint {
		return Private{}, Validity{}, fmt.Errorf("opening a sealed key: %w", ErrSealed)
	}
	return key, validity, nil
}

func (s *Sealer) open(blob string, binding []string) (content sealed, thumbprint string, err error) {
	thumbprint, text, found := strings.Cut(blob, ".")
	if !found || len(blob) > maxSize {
		return sealed{}, "", ErrSealed
	}
	ciphertext, err := decode(text)
	if err != nil {
		return sealed{}, "", ErrSealed
	}
	plain, err := s.aead().Open(nil, nil, ciphertext, associated(thumbprint, binding))
	if err != nil {
		return sealed{}, "", ErrSealed
	}
	if json.Unmarshal(plain, &content) != nil {
		return sealed{}, "", ErrSealed
	}
	return content, thumbprint, nil
}

// associated writes the thumbprint and the binding with their lengths, so that
// no two bindings read alike: "ab","c" is not "a","bc".
func associated(thumbprint string, binding []string) []byte {
	out := []byte("portvakt sealed key 1")
	for _, text := range append([]string{thumbprint}, binding...) {
		out = binary.AppendUvarint(out, uint64(len(text)))
		out = append(out, text...)
	}
	return out
}
