package altinn_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/altinn"
)

func TestExchange(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"bare":                  token,
		"quoted":                `"` + token + `"`,
		"with white space":      "\r\n " + token + "\n",
		"quoted in white space": "\n\"" + token + "\" \n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := served(t, func(w http.ResponseWriter, r *http.Request) {
				if got, want := r.Method+" "+r.URL.String(), "GET /authentication/api/v1/exchange/maskinporten"; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if got, want := r.Header.Get("Authorization"), "Bearer a.maskinporten.token"; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				fmt.Fprint(w, body)
			})
			got, err := c.Exchange(t.Context(), "a.maskinporten.token")
			if err != nil {
				t.Fatal(err)
			}
			if got.Reveal() != token {
				t.Error("the token is not the one that was answered")
			}
		})
	}
}

func TestExchangeAnswersSomethingElse(t *testing.T) {
	t.Parallel()
	for body, kind := range map[string]altinn.Kind{
		"":                          altinn.KindNotJSON,
		`""`:                        altinn.KindNotJSON,
		`"a.b"`:                     altinn.KindNotJSON,
		"a.b.c.d":                   altinn.KindNotJSON,
		"a..c":                      altinn.KindNotJSON,
		"a.b.c\r\nX-Evil: 1":        altinn.KindNotJSON,
		"<html>a.b.c</html>":        altinn.KindNotJSON,
		`{"access_token":"` + token: altinn.KindMalformed,
	} {
		_, err := served(t, text(body)).Exchange(t.Context(), "a.maskinporten.token")
		if got, want := refusal(t, err).Kind, kind; got != want {
			t.Errorf("%q: got %s, want %s", body, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   altinn.Error
	}{
		"problem details": {401, recorded(t, "unauthorized.json"), altinn.Error{
			Kind: altinn.KindRefused, Title: "Unauthorized", TraceID: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}},
		"nothing": {403, "", altinn.Error{Kind: altinn.KindRefused}},
		"gateway": {429, recorded(t, "gateway-too-many.json"), altinn.Error{
			Kind: altinn.KindBusy, Detail: "Rate limit is exceeded. Try again in 42 seconds."}},
		"page": {403, "<h1>Forbidden</h1>", altinn.Error{Kind: altinn.KindNotJSON, Detail: "<h1>Forbidden</h1>"}},
		"plain sentence": {400, "Invalid TokenProvider: x.", altinn.Error{
			Kind: altinn.KindNotJSON, Detail: "Invalid TokenProvider: x."}},
		"wrong types": {401, `{"title":{}}`, altinn.Error{Kind: altinn.KindMalformed, Detail: `{"title":{}}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := served(t, status(test.status, test.body)).Exchange(t.Context(), token)
			test.want.Call, test.want.Status = "exchange", test.status
			if diff := cmp.Diff(test.want, *refusal(t, err), cmp.AllowUnexported(altinn.Error{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   altinn.Access
	}{
		"no such shipment":                 {404, recorded(t, "shipment-unknown.json"), altinn.Access{Status: 404, Code: "NOT-00003"}},
		"no such shipment, as documented":  {404, recorded(t, "shipment-unknown-documented.json"), altinn.Access{Status: 404, Code: "NOT-00003"}},
		"a shipment, which nobody expects": {200, `{"recipients":[{"destination":"ola@example.com"}]}`, altinn.Access{Status: 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := served(t, func(w http.ResponseWriter, r *http.Request) {
				if got, want := r.Method+" "+r.URL.String(), "GET /notifications/api/v1/future/shipment/"+shipment; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				if _, has := r.Header["Content-Type"]; has {
					t.Error("the request has a Content-Type")
				}
				status(test.status, test.body)(w, r)
			})
			got, err := c.Access(t.Context(), token, shipment)
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestNoAccess(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		kind   altinn.Kind
	}{
		"401":                           {401, "", altinn.KindRefused},
		"403":                           {403, "", altinn.KindRefused},
		"404 of nobody knows whom":      {404, "", altinn.KindRefused},
		"404 of a gateway":              {404, `{"statusCode":404,"message":"Resource not found"}`, altinn.KindRefused},
		"404 of a page":                 {404, "<h1>Not Found</h1>", altinn.KindNotJSON},
		"404 with another code":         {404, `{"code":"NOT-00001"}`, altinn.KindRefused},
		"the code under another status": {500, `{"code":"NOT-00003"}`, altinn.KindRefused},
		"a page with 200":               {200, "<h1>Log in</h1>", altinn.KindNotJSON},
		"nothing with 204":              {204, "", altinn.KindRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := served(t, status(test.status, test.body)).Access(t.Context(), token, shipment)
			e := refusal(t, err)
			if e.Kind != test.kind || e.Status != test.status {
				t.Errorf("got %s with status %d, want %s with status %d", e.Kind, e.Status, test.kind, test.status)
			}
		})
	}
}

func TestOrganisations(t *testing.T) {
	t.Parallel()
	c := served(t, func(w http.ResponseWriter, r *http.Request) {
		if got, want := r.URL.Path, "/orgs/altinn-orgs.json"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := r.Header.Get("Authorization"); got != "" {
			t.Error("a public list was asked for with a token")
		}
		fmt.Fprint(w, recorded(t, "orgs.json"))
	})
	got, err := c.Organisations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"991825827": "digdir", "405003309": "ttd"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLongListOfOrganisations(t *testing.T) {
	t.Parallel()
	list := func(size int) http.HandlerFunc {
		return text(`{"orgs":{"digdir":{"orgnr":"991825827","logo":"` + strings.Repeat("x", size) + `"}}}`)
	}
	if got, err := served(t, list(200<<10)).Organisations(t.Context()); err != nil || got["991825827"] != "digdir" {
		t.Errorf("got %v and error %v from a list of 200 KiB", got, err)
	}
	_, err := served(t, list(2<<20)).Organisations(t.Context())
	if got, want := refusal(t, err).Kind, altinn.KindTooLarge; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTokenCannotBePrinted(t *testing.T) {
	t.Parallel()
	got, err := served(t, text(token)).Exchange(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, verb, got)
		fmt.Fprintf(&out, verb, &got)
		fmt.Fprintf(&out, verb, struct{ inner altinn.Token }{got})
	}
	json.NewEncoder(&out).Encode(map[string]any{"token": got, "pointer": &got})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("token", "token", got)
	slog.New(slog.NewTextHandler(&out, nil)).Info("token", "token", &got)
	if strings.Contains(out.String(), "eyJ") || strings.Contains(out.String(), fmt.Sprintf("%x", token)) {
		t.Errorf("the token was printed: %s", out.String())
	}
	if (altinn.Token{}).Reveal() != "" || !(altinn.Token{}).IsZero() || got.IsZero() {
		t.Error("the zero value is not the absent token")
	}
}

// What may be a token in a form that nobody knows, or about people, is not
// repeated.
func TestAnswerOfSuccessIsNotQuoted(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-opaque"
	for _, test := range []struct {
		status int
		body   string
	}{
		{200, `{"token":"` + secret + `"`}, {200, secret}, {200, `"` + secret + `"`}, {200, `["` + secret + `"]`},
		{201, `{"title":"` + secret + `"}`}, {202, `"a.` + secret + `.c"`},
	} {
		c := served(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(test.status)
			io.WriteString(w, test.body)
		})
		_, exchanged := c.Exchange(t.Context(), token)
		_, asked := c.Access(t.Context(), token, shipment)
		for name, err := range map[string]error{"exchange": exchanged, "access": asked} {
			e := refusal(t, err)
			if said := fmt.Sprintf("%+v", *e); strings.Contains(said, secret) {
				t.Errorf("%s: %d %s is quoted: %s", name, test.status, test.body, said)
			}
			if want := fmt.Sprintf("application/json, %d bytes", len(test.body)); e.Detail != want {
				t.Errorf("%s: %d %s: got %q, want %q", name, test.status, test.body, e.Detail, want)
			}
		}
	}
}
