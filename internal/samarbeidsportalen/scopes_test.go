package samarbeidsportalen_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/outbound"
	"portvakt/internal/outbound/outboundtest"
	"portvakt/internal/samarbeidsportalen"
)

func TestScopes(t *testing.T) {
	t.Parallel()
	c := served(t, func(w http.ResponseWriter, r *http.Request) {
		if got, want := r.Method+" "+r.URL.String(), "GET /api/v1/scopes/all"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := r.Header.Get("Authorization"); got != "" {
			t.Error("a public list was asked for with a token")
		}
		fmt.Fprint(w, recorded(t))
	})
	got, err := c.Scopes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []samarbeidsportalen.Scope{
		{Name: "altinn:serviceowner/notifications.create", Description: "Bestille varsler", Owner: "991825827",
			Types: []string{"maskinporten"}, MaxAge: 3600, Active: true, Visibility: "PUBLIC"},
		{Name: "krr:global/kontaktinformasjon.read", Description: "Oppslag i Kontakt- og reservasjonsregisteret",
			Owner: "991825827", ForAll: true, Types: []string{}, Active: true, Visibility: "PUBLIC"},
		{Name: "krr:user/kontaktinformasjon.read", Owner: "991825827", ForAll: true,
			Types: []string{"api_klient", "idporten"}, Visibility: "PUBLIC"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i, allowed := range []bool{true, true, false} {
		if got[i].Allows("maskinporten") != allowed {
			t.Errorf("%s: got %v for an integration of type maskinporten", got[i].Name, !allowed)
		}
	}
}

// One entry that is none must not cost the others.
func TestBrokenEntries(t *testing.T) {
	t.Parallel()
	many := `"` + strings.Repeat(`a","`, 16) + `a"`
	for name, test := range map[string]struct {
		entry string
		want  string
	}{
		"a number":                     {`7`, ""},
		"null":                         {`null`, ""},
		"a list":                       {`[]`, ""},
		"an empty object":              {`{}`, ""},
		"no subscope":                  {`{"prefix":"a"}`, ""},
		"no prefix":                    {`{"subscope":"a"}`, ""},
		"a name without a prefix":      {`{"name":"a"}`, ""},
		"white space in the name":      {`{"name":"a:b c"}`, ""},
		"a line break in the name":     {`{"name":"a:b\n"}`, ""},
		"a name beyond ASCII":          {`{"name":"a:\u202eb"}`, ""},
		"an endless name":              {`{"name":"a:` + strings.Repeat("b", 300) + `"}`, ""},
		"a name of another type":       {`{"name":{}}`, ""},
		"access of another type":       {`{"name":"a:b","accessible_for_all":"true"}`, ""},
		"a type of another type":       {`{"name":"a:b","allowed_integration_types":[1]}`, ""},
		"a type that is none":          {`{"name":"a:b","allowed_integration_types":["<script>"]}`, ""},
		"too many types":               {`{"name":"a:b","allowed_integration_types":[` + many + `]}`, ""},
		"a negative age":               {`{"name":"a:b","at_max_age":-1}`, ""},
		"an endless age":               {`{"name":"a:b","at_max_age":1e300}`, ""},
		"a name and parts that differ": {`{"name":"a:b","prefix":"x","subscope":"y"}`, "a:b"},
		"colons and slashes":           {`{"prefix":"a","subscope":"b:c/d.e"}`, "a:b:c/d.e"},
		"an owner that is none":        {`{"name":"a:b","owner_orgno":"12"}`, "a:b"},
		"a visibility that is none":    {`{"name":"a:b","visibility":"<b>"}`, "a:b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := served(t, outboundtest.Text(200, "["+test.entry+`,{"name":"the:other"}]`)).Scopes(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, s := range got {
				names = append(names, s.Name)
				if s.Owner != "" || s.Visibility != "" || !s.Active {
					t.Errorf("got %+v", s)
				}
			}
			want := []string{"the:other"}
			if test.want != "" {
				want = []string{test.want, "the:other"}
			}
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongList(t *testing.T) {
	t.Parallel()
	list := func(n, size int) http.HandlerFunc {
		entry := `{"name":"a:b","description":"` + strings.Repeat("x", size) + `"},`
		return outboundtest.Text(200, "["+strings.Repeat(entry, n)+`{"name":"the:last"}]`)
	}
	got, err := served(t, list(5000, 1000)).Scopes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 5001 || got[5000].Name != "the:last" || len([]rune(got[0].Description)) != 501 {
		t.Errorf("got %d scopes of 5001, the first described in %d bytes", len(got), len(got[0].Description))
	}
	for name, h := range map[string]http.HandlerFunc{
		"in bytes":   list(9, 1<<20),
		"in entries": outboundtest.Text(200, "["+strings.Repeat("{},", 50_000)+"{}]"),
	} {
		_, err := served(t, h).Scopes(t.Context())
		if got, want := refusal(t, err).Kind, outbound.KindTooLarge; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// hostile are those that are wrong everywhere, and the bodies that are here.
var hostile = append([]outboundtest.Upstream{
	{Name: "sends an empty object", Kind: outbound.KindMalformed, Status: 200, Answer: outboundtest.Text(200, "{}")},
	{Name: "sends an empty list", Kind: outbound.KindMalformed, Status: 200, Answer: outboundtest.Text(200, "[]")},
	{Name: "sends a list of nothing", Kind: outbound.KindMalformed, Status: 200, Answer: outboundtest.Text(200, "[1,{}]")},
	{Name: "sends half a list", Kind: outbound.KindMalformed, Status: 200, Answer: outboundtest.Text(200, `[{"name":"a:b"}`)},
	{Name: "sends half an entry", Kind: outbound.KindMalformed, Status: 200, Answer: outboundtest.Text(200, `[{"name":"a:b"},{"na`)},
	{Name: "sends more than a list", Kind: outbound.KindMalformed, Status: 200, Answer: outboundtest.Text(200, `[{"name":"a:b"}] x`)},
	{Name: "nests lists deeply", Kind: outbound.KindMalformed, Status: 200, Answer: outboundtest.Text(200, strings.Repeat("[", 11_000))},
	{Name: "is down and says nothing", Kind: outbound.KindNotJSON, Status: 503, Answer: outboundtest.Text(503, "")},
}, outboundtest.Hostile...)

func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	for _, test := range hostile {
		t.Run(test.Name, func(t *testing.T) {
			t.Parallel()
			c := served(t, test.Answer)
			c.HTTP.Timeout = test.Limit()
			_, err := c.Scopes(t.Context())
			if e := refusal(t, err); e.Kind != test.Kind || e.Status != test.Status || e.Call != "scopes" {
				t.Errorf("got %s of %s with status %d (%s), want %s with status %d",
					e.Kind, e.Call, e.Status, e.Cause, test.Kind, test.Status)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const trace = "0123456789abcdef0123456789abcdef"
	for name, test := range map[string]struct {
		status int
		body   string
		want   samarbeidsportalen.Error
	}{
		"with messages": {400, `{"status":400,"correlation_id":"` + trace + `","errors":[{"errorMessage":"no such type"}],` +
			`"error_description":", no such type"}`, samarbeidsportalen.Error{
			Kind: outbound.KindRefused, Detail: "no such type", TraceID: trace}},
		"with a description": {403, `{"error_description":", first, second"}`, samarbeidsportalen.Error{
			Kind: outbound.KindRefused, Detail: "first, second"}},
		"busy": {429, `{"errors":[]}`, samarbeidsportalen.Error{Kind: outbound.KindBusy}},
		"page": {502, "<h1>\x00Bad\nGateway</h1>", samarbeidsportalen.Error{
			Kind: outbound.KindNotJSON, Detail: "<h1> Bad Gateway</h1>"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := served(t, func(w http.ResponseWriter, r *http.Request) {
				outboundtest.Text(test.status, test.body)(w, r)
			})
			_, err := c.Scopes(t.Context())
			test.want.Call, test.want.Status = "scopes", test.status
			if diff := cmp.Diff(test.want, *refusal(t, err), cmp.AllowUnexported(samarbeidsportalen.Error{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if strings.Contains(err.Error(), "Bad") || strings.Contains(err.Error(), "first") {
				t.Errorf("the error's text quotes the answer: %v", err)
			}
		})
	}
}
