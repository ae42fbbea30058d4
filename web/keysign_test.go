package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"portvakt/internal/maskinporten"
	"portvakt/jwk"
)

// siteTGrant is a grant as Portvakt makes one now.
func siteTGrant(kid string) maskinporten.Grant {
	return maskinporten.Grant{
		ClientID: "0a1b2c3d-1111-2222-3333-444455556666", Kid: kid, Audience: "https://test.maskinporten.no/",
		Scopes:   []string{"altinn:serviceowner", "altinn:serviceowner/notifications.create"},
		IssuedAt: time.Now(), Life: maskinporten.MaxLife, ID: "5f4f1a9e-0000-4000-8000-000000000001",
	}
}

func TestKeySign(t *testing.T) {
	t.Parallel()
	k := siteTKey(t)
	for alg, change := range map[string]func(*maskinporten.Grant){
		"RS256": func(*maskinporten.Grant) {},
		"RS384": func(g *maskinporten.Grant) { g.ConsumerOrg = "987654321" },
		"RS512": func(g *maskinporten.Grant) { g.Resource, g.Life = "https://api.example/v1", time.Second },
	} {
		grant := siteTGrant("kid-1")
		grant.Alg = alg
		change(&grant)
		input := grant.SigningInput()
		dir := siteTWrite(t, "key", k.Encoded().Reveal(), "text", input+"\n", "pem", k.PEM().Reveal())
		for _, way := range [][]string{
			{"", "-in", "key", "-text", "text"}, {input, "-in", "key"}, {k.JSON().Reveal(), "-text", "text"}, {input + "\r\n", "-in", "pem", "-kid", "kid-1"},
		} {
			a := siteTProgram(t, dir, way[0], append([]string{"key", "sign"}, way[1:]...)...)
			a.wants(t, 0, "Audience:      https://test.maskinporten.no/", grant.ClientID, "altinn:serviceowner altinn:serviceowner/notifications.create",
				fmt.Sprintf("%d seconds", int(grant.Life.Seconds())), grant.ConsumerOrg, grant.Resource, "kid-1")
			if !strings.HasPrefix(a.out, input+".") || strings.Count(a.out, "\n") != 1 {
				t.Errorf("%s: standard output is not the signed text on one line", alg)
			}
			if _, err := jwk.Verify(k.Public(), strings.TrimSpace(a.out)); err != nil {
				t.Errorf("%s: %v", alg, err)
			}
			siteTNothingOf(t, alg, a.out+a.err, k)
		}
	}
}

