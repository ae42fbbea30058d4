package jwk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"portvakt/jwk"
)

const thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

func TestKid(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	const tail = "test-20261122-NzbLsXh8"
	for name, want := range map[string]string{
		"Varsling":                          "varsling-" + tail,
		"Varsling til innbyggere":           "varsling-til-innbyggere-" + tail,
		"  Blåbær & rømme!  ":               "blaabaer-roemme-" + tail,
		"ÆØÅ":                               "aeoeaa-" + tail,
		"Bla\u030abær":                      "blaabaer-" + tail,
		"Oahpa\u0301 sámegiella Čáhcesuolu": "oahpa-samegiella-cahcesuolu-" + tail,
		"e\u0301":                           "e-" + tail,
		"a_b.c/d":                           "a-b-c-d-" + tail,
		"日本":                                tail,
		"\u202e--":                          tail,
		"":                                  tail,
		strings.Repeat("x", 80):             strings.Repeat("x", 64-1-len(tail)) + "-" + tail,
		strings.Repeat("x", 40) + " y":      strings.Repeat("x", 40) + "-" + tail,
	} {
		got := jwk.Kid(name, "test", made, thumbprint)
		if got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
		if _, err := jwk.ParseKid(got); err != nil {
			t.Errorf("%q: %v", got, err)
		}
	}
}

func TestKidTakesTheDayOfUTC(t *testing.T) {
	t.Parallel()
	oslo := time.FixedZone("Oslo", 3600)
	if got, want := jwk.Kid("x", "prod", time.Date(2027, 1, 1, 0, 30, 0, 0, oslo), thumbprint), "x-prod-20261231-NzbLsXh8"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseKid(t *testing.T) {
	t.Parallel()
	for _, kid := range []string{"a", "A.b_c-9", "-", ".", strings.Repeat("k", 64), thumbprint, "3b241101-e2bb-4255-8caf-4136c566a962"} {
		if got, err := jwk.ParseKid(kid); err != nil || got != kid {
			t.Errorf("%q: got %q, %v", kid, got, err)
		}
	}
	for _, kid := range []string{"", " ", "a b", "a\n", "ø", "a/b", "a:b", "a+b", "a=", "\x00", "a\u202eb", "１", strings.Repeat("k", 65), "\xff"} {
		if got, err := jwk.ParseKid(kid); !errors.Is(err, jwk.ErrKid) || got != "" {
			t.Errorf("%q: got %q, %v", kid, got, err)
		}
	}
}

func TestWithKid(t *testing.T) {
	t.Parallel()
	key := fixed()
	renamed, err := key.WithKid("other")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := renamed.Public().Kid(), "other"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := renamed.Public().Thumbprint(), key.Public().Thumbprint(); got != want {
		t.Errorf("the thumbprint changed with the kid: %q, %q", got, want)
	}
	if got, want := renamed.JSON().Reveal(), strings.Replace(key.JSON().Reveal(), "test-key-2048", "other", 1); got != want {
		t.Error("more than the kid changed")
	}
	if key.Public().Kid() != "test-key-2048" {
		t.Error("the first key changed")
	}
	if none, err := key.WithKid("a b"); !errors.Is(err, jwk.ErrKid) || !none.IsZero() {
		t.Errorf("got %v", err)
	}
	if none, err := key.Public().WithKid(""); !errors.Is(err, jwk.ErrKid) || !none.IsZero() {
		t.Errorf("got %v, %v", none, err)
	}
}
