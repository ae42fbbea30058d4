package proof

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portvakt/internal/maskinporten"
)

const traced = " (trace_id: 493f1671fdc2eef443fd443a88e052ea)"

type refusalRow struct {
	status                 int
	oauth, text, uri, code string
}

// refusals are what Maskinporten answers, with the error_uri where a real
// answer had one.
var refusals = []refusalRow{
	{400, "invalid_grant", "Invalid assertion. Client authentication failed. Expired key.", "https://maskinporten.no/errors/MP-121", TokenExpiredKey},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client.", "", TokenUnknownKid},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed. Invalid JWT claim aud.", "", TokenWrongAudience},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed. Invalid JWT signature.", "", TokenInvalidSignature},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed. Client not found.", "https://test.maskinporten.no/errors/MP-100", TokenClientNotFound},
	{400, "invalid_scope", "Token request contains invalid scopes for client, a:b", "https://test.maskinporten.no/errors/MP-200", TokenScopeNotOnClient},
	{403, "forbidden", "Consumer has not been granted access to the scope a:b.", "", TokenAccessNotGranted},
	{400, "invalid_grant", "Invalid assertion. Grant is used before", "", TokenGrantUsed},
	{400, "invalid_grant", "Invalid assertion. JWT is expired", "", TokenClockSlow},
	{400, "invalid_grant", "Invalid assertion. JWT has expired.", "", TokenClockSlow},
	{400, "invalid_grant", "Issue time is after now", "", TokenClockFast},
	{400, "invalid_grant", "Invalid assertion. Issue time is in the future.", "", TokenClockFast},
	{400, "invalid_grant", "JWT has too long lifetime.", "", TokenLifeTooLong},

	// Other words with a known code.
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-012", TokenGrantUsed},
	{400, "invalid_grant", "Client authentication failed", "https://maskinporten.no/errors/MP-100", TokenClientNotFound},
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-110", TokenWrongAudience},
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-121/", TokenExpiredKey},
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-124", TokenInvalidSignature},
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-130", TokenClockSlow},
	{400, "invalid_scope", "No.", "https://maskinporten.no/errors/MP-200", TokenScopeNotOnClient},
	{403, "forbidden", "No.", "https://maskinporten.no/errors/MP-250", TokenAccessNotGranted},
	{403, "forbidden", "No.", "https://maskinporten.no/errors/MP-300", TokenAccessNotGranted},

	// The text decides, also against the code and in other letters.
	{400, "invalid_grant", "EXPIRED KEY", "https://maskinporten.no/errors/MP-100", TokenExpiredKey},
	{503, "server_error", "Unknown key identifier (kid) for client.", "", TokenUnknownKid},

	{400, "invalid_request", "Invalid assertion. Invalid parameter value", "https://maskinporten.no/errors/MP-011", TokenMalformed},
	{400, "invalid_request", "No.", "https://maskinporten.no/errors/MP-011", TokenMalformed},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed. Invalid JWT. The client requires pre-registered jwk and no key identifier (kid) provided", "", TokenKidMissing},
	{400, "invalid_grant", "Client authentication failed. The JWT is signed with an invalid certificate", "https://maskinporten.no/errors/MP-120", TokenCertificate},
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-120", TokenCertificate},
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-122", TokenCertificateOrganisation},
	{400, "invalid_grant", "Invalid JWT header x5c", "https://maskinporten.no/errors/MP-123", TokenCertificateHeader},
	{400, "invalid_grant", "No.", "https://maskinporten.no/errors/MP-123", TokenCertificateHeader},
	{403, "forbidden", "Consumer 310110019 has not delegated access to the scope a:b to supplier 310330035.", "https://maskinporten.no/errors/MP-251", TokenNotDelegated},
	{403, "forbidden", "No.", "https://maskinporten.no/errors/MP-251", TokenNotDelegated},
	// The code's number until June 2024, when MP-301 came to mean something else.
	{403, "forbidden", "Consumer 310110019 has not delegated access to the scope a:b to supplier 310330035.", "https://maskinporten.no/errors/MP-301", TokenNotDelegated},
	{400, "invalid_scope", "Token request contains scopes not allowed for maskinporten", "https://maskinporten.no/errors/MP-201", TokenIntegrationType},
	{400, "invalid_scope", "No.", "https://maskinporten.no/errors/MP-201", TokenIntegrationType},
	{400, "invalid_request", "The combination consumer_org in claim and delegation scope on client is invalid", "", TokenConsumerOwn},
	{400, "invalid_target", "", "", TokenResource},
	{400, "unsupported_grant_type", "", "", TokenGrantType},
	{400, "invalid_grant", "Invalid assertion.", "", TokenUnknownClaim},
	{400, "invalid_grant", "Invalid assertion. Unknown JWT claim sub.", "", TokenUnknownClaim},
	{400, "invalid_request", "Unknown authorization details type", "", TokenDetailsType},
	{400, "invalid_request", "No.", "https://maskinporten.no/errors/MP-301", TokenDetailsType},
	{400, "invalid_request", "Unknown fields in the authorization details", "", TokenDetailsFields},
	{400, "invalid_request", "No.", "https://maskinporten.no/errors/MP-302", TokenDetailsFields},
	{400, "invalid_request", "Invalid authorization details values", "", TokenDetailsValues},
	{400, "invalid_request", "No.", "https://maskinporten.no/errors/MP-303", TokenDetailsValues},
	{400, "invalid_altinn_customer_configuration", "No.", "", TokenDetailsValues},

	// The general words alone, and with more that speaks against them.
	{400, "invalid_grant", "Client authentication failed", "", TokenClientNotFound},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed.", "", TokenClientNotFound},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed.", "https://maskinporten.no/errors/MP-124", TokenInvalidSignature},
	{400, "invalid_grant", "Invalid assertion. Client authentication failed.", "https://maskinporten.no/errors/MP-999", "token.unknown"},
	{400, "invalid_grant", "Client authentication failed. Something new.", "", "token.unknown"},
	{400, "invalid_grant", "Invalid assertion.", "https://maskinporten.no/errors/MP-130", TokenClockSlow},

	// What has no explanation of its own is shown as it is.
	{400, "invalid_grant", "Invalid assertion. Something new.", "", "token.unknown"},
	{429, "slow_down", "", "", "token.busy"},
	{500, "server_error", "", "", "token.server-error"},
}

