package maskinporten_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"portvakt/internal/maskinporten"
)

func TestMetadata(t *testing.T) {
	t.Parallel()
	var c *maskinporten.Client
	c = served(t, func(w http.ResponseWriter, r *http.Request) {
		if got, want := r.Method+" "+r.URL.Path, "GET /.well-known/oauth-authorization-server"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		w.Header().Set("Date", today.Add(-3*time.Second).Format(http.TimeFormat))
		fmt.Fprintf(w, `{"issuer":%q,"token_endpoint":%q,"jwks_uri":%q}`, c.Issuer, c.Issuer+"token", c.Issuer+"jwk")
	})
	got, err := c.Metadata(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := maskinporten.Metadata{
		Issuer: c.Issuer, TokenEndpoint: c.Issuer + "token", JWKSURI: c.Issuer + "jwk",
		Date: today.Add(-3 * time.Second), Asked: today, Answered: today,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestMetadataOfAnotherIssuer(t *testing.T) {
	t.Parallel()
	var c *maskinporten.Client
	for name, test := range map[string]struct {
		body func() string
		kind maskinporten.Kind
	}{
		"other issuer": {func() string {
			return fmt.Sprintf(`{"issuer":"https://maskinporten.no/","token_endpoint":%q}`, endpoint(c))
		}, maskinporten.KindWrongIssuer},
		"issuer without slash": {func() string {
			return fmt.Sprintf(`{"issuer":%q,"token_endpoint":%q}`, c.Issuer[:len(c.Issuer)-1], endpoint(c))
		}, maskinporten.KindWrongIssuer},
		"issuer twice": {func() string {
			return fmt.Sprintf(`{"issuer":%q,"issuer":"https://evil.example/","token_endpoint":%q}`, c.Issuer, endpoint(c))
		}, maskinporten.KindWrongIssuer},
		"endpoint on another host": {func() string {
			return fmt.Sprintf(`{"issuer":%q,"token_endpoint":"https://evil.example/token"}`, c.Issuer)
		}, maskinporten.KindEndpointElsewhere},
		"endpoint with a user name": {func() string {
			return fmt.Sprintf(`{"issuer":%q,"token_endpoint":"http://a@%s"}`, c.Issuer, endpoint(c)[len("http://"):])
		}, maskinporten.KindEndpointElsewhere},
		"endpoint of another scheme": {func() string {
			return fmt.Sprintf(`{"issuer":%q,"token_endpoint":"https%s"}`, c.Issuer, endpoint(c)[len("http"):])
		}, maskinporten.KindEndpointElsewhere},
		"relative endpoint": {func() string {
			return fmt.Sprintf(`{"issuer":%q,"token_endpoint":"/token"}`, c.Issuer)
		}, maskinporten.KindEndpointElsewhere},
		"keys on another host": {func() string {
			return fmt.Sprintf(`{"issuer":%q,"token_endpoint":%q,"jwks_uri":"http://169.254.169.254/"}`, c.Issuer, endpoint(c))
		}, maskinporten.KindEndpointElsewhere},
	} {
		// Not parallel: body and server share c.
		t.Run(name, func(t *testing.T) {
			c = served(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, test.body()) })
			_, err := c.Metadata(t.Context())
			e := refusal(t, err)
			if got, want := e.Kind, test.kind; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if e.Description == "" {
				t.Error("what was found instead is not told")
			}
		})
	}
}

func TestDateBehindACache(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		date, age string
		want      time.Time
	}{
		{today.Format(http.TimeFormat), "", today},
		{today.Format(http.TimeFormat), "90", today.Add(90 * time.Second)},
		{today.Format(http.TimeFormat), "-90", today},
		{"yesterday", "", time.Time{}},
		{"", "90", time.Time{}},
	} {
		var c *maskinporten.Client
		c = served(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = []string{test.date}
			if test.date == "" {
				w.Header()["Date"] = nil
			}
			if test.age != "" {
				w.Header().Set("Age", test.age)
			}
			fmt.Fprintf(w, `{"issuer":%q,"token_endpoint":%q}`, c.Issuer, endpoint(c))
		})
		m, err := c.Metadata(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !m.Date.Equal(test.want) {
			t.Errorf("date %q, age %q: got %v, want %v", test.date, test.age, m.Date, test.want)
		}
	}
}

func TestTokenStaysOnTheIssuer(t *testing.T) {
	t.Parallel()
	c := served(t, func(http.ResponseWriter, *http.Request) { t.Error("the call was made") })
	for _, address := range []string{"https://evil.example/token", "http://127.0.0.1/token", "", ":", "/token"} {
		_, err := c.Token(t.Context(), address, "a.b.c")
		if got, want := refusal(t, err).Kind, maskinporten.KindEndpointElsewhere; got != want {
			t.Errorf("%q: got %s, want %s", address, got, want)
		}
	}
}
