package handlers_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"portvakt/handlers"
	"portvakt/handlers/handlerstest"
	"portvakt/internal/outbound"
	"portvakt/internal/outbound/outboundtest"
	"portvakt/internal/proof"
	"portvakt/internal/sandbox"
	"portvakt/store"
	"portvakt/views"
)

// provocation is a way to bring about a diagnosis.
type provocation struct {
	// faults of the sandbox, and instead of its answers by a part of the path.
	faults  []sandbox.ActiveFault
	instead map[string]http.HandlerFunc
	// impatient gives up on a call early.
	impatient bool
	// site starts a portal of its own, with other addresses.
	site func(*site, testing.TB) func(*handlers.Environment)
	// prove makes the proof in another way than by the button of a page that
	// carries the key.
	prove func(*testing.T, *site, *handlerstest.Browser) *handlerstest.Page
}

func fault(ids ...string) provocation {
	var p provocation
	for _, id := range ids {
		for _, f := range sandbox.Faults() {
			if f.ID == id {
				p.faults = append(p.faults, sandbox.ActiveFault{ID: id, Seconds: f.Usual})
			}
		}
	}
	return p
}

// Parts of the paths of the calls.
const (
	exchangePath = "/exchange/"
	accessPath   = "/future/shipment/"
)

func says(path string, status int, body string) provocation {
	return provocation{instead: map[string]http.HandlerFunc{path: func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}}}
}

// altinnToken is an unsigned token in the place of Altinn's.
func altinnToken(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + "." + base64.RawURLEncoding.EncodeToString(body) + ".AAAA"
}