// The command signs what Portvakt would have written and nothing else.
func TestKeySignRefuses(t *testing.T) {
	t.Parallel()
	k := siteTKey(t)
	base := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	now := time.Now().Unix()
	header := `{"alg":"RS256","kid":"kid-1"}`
	claims := func(change string) string {
		from, to, _ := strings.Cut(change, "→")
		good := fmt.Sprintf(`{"aud":"https://test.maskinporten.no/","iss":"client","scope":"a:b","iat":%d,"exp":%d,"jti":"1"}`, now, now+120)
		if !strings.Contains(good, from) {
			t.Fatalf("no %q in the grant", from)
		}
		return strings.Replace(good, from, to, 1)
	}
	altered := func(change func(*maskinporten.Grant)) string {
		g := siteTGrant("kid-1")
		change(&g)
		return g.SigningInput()
	}
	dir := siteTWrite(t, "key", k.JSON().Reveal(), "pem", k.PEM().Reveal())
	// So that each refusal below is for its own reason.
	siteTProgram(t, dir, base(header)+"."+base(claims("→")), "key", "sign", "-in", "key").wants(t, 0)

	for name, text := range map[string]string{
		"nothing": "", "a word": "hello", "one part": base(header), "three parts": altered(func(*maskinporten.Grant) {}) + ".", "a hash": strings.Repeat("ab", 32),
		"the key":              k.JSON().Reveal(),
		"no base64":            base(header) + ".{}",
		"padding":              base(header) + "." + base(claims("→")) + "=",
		"a line break":         base(header) + ".\n" + base(claims("→")),
		"an array":             base(header) + "." + base("[]"),
		"null":                 base(header) + "." + base("null"),
		"two values":           base(header) + "." + base(claims("→")+"{}"),
		"an unknown claim":     base(header) + "." + base(claims(`{→{"sub":"x",`)),
		"a claim twice":        base(header) + "." + base(claims(`"iss":"client"→"iss":"other","iss":"client"`)),
		"a claim in capitals":  base(header) + "." + base(claims(`"iss"→"ISS"`)),
		"another order":        base(header) + "." + base(claims(`"iss":"client","scope":"a:b"→"scope":"a:b","iss":"client"`)),
		"a space":              base(header) + "." + base(claims(`{→{ `)),
		"an escape":            base(header) + "." + base(claims(`client→cli\u0065nt`)),
		"an audience list":     base(header) + "." + base(claims(`"https://test.maskinporten.no/"→["https://test.maskinporten.no/"]`)),
		"a text as time":       base(header) + "." + base(claims(`"iat":→"iat":"x`)),
		"a fraction of time":   base(header) + "." + base(claims(`,"jti"→.5,"jti"`)),
		"two resources":        base(header) + "." + base(claims(`"jti":"1"→"jti":"1","resource":["https://a/","https://b/"]`)),
		"resource as text":     base(header) + "." + base(claims(`"jti":"1"→"jti":"1","resource":"https://a/"`)),
		"a typ in the header":  base(`{"alg":"RS256","kid":"kid-1","typ":"JWT"}`) + "." + base(claims("→")),
		"crit":                 base(`{"alg":"RS256","kid":"kid-1","crit":["x"]}`) + "." + base(claims("→")),
		"alg none":             base(`{"alg":"none","kid":"kid-1"}`) + "." + base(claims("→")),
		"alg PS256":            base(`{"alg":"PS256","kid":"kid-1"}`) + "." + base(claims("→")),
		"no kid":               base(`{"alg":"RS256"}`) + "." + base(claims("→")),
		"another kid":          altered(func(g *maskinporten.Grant) { g.Kid = "kid-2" }),
		"a longer life":        altered(func(g *maskinporten.Grant) { g.Life += time.Second }),
		"no life":              altered(func(g *maskinporten.Grant) { g.Life = 0 }),
		"a life backwards":     altered(func(g *maskinporten.Grant) { g.Life = -time.Minute }),
		"a huge life":          base(header) + "." + base(claims(fmt.Sprintf(`"exp":%d→"exp":9223372036854775807`, now+120))),
		"a life that wraps":    base(header) + "." + base(claims(fmt.Sprintf(`"iat":%d→"iat":-9223372036854775808`, now))),
		"tomorrow":             altered(func(g *maskinporten.Grant) { g.IssuedAt = g.IssuedAt.Add(24 * time.Hour) }),
		"yesterday":            altered(func(g *maskinporten.Grant) { g.IssuedAt = g.IssuedAt.Add(-24 * time.Hour) }),
		"no audience":          altered(func(g *maskinporten.Grant) { g.Audience = "" }),
		"a word for audience":  altered(func(g *maskinporten.Grant) { g.Audience = "maskinporten" }),
		"a file as audience":   altered(func(g *maskinporten.Grant) { g.Audience = "file:///etc/passwd" }),
		"no client":            altered(func(g *maskinporten.Grant) { g.ClientID = "" }),
		"no number":            altered(func(g *maskinporten.Grant) { g.ID = "" }),
		"no scope":             altered(func(g *maskinporten.Grant) { g.Scopes = nil }),
		"two spaces":           altered(func(g *maskinporten.Grant) { g.Scopes = []string{"a:b", "", "c:d"} }),
		"an escape sequence":   altered(func(g *maskinporten.Grant) { g.Scopes = []string{"a:b\x1b[2Jc:d"} }),
		"a hidden line":        altered(func(g *maskinporten.Grant) { g.ClientID = "client\nAudience: https://other.example/" }),
		"no org number":        altered(func(g *maskinporten.Grant) { g.ConsumerOrg = "12345678" }),
		"a strange resource":   altered(func(g *maskinporten.Grant) { g.Resource = "https://a/\x1b" }),
		"the saved-key text":   jwk.SavedText("abcdefghijklmnop"),
		"a token of ID-porten": base(`{"alg":"RS256","kid":"kid-1","typ":"JWT"}`) + "." + base(`{"iss":"client","sub":"client","aud":"https://idporten.no/"}`),
	} {
		a := siteTProgram(t, dir, text, "key", "sign", "-in", "key")
		if a.status != 1 || a.out != "" || a.err == "" {
			t.Errorf("%s: got exit status %d, %q and %q, want a refusal", name, a.status, a.out, a.err)
		}
		siteTNothingOf(t, name, a.out+a.err, k)
	}
	good := altered(func(*maskinporten.Grant) {})
	for args, says := range map[string]string{
		"-in pem": "has no key ID", "-in pem -kid a/b": "-kid takes", "": "either the key or the text", "-in key -text key -nonce x": "flags only",
		"-text key -in -": "",
	} {
		a := siteTProgram(t, dir, good, append([]string{"key", "sign"}, strings.Fields(args)...)...)
		if a.status == 0 || a.out != "" || !strings.Contains(a.err, says) {
			t.Errorf("%q: got exit status %d and %q", args, a.status, a.err)
		}
	}
}

