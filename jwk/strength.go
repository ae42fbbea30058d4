package jwk

import (
	"crypto/rsa"
	"fmt"
	"math/big"
	"slices"
)

// exponent is the only public exponent in use: AQAB in base64url.
const exponent = 65537

// fermatRounds is how far the search for close primes goes. Certificate
// authorities use 110: https://eprint.iacr.org/2023/026 found every broken key
// in the wild within one.
const fermatRounds = 110

var one = big.NewInt(1)

// smallPrimes is the product of the odd primes below 1000: a modulus that
// shares a factor with it was not made by a sound generator.
var smallPrimes = func() *big.Int {
	product := big.NewInt(1)
	for p := int64(3); p < 1000; p += 2 {
		if candidate := big.NewInt(p); candidate.ProbablyPrime(0) {
			product.Mul(product, candidate)
		}
	}
	return product
}()

// checkPublic refuses what is not a sound RSA public key of an accepted size.
func checkPublic(key *rsa.PublicKey) error {
	if key.N == nil || !slices.Contains(sizes, key.N.BitLen()) {
		return ErrSize
	}
	switch {
	case key.E != exponent:
		return fmt.Errorf("the public exponent is not 65537: %w", ErrWeak)
	case key.N.Bit(0) == 0:
		return fmt.Errorf("the modulus is even: %w", ErrWeak)
	case new(big.Int).GCD(nil, nil, key.N, smallPrimes).Cmp(one) != 0:
		return fmt.Errorf("the modulus has a small factor: %w", ErrWeak)
	case closePrimes(key.N):
		return fmt.Errorf("the modulus is a product of close primes: %w", ErrWeak)
	}
	return nil
}

// closePrimes is Fermat's factorisation, stopped after some rounds: it looks
// for an a, from the root of n upwards, for which a²-n is a square.
func closePrimes(n *big.Int) bool {
	a := new(big.Int).Sqrt(n)
	if new(big.Int).Mul(a, a).Cmp(n) < 0 {
		a.Add(a, one)
	}
	rest := new(big.Int).Mul(a, a)
	rest.Sub(rest, n)

	step := new(big.Int)
	for range fermatRounds {
		if isSquare(rest) {
			return true
		}
		rest.Add(rest, step.Lsh(a, 1)).Add(rest, one)
		a.Add(a, one)
	}
	return false
}

func isSquare(n *big.Int) bool {
	// Squares end in six bits of twelve kinds only, which spares most roots.
	const ends = 1<<0 | 1<<1 | 1<<4 | 1<<9 | 1<<16 | 1<<17 | 1<<25 | 1<<33 | 1<<36 | 1<<41 | 1<<49 | 1<<57
	if low := new(big.Int).And(n, big.NewInt(63)).Uint64(); uint64(ends)>>low&1 == 0 {
		return false
	}
	root := new(big.Int).Sqrt(n)
	return root.Mul(root, root).Cmp(n) == 0
}

// checkPrivate refuses a key pair whose parts are not those of one sound key.
func checkPrivate(key *rsa.PrivateKey) error {
	if err := checkPublic(&key.PublicKey); err != nil {
		return err
	}
	if len(key.Primes) != 2 {
		return fmt.Errorf("the key has not exactly two primes: %w", ErrMalformed)
	}
	for _, prime := range key.Primes {
		// Without random bases: no composite number is known that passes, and a
		// person who constructs one deceives nobody else.
		if prime.BitLen() != key.N.BitLen()/2 || !prime.ProbablyPrime(0) {
			return fmt.Errorf("a factor is not a prime of half the size: %w", ErrWeak)
		}
	}

	// Precompute keeps the CRT values that are set, and Validate compares them.
	key.Precompute()
	if key.Validate() != nil {
		return fmt.Errorf("the parts of the key do not belong together: %w", ErrWeak)
	}
	return nil
}
