package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
	"portvakt/static"
)

// The modules in static/js/keys, as the browser runs them from the portal.

// modules opens a page of the portal's and makes its modules ready: an expression
// given to inPage has them as m.
func modules(t *testing.T) *tab {
	t.Helper()
	b := visit(t, false)
	b.open(b.site.portal + "tools/key")
	return b
}

// inPage evaluates the body of an asynchronous function in the page, with the modules
// as m and what it is given as given.
func inPage[T any](b *tab, body string, given any) T {
	b.t.Helper()
	var names []string
	for _, name := range []string{"text", "kid", "pem", "jwk", "make", "mend", "look", "read", "sign", "saved"} {
		names = append(names, static.Path("js/keys/"+name+".js"))
	}
	ctx, cancel := b.timed()
	defer cancel()
	expression := js(`(async () => {
		const given = $, m = {};
		for (const part of await Promise.all($.map((name) => import(name)))) Object.assign(m, part);
		`, given, names) + body + `})()`
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	b.must(err, "running %s", body)
	return v
}

// The table that holds for the server's side holds for the browser's.
func TestKeyRulesInTheBrowser(t *testing.T) {
	b := modules(t)
	table := json.RawMessage(siteTFile(t, "../jwk/testdata/rules.json"))
	wrong := inPage[[]string](b, `
		const wrong = [];
		const same = (name, got, want) => {
			if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push(name + ": got " + JSON.stringify(got) + ", want " + JSON.stringify(want));
		};
		same("sizes", m.sizes, given.sizes);
		for (const kid of given.kids.fit) same(kid, m.kidFits(kid), true);
		for (const kid of given.kids.unfit) same(kid, m.kidFits(kid), false);
		for (const k of given.defaultKids) same(k.name, m.defaultKid(k.name, k.environment, new Date(k.made), k.thumbprint), k.want);
		for (const t of given.texts) {
			const text = t.base64 ? m.loose64(t.base64) : t.text.replace(/\$\{(\w+)\}/g, (_, part) => given.parts[part]);
			const f = await m.readKey(text);
			same(t.name, [f.kind, f.remarks.map((r) => r.code).join(" "), f.bits], [t.kind, t.read ?? "", t.bits ?? 0]);
			if (t.thumbprints) same(t.name, f.keys.map((k) => k.thumbprint), t.thumbprints);
			if ((f.key !== null) !== ["public", "private"].includes(f.kind) || f.key && f.key.isPrivate !== (f.kind === "private")) wrong.push(t.name + ": the key is " + f.key);
			for (const r of f.remarks) if (!m.readCodes.includes(r.code)) wrong.push("no code: " + r.code);
		}
		return [...wrong, given.texts.length + " texts"];`, table)
	if n := len(wrong); n != 1 || len(wrong[0]) < len("100 texts") {
		t.Errorf("%s", strings.Join(wrong, "\n"))
	}
	kinds := inPage[[]string](b, `return m.kinds`, nil)
	codes := inPage[[]string](b, `return m.readCodes`, nil)
	for _, k := range jwk.Kinds() {
		if !slices.Contains(kinds, string(k)) {
			t.Errorf("the browser knows no kind %q", k)
		}
		if got := inPage[bool](b, `return m.isPrivateKind(given)`, k); got != k.Private() {
			t.Errorf("%s: the browser says private %t", k, got)
		}
	}
	if !slices.Equal(codes, jwk.ReadCodes()) || len(kinds) != len(jwk.Kinds()) {
		t.Errorf("the browser has the codes %q and the kinds %q", codes, kinds)
	}
	for text, want := range map[string]string{strings.Repeat("x", 17<<10): "too-long", strings.Repeat(" ", 17<<10) + `"d":"x"`: "private-broken"} {
		if got := inPage[string](b, `return (await m.readKey(given)).kind`, text); got != want {
			t.Errorf("a long text: got %s, want %s", got, want)
		}
	}
}

// keyTexts are the forms of a key as the browser writes them.
type keyTexts struct {
	PrivateJWK, PrivateEncoded, PrivatePEM                      string
	PublicJWK, PublicArray, PublicSet, PublicEncoded, PublicPEM string
	Thumbprint, Printed                                         string
}

const allForms = `Object.fromEntries(["privateJWK", "privateEncoded", "privatePEM", "publicJWK", "publicArray", "publicSet", "publicEncoded", "publicPEM"]
	.map((form) => [form, key[form]()]).concat([["thumbprint", key.thumbprint], ["printed", JSON.stringify(key) + String(key) + Object.entries(key)]]))`