func TestKeySignSaved(t *testing.T) {
	t.Parallel()
	k := siteTKey(t)
	dir := siteTWrite(t, "key", k.PEM().Reveal())
	const challenge = "abcDEF0123-_abcd"
	a := siteTProgram(t, dir, jwk.SavedText(challenge)+"\n", "key", "sign", "-nonce", "-in", "key")
	a.wants(t, 0, k.Public().Thumbprint())
	if err := jwk.VerifySaved(k.Public(), challenge, a.out); err != nil {
		t.Error(err)
	}
	grant := siteTGrant("kid-1")
	for _, text := range []string{
		"", challenge, "portvakt-saved:v1:", "portvakt-saved:v1:abc", "portvakt-saved:v2:" + challenge, "portvakt-saved:v1:" + strings.Repeat("a", 65),
		"portvakt-saved:v1:" + challenge + "\nmore", "portvakt-saved:v1:" + challenge + "=", "x portvakt-saved:v1:" + challenge, grant.SigningInput(),
	} {
		a := siteTProgram(t, dir, text, "key", "sign", "-nonce", "-in", "key")
		a.wants(t, 1, "Nothing else is signed")
		if a.out != "" {
			t.Errorf("%q was signed", text)
		}
	}
}

// siteTNothingOf fails if twelve characters of a private member stand in a text.
func siteTNothingOf(t testing.TB, where, text string, keys ...jwk.Private) {
	t.Helper()
	for _, k := range keys {
		var members map[string]string
		if err := json.Unmarshal([]byte(k.JSON().Reveal()), &members); err != nil {
			t.Fatal(err)
		}
		// The second halves, since the public key comes first.
		encoded, pem := k.Encoded().Reveal(), k.PEM().Reveal()
		forms := []string{encoded[len(encoded)/2:], pem[len(pem)/2:]}
		for _, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
			forms = append(forms, members[name])
		}
		for _, form := range forms {
			for i := 0; i+12 <= len(form); i++ {
				if piece := form[i : i+12]; !strings.Contains(piece, "-----") && strings.Contains(text, piece) {
					t.Errorf("%s: a piece of a private key stands in %.80q…", where, text)
					return
				}
			}
		}
	}
}
