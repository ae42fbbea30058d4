package store

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
)

// newID is a random text of 26 letters and digits that nobody can guess.
func (s *Store) newID() (string, error) { return s.random(16) }

// newToken is a text that lets its holder in, twice as long.
func (s *Store) newToken() (string, error) { return s.random(32) }

func (s *Store) random(n int) (string, error) {
	bytes := make([]byte, n)
	if _, err := io.ReadFull(s.config.Random, bytes); err != nil {
		return "", fmt.Errorf("reading randomness: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(bytes)), nil
}

// hashToken needs no salt and no slowness: tokens are 256 random bits.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