// provocations are how each diagnosis that a run can come upon is brought about.
func provocations() map[string]provocation {
	all := map[string]provocation{
		proof.KeyExpired: {prove: expiredKey},

		proof.MetadataWrongIssuer:       fault("other-issuer"),
		proof.MetadataEndpointElsewhere: fault("endpoints-elsewhere"),
		proof.ClockFast:                 fault("clock-slow"),
		proof.ClockSlow:                 fault("clock-fast"),
		proof.ClockUnmeasured:           fault("no-date"),

		proof.TokenUnknownKid:       fault("unknown-kid"),
		proof.TokenKidNotYet:        {prove: newKey},
		proof.TokenClientNotFound:   fault("unknown-client"),
		proof.TokenClientNotYet:     {prove: newClient},
		proof.TokenWrongAudience:    fault("audience"),
		proof.TokenScopeNotOnClient: fault("scope-not-on-client"),
		proof.TokenAccessNotGranted: fault("access-revoked"),
		proof.TokenExpiredKey:       fault("key-expired"),
		proof.TokenClockFast:        fault("no-date", "clock-slow"),
		proof.TokenClockSlow:        {faults: []sandbox.ActiveFault{{ID: "no-date"}, {ID: "clock-fast", Seconds: 600}}},
		proof.TokenLifeTooLong:      fault("grant-life"),
		proof.TokenInvalidSignature: fault("signature"),
		proof.TokenGrantUsed:        fault("grant-used"),
		proof.TokenMalformed:        fault("grant-malformed"),
		proof.TokenUnknownClaim:     fault("unknown-claim"),
		proof.TokenGrantType:        fault("grant-type"),
		proof.TokenIntegrationType:  fault("integration-type"),
		proof.TokenNotDelegated:     fault("not-delegated"),
		proof.TokenConsumerOwn:      fault("consumer-own"),
		proof.TokenResource:         fault("resource-refused"),
		proof.ScopesMissing:         fault("fewer-scopes"),

		proof.ExchangeTokenUnreadable: says("/maskinporten/token", 200, `{"access_token":"opaque","scope":"altinn:serviceowner/notifications.create"}`),
		proof.ExchangeTokenExpired:    fault("token-expired"),
		proof.ExchangeTokenEarly:      fault("token-early"),
		proof.ExchangeSignature:       fault("token-signature"),
		proof.ExchangeWrongIssuer:     fault("token-issuer"),
		proof.ExchangeNoConsumer:      fault("no-consumer"),
		proof.ExchangeConsumerPrefix:  fault("consumer-prefix"),
		proof.ExchangeProvider:        fault("exchange-provider"),
		proof.ExchangeGone:            fault("exchange-gone"),
		proof.ExchangeRefused:         fault("exchange-refused"),

		proof.ClaimUnreadable:   says(exchangePath, 200, "a.b.c"),
		proof.ClaimScope:        says(exchangePath, 200, altinnToken(map[string]any{"scope": "a:b"})),
		proof.ClaimOrganisation: fault("organisation-unlisted"),

		proof.AccessTokenRefused: fault("notifications-401"),
		proof.AccessRefused:      fault("notifications-403"),
		proof.AccessNotFound:     fault("notifications-404"),
		proof.AccessParameter:    fault("notifications-400"),
		proof.AccessContentType:  fault("notifications-415"),
		proof.AccessDependency:   fault("notifications-503"),
		proof.AccessScope: {instead: map[string]http.HandlerFunc{
			exchangePath: func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, altinnToken(map[string]any{"scope": "altinn:serviceowner", "urn:altinn:org": "ovd"}))
			},
			accessPath: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		}},
	}
	paths := map[proof.Stage]string{
		proof.StageMetadata: "/.well-known/", proof.StageToken: "/maskinporten/token",
		proof.StageExchange: exchangePath, proof.StageAccess: accessPath,
	}
	calls := map[proof.Stage]string{
		proof.StageMetadata: sandbox.CallMetadata, proof.StageToken: sandbox.CallToken,
		proof.StageExchange: sandbox.CallExchange, proof.StageAccess: sandbox.CallNotifications,
	}
	kinds := map[string]string{
		proof.ReasonTimeout: "hang", proof.ReasonSlow: "stall", proof.ReasonCutOff: "cut", proof.ReasonRedirect: "redirect",
		proof.ReasonTooLarge: "large", proof.ReasonHeadersTooLarge: "headers", proof.ReasonNotJSON: "login",
		proof.ReasonUnreadable: "broken", proof.ReasonBusy: "busy", proof.ReasonServerError: "error",
	}
	for _, stage := range proof.Calls {
		for reason, kind := range kinds {
			p := fault(calls[stage] + "." + kind)
			p.impatient = reason == proof.ReasonTimeout || reason == proof.ReasonSlow
			all[string(stage)+"."+reason] = p
		}
		all[string(stage)+"."+proof.ReasonUnknown] = says(paths[stage], http.StatusTeapot, `{"error":"teapot","title":"short"}`)
	}
	for stage, point := range map[proof.Stage]func(*handlers.Environment, string){
		proof.StageMetadata: func(e *handlers.Environment, address string) { e.Proof.Maskinporten.Issuer = address + "/" },
		proof.StageExchange: func(e *handlers.Environment, address string) { e.Proof.Altinn.Platform = address },
	} {
		for reason, outside := range outsides {
			all[string(stage)+"."+reason] = provocation{site: func(s *site, t testing.TB) func(*handlers.Environment) {
				return func(e *handlers.Environment) {
					address, limits := outside(t)
					limits.Addresses = append(limits.Addresses, "http://"+s.box.Listener.Addr().String())
					client, err := outbound.Client(limits)
					if err != nil {
						t.Fatal(err)
					}
					e.Proof.Maskinporten.HTTP, e.Proof.Altinn.HTTP = client, client
					point(e, address)
				}
			}}
		}
	}
	return all
}

