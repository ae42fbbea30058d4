package jwk_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portvakt/jwk"
)

// rules is the table that the server's side and the browser's are both held
// against: rules.json.
type rules struct {
	Sizes []int
	Kids  struct{ Fit, Unfit []string }
	// DefaultKids are the ids proposed for new keys.
	DefaultKids []struct {
		Name, Environment, Thumbprint, Want string
		Made                                time.Time
	}
	// Parts are pieces of keys, which stand in the texts as ${name}.
	Parts map[string]string
	// Texts are what people paste, with what it is recognised as.
	Texts []struct {
		Name, Text  string
		Base64      []byte
		Kind, Read  string
		Bits        int
		Thumbprints []string
	}
}

func readRules(t *testing.T) rules {
	t.Helper()
	var r rules
	if err := json.Unmarshal([]byte(read(t, "rules.json")), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRulesOfKids(t *testing.T) {
	t.Parallel()
	r := readRules(t)
	for _, kid := range r.Kids.Fit {
		if _, err := jwk.ParseKid(kid); err != nil {
			t.Errorf("%q: %v", kid, err)
		}
	}
	for _, kid := range r.Kids.Unfit {
		if _, err := jwk.ParseKid(kid); err == nil {
			t.Errorf("%q fits", kid)
		}
	}
	for _, k := range r.DefaultKids {
		if got := jwk.Kid(k.Name, k.Environment, k.Made, k.Thumbprint); got != k.Want {
			t.Errorf("%q, %q: got %q, want %q", k.Name, k.Environment, got, k.Want)
		}
	}
}

func TestRulesOfSizes(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{0, 1024, 2047, 2048, 2049, 3072, 4096, 8192} {
		key, err := jwk.Generate(bits)
		if (err == nil) != slices.Contains(readRules(t).Sizes, bits) {
			t.Errorf("%d bits: got %v", bits, err)
		}
		if err == nil {
			wholeMembers(t, key)
		}
	}
}

// wholeMembers wants each member of a new key in as many bytes as .NET demands,
// and no zero byte in front, which a JWK does not have.
func wholeMembers(t *testing.T, key jwk.Private) {
	t.Helper()
	var m map[string]string
	if err := json.Unmarshal([]byte(key.JSON().Reveal()), &m); err != nil {
		t.Fatal(err)
	}
	whole := key.Public().Bits() / 8
	for name, want := range map[string]int{"n": whole, "d": whole, "p": whole / 2, "q": whole / 2, "dp": whole / 2, "dq": whole / 2, "qi": whole / 2} {
		if got := unb64(m[name]); len(got) != want || got[0] == 0 {
			t.Errorf("%d bits: %s has %d bytes and begins with %d, want %d bytes", key.Public().Bits(), name, len(got), got[0], want)
		}
	}
}

func TestRulesOfTexts(t *testing.T) {
	t.Parallel()
	r := readRules(t)
	for _, text := range r.Texts {
		data := text.Base64
		if data == nil {
			data = []byte(os.Expand(text.Text, func(name string) string { return r.Parts[name] }))
		}
		f := jwk.Recognise(data)
		var read, thumbprints []string
		for _, remark := range f.Remarks {
			read = append(read, remark.Code)
		}
		for _, k := range f.Keys {
			thumbprints = append(thumbprints, k.Thumbprint())
		}
		if got := strings.Join(read, " "); string(f.Kind) != text.Kind || got != text.Read || f.Bits != text.Bits {
			t.Errorf("%s: got %s (%s) of %d bits, want %s (%s) of %d", text.Name, f.Kind, got, f.Bits, text.Kind, text.Read, text.Bits)
		}
		if text.Thumbprints != nil && !slices.Equal(thumbprints, text.Thumbprints) {
			t.Errorf("%s: got the keys %q, want %q", text.Name, thumbprints, text.Thumbprints)
		}
	}
}
