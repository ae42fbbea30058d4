package jwk

import (
	"crypto/rsa"
	"math/big"
	"os"
	"testing"
)

func TestFullLength(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"rsa2048.json": true, "rsa4096.json": true, "short-dp.json": false} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ParsePrivate(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := fullLength(key.pair()); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// Three primes cannot be written as a JWK, and PEM of them is as good as never
// seen, but the standard library reads it.
func TestMorePrimesAreRefused(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/rsa2048.json")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePrivate(data)
	if err != nil {
		t.Fatal(err)
	}
	pair := key.pair()
	more := &rsa.PrivateKey{PublicKey: pair.PublicKey, D: pair.D, Primes: append(pair.Primes[:2:2], one)}
	if err := checkPrivate(more); err == nil {
		t.Error("a key of three primes is accepted")
	}
}

func TestIsSquare(t *testing.T) {
	t.Parallel()
	squares := map[int64]bool{}
	for i := range int64(200) {
		squares[i*i] = true
	}
	for i := range int64(200 * 199) {
		if got, want := isSquare(big.NewInt(i)), squares[i]; got != want {
			t.Fatalf("%d: got %v, want %v", i, got, want)
		}
	}
}
