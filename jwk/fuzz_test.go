package jwk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"portvakt/jwk"
)

// To fuzz for some seconds, add -fuzzminimizetime 20x: with inputs as long as
// keys, minimising takes a minute for each, in which nothing new is tried.

// explained fails unless err is nil or has one of the package's reasons.
func explained(t *testing.T, err error) {
	t.Helper()
	if err != nil && !slices.ContainsFunc(sentinels, func(reason error) bool { return errors.Is(err, reason) }) {
		t.Fatalf("an error without a reason: %v", err)
	}
}

func sane(t *testing.T, key jwk.Public) {
	t.Helper()
	if !slices.Contains([]int{2048, 3072, 4096}, key.Bits()) || !strings.HasPrefix(key.Alg(), "RS") {
		t.Fatalf("got a key of %d bits for %q", key.Bits(), key.Alg())
	}
	if again, err := jwk.ParsePublic([]byte(key.JSON())); err != nil || again != key {
		t.Fatalf("what was read does not read again: %v", err)
	}
}

func addPublics(f *testing.F) {
	f.Helper()
	public := fixed().Public()
	for _, text := range []string{
		public.JSON(), public.Array(), public.Set(), public.PEM(), fixed().JSON().Reveal(), fixed().Encoded().Reveal(), fixed().PEM().Reveal(),
		read(f, "openssl.cert.pem"), read(f, "openssl.pkcs1.pub.pem"), read(f, "ec.spki.pem"), read(f, "rfc7517-a1.json"), read(f, "rfc7517-a2.json"),
		utf16LE(public.Array()), "", "null", "[]", `{"kty":"RSA"}`, `{"keys":[{}]}`, "\ufeff{", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
	} {
		f.Add([]byte(text))
	}
}

func FuzzParsePublic(f *testing.F) {
	addPublics(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := jwk.ParsePublic(data)
		explained(t, err)
		if (err == nil) == key.IsZero() {
			t.Fatal("a key came with an error, or none without")
		}
		if err == nil {
			sane(t, key)
		}
	})
}

func FuzzParsePublics(f *testing.F) {
	addPublics(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := jwk.ParsePublics(data)
		explained(t, err)
		if (err == nil) != (len(keys) > 0) {
			t.Fatal("keys came with an error, or none without")
		}
		for _, key := range keys {
			sane(t, key)
		}
		// What is read as a key pair must be known for one in a public field.
		if err == nil {
			if _, err := jwk.ParsePrivate(data); err == nil {
				t.Fatal("a key pair passed for a public key")
			}
		}
	})
}

func FuzzParsePrivate(f *testing.F) {
	for _, name := range []string{
		"rsa2048.json", "short-dp.json", "rfc7515-a2.json", "openssl.pkcs8.pem", "openssl.pkcs1.pem", "openssl.encrypted.pem", "openssh.pem", "ec.pkcs8.pem",
	} {
		f.Add([]byte(read(f, name)))
	}
	f.Add([]byte(fixed().Encoded().Reveal()))
	f.Add([]byte(b64([]byte(fixed().JSON().Reveal()))))
	f.Add([]byte(utf16LE(fixed().JSON().Reveal())))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := jwk.ParsePrivate(data)
		explained(t, err)
		if (err == nil) == key.IsZero() {
			t.Fatal("a key came with an error, or none without")
		}
		if err != nil {
			return
		}
		sane(t, key.Public())
		compact, err := key.Sign("eyJhbGciOiJSUzI1NiJ9.e30")
		if err != nil {
			t.Fatal("a key that was accepted cannot sign")
		}
		if _, err := jwk.Verify(key.Public(), compact); err != nil {
			t.Fatal("a key that was accepted signs wrongly")
		}
		if _, err := jwk.ParsePublics(data); !errors.Is(err, jwk.ErrPrivate) {
			t.Fatalf("a key pair is not known for one in a public field: %v", err)
		}
	})
}

func addTokens(f *testing.F) {
	f.Helper()
	for _, text := range append(strings.Fields(read(f, "openssl.jws")), read(f, "rfc7515-a2.jws"), "", "..", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.") {
		f.Add(text)
	}
}

func FuzzInspect(f *testing.F) {
	addTokens(f)
	f.Fuzz(func(t *testing.T, compact string) {
		header, payload, err := jwk.Inspect(compact)
		explained(t, err)
		if (err == nil) != (header != nil && payload != nil) {
			t.Fatal("a token came with an error, or none without")
		}
	})
}

func FuzzVerify(f *testing.F) {
	addTokens(f)
	key := private(f, "openssl.pkcs8.pem").Public()
	known := strings.Fields(read(f, "openssl.jws"))
	f.Fuzz(func(t *testing.T, compact string) {
		_, err := jwk.Verify(key, compact)
		explained(t, err)
		if err == nil && !slices.Contains(known, compact) {
			t.Fatalf("a forged token: %q", compact)
		}
	})
}

func FuzzOpen(f *testing.F) {
	s := jwk.NewSealer()
	blob := seal(f, s, noon, noon, "x")
	f.Add(blob, "x")
	f.Add("", "")
	f.Add(".", "x")
	f.Add(blob[:100], "x")
	f.Fuzz(func(t *testing.T, text, binding string) {
		key, _, err := s.Open(text, noon.Add(time.Minute), binding)
		explained(t, err)
		// Fuzzing runs in several processes, each with a sealer of its own.
		if err == nil && (text != blob || binding != "x") || (err == nil) == key.IsZero() {
			t.Fatal("a forged sealed key")
		}
	})
}

func FuzzKid(f *testing.F) {
	f.Add("Blåbær", "test", thumbprint)
	f.Add("", "", "")
	f.Add("\xff", "日本", "ø")
	f.Fuzz(func(t *testing.T, name, environment, thumbprint string) {
		if _, err := jwk.ParseKid(jwk.Kid(name, environment, noon, thumbprint)); err != nil {
			t.Fatal(err)
		}
	})
}
