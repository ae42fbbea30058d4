package maskinporten_test

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portvakt/internal/maskinporten"
)

// signature is what must never come out again.
const signature = "c2lnbmF0dXJlLXRoYXQtbXVzdC1uZXZlci1jb21lLW91dC1hZ2Fpbg"

// forms are ways in which people paste a signed grant or something else.
func forms() map[string]struct{ text, want string } {
	cut := cutGrant(goodHeader, goodClaims)
	header, claims, _ := strings.Cut(cut, ".")
	signed := cut + "." + signature
	old := cutGrant(goodHeader, goodClaims.with(members{"iat": today.Unix() - 600, "exp": today.Unix() - 500})) + "." + signature
	long := "https://example.no/?" + strings.Repeat("x", 17<<10)
	return map[string]struct{ text, want string }{
		"cut":                     {cut, ""},
		"cut with the dot":        {cut + ".", ""},
		"around it":               {"\ufeff \n" + cut + "\n\n", ""},
		"signed":                  {signed, "form.signed"},
		"signed, old":             {old, "exp.expired form.signed-expired"},
		"line breaks":             {cut[:60] + "\n" + cut[60:90] + "\r\n " + cut[90:], "form.line-breaks"},
		"quotes":                  {`"` + cut + `",`, "form.quotes"},
		"smart quotes":            {"«" + cut + "»", "form.quotes"},
		"bearer":                  {"Bearer " + cut, "form.bearer"},
		"header":                  {"Authorization: bearer " + cut, "form.bearer"},
		"quoted header":           {`"Authorization: Bearer ` + cut + `"`, "form.quotes form.bearer"},
		"url-encoded":             {strings.ReplaceAll(cut, ".", "%2E"), "form.url-encoded"},
		"body":                    {"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + signed, "form.body form.signed"},
		"body, the other way":     {"assertion=" + signed + "&grant_type=" + url.QueryEscape("urn:ietf:params:oauth:grant-type:jwt-bearer"), "form.body form.signed"},
		"body, cut by the script": {"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + cut, "form.body"},
		"body, wrapped":           {"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + cut[:50] + "\n" + cut[50:], "form.body form.line-breaks"},
		"another grant type":      {"grant_type=client_credentials&assertion=" + cut, "form.body form.grant-type"},
		"client assertion":        {"grant_type=client_credentials&client_assertion=" + cut, "form.body form.client-assertion"},
		"curl":                    {`curl -d 'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=` + cut + `' https://test.maskinporten.no/token`, "form.body"},
		"query":                   {"POST https://test.maskinporten.no/token?grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + cut + " HTTP/1.1", "form.query"},
		"JSON":                    {`{"grant_type":"x","assertion":"` + signed + `"}`, "form.json form.signed"},
		"JSON, cut":               {`{"grant_type":"x","assertion":"` + cut, "form.json"},
		"JSON serialisation, cut": {`{"protected":"` + header + `","payload":"` + claims + `","signature":""}`, "form.json-serialised"},
		"JSON serialisation":      {`{"protected":"` + header + `","payload":"` + claims + `","signature":"` + signature + `"}`, "form.json-serialised form.signed"},
		"decoded":                 {`{"alg":"RS256"}` + "\n" + `{"iss":"x"}`, "form.decoded"},
		"other JSON":              {`{"a":1}`, "form.not-jwt"},
		"broken JSON":             {`{"a":`, "form.not-jwt"},
		"in a sentence":           {"Grant: " + cut + " (fra loggen)", "form.surrounded"},
		"in a log":                {"12:00:01 INFO sending\n" + signed + "\n12:00:02 INFO sent", "form.surrounded form.signed"},
		"padding":                 {header + "==." + claims, "form.padding"},
		"one part":                {header, "form.parts"},
		"four parts":              {signed + ".x", "form.parts"},
		"encrypted":               {"eyJhbGciOiJSU0EtT0FFUCJ9.YQ.YQ.YQ.YQ", "form.encrypted"},
		"encrypted, cut":          {base64url(members{"alg": "RSA-OAEP", "enc": "A128GCM"}) + "." + claims, "form.encrypted"},
		"not base64":              {header + ".eyJpc", "form.not-base64"},
		"a stray character":       {header + ".eyJpc3M~", "form.not-base64"},
		"cut off":                 {cut[:len(cut)-20], "form.not-json"},
		"no object":               {header + "." + base64url([]int{1}), "form.not-json"},
		"twice":                   {header + "." + strings.TrimRight("eyJpc3MiOiJhIiwiaXNzIjoiYiJ9", "="), "form.duplicate"},
		"words":                   {"hva er dette", "form.not-jwt"},
		"an address":              {"www.example.no", "form.not-jwt"},
		"a client id":             {goodClient, "form.not-jwt"},
		"a signature alone":       {signature, "form.not-jwt"},
		"too long":                {long, "form.too-large"},
		"nothing":                 {" \n ", ""},
	}
}

func TestAutopsyOfEveryForm(t *testing.T) {
	t.Parallel()
	for name, f := range forms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := maskinporten.Autopsy(f.text, today, known)
			got := codes(v)
			if got := strings.Join(got, " "); got != f.want {
				t.Errorf("got %q, want %q", got, f.want)
			}
			if want := strings.Contains(f.text, signature) && v.Text != ""; v.Signed != want && name != "one part" {
				t.Errorf("got signed %v, want %v", v.Signed, want)
			}
			if v.Text != "" && v.Text != cutGrant(goodHeader, goodClaims) && name != "signed, old" {
				t.Errorf("got the text %q", v.Text)
			}
			checkVerdict(t, v)
			checkNothingSigned(t, v)
		})
	}
}

// checkNothingSigned looks for the signature in everything that comes out.
func checkNothingSigned(t *testing.T, v maskinporten.Verdict) {
	t.Helper()
	all, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(all), signature[:20]) {
		t.Errorf("the verdict holds the signature: %s", all)
	}
}

