package sandbox_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
	"portvakt/jwk"
)

// refusal is a row of the table of refusals. The text is all of error_description before the trace id.
type refusal struct {
	name   string
	grant  string
	status int
	oauth  string
	code   string
	text   string
}

const unauthenticated = "Invalid assertion. Client authentication failed. "

func TestTokenRefuses(t *testing.T) {
	t.Parallel()
	f := start(t)
	rows := append(refusedForms(t, f), refusedClients(t, f)...)
	rows = append(rows, refusedTimes(t, f)...)
	rows = append(rows, refusedAccess(t, f)...)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			f.checkRefusal(t, row, f.post(t, row.grant))
		})
	}
}

func (f fixture) checkRefusal(t *testing.T, want refusal, a answer) {
	t.Helper()
	if a.status != want.status {
		t.Errorf("got status %d, want %d: %s", a.status, want.status, a.body)
	}
	body := a.object(t)
	description, _ := body["error_description"].(string)
	text, trace, _ := strings.Cut(description, " (trace_id: ")
	if !regexp.MustCompile(`^[0-9a-f]{32}\)$`).MatchString(trace) {
		t.Errorf("got description %q, want a trace id of 32 hex digits at its end", description)
	}
	body["error_description"] = text
	wanted := map[string]any{"error": want.oauth, "error_description": want.text}
	if want.code != "" {
		wanted["error_uri"] = f.url + "/maskinporten/errors/" + want.code
	}
	if diff := cmp.Diff(wanted, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// refusedForms are wrong in what can be seen without knowing any client.
func refusedForms(t *testing.T, f fixture) []refusal {
	malformed := func(name, grant string) refusal {
		return refusal{name, grant, 400, "invalid_request", "MP-011", "Invalid assertion. Invalid parameter value."}
	}
	claims := func(members ...any) string { return f.grant(t, with(f.claims("form"), members...)) }
	good := claims()
	hmac := part(t, with(header(), "alg", "HS256")) + "." + part(t, f.claims("form")) + ".c2lnbmF0dXJl"
	none := part(t, map[string]any{"alg": "none"}) + "." + part(t, f.claims("form")) + "."
	twice, err := f.key.Sign(part(t, header()) + "." + rawPart(`{"iss":"a","iss":"`+f.client.ID+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	return []refusal{
		malformed("not a JWT", "abc"),
		malformed("two parts", "a.b"),
		malformed("line break in the grant", good[:80]+"\n"+good[80:]),
		malformed("line break in the grant of an unknown client", strings.Replace(claims("iss", "nobody"), ".", ".\n", 1)),
		malformed("padding", good+"=="),
		malformed("header is not JSON", "AAAA."+strings.SplitN(good, ".", 2)[1]),
		malformed("HS256", hmac),
		malformed("alg none", none),
		malformed("a claim twice", twice),
		malformed("kid and x5c", sign(t, f.key, with(header(), "x5c", []string{"AAAA"}), f.claims("form"))),
		malformed("kid is a number", sign(t, f.key, with(header(), "kid", 1), f.claims("form"))),
		malformed("critical header", strings.Replace(good, part(t, header()), part(t, with(header(), "crit", []string{"b64"})), 1)),
		malformed("no iss", claims("iss", nil)),
		malformed("no aud", claims("aud", nil)),
		malformed("no scope", claims("scope", nil)),
		malformed("blank scope", claims("scope", " ")),
		malformed("scope is an array", claims("scope", []string{notifyScope})),
		malformed("no iat", claims("iat", nil)),
		malformed("no exp", claims("exp", nil)),
		malformed("exp is a text", claims("exp", "1768478460")),
		malformed("exp has a fraction", claims("exp", float64(noon.Unix())+0.5)),
		malformed("jti is a number", claims("jti", 7)),
		malformed("consumer_org in ISO 6523", claims("consumer_org", "0192:"+inspection)),
		malformed("pid is too short", claims("pid", "123")),
		{"x5c is a text", sign(t, f.key, map[string]any{"alg": "RS256", "x5c": "AAAA"}, f.claims("form")),
			400, "invalid_grant", "MP-123", unauthenticated + "Invalid JWT header x5c."},
		{"sub", claims("sub", f.client.ID), 400, "invalid_grant", "", "Invalid assertion. Unknown JWT claim sub."},
		{"consumer_orgno", claims("consumer_orgno", inspection), 400, "invalid_grant", "", "Invalid assertion. Unknown JWT claim consumer_orgno."},
	}
}

func rawPart(text string) string {
	return strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(standard(text)), "=")
}

// refusedClients do not prove who they are.
func refusedClients(t *testing.T, f fixture) []refusal {
	refuse := func(name, grant, code, text string) refusal {
		return refusal{name, grant, 400, "invalid_grant", code, unauthenticated + text}
	}
	claims := func(members ...any) string { return f.grant(t, with(f.claims("client"), members...)) }
	headed := func(members ...any) string { return sign(t, f.key, with(header(), members...), f.claims("client")) }

	gone := f.addClient(t, directorate, notifyScope)
	if err := f.Deactivate(gone.ID); err != nil {
		t.Fatal(err)
	}
	f.addKey(t, f.client.ID, "expired-1")
	if err := f.ExpireKey(f.client.ID, "expired-1"); err != nil {
		t.Fatal(err)
	}
	keyless, err := f.AddClient(directorate, "Uten nøkkel", "Har ingen", []string{notifyScope})
	if err != nil {
		t.Fatal(err)
	}
	chained := map[string]any{"alg": "RS256", "x5c": []string{"AAAA"}}
	noKid := "Invalid JWT. The client requires pre-registered jwk and no key identifier (kid) provided"
	return []refusal{
		refuse("unknown client", claims("iss", "6a5de1e4-3f7e-4d5e-9f0c-0d1c5f0c0000"), "MP-100", "Client not found."),
		refuse("kid as iss", claims("iss", kid), "MP-100", "Client not found."),
		refuse("deactivated client", claims("iss", gone.ID), "MP-100", "Client not found."),
		refuse("no kid", headed("kid", nil), "", noKid),
		refuse("x5c where a key is registered", sign(t, f.key, chained, f.claims("client")), "", noKid),
		refuse("x5c where none is", sign(t, f.key, chained, with(f.claims("client"), "iss", keyless.ID)),
			"MP-120", "The JWT is signed with an invalid certificate."),
		refuse("unknown kid", headed("kid", "practice-2"), "", "Unknown key identifier (kid) for client."),
		refuse("kid of a client without keys", claims("iss", keyless.ID), "", "Unknown key identifier (kid) for client."),
		refuse("expired key", headed("kid", "expired-1"), "MP-121", "Expired key."),
		refuse("signed with another key", sign(t, privateKey(t, "other.pem"), header(), f.claims("client")),
			"MP-124", "Invalid JWT signature."),
		refuse("changed after signing", tamper(t, claims()), "MP-124", "Invalid JWT signature."),
		refuse("audience without the slash", claims("aud", f.url+"/maskinporten"), "MP-110", "Invalid JWT claim aud."),
		refuse("audience is the token endpoint", claims("aud", f.url+"/maskinporten/token"), "MP-110", "Invalid JWT claim aud."),
		refuse("audience of another environment", claims("aud", "https://test.maskinporten.no/"), "MP-110", "Invalid JWT claim aud."),
		refuse("audience in an array", claims("aud", []string{f.url + "/maskinporten/"}), "MP-110", "Invalid JWT claim aud."),
	}
}

// tamper asks for one scope more than was signed for.
func tamper(t *testing.T, grant string) string {
	t.Helper()
	_, payload, err := jwk.Inspect(grant)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(grant, ".")
	parts[1] = part(t, with(payload, "scope", ownerScope))
	return strings.Join(parts, ".")
}

func refusedTimes(t *testing.T, f fixture) []refusal {
	now := noon.Unix()
	at := func(issued, expires int64) string {
		return f.grant(t, with(f.claims("time"), "iat", issued, "exp", expires))
	}
	return []refusal{
		{"life of 181 seconds", at(now, now+181), 400, "invalid_grant", "", unauthenticated + "JWT has too long lifetime."},
		{"times in milliseconds", at(now*1000, now*1000+60000), 400, "invalid_grant", "", unauthenticated + "JWT has too long lifetime."},
		{"iat eleven seconds ahead", at(now+11, now+60), 400, "invalid_grant", "", unauthenticated + "Issue time is in the future."},
		{"expired eleven seconds ago", at(now-60, now-11), 400, "invalid_grant", "MP-130", unauthenticated + "JWT has expired."},
		{"expires before it was issued", at(now, now-11), 400, "invalid_grant", "MP-130", unauthenticated + "JWT has expired."},
	}
}

// refusedAccess are from somebody known, who may not have what they ask for.
func refusedAccess(t *testing.T, f fixture) []refusal {
	const composed, login = "altinn:serviceowner/notifications.composedemail.create", "krr:user/kontaktinformasjon.read"
	wide := f.addClient(t, directorate, notifyScope, composed, login)
	poor := f.addClient(t, inspection, ownerScope, notifyScope)
	supplier := f.addClient(t, accountant, notifyScope)
	claims := func(client sandbox.Client, jti string, members ...any) string {
		return f.grant(t, with(with(f.claims(jti), "iss", client.ID), members...))
	}
	details := func(jti string, object map[string]any) string {
		return claims(f.client, jti, "authorization_details", []any{object})
	}
	systemUser := map[string]any{"type": "urn:altinn:systemuser", "systemuser_org": organisation(inspection)}
	target := "Invalid resource. It must be an absolute URI without a fragment."
	return []refusal{
		{"scope not on the client", claims(f.client, "1", "scope", "altinn:broker.read"),
			400, "invalid_scope", "MP-200", "Token request contains invalid scopes for client, altinn:broker.read"},
		{"two scopes not on the client", claims(f.client, "2", "scope", "a:b "+ownerScope+" c:d"),
			400, "invalid_scope", "MP-200", "Token request contains invalid scopes for client, a:b, c:d"},
		{"scope for logins", claims(wide, "3", "scope", login),
			400, "invalid_scope", "MP-201", "Token request contains scopes not allowed for maskinporten, " + login},
		{"scope that nobody has been granted", claims(wide, "4", "scope", composed),
			403, "forbidden", "MP-250", "Consumer has not been granted access to the scope " + composed + "."},
		{"scope that this organisation lacks", claims(poor, "5"),
			403, "forbidden", "MP-250", "Consumer has not been granted access to the scope " + notifyScope + "."},
		{"one of two scopes is lacking", claims(poor, "6", "scope", ownerScope+" "+notifyScope),
			403, "forbidden", "MP-250", "Consumer has not been granted access to the scope " + notifyScope + "."},
		{"consumer_org is the own organisation", claims(f.client, "7", "consumer_org", directorate), 400, "invalid_request", "",
			"Validation of JWT claim failed: The combination consumer_org in claim and delegation scope on client is invalid"},
		{"not delegated", claims(supplier, "8", "consumer_org", inspection), 403, "forbidden", "MP-251",
			"Consumer " + inspection + " has not delegated access to the scope " + notifyScope + " to supplier " + accountant + "."},
		{"consumer_org that does not exist", claims(supplier, "9", "consumer_org", "999999999"), 403, "forbidden", "MP-251",
			"Consumer 999999999 has not delegated access to the scope " + notifyScope + " to supplier " + accountant + "."},
		{"relative resource", claims(f.client, "10", "resource", "api"), 400, "invalid_target", "", target},
		{"resource with a fragment", claims(f.client, "11", "resource", []string{"https://api.example/#a"}), 400, "invalid_target", "", target},
		{"no resource in the array", claims(f.client, "12", "resource", []string{}), 400, "invalid_target", "", target},
		{"unknown authorization_details", details("13", map[string]any{"type": "urn:altinn:other"}),
			400, "invalid_authorization_details", "MP-301", "Unknown authorization details type"},
		{"unknown field of authorization_details", details("14", with(systemUser, "org", "1")),
			400, "invalid_authorization_details", "MP-302", "Unknown fields in the authorization details"},
		{"no such system user", details("15", systemUser),
			400, "invalid_altinn_customer_configuration", "MP-303", "Invalid authorization details values"},
		{"authorization_details is a text", claims(f.client, "16", "authorization_details", "urn:altinn:systemuser"),
			400, "invalid_request", "MP-011", "Invalid assertion. Invalid parameter value."},
	}
}