// outsides are addresses to which no way leads, and whom the portal may call.
var outsides = map[string]func(testing.TB) (string, outbound.Limits){
	proof.ReasonNoName: func(testing.TB) (string, outbound.Limits) {
		return "https://nobody.invalid", outbound.Limits{Addresses: []string{"https://nobody.invalid"}}
	},
	proof.ReasonRefusedConnection: func(t testing.TB) (string, outbound.Limits) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		address := "http://" + l.Addr().String()
		return address, outbound.Limits{Addresses: []string{address}}
	},
	proof.ReasonNoConnection: func(t testing.TB) (string, outbound.Limits) {
		address := "http://" + outboundtest.Full(t)
		return address, outbound.Limits{Addresses: []string{address}, Connect: time.Second}
	},
	proof.ReasonProxy: func(t testing.TB) (string, outbound.Limits) {
		p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
		t.Cleanup(p.Close)
		const address = "https://maskinporten.example"
		return address, outbound.Limits{Addresses: []string{address}, Proxy: p.URL}
	},
	proof.ReasonUntrusted: func(t testing.TB) (string, outbound.Limits) {
		u := httptest.NewUnstartedServer(http.NotFoundHandler())
		u.Config.ErrorLog = log.New(io.Discard, "", 0)
		u.StartTLS()
		t.Cleanup(u.Close)
		return u.URL, outbound.Limits{Addresses: []string{u.URL}}
	},
	proof.ReasonAddressForbidden: func(testing.TB) (string, outbound.Limits) {
		return "https://elsewhere.example", outbound.Limits{}
	},
}

// expiredKey proves with a saved key, a year after it was posted.
func expiredKey(t *testing.T, s *site, b *handlerstest.Browser) *handlerstest.Page {
	path, forms := registered(t, s, b)
	s.pass(366 * 24 * time.Hour)
	return proveLater(t, s, path, forms)
}

// newKey proves with a key that was posted just now and has not arrived.
func newKey(t *testing.T, s *site, b *handlerstest.Browser) *handlerstest.Page {
	p := made(t, b)
	client, err := s.sandbox.AddClient(orgs[0].Number, "Ny", "Prøve", []string{"altinn:serviceowner/notifications.create"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.sandbox.AddKeys(client.ID, made(t, b).Find("#site-jwk").Text()); err != nil {
		t.Fatal(err)
	}
	return p.Form(t, "journey").Fill(t, "Klient ID", client.ID).Press(t, nb("prove.button"))
}

// newClient proves for a client that was made just now and has not arrived.
func newClient(t *testing.T, s *site, b *handlerstest.Browser) *handlerstest.Page {
	p := made(t, b)
	return p.Form(t, "journey").Fill(t, "Klient ID", "55555555-5555-5555-5555-555555555555").Press(t, nb("prove.button"))
}

func proveLater(t *testing.T, s *site, path string, forms map[string]string) *handlerstest.Page {
	t.Helper()
	return prove(t, s.browser(t, "Kari Seinere", store.RoleNone, orgs[0].Number), path, forms)
}

// prove sends the key as a file.
func prove(t *testing.T, b *handlerstest.Browser, path string, forms map[string]string) *handlerstest.Page {
	t.Helper()
	return b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), "key", []byte(forms["encoded-jwk.txt"])).Press(t, nb("prove.button"))
}

// Every diagnosis that a run can come upon is brought about by a whole proof, and
// the page names it in all three languages.
func TestEveryDiagnosis(t *testing.T) {
	t.Parallel()
	ways := provocations()
	// Most are brought about on one site, one after the other: making keys takes
	// longer than all else.
	var shared []proof.Diagnosis
	for _, d := range proof.Diagnoses() {
		if way, given := ways[d.Code]; given && way.plain() && d.Unseen == "" {
			shared = append(shared, d)
		}
	}
	together := maps.Clone(ways)
	t.Run("on one site", func(t *testing.T) {
		t.Parallel()
		provokeAll(t, shared, together)
	})
	for _, d := range proof.Diagnoses() {
		if d.Unseen != "" {
			if _, given := ways[d.Code]; given {
				t.Errorf("%s can be brought about, and is said to be unseen (%s)", d.Code, d.Unseen)
			}
			continue
		}
		way, given := ways[d.Code]
		if !given {
			t.Errorf("nothing brings about %s, and no reason is given", d.Code)
			continue
		}
		delete(ways, d.Code)
		if way.plain() {
			continue
		}
		t.Run(d.Code, func(t *testing.T) {
			t.Parallel()
			page := provoke(t, way)
			checkDiagnosis(t, page, d)
		})
	}
	for code := range ways {
		t.Errorf("%s is brought about, and is no diagnosis", code)
	}
}