// A signature that came along is no fault of the grant.
func TestAutopsyWorst(t *testing.T) {
	t.Parallel()
	signed := cutGrant(goodHeader, goodClaims) + "." + signature
	for text, want := range map[string]maskinporten.Severity{
		signed: maskinporten.Fine, "assertion=" + signed: maskinporten.Note,
		cutGrant(goodHeader, goodClaims.with(members{"jti": drop{}})):                  maskinporten.Warning,
		cutGrant(goodHeader, goodClaims.with(members{"jti": drop{}, "scope": drop{}})): maskinporten.Fault,
	} {
		if got := maskinporten.Autopsy(text, today, known).Worst(); got != want {
			t.Errorf("%.60s: got %s, want %s", text, got, want)
		}
	}
}

// The alphabet of standard base64, where the text has a character that shows it.
func TestAutopsyOfStandardBase64(t *testing.T) {
	t.Parallel()
	cut := cutGrant(goodHeader, goodClaims.with(members{"scope": goodScope, "iss": "¿¿¿>>>???"}))
	standard := strings.NewReplacer("-", "+", "_", "/").Replace(cut)
	if standard == cut {
		t.Fatal("the grant has no character that differs")
	}
	v := maskinporten.Autopsy(standard, today, known)
	if got, want := codes(v), []string{"form.alphabet", "iss.is-name"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if v.Text != cut {
		t.Errorf("got %q, want it put right", v.Text)
	}
}

func TestAutopsyRefusesPrivateKeys(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"rsa2048.json", "openssl.pkcs8.pem", "openssl.pkcs1.pem", "ec.pkcs8.pem"} {
		key, err := os.ReadFile("../../jwk/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(key), cutGrant(goodHeader, goodClaims) + "\n" + string(key)} {
			v := maskinporten.Autopsy(text, today, known)
			if got := strings.Join(codes(v), " "); got != "form.private-key" || v.Text != "" || len(v.Fields) > 0 {
				t.Errorf("%s: got %q and the text %q", name, got, v.Text)
			}
		}
	}
}

