package jwk_test

import (
	"fmt"
	"strings"
	"testing"

	"portvakt/jwk"
)

func BenchmarkGenerate(b *testing.B) {
	for _, bits := range []int{2048, 3072, 4096} {
		b.Run(fmt.Sprint(bits), func(b *testing.B) {
			for b.Loop() {
				if _, err := jwk.Generate(bits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	signing := input(`{"alg":"RS256","kid":"x","typ":"JWT"}`, `{"aud":"https://maskinporten.example/","iss":"x","iat":1700000000,"exp":1700000120}`)
	for b.Loop() {
		if _, err := fixed().Sign(signing); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	key, compact := private(b, "openssl.pkcs8.pem").Public(), strings.Fields(read(b, "openssl.jws"))[0]
	for b.Loop() {
		if _, err := jwk.Verify(key, compact); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParsePublic(b *testing.B) {
	text := []byte(fixed().Public().JSON())
	for b.Loop() {
		if _, err := jwk.ParsePublic(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParsePrivate(b *testing.B) {
	text := []byte(fixed().Encoded().Reveal())
	for b.Loop() {
		if _, err := jwk.ParsePrivate(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealAndOpen(b *testing.B) {
	s := jwk.NewSealer()
	for b.Loop() {
		if _, _, err := s.Open(seal(b, s, noon, noon, "x"), noon, "x"); err != nil {
			b.Fatal(err)
		}
	}
}