// plain tells whether a way needs no site of its own.
func (p provocation) plain() bool { return p.site == nil && p.prove == nil && !p.impatient }

// provokeAll brings about one diagnosis after the other, each by the page that came
// of the one before.
func provokeAll(t *testing.T, all []proof.Diagnosis, ways map[string]provocation) {
	t.Helper()
	s := newSite(t)
	page := carried(t, s, s.member(t))
	s.pass(proof.Propagation)
	for _, d := range all {
		s.pass(7 * time.Second) // no more than ten in a minute
		t.Run(d.Code, func(t *testing.T) {
			if err := s.sandbox.SetFaults(ways[d.Code].faults); err != nil {
				t.Fatal(err)
			}
			s.stand(ways[d.Code].instead)
			page = page.Form(t, "journey").Press(t, nb("prove.button"))
			checkDiagnosis(t, page, d)
			// In the language of the test again.
			page.Browser().Do(t, "POST", "/language", url.Values{"language": {string(views.Bokmal)}})
		})
	}
}

func provoke(t *testing.T, way provocation) *handlerstest.Page {
	t.Helper()
	s := newSiteWith(t, func(s *site) {
		switch {
		case way.site != nil:
			s.alter = way.site(s, t)
		case way.impatient:
			s.alter = func(e *handlers.Environment) {
				base := "http://" + s.box.Listener.Addr().String()
				*e = s.environment(t, outbound.Limits{Addresses: []string{base}, Call: 2 * time.Second})
			}
		}
	})
	b := s.member(t)
	if way.prove != nil {
		return way.prove(t, s, b)
	}
	page := carried(t, s, b)
	s.pass(proof.Propagation)
	if err := s.sandbox.SetFaults(way.faults); err != nil {
		t.Fatal(err)
	}
	s.stand(way.instead)
	return page.Form(t, "journey").Press(t, nb("prove.button"))
}

// checkDiagnosis checks that the page, and the same proof on record in the other
// languages, shows what the diagnosis says.
func checkDiagnosis(t *testing.T, p *handlerstest.Page, d proof.Diagnosis) {
	t.Helper()
	path := "/integrations/" + strings.Split(p.URL.Path, "/")[2]
	b := p.Browser()
	for _, l := range []views.Language{views.Bokmal, views.Nynorsk, views.English} {
		b.Do(t, "POST", "/language", url.Values{"language": {string(l)}})
		page := b.Get(t, path)
		shown := page.Text(".light:has(.diagnosis)")
		words := views.In(l)
		for _, id := range []string{"cause." + d.Code, "remedy." + d.Code, "who." + string(d.Who), "stage." + string(d.Stage)} {
			if !words.Has(id) || !strings.Contains(shown, spaced(words.S(id))) {
				t.Errorf("%s: the page does not say %s (%q):\n%s", l, id, words.S(id), shown)
			}
		}
		checkPossible(t, page, d, words)
	}
	if d.Step != "" && p.Find(fmt.Sprintf(`.diagnosis a[href$="#%s"]`, d.Step)).Length() != 1 {
		t.Errorf("no link to the step %q", d.Step)
	}
}

// ruledOut are the causes that the sandbox, where an organisation that Altinn does
// not know is still on the list, rules out: no page lists them. Package proof tests
// when they hold.
var ruledOut = []string{
	"scope-old-name", "address-mistyped", "proxy-needed", "proxy-answers", "claim-unknown",
	"owner-unlisted", "owner-supplier", "owner-synthetic",
}