// A key made in the browser is, in each form, the same to the server, byte for byte.
func TestKeyMadeInTheBrowser(t *testing.T) {
	b := modules(t)
	for _, bits := range []int{2048, 2048, 2048, 3072, 4096} {
		got := inPage[keyTexts](b, `
			const key = await m.makeKey({bits: given, kid: (thumbprint) => m.defaultKid("Blåbær", "test", new Date(), thumbprint)});
			return `+allForms, bits)
		key, err := jwk.ParsePrivate([]byte(got.PrivateJWK))
		if err != nil {
			t.Fatalf("%d bits: %v", bits, err)
		}
		sameForms(t, got, key)
		if want := jwk.Kid("Blåbær", "test", time.Now(), got.Thumbprint); key.Public().Kid() != want || key.Public().Bits() != bits {
			t.Errorf("got the kid %q of %d bits, want %q of %d", key.Public().Kid(), key.Public().Bits(), want, bits)
		}
		wholeMembers(t, got.PrivateJWK, bits)
	}
	for _, bits := range []int{0, 1024, 2047, 8192} {
		if got := inPage[string](b, `return m.makeKey({bits: given}).then(() => "made", (error) => error.code)`, bits); got != "too-small" && got != "too-large" {
			t.Errorf("%d bits: got %s", bits, got)
		}
	}
}

// sameForms wants the browser's texts to be the server's.
func sameForms(t *testing.T, got keyTexts, key jwk.Private) {
	t.Helper()
	public := key.Public()
	want := keyTexts{
		PrivateJWK: key.JSON().Reveal(), PrivateEncoded: key.Encoded().Reveal(), PrivatePEM: key.PEM().Reveal(),
		PublicJWK: public.JSON(), PublicArray: public.Array(), PublicSet: public.Set(), PublicPEM: public.PEM(),
		PublicEncoded: base64.StdEncoding.EncodeToString([]byte(public.JSON())),
		Thumbprint:    public.Thumbprint(), Printed: got.Printed,
	}
	if got != want {
		t.Errorf("the forms of the browser differ from the server's:\n%+v\n%+v", got, want)
	}
	var m map[string]string
	if err := json.Unmarshal([]byte(got.PrivateJWK), &m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
		if strings.Contains(got.Printed, m[name][:40]) {
			t.Errorf("a key that is printed shows its %s", name)
		}
	}
	for _, text := range []string{got.PublicJWK, got.PublicArray, got.PublicSet, got.PublicPEM} {
		keys, err := jwk.ParsePublics([]byte(text))
		if err != nil || len(keys) != 1 || keys[0].Thumbprint() != got.Thumbprint {
			t.Errorf("the server reads %.40q as %v, %v", text, keys, err)
		}
	}
	for _, text := range []string{got.PrivateEncoded, got.PrivatePEM} {
		again, err := jwk.ParsePrivate([]byte(text))
		if err != nil || again.Public().Thumbprint() != got.Thumbprint {
			t.Errorf("the server reads a private form as %v, %v", again, err)
		}
	}
}

// wholeMembers wants each member in as many bytes as .NET demands.
func wholeMembers(t *testing.T, text string, bits int) {
	t.Helper()
	var m map[string]string
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"n": 8, "d": 8, "p": 16, "q": 16, "dp": 16, "dq": 16, "qi": 16} {
		if data, err := base64.RawURLEncoding.DecodeString(m[name]); err != nil || len(data) != bits/want {
			t.Errorf("%d bits: %s has %d bytes (%v)", bits, name, len(data), err)
		}
	}
}