// What was wrong with the form of a text can be said again when only the rest of
// the text comes back; a code that nobody could have said is ignored.
func TestAutopsySaidBefore(t *testing.T) {
	t.Parallel()
	again := known
	again.Said = []string{"form.signed", "alg.none", "nothing", "form.signed", "form.body"}
	v := maskinporten.Autopsy(cutGrant(goodHeader, goodClaims), today, again)
	if got, want := codes(v), []string{"form.signed", "form.body"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAutopsyOfTokens(t *testing.T) {
	t.Parallel()
	consumer := members{"authority": "iso6523-actorid-upis", "ID": "0192:" + ownNumber}
	token := members{
		"iss": "https://test.maskinporten.no/", "scope": goodScope + " altinn:serviceowner", "client_id": goodClient, "client_amr": "private_key_jwt",
		"token_type": "Bearer", "iat": today.Unix(), "exp": today.Unix() + 119, "jti": "x", "consumer": consumer,
	}
	altinn := token.with(members{"iss": "https://platform.tt02.altinn.no/authentication/api/v1/openid/", "urn:altinn:org": "ttd", "urn:altinn:orgNumber": ownNumber})
	header := members{"alg": "RS256", "kid": "x"}
	for _, c := range []struct {
		name   string
		claims members
		want   maskinporten.Pasted
	}{
		{"Maskinporten's", token, maskinporten.PastedToken},
		{"for a resource", token.with(members{"aud": "https://api.example.no"}), maskinporten.PastedToken},
		{"of a supplier", token.with(members{"supplier": consumer}), maskinporten.PastedToken},
		{"of another sandbox", token.with(members{"iss": "http://localhost:9999/maskinporten/"}), maskinporten.PastedToken},
		{"Altinn's", altinn, maskinporten.PastedAltinnToken},
		{"ID-porten's", members{"iss": "https://test.idporten.no", "aud": "x", "acr": "idporten-loa-high", "exp": today.Unix() + 60}, maskinporten.PastedOtherToken},
		{"a grant with consumer", goodClaims.with(members{"consumer": consumer}), maskinporten.PastedGrant},
		{"a grant with an address as iss", goodClaims.with(members{"iss": "https://x.no", "client_id": goodClient}), maskinporten.PastedGrant},
	} {
		v := maskinporten.Autopsy("Authorization: Bearer "+cutGrant(header, c.claims)+"."+signature, today, known)
		if v.Pasted != c.want {
			t.Errorf("%s: got %s, want %s", c.name, v.Pasted, c.want)
			continue
		}
		checkNothingSigned(t, v)
		if c.want == maskinporten.PastedGrant {
			continue
		}
		if got, want := strings.Join(codes(v), " "), "form.signed-token"; got != want {
			t.Errorf("%s: got %q, want %q", c.name, got, want)
		}
		if v.Token == nil || v.Token.Issuer != c.claims["iss"] || v.Token.Expires.IsZero() || v.Token.Expired {
			t.Errorf("%s: got %+v", c.name, v.Token)
		}
	}
	v := maskinporten.Autopsy(`{"access_token":"`+cutGrant(header, token)+"."+signature+`","token_type":"Bearer"}`, today.Add(time.Hour), known)
	if v.Token == nil || !v.Token.Expired || v.Token.Consumer != ownNumber || len(v.Token.Scopes) != 2 || v.Environment != "test" {
		t.Errorf("the answer of a token endpoint: got %+v in %q", v.Token, v.Environment)
	}
	if got, want := strings.Join(codes(v), " "), "form.signed-expired"; got != want {
		t.Errorf("an old token: got %q, want %q", got, want)
	}
}

// Every code is provoked by a test here, so that no words are for nothing.
func TestAutopsyCodesAreProvoked(t *testing.T) {
	t.Parallel()
	provoked := "form.private-key form.alphabet form.signed-token consumer_org.own record.none "
	for _, f := range faults {
		provoked += f.want + " "
	}
	for _, f := range forms() {
		provoked += f.want + " "
	}
	for _, r := range records {
		provoked += r.want + " "
	}
	for code := range maskinporten.Judgements() {
		if !slices.Contains(strings.Fields(provoked), code) {
			t.Errorf("no test provokes %s", code)
		}
	}
	for _, code := range strings.Fields(provoked) {
		if _, known := maskinporten.Judgements()[code]; !known {
			t.Errorf("a test waits for %s, which is no code", code)
		}
	}
}

func FuzzAutopsy(f *testing.F) {
	for _, form := range forms() {
		f.Add(form.text)
	}
	for _, g := range faults {
		f.Add(cutGrant(goodHeader.with(g.header), goodClaims.with(g.claims)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := maskinporten.Autopsy(text, today, known)
		v = v.Compared(&maskinporten.Record{Issuer: "https://maskinporten.no/", Keys: []maskinporten.RecordKey{{Kid: "a"}}, Scopes: []string{"a:b"}})
		for _, r := range v.Remarks {
			if _, known := maskinporten.Judgements()[r.Code]; !known {
				t.Errorf("an unknown code %q", r.Code)
			}
		}
		if strings.Count(v.Text, ".") > 1 || len(v.Text) > 32<<10 {
			t.Errorf("the text: %q", v.Text)
		}
		if v.Text == "" {
			return
		}
		// What can be shown again says the same, and has no signature.
		again := maskinporten.Autopsy(v.Text, today, known)
		if again.Pasted != v.Pasted || again.Text != v.Text || again.Signed {
			t.Errorf("%q was judged %s and then %s", text, v.Pasted, again.Pasted)
		}
	})
}
