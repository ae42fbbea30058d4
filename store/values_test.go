package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/store"
	"portvakt/store/storetest"
)

// parsed is a text, what it is read as, and why not.
type parsed struct {
	text, want string
	err        error
}

func checkParse[T ~string](t *testing.T, parse func(string) (T, error), cases []parsed) {
	t.Helper()
	for _, c := range cases {
		got, err := parse(c.text)
		if !errors.Is(err, c.err) || string(got) != c.want {
			t.Errorf("%.60q: got %.60q, %v; want %.60q, %v", c.text, got, err, c.want, c.err)
		}
		if err != nil && len(c.text) > 6 && strings.Contains(err.Error(), c.text) {
			t.Errorf("%.60q: the error quotes what was typed: %v", c.text, err)
		}
	}
}

// A compact JWS, and a private JWK in base64, both made up.
var (
	aJWS = "eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6ImEifQ.c2lnbmF0dXJl"
	// { "alg":"RS256" }, and with a line for each member.
	aSpacedJWS    = "eyAiYWxnIjoiUlMyNTYiIH0.eyAic2NvcGUiOiJhIiB9.c2lnbmF0dXJl"
	anIndentedJWS = "ewogICJhbGciOiAiUlMyNTYiCn0.ewogICJzY29wZSI6ICJhIgp9.c2lnbmF0dXJl"
	aBase64       = "eyJrdHkiOiJSU0Ei" + strings.Repeat("QUJD", 60)
	aPrivate      = `{"kty":"RSA","d": "c2VjcmV0"}`
)

func TestParseOrgNumber(t *testing.T) {
	t.Parallel()
	checkParse(t, store.ParseOrgNumber, []parsed{
		{"991825827", "991825827", nil},
		{" 991 825 827\n", "991825827", nil},
		{"991\u00a0825\u00a0827", "991825827", nil},
		{"0192:991825827", "991825827", nil},
		{"0192: 991 825 827", "991825827", nil},
		{"", "", store.ErrEmpty},
		{" ", "", store.ErrEmpty},
		{"0192:", "", store.ErrEmpty},
		{"99182582", "", store.ErrSyntax},
		{"9918258270", "", store.ErrSyntax},
		{"99182582x", "", store.ErrSyntax},
		{"9908:991825827", "", store.ErrSyntax},
		{"٩٩١٨٢٥٨٢٧", "", store.ErrSyntax},
		{"991825828", "", store.ErrCheckDigit},
		{"123456789", "", store.ErrCheckDigit},
		{"000000000", "000000000", nil}, // by the arithmetic
	})
	t.Run("a single wrong digit is always found", func(t *testing.T) {
		for i := range 9 {
			for digit := byte('0'); digit <= '9'; digit++ {
				changed := []byte("991825827")
				if changed[i] == digit {
					continue
				}
				changed[i] = digit
				if _, err := store.ParseOrgNumber(string(changed)); !errors.Is(err, store.ErrCheckDigit) {
					t.Errorf("%s: got %v", changed, err)
				}
			}
		}
	})
	t.Run("numbers for tests are numbers", func(t *testing.T) {
		seen := map[store.OrgNumber]bool{}
		for n := range 50 {
			number := storetest.Number(n)
			if _, err := store.ParseOrgNumber(string(number)); err != nil || seen[number] {
				t.Errorf("%d: %q, %v", n, number, err)
			}
			seen[number] = true
		}
	})
}

func TestParseScope(t *testing.T) {
	t.Parallel()
	checkParse(t, store.ParseScope, []parsed{
		{"altinn:serviceowner/notifications.create", "altinn:serviceowner/notifications.create", nil},
		{" krr:global/kontaktinformasjon.read ", "krr:global/kontaktinformasjon.read", nil},
		{"a:b:c", "a:b:c", nil},
		{"a:" + strings.Repeat("b", 253), "a:" + strings.Repeat("b", 253), nil},
		{"a:" + strings.Repeat("b", 254), "", store.ErrTooLong},
		{"", "", store.ErrEmpty},
		{"altinn", "", store.ErrSyntax},
		{":b", "", store.ErrSyntax},
		{"a:", "", store.ErrSyntax},
		{"a:b c", "", store.ErrSyntax},
		{"a:b\"c", "", store.ErrSyntax},
		{"a:b\\c", "", store.ErrSyntax},
		{"a:bø", "", store.ErrSyntax},
		{"a:b\x00", "", store.ErrSyntax},
		{"a:" + aJWS, "", store.ErrSecret},
	})
}

func TestParseScopes(t *testing.T) {
	t.Parallel()
	scopes, problems := store.ParseScopes("a:b, c:d\n\tnonsense a:b,,e:f\u00a0:g ")
	if diff := cmp.Diff([]store.Scope{"a:b", "c:d", "e:f"}, scopes); diff != "" {
		t.Errorf("scopes: -want +got\n%s", diff)
	}
	if len(problems) != 2 || problems[0].Item != "nonsense" || problems[1].Item != ":g" ||
		!errors.Is(problems[0].Err, store.ErrSyntax) {
		t.Errorf("got problems %v", problems)
	}

	scopes, problems = store.ParseScopes(" ,\n")
	if len(scopes)+len(problems) != 0 {
		t.Errorf("of nothing: got %q, %v", scopes, problems)
	}

	var many strings.Builder
	for n := range 102 {
		many.WriteString("a:" + strings.Repeat("b", n+1) + " ")
	}
	scopes, problems = store.ParseScopes(many.String())
	if len(scopes) != 100 || len(problems) != 1 || !errors.Is(problems[0].Err, store.ErrTooMany) {
		t.Errorf("of 102: got %d scopes, problems %v", len(scopes), problems)
	}
}