// Keys of the server's are read in all their forms, and come out as they were.
func TestServersKeysInTheBrowser(t *testing.T) {
	b := modules(t)
	key, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	key, err = key.WithKid("fra-tjeneren")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{key.JSON().Reveal(), key.Encoded().Reveal(), key.PEM().Reveal()} {
		got := inPage[keyTexts](b, `const key = (await m.readKey(given)).key.withKid("fra-tjeneren"); return `+allForms, text)
		sameForms(t, got, key)
	}
	public := key.Public()
	for _, text := range []string{public.JSON(), public.Array(), public.Set()} {
		if got := inPage[string](b, `return (await m.readKey(given)).key.publicJWK()`, text); got != public.JSON() {
			t.Errorf("got %s, want %s", got, public.JSON())
		}
	}
	if got := inPage[string](b, `return (await m.readKey(given)).key.publicPEM()`, public.PEM()); got != public.PEM() {
		t.Errorf("got %s, want %s", got, public.PEM())
	}
	refused := inPage[string](b, `
		const {key} = await m.readKey(given);
		try { return key.publicHalf().privateJWK(); } catch (error) { return error.code; }`, key.JSON().Reveal())
	if refused != "public" {
		t.Errorf("a public half gave a private form, or %q", refused)
	}
	// A member that begins with a zero byte, which JWK leaves out and .NET wants.
	short := inPage[string](b, `return (await m.readKey(given)).key.privateJWK()`, siteTFile(t, "../jwk/testdata/short-dp.json"))
	wholeMembers(t, short, 2048)
	if _, err := jwk.ParsePrivate([]byte(short)); err != nil {
		t.Errorf("a padded key: %v", err)
	}
}

// What the browser signs the server verifies, and nobody gets the key out again.
func TestSigningInTheBrowser(t *testing.T) {
	const challenge = "en-utfordring-av-tjeneren"
	b := modules(t)
	for _, alg := range []string{"RS256", "RS384", "RS512"} {
		key, err := jwk.ParsePrivate([]byte(strings.Replace(siteTFile(t, "../jwk/testdata/short-dp.json"), `"RS256"`, `"`+alg+`"`, 1)))
		if err != nil {
			t.Fatal(err)
		}
		input := grantInput(alg)
		got := inPage[map[string]string](b, `
			const {key} = await m.readKey(given.key);
			const signer = await m.signer(key);
			return {
				grant: await m.signInput(signer, given.input),
				saved: await m.signSaved(key, given.saved),
				other: await m.signSaved(key, given.input).then(() => "signed", () => "refused"),
				out: await crypto.subtle.exportKey("pkcs8", signer).then(() => "exported", (error) => error.name),
			};`, map[string]string{"key": key.JSON().Reveal(), "input": input, "saved": jwk.SavedText(challenge)})
		if _, err := jwk.Verify(key.Public(), got["grant"]); err != nil || !strings.HasPrefix(got["grant"], input+".") {
			t.Errorf("%s: %v", alg, err)
		}
		if err := jwk.VerifySaved(key.Public(), challenge, got["saved"]); err != nil || got["other"] != "refused" {
			t.Errorf("%s: %v, and the text of a grant was %s", alg, err, got["other"])
		}
		if got["out"] != "InvalidAccessError" {
			t.Errorf("%s: the signer's key: %s", alg, got["out"])
		}
	}
}

// grantInput is what the server would have signed.
func grantInput(alg string) string {
	return maskinporten.Grant{
		ClientID: "klient", Kid: "nokkel", Alg: alg, Audience: "https://test.maskinporten.no/", Scopes: []string{"a:b", "c:d"},
		IssuedAt: time.Now(), Life: 120 * time.Second, ID: "1",
	}.SigningInput()
}

