package maskinporten_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/maskinporten"
)

const (
	goodClient = "0a1b2c3d-1111-2222-3333-444455556666"
	goodScope  = "altinn:serviceowner/notifications.create"
	ownNumber  = "310110019"
)

// members are those of a header or of claims; drop takes one away.
type members map[string]any

type drop struct{}

func (m members) with(changes members) members {
	all := maps.Clone(m)
	for name, value := range changes {
		if _, gone := value.(drop); gone {
			delete(all, name)
		} else {
			all[name] = value
		}
	}
	return all
}

var (
	goodHeader = members{"alg": "RS256", "kid": "saksystem-test-20260301-Zk3vQx9T", "typ": "JWT"}
	goodClaims = members{
		"aud": "https://test.maskinporten.no/", "iss": goodClient, "scope": goodScope,
		"iat": today.Unix(), "exp": today.Unix() + 120, "jti": "5f0c3a7e-0f4b-4b62-8f0e-6b8a3b1d2c4e",
	}
	known = maskinporten.Known{
		Scopes: []string{"altinn:serviceowner", goodScope, "altinn:serviceowner/instances.read", "altinn:broker.read"},
	}
)

func base64url(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// cutGrant is what is left of a grant when its signature is cut off.
func cutGrant(header, claims members) string { return base64url(header) + "." + base64url(claims) }

func codes(v maskinporten.Verdict) []string {
	var all []string
	for _, r := range v.Remarks {
		all = append(all, r.Code)
	}
	return all
}

// faults are grants that differ from a good one, with what there is to say.
var faults = []struct {
	name           string
	header, claims members
	want           string
}{
	{"a good one", nil, nil, ""},
	{"for production", nil, members{"aud": "https://maskinporten.no/"}, ""},
	{"RS512", members{"alg": "RS512"}, nil, ""},
	{"without typ", members{"typ": drop{}}, nil, ""},
	{"several scopes", nil, members{"scope": "altinn:serviceowner " + goodScope + " krr:global/kontaktinformasjon.read"}, ""},
	{"with a resource", nil, members{"resource": []string{"https://api.example.no/v1"}}, ""},
	{"backdated as Altinn's libraries do", nil, members{"iat": today.Unix() - 10, "exp": today.Unix() + 110}, ""},
	{"a system user", nil, members{"authorization_details": []any{systemUser(nil)}}, ""},
	{"a consent", nil, members{"authorization_details": []any{consent(nil)}}, ""},

	{"no alg", members{"alg": drop{}}, nil, "alg.missing"},
	{"alg none", members{"alg": "none"}, nil, "alg.none"},
	{"HS256", members{"alg": "HS256"}, nil, "alg.symmetric"},
	{"ES256", members{"alg": "ES256"}, nil, "alg.elliptic"},
	{"EdDSA", members{"alg": "EdDSA"}, nil, "alg.elliptic"},
	{"PS256", members{"alg": "PS256"}, nil, "alg.pss"},
	{"small letters", members{"alg": "rs256"}, nil, "alg.case"},
	{"an alg in words", members{"alg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"}, nil, "alg.unknown"},
	{"no kid", members{"kid": drop{}}, nil, "kid.missing"},
	{"x5t instead of kid", members{"kid": drop{}, "x5t": "q83v"}, nil, "kid.x5t header.unneeded"},
	{"kid is a number", members{"kid": 1}, nil, "kid.shape"},
	{"kid is empty", members{"kid": " "}, nil, "kid.shape"},
	{"kid with spaces", members{"kid": "min nøkkel"}, nil, "kid.characters"},
	{"kid is the client id", members{"kid": goodClient}, nil, "kid.is-client"},
	{"a certificate", members{"kid": drop{}, "x5c": []string{"MIIB"}}, nil, "x5c.certificate"},
	{"a certificate and a kid", members{"x5c": []string{"MIIB"}}, nil, "x5c.both"},
	{"a certificate as text", members{"kid": drop{}, "x5c": "MIIB"}, nil, "x5c.not-array"},
	{"a certificate in PEM", members{"kid": drop{}, "x5c": []string{"-----BEGIN CERTIFICATE-----"}}, nil, "x5c.shape"},
	{"no certificate", members{"kid": drop{}, "x5c": []string{}}, nil, "x5c.shape"},
	{"typ of an access token", members{"typ": "at+jwt"}, nil, "typ.other"},
	{"crit", members{"crit": []string{"exp"}}, nil, "header.crit"},
	{"a field more", members{"jku": "https://example.no/jwk"}, nil, "header.unneeded"},

	{"no aud", nil, members{"aud": drop{}}, "aud.missing"},
	{"aud is a number", nil, members{"aud": 1}, "aud.shape"},
	{"aud is an array", nil, members{"aud": []string{"https://test.maskinporten.no/"}}, "aud.array"},
	{"several aud", nil, members{"aud": []string{"https://test.maskinporten.no/", "https://maskinporten.no/"}}, "aud.several"},
	{"aud without slash", nil, members{"aud": "https://test.maskinporten.no"}, "aud.no-slash"},
	{"an array without slash", nil, members{"aud": []string{"https://maskinporten.no"}}, "aud.array aud.no-slash"},
	{"aud is the token endpoint", nil, members{"aud": "https://test.maskinporten.no/token"}, "aud.endpoint"},
	{"aud is the metadata", nil, members{"aud": "https://maskinporten.no/.well-known/oauth-authorization-server"}, "aud.endpoint"},
	{"aud without TLS", nil, members{"aud": "http://maskinporten.no/"}, "aud.insecure"},
	{"aud in capitals", nil, members{"aud": "https://Test.Maskinporten.no/"}, "aud.spelling"},
	{"aud with a space", nil, members{"aud": "https://test.maskinporten.no/ "}, "aud.spelling"},
	{"aud with www", nil, members{"aud": "https://www.maskinporten.no/"}, "aud.spelling"},
	{"aud without scheme", nil, members{"aud": "maskinporten.no"}, "aud.spelling"},
	{"ver2", nil, members{"aud": "https://ver2.maskinporten.no/"}, "aud.retired"},
	{"difi", nil, members{"aud": "https://oidc-ver2.difi.no/idporten-oidc-provider/"}, "aud.retired"},
	{"Skyporten", nil, members{"aud": "https://test.sky.maskinporten.no"}, "aud.skyporten"},
	{"Digdir's own", nil, members{"aud": "https://maskinporten.dev/"}, "aud.internal"},
	{"aud is a client id", nil, members{"aud": goodClient}, "aud.is-client"},
	{"aud is the API", nil, members{"aud": "https://platform.tt02.altinn.no/"}, "aud.api"},
	{"aud is ID-porten", nil, members{"aud": "https://test.idporten.no"}, "aud.unknown"},
	{"aud is no address", nil, members{"aud": "::"}, "aud.unknown"},

	{"no iss", nil, members{"iss": drop{}}, "iss.missing"},
	{"iss is a number", nil, members{"iss": 1}, "iss.shape"},
	{"iss in braces", nil, members{"iss": "{" + goodClient + "}"}, "iss.spelling"},
	{"iss is the kid", nil, members{"iss": goodHeader["kid"]}, "iss.is-kid"},
	{"iss is another kid", nil, members{"iss": "kid-2026-03-01"}, "iss.is-kid"},
	{"iss is a thumbprint", nil, members{"iss": "Zk3vQx9TnR2mWc7LpYb4HsJd8FgKqA1eUoXiNzVw5tM"}, "iss.is-kid"},
	{"iss is an org number", nil, members{"iss": "310110019"}, "iss.is-orgnumber"},
	{"iss is an ISO 6523 number", nil, members{"iss": "0192:310110019"}, "iss.is-orgnumber"},
	{"iss and aud changed places", nil, members{"iss": "https://test.maskinporten.no/", "aud": goodClient}, "aud.is-client iss.is-issuer"},
	{"iss is an address", nil, members{"iss": "https://saksystem.example.no"}, "iss.is-address"},
	{"iss is a scope", nil, members{"iss": goodScope}, "iss.is-scope"},
	{"iss is a name", nil, members{"iss": "Sakssystem – varsling"}, "iss.is-name"},
	{"iss of an old client", nil, members{"iss": "digdir_saksystem_prod"}, "iss.unusual"},

	{"no scope", nil, members{"scope": drop{}}, "scope.missing"},
	{"an empty scope", nil, members{"scope": " "}, "scope.missing"},
	{"scopes", nil, members{"scope": drop{}, "scopes": goodScope}, "scope.plural"},
	{"scope is an array", nil, members{"scope": []string{goodScope}}, "scope.array"},
	{"scope is a number", nil, members{"scope": 1}, "scope.shape"},
	{"commas", nil, members{"scope": "altinn:serviceowner," + goodScope}, "scope.commas"},
	{"two spaces", nil, members{"scope": "altinn:serviceowner  " + goodScope}, "scope.whitespace"},
	{"a space that is none", nil, members{"scope": "altinn:serviceowner\u00a0" + goodScope}, "scope.characters"},
	{"no prefix", nil, members{"scope": "notifications.create"}, "scope.no-prefix"},
	{"openid", nil, members{"scope": "openid"}, "scope.login"},
	{"the old name", nil, members{"scope": "altinn:notifications.create"}, "scope.old"},
	{"capitals", nil, members{"scope": "altinn:serviceOwner/notifications.create"}, "scope.case"},
	{"a dot for a slash", nil, members{"scope": "altinn:serviceowner.notifications.create"}, "scope.spelling"},
	{"a letter missing", nil, members{"scope": "altinn:serviceowner/notification.create"}, "scope.spelling"},
	{"twice", nil, members{"scope": goodScope + " " + goodScope}, "scope.twice"},

	{"no iat", nil, members{"iat": drop{}}, "iat.missing"},
	{"iat is a text", nil, members{"iat": "2026-03-14T12:00:00Z"}, "iat.not-number"},
	{"iat in milliseconds", nil, members{"iat": today.UnixMilli()}, "iat.millis"},
	{"iat is no time", nil, members{"iat": 120}, "iat.implausible"},
	{"iat with a fraction", nil, members{"iat": float64(today.Unix()) - .5, "exp": today.Unix() + 60}, "iat.fraction"},
	{"a clock that is ahead", nil, members{"iat": today.Unix() + 42, "exp": today.Unix() + 100}, "iat.future"},
	{"a clock that is a little ahead", nil, members{"iat": today.Unix() + 10, "exp": today.Unix() + 100}, ""},
	{"local time", nil, members{"iat": today.Unix() + 7200, "exp": today.Unix() + 7300}, "iat.zone"},
	{"no exp", nil, members{"exp": drop{}}, "exp.missing"},
	{"exp is a text", nil, members{"exp": "1773489720"}, "exp.not-number"},
	{"exp in milliseconds", nil, members{"exp": today.UnixMilli() + 120000}, "exp.millis"},
	{"exp is a duration", nil, members{"exp": 120}, "exp.implausible"},
	{"exp with a fraction", nil, members{"exp": float64(today.Unix()) + 60.5}, "exp.fraction"},
	{"exp is iat", nil, members{"exp": today.Unix()}, "exp.order"},
	{"121 seconds", nil, members{"exp": today.Unix() + 121}, "exp.over"},
	{"180 seconds", nil, members{"exp": today.Unix() + 180}, "exp.over"},
	{"181 seconds", nil, members{"exp": today.Unix() + 181}, "exp.too-long"},
	{"an old grant", nil, members{"iat": today.Unix() - 3600, "exp": today.Unix() - 3480}, "exp.expired"},
	{"no jti", nil, members{"jti": drop{}}, "jti.missing"},
	{"jti is a number", nil, members{"jti": 1}, "jti.shape"},
	{"jti is constant", nil, members{"jti": "1"}, "jti.short"},

	{"consumer_org is a number", nil, members{"consumer_org": 310110019}, "consumer_org.number"},
	{"consumer_org with a prefix", nil, members{"consumer_org": "0192:310110019"}, "consumer_org.prefix"},
	{"consumer_org with spaces", nil, members{"consumer_org": "310 110 019"}, "consumer_org.shape"},
	{"consumer_org with a slip", nil, members{"consumer_org": "310110018"}, "consumer_org.check-digit"},
	{"consumer_org of nobody knows whom", nil, members{"consumer_org": "310110019"}, "consumer_org.stranger"},
	{"consumer_orgno", nil, members{"consumer_orgno": "310110019"}, "consumer_org.typo"},
	{"consumerOrg", nil, members{"consumerOrg": "310110019"}, "consumer_org.typo"},
	{"iss_onbehalfof", nil, members{"iss_onbehalfof": "kunde"}, "iss_onbehalfof.old"},
	{"both", nil, members{"iss_onbehalfof": "kunde", "consumer_org": "310110019"}, "iss_onbehalfof.old iss_onbehalfof.both consumer_org.stranger"},
	{"pid", nil, members{"pid": "0101"}, "pid.shape"},
	{"resource is a text", nil, members{"resource": "https://api.example.no"}, "resource.text"},
	{"no resource", nil, members{"resource": []string{}}, "resource.empty"},
	{"a relative resource", nil, members{"resource": []string{"/api"}}, "resource.relative"},
	{"a resource with a fragment", nil, members{"resource": []string{"https://api.example.no/#a"}}, "resource.fragment"},
	{"details are an object", nil, members{"authorization_details": systemUser(nil)}, "details.shape"},
	{"details of texts", nil, members{"authorization_details": []any{"urn:altinn:systemuser"}}, "details.shape"},
	{"several details", nil, members{"authorization_details": []any{systemUser(nil), systemUser(nil)}}, "details.several"},
	{"another type", nil, members{"authorization_details": []any{members{"type": "urn:altinn:resource"}}}, "details.type"},
	{"a member more", nil, members{"authorization_details": []any{systemUser(members{"external_ref": "a"})}}, "details.member"},
	{"a party without prefix", nil, members{"authorization_details": []any{systemUser(members{"systemuser_org": members{"authority": "iso6523-actorid-upis", "ID": "310110019"}})}}, "details.party"},
	{"a reference with spaces", nil, members{"authorization_details": []any{systemUser(members{"externalRef": "a b"})}}, "details.reference"},
	{"a consent from nobody", nil, members{"authorization_details": []any{consent(members{"from": "310110019"})}}, "details.consent"},

	{"nbf", nil, members{"nbf": today.Unix()}, "nbf.unneeded"},
	{"sub", nil, members{"sub": goodClient}, "sub.unknown"},
	{"client_id", nil, members{"client_id": goodClient}, "client_id.unknown"},
	{"another claim", nil, members{"acr": "x"}, "claim.unknown"},

	{
		"what ID-porten wants", nil,
		members{"sub": goodClient, "aud": "https://test.idporten.no", "scope": drop{}, "client_id": goodClient},
		"aud.unknown scope.missing client_id.unknown sub.unknown",
	},
	{
		"what an OAuth library makes by default", members{"alg": "HS256", "kid": drop{}},
		members{"aud": []string{"https://maskinporten.no/token"}, "exp": today.Unix() + 3600, "jti": drop{}},
		"alg.symmetric kid.missing aud.array aud.endpoint exp.too-long jti.missing",
	},
	{
		"everything as text", nil, members{"iat": "a", "exp": "b", "consumer_org": 1.5, "resource": 1},
		"iat.not-number exp.not-number consumer_org.number resource.relative",
	},
}

func systemUser(changes members) members {
	return members{
		"type": "urn:altinn:systemuser", "externalRef": "kunde_1",
		"systemuser_org": members{"authority": "iso6523-actorid-upis", "ID": "0192:310110019"},
	}.with(changes)
}

func consent(changes members) members {
	return members{
		"type": "urn:altinn:consent", "id": goodClient, "from": "urn:altinn:person:identifier-no:01010112345",
	}.with(changes)
}

func TestAutopsy(t *testing.T) {
	t.Parallel()
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			text := cutGrant(goodHeader.with(f.header), goodClaims.with(f.claims))
			v := maskinporten.Autopsy(text, today, known)
			if got := strings.Join(codes(v), " "); got != f.want {
				t.Errorf("got %q, want %q", got, f.want)
			}
			if v.Pasted != maskinporten.PastedGrant || v.Text != text || v.Signed {
				t.Errorf("got %s, signed %v, text %q", v.Pasted, v.Signed, v.Text)
			}
			checkVerdict(t, v)
		})
	}
}