func TestRefusalsAreRecognised(t *testing.T) {
	t.Parallel()
	for _, test := range refusals {
		t.Run(test.text+test.uri, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(map[string]string{"error": test.oauth, "error_description": test.text + traced, "error_uri": test.uri})
			if err != nil {
				t.Fatal(err)
			}
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				w.Write(body)
			}))
			t.Cleanup(s.Close)
			c := &maskinporten.Client{HTTP: s.Client(), Issuer: s.URL + "/", Now: time.Now}
			_, err = c.Token(t.Context(), s.URL+"/token", "a.b.c")
			f := failureOf(err)
			if got := recognise(StageToken, f); got != test.code {
				t.Errorf("got %q, want %q", got, test.code)
			}
			want := Answer{Status: test.status, Error: test.oauth, Description: strings.TrimSpace(test.text + traced),
				TraceID: "493f1671fdc2eef443fd443a88e052ea", Code: f.answer.Code}
			if f.answer != want {
				t.Errorf("got the answer %+v, want %+v", f.answer, want)
			}
		})
	}
}

// Every text and every code by which an answer is recognised stands in a row above.
func TestEveryRecognitionIsTested(t *testing.T) {
	t.Parallel()
	for _, d := range Diagnoses() {
		if d.Stage != StageToken {
			continue
		}
		for _, text := range slices.Concat(d.Texts, d.Vague) {
			if !slices.ContainsFunc(refusals, func(r refusalRow) bool {
				return r.code == d.Code && strings.Contains("^"+strings.TrimRight(strings.ToLower(r.text), ". ")+"$", text)
			}) {
				t.Errorf("%s: no row has the text %q", d.Code, text)
			}
		}
		for _, refusal := range d.Refusals {
			if !slices.ContainsFunc(refusals, func(r refusalRow) bool {
				return r.code == d.Code && (strings.Contains(r.uri, refusal) || r.oauth == refusal)
			}) {
				t.Errorf("%s: no row has the code %q", d.Code, refusal)
			}
		}
	}
}

// A page that happens to contain the words is not Maskinporten speaking.
func TestPagesAreNotRefusals(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "<h1>Expired key</h1>")
	}))
	t.Cleanup(s.Close)
	c := &maskinporten.Client{HTTP: s.Client(), Issuer: s.URL + "/", Now: time.Now}
	_, err := c.Token(t.Context(), s.URL+"/token", "a.b.c")
	if got, want := recognise(StageToken, failureOf(err)), "token.not-json"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Codes are stable, unique, and none that is declared is left out.
func TestCodes(t *testing.T) {
	t.Parallel()
	sorted := slices.Sorted(slices.Values(Codes))
	if got, want := len(slices.Compact(sorted)), len(Codes); got != want {
		t.Errorf("got %d different codes of %d", got, want)
	}
	for _, code := range Codes {
		stage, reason, ok := strings.Cut(code, ".")
		if !ok || reason == "" || !slices.Contains(Stages, Stage(stage)) {
			t.Errorf("%q is not a stage and a reason", code)
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		value, _ := strconv.Unquote(literal.Value)
		if !slices.Contains(Codes, value) && !slices.Contains(Reasons, value) {
			t.Errorf("%s is in no list", spec.Names[0])
		}
		if !strings.HasPrefix(spec.Doc.Text(), spec.Names[0].Name+":") {
			t.Errorf("%s has no comment that begins with its name", spec.Names[0])
		}
		return true
	})
	if got, want := fmt.Sprint(len(Stages)), "9"; got != want {
		t.Errorf("got %s stages, want %s", got, want)
	}
}

func TestRateForgets(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	rate := NewRate(func() time.Time { return now })
	for i := range 5000 {
		if i%rateSweep == 0 {
			now = now.Add(rateWindow)
		}
		if err := rate.Allow(strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(rate.recent); got > 2*rateSweep {
		t.Errorf("%d organisations are remembered", got)
	}
}
