package jwk_test

import (
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"

	"portvakt/jwk"
)

// refusal is a text and what must come of it; nil means that it is read.
type refusal struct {
	name, text string
	want       error
}

func TestPublicGate(t *testing.T) {
	t.Parallel()
	good := publicMembers(t)
	n := good["n"].(string)
	one := with(good)

	tests := []refusal{
		{"as it is", one, nil},
		{"white space around", "\n\t " + one + "\r\n", nil},
		{"no kid", with(good, "kid", nil), nil},
		{"no alg", with(good, "alg", nil), nil},
		{"no use", with(good, "use", nil), nil},
		{"RS384", with(good, "alg", "RS384"), nil},
		{"RS512", with(good, "alg", "RS512"), nil},
		{"as WebCrypto exports it", with(good, "ext", true, "key_ops", []string{"verify"}), nil},
		{"with certificate and expiry", with(good, "x5c", []string{"MIIB"}, "exp", 1790000000), nil},
		{"kid of 64", with(good, "kid", strings.Repeat("k", 64)), nil},

		{"nothing", "", jwk.ErrMalformed},
		{"null", "null", jwk.ErrMalformed},
		{"array", "[" + one + "]", jwk.ErrMalformed},
		{"set", `{"keys":[` + one + `]}`, jwk.ErrMalformed},
		{"text", `"` + n + `"`, jwk.ErrMalformed},
		{"too large", one + strings.Repeat(" ", 16<<10), jwk.ErrMalformed},
		{"two objects", one + one, jwk.ErrMalformed},
		{"text after", one + "}}", jwk.ErrMalformed},
		{"cut off", one[:len(one)-1], jwk.ErrMalformed},
		{"byte order mark", "\ufeff" + one, jwk.ErrMalformed},
		{"broken UTF-8", strings.Replace(with(good, "x", "X"), `"X"`, "\"\xff\"", 1), jwk.ErrMalformed},
		{"same member twice", `{"kid":"a",` + one[1:], jwk.ErrMalformed},
		{"same member twice, escaped", `{"\u006bid":"a",` + one[1:], jwk.ErrMalformed},
		{"unknown member twice", `{"x":1,"x":1,` + one[1:], jwk.ErrMalformed},
		{"object inside", with(good, "x", map[string]any{}), jwk.ErrMalformed},
		{"object in array inside", with(good, "x", []any{map[string]any{}}), jwk.ErrMalformed},
		{"deep nesting", strings.Repeat(`{"x":`, 3000) + "1" + strings.Repeat("}", 3000), jwk.ErrMalformed},

		{"no kty", with(good, "kty", nil), jwk.ErrMalformed},
		{"kty in another case", with(good, "kty", "rsa"), jwk.ErrNotRSA},
		{"EC", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`, jwk.ErrNotRSA},
		{"oct", `{"kty":"oct"}`, jwk.ErrNotRSA},
		{"use enc", with(good, "use", "enc"), jwk.ErrUse},
		{"use is a number", with(good, "use", 1), jwk.ErrUse},
		{"alg none", with(good, "alg", "none"), jwk.ErrAlgorithm},
		{"alg HS256", with(good, "alg", "HS256"), jwk.ErrAlgorithm},
		{"alg PS256", with(good, "alg", "PS256"), jwk.ErrAlgorithm},
		{"alg empty", with(good, "alg", ""), jwk.ErrAlgorithm},
		{"alg is a list", with(good, "alg", []string{"RS256"}), jwk.ErrAlgorithm},
		{"kid empty", with(good, "kid", ""), jwk.ErrKid},
		{"kid of 65", with(good, "kid", strings.Repeat("k", 65)), jwk.ErrKid},
		{"kid with a right-to-left override", with(good, "kid", "a\u202eb"), jwk.ErrKid},
		{"kid with a path", with(good, "kid", "../x"), jwk.ErrKid},
		{"kid with NUL", with(good, "kid", "a\x00"), jwk.ErrKid},
		{"kid with a line break", with(good, "kid", "a\n"), jwk.ErrKid},
		{"kid is a number", with(good, "kid", 1), jwk.ErrKid},

		{"no n", with(good, "n", nil), jwk.ErrMalformed},
		{"n empty", with(good, "n", ""), jwk.ErrMalformed},
		{"n is a number", with(good, "n", 12345), jwk.ErrMalformed},
		{"n padded", with(good, "n", n+"=="), jwk.ErrMalformed},
		{"n in the standard alphabet", with(good, "n", "+/"+n[2:]), jwk.ErrMalformed},
		{"n with a line break", with(good, "n", n[:76]+"\n"+n[76:]), jwk.ErrMalformed},
		{"n with a space", with(good, "n", n[:76]+" "+n[76:]), jwk.ErrMalformed},
		{"n with stray bits at the end", with(good, "n", n[:len(n)-1]+strayBit(n)), jwk.ErrMalformed},
		{"n with a zero byte in front", with(good, "n", b64(append([]byte{0}, unb64(n)...))), jwk.ErrMalformed},
		{"n of 0", with(good, "n", "AA"), jwk.ErrMalformed},
		{"n of 17 bits", with(good, "n", "AQAB"), jwk.ErrSize},
		{"n of 1024 bits", with(good, "n", b64(unb64(n)[:128])), jwk.ErrSize},
		{"n of 2047 bits", with(good, "n", modulusOf(new(big.Int).Rsh(bigOf(n), 1))), jwk.ErrSize},
		{"n of 2056 bits", with(good, "n", b64(append(unb64(n), 1))), jwk.ErrSize},
		{"n of 8192 bits", with(good, "n", strings.Repeat(n[:340], 4)), jwk.ErrSize},
		{"no e", with(good, "e", nil), jwk.ErrMalformed},
		{"e of 1", with(good, "e", "AQ"), jwk.ErrWeak},
		{"e of 3", with(good, "e", "Aw"), jwk.ErrWeak},
		{"e with a zero byte in front", with(good, "e", "AAEAAQ"), jwk.ErrWeak},
		{"e is a number", with(good, "e", 65537), jwk.ErrMalformed},
		{"even n", with(good, "n", modulusOf(multipleOf(bigOf(n), 2))), jwk.ErrWeak},
		{"n with the factor 3", with(good, "n", modulusOf(multipleOf(bigOf(n), 3))), jwk.ErrWeak},
		{"n with the factor 997", with(good, "n", modulusOf(multipleOf(bigOf(n), 997))), jwk.ErrWeak},
		{"close primes", with(good, "n", modulusOf(closePrimes(t, 0))), jwk.ErrWeak},
		{"close primes, some rounds away", with(good, "n", modulusOf(closePrimes(t, 516))), jwk.ErrWeak},
		{"square of a prime", with(good, "n", modulusOf(square(t))), jwk.ErrWeak},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			key, err := jwk.ParsePublic([]byte(test.text))
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if test.want == nil && key.JSON() == "" || test.want != nil && !key.IsZero() {
				t.Errorf("got key %v", key)
			}
		})
	}
}

func TestPublicGateGivesWhatItRead(t *testing.T) {
	t.Parallel()
	good := publicMembers(t)
	for text, want := range map[string][2]string{
		with(good):                           {"test-key-2048", "RS256"},
		with(good, "kid", nil, "alg", nil):   {"", "RS256"},
		with(good, "alg", "RS512"):           {"test-key-2048", "RS512"},
		with(good, "kid", "A.b_c-1", "x", 1): {"A.b_c-1", "RS256"},
	} {
		key, err := jwk.ParsePublic([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{key.Kid(), key.Alg()}; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestPasteGate(t *testing.T) {
	t.Parallel()
	good := publicMembers(t)
	one, two := with(good), with(good, "kid", "second")
	tests := []struct {
		name, text string
		count      int
		want       error
	}{
		{"two in an array", "[" + one + "," + two + "]", 2, nil},
		{"two in a set", `{"keys":[` + one + "," + two + `]}`, 2, nil},
		{"set with more members", `{"keys":[` + one + `],"created":"2026-01-01","last_updated":"x"}`, 1, nil},
		{"empty array", "[]", 0, jwk.ErrMalformed},
		{"empty set", `{"keys":[]}`, 0, jwk.ErrMalformed},
		{"keys is no array", `{"keys":{}}`, 0, jwk.ErrMalformed},
		{"keys twice", `{"keys":[` + one + `],"keys":[` + two + `]}`, 0, jwk.ErrMalformed},
		{"neither key nor set", `{"x":1}`, 0, jwk.ErrMalformed},
		{"array in array", "[[" + one + "]]", 0, jwk.ErrMalformed},
		{"null in array", "[null]", 0, jwk.ErrMalformed},
		{"one bad of two", "[" + one + "," + with(good, "use", "enc") + "]", 0, jwk.ErrUse},
		{"text after", "[" + one + "] thanks", 0, jwk.ErrMalformed},
		{"Digdir's own typing error", "{ [ " + one + " ] }", 0, jwk.ErrMalformed},
		{"too large", "[" + one + strings.Repeat(" ", 16<<10) + "]", 0, jwk.ErrMalformed},
		{"PEM with text before", "key:\n" + read(t, "openssl.spki.pem"), 0, jwk.ErrMalformed},
		{"PEM with text after", read(t, "openssl.spki.pem") + "\nx", 0, jwk.ErrMalformed},
		{"two PEM blocks", read(t, "openssl.spki.pem") + "\n" + read(t, "openssl.spki.pem"), 0, jwk.ErrMalformed},
		{"broken PEM", strings.Replace(read(t, "openssl.spki.pem"), "MIIB", "MIIC", 1), 0, jwk.ErrMalformed},
		{"PEM of another kind", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----", 0, jwk.ErrMalformed},
		{"PEM of an EC key", read(t, "ec.spki.pem"), 0, jwk.ErrNotRSA},
		{"PEM with e of 3", read(t, "e3.spki.pem"), 0, jwk.ErrWeak},
		{"PEM of 1024 bits", read(t, "rsa1024.spki.pem"), 0, jwk.ErrSize},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			keys, err := jwk.ParsePublics([]byte(test.text))
			if !errors.Is(err, test.want) || len(keys) != test.count {
				t.Errorf("got %v, %v, want %d keys, %v", keys, err, test.count, test.want)
			}
		})
	}
}

func TestPrivateGate(t *testing.T) {
	t.Parallel()
	good := members(t, "rsa2048.json")
	short := members(t, "short-dp.json")
	other := members(t, "rfc7517-a2-rsa.json")
	tests := []refusal{
		{"as it is", with(good), nil},
		{"no kid", with(good, "kid", nil), nil},
		{"a short dp", with(short), nil},
		{"a short dp with a zero byte in front", with(short, "dp", b64(append([]byte{0}, unb64(short["dp"].(string))...))), nil},
		{"public half", with(publicMembers(t)), jwk.ErrPublic},
		{"d is null", strings.Replace(with(good, "d", "!"), `"d":"!"`, `"d":null`, 1), jwk.ErrPublic},
		{"public PEM", read(t, "openssl.spki.pem"), jwk.ErrPublic},
		{"certificate", read(t, "openssl.cert.pem"), jwk.ErrPublic},
		{"nothing", "", jwk.ErrMalformed},
		{"nonsense", "my key", jwk.ErrMalformed},
		{"array", "[" + with(good) + "]", jwk.ErrMalformed},
		{"set", `{"keys":[` + with(good) + "]}", jwk.ErrMalformed},
		{"text after", with(good) + "x", jwk.ErrMalformed},
		{"member twice", `{"d":"AQ",` + with(good)[1:], jwk.ErrMalformed},
		{"too large", with(good) + strings.Repeat(" ", 16<<10), jwk.ErrMalformed},
		{"base64 of nonsense", "bXkga2V5", jwk.ErrMalformed},
		{"base64 with too much padding", b64([]byte(with(good))) + "===", jwk.ErrMalformed},
		{"base64 of both alphabets", "-_+/" + b64([]byte(with(good))), jwk.ErrMalformed},
		{"three primes", with(good, "oth", []any{}), jwk.ErrMalformed},
		{"d empty", with(good, "d", ""), jwk.ErrMalformed},
		{"d padded", with(good, "d", good["d"].(string)+"="), jwk.ErrMalformed},
		{"d too long", with(good, "d", "AAAA"+good["d"].(string)), jwk.ErrMalformed},
		{"d of another key", with(good, "d", other["d"]), jwk.ErrWeak},
		{"d of 1", with(good, "d", "AQ"), jwk.ErrWeak},
		{"d of 0", with(good, "d", "AA"), jwk.ErrWeak},
		{"d beyond n", with(short, "d", modulusOf(beyond(short))), jwk.ErrWeak},
		{"p is no prime", composite(t), jwk.ErrWeak},
		{"primes of different sizes", unbalanced(t), jwk.ErrWeak},
		{"n of another key", with(good, "n", other["n"]), jwk.ErrWeak},
		{"p and q of another key", with(good, "p", other["p"], "q", other["q"]), jwk.ErrWeak},
		{"p and q changed over", with(good, "p", good["q"], "q", good["p"]), jwk.ErrWeak},
		{"p of 1", with(good, "p", "AQ"), jwk.ErrWeak},
		{"e of 3 in PEM", read(t, "e3.pkcs8.pem"), jwk.ErrWeak},
		{"1024 bits", read(t, "rsa1024.pkcs8.pem"), jwk.ErrSize},
		{"EC in PEM", read(t, "ec.pkcs8.pem"), jwk.ErrNotRSA},
		{"EC", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}`, jwk.ErrNotRSA},
		{"PEM with a passphrase", read(t, "openssl.encrypted.pem"), jwk.ErrMalformed},
		{"OpenSSH", read(t, "openssh.pem"), jwk.ErrMalformed},
		{"PEM with text after", read(t, "openssl.pkcs8.pem") + "\nx", jwk.ErrMalformed},
		{"broken PEM", strings.Replace(read(t, "openssl.pkcs8.pem"), "\nMII", "\nMIJ", 1), jwk.ErrMalformed},
	}
	for _, name := range privateNames[1:] {
		tests = append(tests, refusal{"no " + name, with(good, name, nil), jwk.ErrMalformed},
			refusal{name + " of another key", with(good, name, other[name]), jwk.ErrWeak})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			key, err := jwk.ParsePrivate([]byte(test.text))
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if key.IsZero() != (test.want != nil) {
				t.Error("a key came with an error, or none without")
			}
		})
	}
}

// The dearest key to read is a large one in which everything is in order.
func BenchmarkParsePublic4096(b *testing.B) {
	text := []byte(with(members(b, "rsa4096.json"), "d", nil, "p", nil, "q", nil, "dp", nil, "dq", nil, "qi", nil))
	for b.Loop() {
		if _, err := jwk.ParsePublic(text); err != nil {
			b.Fatal(err)
		}
	}
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func unb64(text string) []byte {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return data
}

func bigOf(n string) *big.Int     { return new(big.Int).SetBytes(unb64(n)) }
func modulusOf(n *big.Int) string { return b64(n.Bytes()) }

// strayBit gives the last character of a base64url text with an unused bit set.
func strayBit(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, text[len(text)-1])|1])
}

// multipleOf gives a multiple of factor beyond n that has no other small odd
// factor, and is even only if factor is 2.
func multipleOf(n *big.Int, factor int64) *big.Int {
	f := big.NewInt(factor)
	m := new(big.Int).Add(n, f)
	m.Sub(m, new(big.Int).Mod(m, f))
	step := new(big.Int).Lsh(f, 1)
	if m.Bit(0) == 0 && factor != 2 {
		m.Add(m, f)
	}
	for {
		rough := true
		for p := int64(3); rough && p < 1000; p += 2 {
			rough = factor > 1 && p%factor == 0 || new(big.Int).Mod(m, big.NewInt(p)).Sign() != 0
		}
		if rough {
			return m
		}
		m.Add(m, step)
	}
}