// checkVerdict checks what holds for every verdict: figures as announced, and a
// field for every remark, with its severity.
func checkVerdict(t *testing.T, v maskinporten.Verdict) {
	t.Helper()
	judgements := maskinporten.Judgements()
	for _, r := range v.Remarks {
		want := slices.Sorted(slices.Values(judgements[r.Code]))
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(r.Figures))); diff != "" {
			t.Errorf("%s: figures (-announced +given)\n%s", r.Code, diff)
		}
		for name, value := range r.Figures {
			if strings.TrimSpace(value) == "" {
				t.Errorf("%s: the figure %s is empty", r.Code, name)
			}
		}
		if r.Place == maskinporten.PlaceForm {
			continue
		}
		i := slices.IndexFunc(v.Fields, func(f maskinporten.Field) bool { return f.Place == r.Place && f.Name == r.Field })
		if i < 0 {
			t.Errorf("%s: no field %q in the %s", r.Code, r.Field, r.Place)
		} else if v.Fields[i].Severity == maskinporten.Fine {
			t.Errorf("%s: the field %q is called fine", r.Code, r.Field)
		}
	}
}

func TestAutopsyEnvironment(t *testing.T) {
	t.Parallel()
	own := known
	own.Issuers = []maskinporten.Issuer{{Environment: "sandbox", Address: "http://127.0.0.1:8081/maskinporten/"}}
	for aud, want := range map[string]string{
		"https://test.maskinporten.no/": "test", "https://maskinporten.no/token": "prod", "http://127.0.0.1:8081/maskinporten/": "sandbox",
		"http://127.0.0.1:8081/maskinporten": "sandbox", "http://127.0.0.1:8081/maskinporten/token": "sandbox", "https://test.idporten.no": "",
	} {
		v := maskinporten.Autopsy(cutGrant(goodHeader, goodClaims.with(members{"aud": aud})), today, own)
		if v.Environment != want || v.ClientID != goodClient {
			t.Errorf("%s: got %q of %q, want %q", aud, v.Environment, v.ClientID, want)
		}
	}
	for aud, want := range map[string]string{
		"http://127.0.0.1:8081/maskinporten": "aud.no-slash", "http://127.0.0.1:8081/maskinporten/token": "aud.endpoint",
		"http://127.0.0.1:8081/": "aud.unknown",
	} {
		v := maskinporten.Autopsy(cutGrant(goodHeader, goodClaims.with(members{"aud": aud})), today, own)
		if got := strings.Join(codes(v), " "); got != want {
			t.Errorf("%s: got %q, want %q", aud, got, want)
		}
	}
}

