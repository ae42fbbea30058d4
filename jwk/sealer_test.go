package jwk_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"portvakt/jwk"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func seal(t testing.TB, s *jwk.Sealer, made, lastPost time.Time, binding ...string) string {
	t.Helper()
	blob, err := s.Seal(fixed(), jwk.NewValidity(made, lastPost), binding...)
	if err != nil {
		t.Fatal(err)
	}
	return blob
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	for _, name := range append([]string{"short-dp.json", "openssl.pkcs8.pem"}, fixedNames...) {
		s, key, v := jwk.NewSealer(), private(t, name), jwk.NewValidity(noon, noon)
		blob, err := s.Seal(key, v, "sign-in", "integration")
		if err != nil {
			t.Fatal(err)
		}
		got, validity, err := s.Open(blob, noon, "sign-in", "integration")
		if err != nil {
			t.Fatal(err)
		}
		if got.JSON().Reveal() != key.JSON().Reveal() || got.Public() != key.Public() || validity != v {
			t.Errorf("%s: another key or validity came back", name)
		}
		if got, want := strings.Split(blob, ".")[0], key.Public().Thumbprint(); got != want {
			t.Errorf("got thumbprint %q, want %q", got, want)
		}
		again, err := s.Seal(key, v, "sign-in", "integration")
		if err != nil || again == blob {
			t.Errorf("sealing twice gives the same text: %v", err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	s := jwk.NewSealer()
	blob := seal(t, s, noon, noon, "ab", "c")
	thumb, text, _ := strings.Cut(blob, ".")
	other := private(t, "openssl.pkcs8.pem").Public().Thumbprint()

	if _, _, err := jwk.NewSealer().Open(blob, noon, "ab", "c"); !errors.Is(err, jwk.ErrSealed) {
		t.Errorf("another process: got %v", err)
	}
	for _, binding := range [][]string{
		nil, {"ab"}, {"c", "ab"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {"ab\x00c"}, {"ab\x01c"},
		{"ab", "c", ""}, {"", "ab", "c"}, {"ab", "d"}, {thumb, "ab", "c"},
	} {
		if key, _, err := s.Open(blob, noon, binding...); !errors.Is(err, jwk.ErrSealed) || !key.IsZero() {
			t.Errorf("binding %q: got %v", binding, err)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "dot": ".", "no dot": thumb + text, "no ciphertext": thumb + ".", "short": thumb + "." + text[:20],
		"another thumbprint": other + "." + text, "no thumbprint": "." + text, "cut off": blob[:len(blob)-4],
		"longer": blob + "AAAA", "padded": blob + "=", "line break": blob + "\n", "too large": blob + strings.Repeat("A", 16<<10),
	} {
		if key, v, err := s.Open(text, noon, "ab", "c"); !errors.Is(err, jwk.ErrSealed) || !key.IsZero() || v != (jwk.Validity{}) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for i := range len(blob) {
		changed := byte('A')
		if blob[i] == 'A' {
			changed = 'B'
		}
		if _, _, err := s.Open(blob[:i]+string(changed)+blob[i+1:], noon, "ab", "c"); !errors.Is(err, jwk.ErrSealed) {
			t.Fatalf("character %d: got %v", i, err)
		}
	}
}

func TestSealExpires(t *testing.T) {
	t.Parallel()
	s := jwk.NewSealer()
	tests := []struct {
		name           string
		lastPost, open time.Duration
		want           error
	}{
		{"at once", 0, 0, nil},
		{"just within 30 minutes", 0, 30*time.Minute - time.Nanosecond, nil},
		{"at 30 minutes", 0, 30 * time.Minute, jwk.ErrExpired},
		{"30 minutes from the last post", 2 * time.Hour, 150*time.Minute - time.Second, nil},
		{"beyond 30 minutes from the last post", 2 * time.Hour, 150 * time.Minute, jwk.ErrExpired},
		{"just within 4 hours", 239 * time.Minute, 4*time.Hour - time.Second, nil},
		{"at 4 hours, just posted", 239 * time.Minute, 4 * time.Hour, jwk.ErrExpired},
		{"posted after 4 hours", 5 * time.Hour, 5 * time.Hour, jwk.ErrExpired},
		{"a year later", 0, 365 * 24 * time.Hour, jwk.ErrExpired},
	}
	for _, test := range tests {
		v := jwk.NewValidity(noon, noon.Add(test.lastPost))
		blob := seal(t, s, noon, noon.Add(test.lastPost), "x")
		key, got, err := s.Open(blob, noon.Add(test.open), "x")
		if !errors.Is(err, test.want) || key.IsZero() != (test.want != nil) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.want)
		}
		if got != v {
			t.Errorf("%s: got validity %v, want %v", test.name, got, v)
		}
	}
}

func TestSealRefuses(t *testing.T) {
	t.Parallel()
	s := jwk.NewSealer()
	if _, err := s.Seal(jwk.Private{}, jwk.NewValidity(noon, noon)); !errors.Is(err, jwk.ErrMalformed) {
		t.Errorf("no key: got %v", err)
	}
	for name, v := range map[string]jwk.Validity{
		"none":              {},
		"without a start":   {Expires: noon},
		"more than 4 hours": {Made: noon, Expires: noon.Add(4*time.Hour + time.Second)},
		"beyond all time":   {Made: noon.AddDate(9000, 0, 0), Expires: noon.AddDate(9000, 0, 0)},
	} {
		if _, err := s.Seal(fixed(), v); !errors.Is(err, jwk.ErrExpired) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestValidity(t *testing.T) {
	t.Parallel()
	oslo := time.FixedZone("Oslo", 3600)
	for _, test := range []struct{ lastPost, want time.Duration }{
		{0, 30 * time.Minute}, {time.Hour, 90 * time.Minute}, {210 * time.Minute, 4 * time.Hour}, {9 * time.Hour, 4 * time.Hour},
	} {
		got := jwk.NewValidity(noon.In(oslo), noon.In(oslo).Add(test.lastPost))
		if want := (jwk.Validity{Made: noon, Expires: noon.Add(test.want)}); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestSealedKeyShowsNothing(t *testing.T) {
	t.Parallel()
	s := jwk.NewSealer()
	m := members(t, "rsa2048.json")
	blob := seal(t, s, noon, noon, "x")
	_, text, _ := strings.Cut(blob, ".")
	plain := string(unb64(text))
	for _, name := range privateNames {
		value := m[name].(string)
		raw := string(unb64(value))
		for i := 0; i+20 <= len(value); i++ {
			if strings.Contains(blob, value[i:i+20]) || strings.Contains(plain, value[i:i+20]) {
				t.Fatalf("20 characters of %q stand in the sealed key", name)
			}
		}
		for i := 0; i+8 <= len(raw); i++ {
			if strings.Contains(plain, raw[i:i+8]) || strings.Contains(blob, hex.EncodeToString([]byte(raw[i:i+8]))) {
				t.Fatalf("8 bytes of %q stand in the sealed key", name)
			}
		}
	}
	if got := fmt.Sprintf("%v %+v %#v %x", s, s, *s, any(*s)); len(got) > 300 {
		t.Errorf("a sealer prints %s", got)
	}
}

func TestSealerInSeveralGoroutines(t *testing.T) {
	t.Parallel()
	s := jwk.NewSealer()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			binding := fmt.Sprint(i)
			blob, err := s.Seal(fixed(), jwk.NewValidity(noon, noon), binding)
			if err != nil {
				t.Error(err)
				return
			}
			if _, _, err := s.Open(blob, noon, binding); err != nil {
				t.Error(err)
			}
			if _, err := fixed().Sign(input(`{"alg":"RS256"}`, "{}")); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
