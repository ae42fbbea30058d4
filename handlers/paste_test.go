package handlers_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// pasteRow is a text in a field, and what the page must say of it.
type pasteRow struct {
	name, field, pasted string
	// problem is the code of what is wrong, or empty; read are the codes of the
	// remarks.
	problem string
	read    []string
}

const someClient = "0a1b2c3d-1111-2222-3333-444455556666"

func publicOf(t testing.TB, text string) jwk.Public {
	t.Helper()
	keys, err := jwk.ParsePublics([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return keys[0]
}

// edited is a JWK with one member changed; an empty value takes it away.
func edited(t testing.TB, k jwk.Public, name, value string) string {
	t.Helper()
	var members map[string]string
	if err := json.Unmarshal([]byte(k.JSON()), &members); err != nil {
		t.Fatal(err)
	}
	if members[name] = value; value == "" {
		delete(members, name)
	}
	text, _ := json.Marshal(members)
	return string(text)
}

func testdata(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "jwk", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func clientRows(t testing.TB, mine jwk.Public) []pasteRow {
	const at = "https://sjolvbetjening.test.samarbeid.digdir.no/integrations/"
	rows := []pasteRow{
		{"org number", "", "310110019", "client.is-orgnumber", nil},
		{"org number with prefix", "", "0192:310 110 019", "client.is-orgnumber", nil},
		{"org number with a slip", "", "310110018", "client.is-orgnumber", nil},
		{"national identity number", "", "13097248022", "client.is-person", nil},
		{"kid", "", mine.Kid(), "client.is-kid", nil},
		{"thumbprint", "", mine.Thumbprint(), "client.is-thumbprint", nil},
		{"name", "", "saksystem", "client.is-name", nil},
		{"scope", "", "altinn:serviceowner/notifications.create", "client.is-scope", nil},
		{"scope of the catalogue", "", "altinn:serviceowner", "client.is-scope", nil},
		{"address of a page in another environment", "", at + someClient, "client.other-environment", nil},
		{"address without an id", "", at + "new", "client.is-address", nil},
		{"ver2", "", "https://ver2.maskinporten.no/", "client.is-retired", nil},
		{"ver1", "", "oidc-ver1.difi.no", "client.is-retired", nil},
		{"yt2", "", "https://integrasjon-yt2.difi.eon.no/", "client.is-retired", nil},
		{"ver2 with the id", "", "https://selvbetjening-samarbeid-ver2.difi.no/integrations/" + someClient, "client.is-retired", nil},
		{"Maskinporten", "", "https://test.maskinporten.no/token", "client.is-service", nil},
		{"Maskinporten without https", "", "maskinporten.no", "client.is-service", nil},
		{"Altinn", "", "https://platform.tt02.altinn.no", "client.is-service", nil},
		{"another address", "", "https://example.com/" + someClient, "client.is-address", nil},
		{"web page", "", "<!doctype html><p>" + someClient, "client.is-html", nil},
		{"cut off", "", mine.JSON()[:80], "client.is-key", nil},
		{"EC", "", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`, "client.is-key", nil},
		{"SSH", "", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE kari@pc", "client.is-key", nil},
		{"sentence", "", "min klient", "client.syntax", nil},
		{"grant", "", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl", "secret", nil},
		{"grant with spaces in it", "", "eyAiYWxnIjoiUlMyNTYiIH0.eyAiaXNzIjoieCIgfQ.c2lnbmF0dXJl", "secret", nil},
		{"grant on many lines", "", "ewogICJhbGciOiAiUlMyNTYiCn0.ewogICJpc3MiOiAieCIKfQ.c2lnbmF0dXJl", "secret", nil},
		{"in quotation marks", "", `"` + someClient + `",`, "", []string{"trimmed"}},
		{"in curly quotation marks", "", "“" + someClient + "”", "", []string{"trimmed"}},
		{"with spaces", "", " \t" + someClient + " \n", "", nil},
		{"address of its page", "", "http://127.0.0.1:8081/samarbeidsportalen/310110019/clients/" + someClient + "/keys", "", []string{"client-address"}},
	}
	for form, text := range map[string]string{
		"JWK": mine.JSON(), "array": mine.Array(), "set": mine.Set(), "PEM": mine.PEM(),
		"base64": base64.StdEncoding.EncodeToString([]byte(mine.JSON())),
	} {
		rows = append(rows, pasteRow{form, "", text, "client.is-key", nil})
	}
	return inField("client_id", rows)
}

func kidRows(t testing.TB, mine jwk.Public) []pasteRow {
	mine, _ = mine.WithKid("portalens-kid")
	second, _ := mine.WithKid("en-annen")
	other := publicOf(t, testdata(t, "openssl.spki.pem"))
	named, _ := other.WithKid("fremmed")
	two := "[" + named.JSON() + "," + mine.JSON() + "]"
	return inField("registered_kid", []pasteRow{
		{"kid", "", "9f0c1a2b-1111-4222-8333-444455556666", "", nil},
		{"JWK", "", mine.JSON(), "", []string{"kid-of-key"}},
		{"array", "", mine.Array(), "", []string{"kid-of-key", "array"}},
		{"set", "", mine.Set(), "", []string{"kid-of-key", "jwks"}},
		{"several, one of them", "", two, "", []string{"kid-of-key", "array"}},
		{"the same key under two kids", "", "[" + mine.JSON() + "," + second.JSON() + "]", "", []string{"kid-of-key", "array"}},
		{"base64", "", base64.StdEncoding.EncodeToString([]byte(mine.JSON())), "", []string{"kid-of-key", "base64"}},
		{"curly quotation marks", "", strings.ReplaceAll(mine.JSON(), `"`, "”"), "", []string{"kid-of-key", "quotes"}},
		{"line break inside", "", strings.Replace(mine.JSON(), `"n":"`, `"n":" `, 1), "", []string{"kid-of-key", "breaks"}},
		{"comma too many", "", strings.Replace(mine.JSON(), "}", ",}", 1), "", []string{"kid-of-key", "commas"}},
		{"without use", "", edited(t, mine, "use", ""), "", []string{"kid-of-key", "use-missing"}},
		{"without alg", "", edited(t, mine, "alg", ""), "", []string{"kid-of-key", "alg-missing"}},
		{"without kid", "", edited(t, mine, "kid", ""), "kid.none", nil},
		{"PEM", "", mine.PEM(), "kid.none", nil},
		{"another key", "", named.JSON(), "kid.other", nil},
		{"another PEM", "", other.PEM(), "kid.other", nil},
		{"certificate", "", testdata(t, "openssl.cert.pem"), "kid.other", nil},
		{"EC", "", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`, "kid.not-rsa", nil},
		{"oct", "", `{"kty":"oct","kid":"a"}`, "kid.not-rsa", nil},
		{"1024 bits", "", testdata(t, "rsa1024.spki.pem"), "kid.size", nil},
		{"exponent 3", "", testdata(t, "e3.spki.pem"), "kid.unfit", nil},
		{"for encryption", "", edited(t, mine, "use", "enc"), "kid.unfit", nil},
		{"cut off", "", mine.JSON()[:100], "kid.truncated", nil},
		{"broken", "", `{"keys":[]}`, "kid.malformed", nil},
		{"web page", "", "<html><body></body></html>", "kid.is-html", nil},
		{"address", "", "https://sjolvbetjening.samarbeid.digdir.no/x", "kid.is-address", nil},
		{"client id", "", someClient, "kid.is-client", nil},
		{"sentence", "", "min kid", "kid.syntax", nil},
	})
}

func scopeRows() []pasteRow {
	const good = "altinn:serviceowner/instances.read"
	return inField("extra", []pasteRow{
		{"commas", "", good + ", altinn:serviceowner", "", nil},
		{"semicolons", "", good + ";altinn:serviceowner", "", []string{"tidied"}},
		{"JSON", "", `["` + good + `","altinn:serviceowner"]`, "", []string{"tidied"}},
		{"claim", "", `"scope": "` + good + ` altinn:serviceowner"`, "", []string{"tidied"}},
		{"setting", "", "scope=" + good, "", []string{"tidied"}},
		{"curly quotation marks", "", "“" + good + "”", "", []string{"tidied"}},
		{"old name", "", "altinn:notifications.create", "scopes.old", nil},
		{"dash for slash", "", "altinn:serviceowner-instances.read", "scopes.alike", nil},
		{"capitals", "", "Altinn:ServiceOwner/Instances.Read", "scopes.alike", nil},
		{"without prefix", "", "serviceowner/instances.read", "scopes.alike", nil},
		{"address", "", "https://test.maskinporten.no/", "scopes.is-address", nil},
		{"words", "", "les alt", "scopes.syntax", nil},
	})
}

func inField(field string, rows []pasteRow) []pasteRow {
	for i := range rows {
		rows[i].field = field
	}
	return rows
}

// Every field of step 4 says what was pasted into it, in each language.
func TestPasteDoctor(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := made(t, s.member(t))
	mine := publicOf(t, page.Find("#public-jwk").Text())
	var rows []pasteRow
	for _, more := range [][]pasteRow{clientRows(t, mine), kidRows(t, mine), scopeRows()} {
		rows = append(rows, more...)
	}
	for _, row := range rows {
		t.Run(row.field+" "+row.name, func(t *testing.T) {
			form := page.Form(t, "journey")
			form.Values.Set("client_id", someClient)
			form.Values.Set(row.field, row.pasted)
			// A page that is older than the record saves nothing, but these are no conflicts.
			form.Values.Set("version", versionNow(t, s, page))
			p := form.Press(t, nb("record.save"))
			checkPaste(t, p, row)
			if row.problem != "" && row.problem != "secret" {
				got := p.Form(t, "journey").Values.Get(row.field)
				if got != strings.Trim(row.pasted, " \n\t\"“”") {
					t.Errorf("what was pasted is lost: got %q", got)
				}
			}
		})
	}
}

func versionNow(t *testing.T, s *site, page *handlerstest.Page) string {
	t.Helper()
	return page.Browser().Get(t, strings.TrimSuffix(page.URL.Path, "/keys")).Form(t, "journey").Values.Get("version")
}

var filledIn = regexp.MustCompile(`\{\{.*?\}\}`)

// checkPaste looks for the words of the row on a page in bokmål. In the other
// languages they must exist.
func checkPaste(t *testing.T, p *handlerstest.Page, row pasteRow) {
	t.Helper()
	if row.problem == "" && p.Status != 200 || row.problem != "" && p.Status != 422 {
		t.Errorf("got %d: %s", p.Status, p.Text("#problems"))
	}
	ids := map[string]string{}
	if row.problem != "" {
		ids["problem."+row.problem] = p.Text("#" + row.field + "-problem")
	}
	for _, code := range row.read {
		ids["read."+code] = p.Text("#" + row.field + "-remarks")
	}
	if got := p.Find("#" + row.field + "-remarks p").Length(); got != len(row.read) {
		t.Errorf("got %d remarks (%s), want %v", got, p.Text("#"+row.field+"-remarks"), row.read)
	}
	for id, said := range ids {
		for i, piece := range filledIn.Split(nb(id), -1) {
			if !strings.Contains(said, strings.TrimSpace(piece)) {
				t.Errorf("%s: piece %d: got %q", id, i, said)
			}
		}
		if strings.Contains(said, "no value") || strings.Contains(said, "{{") {
			t.Errorf("%s: got %q", id, said)
		}
		for _, l := range views.Languages {
			if !views.In(l).Has(id) {
				t.Errorf("%q does not exist in %s", id, l)
			}
		}
	}
}

// What was unwrapped is what is recorded.
func TestPastedKidIsRecorded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := made(t, s.member(t))
	mine, err := publicOf(t, page.Find("#public-jwk").Text()).WithKid("portalens-kid")
	if err != nil {
		t.Fatal(err)
	}
	form := page.Form(t, "journey").Fill(t, "Klient ID", "http://127.0.0.1:1/samarbeidsportalen/x/"+someClient)
	form.Values.Set("registered_kid", mine.Set())
	form.Values.Set("extra", `scope="altinn:serviceowner/instances.read"`)
	form.Press(t, nb("record.save"))
	i := integrationAt(t, s, page.URL.Path)
	keys, err := s.store.Keys(t.Context(), i.Organisation, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	if i.ClientID != someClient || keys[0].RegisteredKid != "portalens-kid" || !strings.Contains(joinTexts(i.Recorded), "instances.read") {
		t.Errorf("got client %q, kid %q, scopes %q", i.ClientID, keys[0].RegisteredKid, i.Recorded)
	}

	other := publicOf(t, testdata(t, "openssl.spki.pem"))
	form.Values.Set("registered_kid", other.PEM())
	p := form.Press(t, nb("record.save"))
	if said := p.Text("#registered_kid-problem"); !strings.Contains(said, other.Thumbprint()) || !strings.Contains(said, mine.Thumbprint()) {
		t.Errorf("another key: got %q, want both thumbprints", said)
	}
}

func joinTexts(scopes []store.Scope) string {
	var all []string
	for _, s := range scopes {
		all = append(all, string(s))
	}
	return strings.Join(all, " ")
}

// The address of a client's page gives the client id, in its own environment.
func TestClientAddressOfTheRealSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const org = "974760673"
	err := s.store.EnsureOrganisation(t.Context(), store.Organisation{Number: org, Name: "Etaten"})
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser(t, "Kari Etat", store.RoleNone, org)
	for env, addresses := range map[store.Environment][2]string{
		store.Test: {"https://sjolvbetjening.test.samarbeid.digdir.no/integrations/", "https://sjolvbetjening.samarbeid.digdir.no/integrations/"},
		store.Prod: {"sjolvbetjening.samarbeid.digdir.no/integrations/", "https://sjolvbetjening.test.samarbeid.digdir.no/integrations/"},
	} {
		i, _, err := s.store.AddIntegration(t.Context(), store.Actor{}, store.NewIntegration{
			Organisation: org, Environment: env, Nonce: "n-" + string(env), Details: store.Details{Name: "Sak", Wanted: []store.Scope{"altinn:serviceowner"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		form := b.Get(t, "/integrations/"+i.ID).Form(t, "journey")
		for n, code := range []string{"", "client.other-environment"} {
			form.Values.Set("client_id", addresses[n]+someClient+"?tab=keys")
			row := pasteRow{field: "client_id", problem: code}
			if code == "" {
				row.read = []string{"client-address"}
			}
			checkPaste(t, form.Press(t, nb("record.save")), row)
		}
	}
}
