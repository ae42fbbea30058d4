package jwk_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"portvakt/jwk"
)

func TestRFC7515AppendixA2(t *testing.T) {
	t.Parallel()
	key := private(t, "rfc7515-a2.json")
	want := read(t, "rfc7515-a2.jws")

	got, err := key.Sign(want[:strings.LastIndex(want, ".")])
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}

	payload, err := jwk.Verify(key.Public(), want)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(payload), "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"; got != want {
		t.Errorf("got payload %q, want %q", got, want)
	}
	header, claims, err := jwk.Inspect(want)
	if err != nil {
		t.Fatal(err)
	}
	if header["alg"] != "RS256" || claims["iss"] != "joe" || claims["exp"] != 1300819380.0 {
		t.Errorf("got header %v, claims %v", header, claims)
	}
}

func TestRFC7517Appendix(t *testing.T) {
	t.Parallel()
	want := members(t, "rfc7517-a2-rsa.json")

	var got map[string]any
	if err := json.Unmarshal([]byte(private(t, "rfc7517-a2-rsa.json").JSON().Reveal()), &got); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("member %q differs", name)
		}
	}
	if got, want := len(got), len(want)+1; got != want { // the example has no "use"
		t.Errorf("got %d members, want %d", got, want)
	}

	if _, err := jwk.ParsePublics([]byte(read(t, "rfc7517-a1.json"))); !errors.Is(err, jwk.ErrNotRSA) {
		t.Errorf("a set with an EC key: got %v", err)
	}
	if _, err := jwk.ParsePublics([]byte(read(t, "rfc7517-a2.json"))); !errors.Is(err, jwk.ErrPrivate) {
		t.Errorf("a set with private keys: got %v", err)
	}
}

func TestRFC7638Thumbprint(t *testing.T) {
	t.Parallel()
	key, err := jwk.ParsePublic([]byte(read(t, "rfc7638.json")))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := key.Thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := key.Kid(), "2011-04-29"; got != want {
		t.Errorf("got kid %s, want %s", got, want)
	}
}

// RSASSA-PKCS1-v1_5 has one signature for each text, so another implementation's
// must be ours.
func TestSignaturesOfOpenSSL(t *testing.T) {
	t.Parallel()
	key := private(t, "openssl.pkcs8.pem")
	for _, want := range strings.Fields(read(t, "openssl.jws")) {
		got, err := key.Sign(want[:strings.LastIndex(want, ".")])
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if _, err := jwk.Verify(key.Public(), want); err != nil {
			t.Error(err)
		}
	}
}