// A grant is signed only if it is the one expected.
func TestInputIsCheckedInTheBrowser(t *testing.T) {
	b := modules(t)
	header, claims, _ := strings.Cut(grantInput("RS256"), ".")
	now := time.Now().Unix()
	expected := map[string]any{"audience": "https://test.maskinporten.no/", "clientId": "klient", "kid": "nokkel", "scopes": []string{"a:b", "c:d"}}
	for _, c := range []struct {
		name, want     string
		header, claims map[string]any
		expected       map[string]any
		input          string
	}{
		{name: "as it is"},
		{name: "for a customer", claims: map[string]any{"consumer_org": "310110019"}, expected: map[string]any{"consumerOrg": "310110019"}},
		{name: "for a resource", claims: map[string]any{"resource": []string{"https://a"}}, expected: map[string]any{"resource": "https://a"}},
		{name: "RS512", header: map[string]any{"alg": "RS512"}, expected: map[string]any{"alg": "RS512"}},
		{name: "nothing", input: "-", want: "form"},
		{name: "three parts", input: header + "." + claims + ".x", want: "form"},
		{name: "not base64url", input: header + "=." + claims, want: "form"},
		{name: "a claim twice", input: header + "." + segment(`{"aud":"x","aud":"y"}`), want: "form"},
		{name: "no object", input: header + "." + segment(`[]`), want: "form"},
		{name: "broken UTF-8", input: header + "." + segment("{\"aud\":\"\xff\"}"), want: "form"},
		{name: "another header", header: map[string]any{"crit": []string{"x"}}, want: "header"},
		{name: "a typ", header: map[string]any{"typ": "JWT"}, want: "header"},
		{name: "alg none", header: map[string]any{"alg": "none"}, want: "alg"},
		{name: "alg RS512", header: map[string]any{"alg": "RS512"}, want: "alg"},
		{name: "another kid", header: map[string]any{"kid": "x"}, want: "kid"},
		{name: "no kid", header: map[string]any{"kid": nil}, expected: map[string]any{"kid": nil}, want: "kid"},
		{name: "an extra claim", claims: map[string]any{"sub": "x"}, want: "claim"},
		{name: "a member of every object", claims: map[string]any{"__proto__": "x"}, want: "claim"},
		{name: "another audience", claims: map[string]any{"aud": "https://maskinporten.no/"}, want: "audience"},
		{name: "a list of audiences", claims: map[string]any{"aud": []string{"https://test.maskinporten.no/"}}, want: "audience"},
		{name: "no audience", claims: map[string]any{"aud": nil}, expected: map[string]any{"audience": nil}, want: "audience"},
		{name: "another client", claims: map[string]any{"iss": "x"}, want: "client"},
		{name: "another scope", claims: map[string]any{"scope": "a:b"}, want: "scope"},
		{name: "more scopes", claims: map[string]any{"scope": "a:b c:d e:f"}, want: "scope"},
		{name: "a customer", claims: map[string]any{"consumer_org": "310110019"}, want: "consumer"},
		{name: "no customer", expected: map[string]any{"consumerOrg": "310110019"}, want: "consumer"},
		{name: "a resource", claims: map[string]any{"resource": []string{"https://a"}}, want: "resource"},
		{name: "two resources", claims: map[string]any{"resource": []string{"https://a", "https://b"}}, expected: map[string]any{"resource": "https://a"}, want: "resource"},
		{name: "no jti", claims: map[string]any{"jti": nil}, want: "id"},
		{name: "a longer life", claims: map[string]any{"iat": now, "exp": now + 121}, want: "lifetime"},
		{name: "no life", claims: map[string]any{"iat": now, "exp": now}, want: "lifetime"},
		{name: "no iat", claims: map[string]any{"iat": nil}, want: "lifetime"},
		{name: "a text for a time", claims: map[string]any{"exp": fmt.Sprint(now + 100)}, want: "lifetime"},
		{name: "tomorrow", claims: map[string]any{"iat": now + 86400, "exp": now + 86500}, want: "clock"},
		{name: "yesterday", claims: map[string]any{"iat": now - 86400, "exp": now - 86300}, want: "clock"},
	} {
		input := c.input
		if input == "" {
			input = changed(t, header, c.header) + "." + changed(t, claims, c.claims)
		}
		all := maps.Clone(expected)
		maps.Copy(all, c.expected)
		if got := inPage[string](b, `return m.checkInput(given.input, given.expected)`, map[string]any{"input": input, "expected": all}); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// changed is a segment with members changed; nil takes one away.
func changed(t *testing.T, part string, changes map[string]any) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	maps.Copy(m, changes)
	maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
	text, err = json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return segment(string(text))
}

// What has a key in its hands sends nothing and stores nothing, as
// docs/keys-in-the-browser.md says. The page of the key tools does neither.
func TestKeyModulesSendNothing(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../static/js/keys/*.js")
	if err != nil || len(files) < 9 {
		t.Fatalf("got %q, %v", files, err)
	}
	never := regexp.MustCompile(`\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource|\.submit\(|Storage\b|indexedDB|\bcaches\b|\.cookie|postMessage|` +
		`Worker|innerHTML|outerHTML|insertAdjacent|DOMParser|\beval\(|Function\(|\blocation\b|history\.|console\.\w+\(`)
	doc := siteTFile(t, "../docs/keys-in-the-browser.md")
	for _, file := range append(files, "../static/js/keytool.js") {
		if found := never.FindString(siteTFile(t, file)); found != "" {
			t.Errorf("%s has %q", file, found)
		}
		if name := filepath.Base(file); !strings.Contains(doc, "`"+name+"`") && !strings.Contains(doc, "/"+name+"`") {
			t.Errorf("the walk through the modules does not come to %s", name)
		}
	}
}