// checkPossible checks that the page lists the possible causes of the diagnosis in
// words, each once, but those that are ruled out.
func checkPossible(t *testing.T, p *handlerstest.Page, d proof.Diagnosis, words views.Text) {
	t.Helper()
	var shown []string
	p.Find(".possible li").Each(func(_ int, li *goquery.Selection) {
		li.Find(".evidence").Remove()
		shown = append(shown, spaced(li.Text()))
	})
	for _, possible := range d.Possible {
		said := spaced(words.S("possible." + possible.ID))
		if n := len(shown); !slices.Contains(shown, said) {
			if !slices.Contains(ruledOut, possible.ID) {
				t.Errorf("the possible cause %s (%q) is not among %q", possible.ID, said, shown)
			}
		} else if shown = slices.DeleteFunc(shown, func(s string) bool { return s == said }); len(shown) != n-1 {
			t.Errorf("the possible cause %s is listed twice", possible.ID)
		}
	}
	if len(shown) > 0 {
		t.Errorf("possible causes of something else: %q", shown)
	}
}

// spaced is a text as a page's text is read: one space between words.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// Of causes that look alike, the one for which something speaks comes first.
func TestEvidence(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := carried(t, s, b)
	s.pass(proof.Propagation)
	first := func(p *handlerstest.Page) string { return p.Text(".possible li:first-child") }

	if err := s.sandbox.SetFaults([]sandbox.ActiveFault{{ID: "unknown-kid"}}); err != nil {
		t.Fatal(err)
	}
	never := page.Form(t, "journey").Press(t, nb("prove.button"))
	if !strings.Contains(first(never), nb("possible.key-renamed")) {
		t.Errorf("of a key that never worked: got %q", first(never))
	}
	s.sandbox.ClearFaults()
	green := never.Form(t, "journey").Press(t, nb("prove.button"))
	if err := s.sandbox.SetFaults([]sandbox.ActiveFault{{ID: "unknown-kid"}}); err != nil {
		t.Fatal(err)
	}
	replaced := green.Form(t, "journey").Press(t, nb("prove.button"))
	if got := first(replaced); !strings.Contains(got, nb("possible.key-replaced")) || !strings.Contains(got, nb("evidence.worked-before")) {
		t.Errorf("of a key that worked before: got %q", got)
	}

	// That the key worked says nothing of a client id that was typed after it.
	s.sandbox.ClearFaults()
	typed := replaced.Form(t, "journey").Fill(t, "Klient ID", "55555555-5555-5555-5555-555555555555").Press(t, nb("prove.button"))
	if got := first(typed); !strings.Contains(got, nb("possible.client-mistyped")) || !strings.Contains(got, nb("evidence.client-changed")) {
		t.Errorf("of a client id that is new: got %q", got)
	}
	if got := typed.Text(".possible"); strings.Contains(got, nb("evidence.worked-before")) {
		t.Errorf("of a client id that is new: another client is told to have worked: %q", got)
	}
}

// Nothing is on its way to Maskinporten that is no client id, however new it is.
func TestWrongClientIsNotOnItsWay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := made(t, s.member(t)).Form(t, "journey").Fill(t, "Klient ID", "mitt-system").Press(t, nb("prove.button"))
	checkRed(t, p, "token", proof.TokenClientNotFound)
	if got := p.Text(".possible li:first-child"); !strings.Contains(got, nb("possible.client-not-one")) {
		t.Errorf("got %q", got)
	}
}

// A row of the table that a run cannot see says why, and all that can speak for a
// cause has words.
func TestUnseenHaveReasons(t *testing.T) {
	t.Parallel()
	for _, d := range proof.Diagnoses() {
		if d.Stage == "" && d.Unseen == "" {
			t.Errorf("%s belongs to no stage, and does not say why", d.Code)
		}
	}
	if !slices.ContainsFunc(proof.Diagnoses(), func(d proof.Diagnosis) bool { return d.Stage == "" }) {
		t.Error("nothing is known of other programs")
	}
}
