package jwk_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
)

var one = big.NewInt(1)

// prime gives the first prime at or after from.
func prime(from *big.Int) *big.Int {
	p := new(big.Int).Set(from)
	p.SetBit(p, 0, 1)
	for !p.ProbablyPrime(0) {
		p.Add(p, big.NewInt(2))
	}
	return p
}

// closePrimes gives a product of two primes so near one another that Fermat's
// way finds them: neighbours, or, if bits is not 0, 2^bits apart.
func closePrimes(t testing.TB, bits uint) *big.Int {
	t.Helper()
	p := bigOf(members(t, "rsa2048.json")["p"].(string))
	q := new(big.Int).Add(p, big.NewInt(2))
	if bits > 0 {
		q.Add(p, new(big.Int).Lsh(one, bits))
	}
	return p.Mul(p, prime(q))
}

func square(t testing.TB) *big.Int {
	t.Helper()
	p := bigOf(members(t, "rsa2048.json")["p"].(string))
	return p.Mul(p, p)
}

// beyond gives a private exponent that works, but is larger than the modulus.
func beyond(key map[string]any) *big.Int {
	p, q, n := bigOf(key["p"].(string)), bigOf(key["q"].(string)), bigOf(key["n"].(string))
	lambda := lambdaOf(p, q)
	d := bigOf(key["d"].(string))
	for d.Cmp(n) < 0 {
		d.Add(d, lambda)
	}
	return d
}

// lambdaOf is the least common multiple of p-1 and q-1.
func lambdaOf(p, q *big.Int) *big.Int {
	p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
	product := new(big.Int).Mul(p1, q1)
	return product.Div(product, new(big.Int).GCD(nil, nil, p1, q1))
}

// pair makes a key of two numbers, prime or not, with everything that follows
// from them.
func pair(p, q *big.Int) *rsa.PrivateKey {
	p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
	d := new(big.Int).ModInverse(big.NewInt(65537), lambdaOf(p, q))
	return &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537},
		D:         d,
		Primes:    []*big.Int{p, q},
		Precomputed: rsa.PrecomputedValues{
			Dp: new(big.Int).Mod(d, p1), Dq: new(big.Int).Mod(d, q1), Qinv: new(big.Int).ModInverse(q, p),
		},
	}
}

// composite gives a key whose parts agree with one another, but whose p is a
// product of two primes.
func composite(t testing.TB) string {
	t.Helper()
	m := members(t, "rsa2048.json")
	half := new(big.Int).Rsh(bigOf(m["p"].(string)), 512)
	first := prime(half)
	p := new(big.Int).Mul(first, prime(new(big.Int).Add(first, new(big.Int).Lsh(one, 500))))
	key := pair(p, bigOf(m["q"].(string)))
	return with(m, "n", modulusOf(key.N), "d", modulusOf(key.D), "p", modulusOf(p), "dp", modulusOf(key.Precomputed.Dp),
		"dq", modulusOf(key.Precomputed.Dq), "qi", modulusOf(key.Precomputed.Qinv))
}

// unbalanced gives a sound key of 2048 bits whose primes have 960 and 1088.
func unbalanced(t testing.TB) string {
	t.Helper()
	m := members(t, "rsa2048.json")
	p := prime(new(big.Int).Rsh(bigOf(m["p"].(string)), 64))
	q := prime(new(big.Int).Lsh(bigOf(m["q"].(string)), 64))
	der, err := x509.MarshalPKCS8PrivateKey(pair(p, q))
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}