func TestNeedsAltinn(t *testing.T) {
	t.Parallel()
	for scope, want := range map[store.Scope]bool{
		"altinn:serviceowner": true, "digdir:dialogporten.serviceprovider": false,
		"krr:global/kontaktinformasjon.read": false, "other:x": false,
	} {
		if got := scope.NeedsAltinn(); got != want {
			t.Errorf("%s: got %v, want %v", scope, got, want)
		}
	}
}

func TestParseClientID(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 255)
	checkParse(t, store.ParseClientID, []parsed{
		{" 0e0c5a6e-9f3b-4f0e-8b53-0a3f8f4c1c11 ", "0e0c5a6e-9f3b-4f0e-8b53-0a3f8f4c1c11", nil},
		{"oidc_kommune:x.y", "oidc_kommune:x.y", nil},
		{long, long, nil},
		{long + "x", "", store.ErrTooLong},
		{"", "", store.ErrEmpty},
		{"a b", "", store.ErrSyntax},
		{"a/b", "", store.ErrSyntax},
		{"æ", "", store.ErrSyntax},
		{aJWS, "", store.ErrSecret},
	})
}

func TestParseEnvironment(t *testing.T) {
	t.Parallel()
	checkParse(t, store.ParseEnvironment, []parsed{
		{"sandbox", "sandbox", nil}, {"test", "test", nil}, {"prod", "prod", nil},
		{"", "", store.ErrEmpty}, {"Prod", "", store.ErrUnknown},
	})
}

func TestParseName(t *testing.T) {
	t.Parallel()
	hundred := strings.Repeat("æ", 100)
	checkParse(t, store.ParseName, []parsed{
		{"  Varsling til innbyggere ", "Varsling til innbyggere", nil},
		{hundred, hundred, nil},
		{hundred + "æ", "", store.ErrTooLong},
		{"", "", store.ErrEmpty},
		{" \t\n", "", store.ErrEmpty},
		{"\u200b\u200b", "", store.ErrEmpty},
		{"a\nb", "", store.ErrControl},
		{"a\u2028b", "", store.ErrControl},
		{"a\x00b", "", store.ErrControl},
		{"a\u202eb", "", store.ErrControl},
		{"a\u2066b", "", store.ErrControl},
		{"a\xffb", "", store.ErrSyntax},
		{aJWS, "", store.ErrSecret},
		{"<b>&\"'", "<b>&\"'", nil},
	})
}

func TestParseDescription(t *testing.T) {
	t.Parallel()
	thousand := strings.Repeat("ø", 999) + "\n"
	checkParse(t, store.ParseDescription, []parsed{
		{"", "", nil},
		{"en\r\nto\rtre\tfire\n", "en\nto\ntre fire", nil},
		{"x" + thousand + "x", "", store.ErrTooLong},
		{thousand + "x", "", store.ErrTooLong},
		{thousand[2:] + "x", thousand[2:] + "x", nil},
		{"a\x07b", "", store.ErrControl},
		{"a\u202eb", "", store.ErrControl},
		{aPrivate, "", store.ErrSecret},
		{aBase64, "", store.ErrSecret},
		{"-----BEGIN PRIVATE KEY-----", "", store.ErrSecret},
	})
}

func TestLooksSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		aJWS, aBase64, aPrivate, "Bearer " + aJWS, `{"body":"{\"d\":\"x\"}"}`, `"\\\"d\\\" : 1"`,
		"-----BEGIN RSA PRIVATE KEY-----",
	} {
		if !store.LooksSecret(text) {
			t.Errorf("let through: %.60s", text)
		}
	}
	for _, text := range []string{
		"", "eyJ", "https://eyJ.example.com/", `{"id":"d"}`, `{"n":"x","kid":"d"}`,
		`{"jti":"aeyJbcdefgh","iss":"https://test.maskinporten.no/"}`, "jwt [cut out] and more.",
	} {
		if store.LooksSecret(text) {
			t.Errorf("refused: %s", text)
		}
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	scopes := map[store.Scope]bool{}
	keys := map[string]bool{}
	for _, c := range store.Catalogue() {
		if got, err := store.ParseScope(string(c.Scope)); err != nil || got != c.Scope {
			t.Errorf("%q: %v", c.Scope, err)
		}
		if scopes[c.Scope] || keys[c.Key] || c.Key == "" || c.Group == "" {
			t.Errorf("%+v: twice, or without key or group", c)
		}
		switch c.Access {
		case store.AccessAll, store.AccessOpen, store.AccessOrder, store.AccessUnstated:
		default:
			t.Errorf("%q: access %q", c.Scope, c.Access)
		}
		scopes[c.Scope], keys[c.Key] = true, true
	}
	if got, want := len(scopes), 47; got != want {
		t.Errorf("got %d scopes, want %d", got, want)
	}
	want := []store.Purpose{
		{ID: "notifications", Scopes: []store.Scope{"altinn:serviceowner/notifications.create"}},
		{ID: "instances", Scopes: []store.Scope{
			"altinn:serviceowner", "altinn:serviceowner/instances.read", "altinn:serviceowner/instances.write",
		}},
	}
	if diff := cmp.Diff(want, store.Purposes()); diff != "" {
		t.Errorf("purposes: -want +got\n%s", diff)
	}
	for _, p := range store.Purposes() {
		for _, scope := range p.Scopes {
			if !scopes[scope] {
				t.Errorf("purpose %q: %q is not in the catalogue", p.ID, scope)
			}
		}
	}
	store.Catalogue()[0].Key = "changed"
	if store.Catalogue()[0].Key == "changed" {
		t.Error("callers share one catalogue")
	}
}