func TestAutopsyOfOwnOrganisation(t *testing.T) {
	t.Parallel()
	own := known
	own.Organisation = ownNumber
	for number, want := range map[string]string{ownNumber: "consumer_org.own", "974760673": ""} {
		v := maskinporten.Autopsy(cutGrant(goodHeader, goodClaims.with(members{"consumer_org": number})), today, own)
		if got := strings.Join(codes(v), " "); got != want {
			t.Errorf("%s: got %q, want %q", number, got, want)
		}
	}
}

func TestAutopsyHidesIdentityNumbers(t *testing.T) {
	t.Parallel()
	v := maskinporten.Autopsy(cutGrant(goodHeader, goodClaims.with(members{
		"pid": "01010112345", "x": 1010112345.0, "y": "fnr 01010112345.", "authorization_details": []any{consent(nil)},
	})), today, known)
	for _, f := range v.Fields {
		if strings.Contains(f.Value, "01010112345") {
			t.Errorf("%s: got %q", f.Name, f.Value)
		}
	}
}

func TestAutopsyOfManyClaims(t *testing.T) {
	t.Parallel()
	many := goodClaims.with(nil)
	for i := range 900 {
		many["c"+strings.Repeat("x", i%3)+string(rune('a'+i%26))+string(rune('a'+i/26))] = i
	}
	v := maskinporten.Autopsy(cutGrant(goodHeader, many), today, known)
	if len(v.Fields) > 100 || len(v.Remarks) > 100 {
		t.Errorf("got %d fields and %d remarks", len(v.Fields), len(v.Remarks))
	}
}
