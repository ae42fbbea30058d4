package practice_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/views"
)

// token asks the sandbox's Maskinporten for a token, as a program would.
func (s site) token(id string) (int, string) {
	s.Helper()
	part := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			s.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(data)
	}
	k := key(s.T)
	grant, err := k.Sign(part(map[string]any{"alg": "RS256", "kid": k.Public().Kid()}) + "." + part(map[string]any{
		"aud": s.url + "/maskinporten/", "iss": id, "scope": notify, "iat": noon.Unix(), "exp": noon.Unix() + 60, "jti": s.Name(),
	}))
	if err != nil {
		s.Fatal(err)
	}
	answer, err := http.PostForm(s.url+"/maskinporten/token", url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant},
	})
	if err != nil {
		s.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body)
}

func TestFromClientToToken(t *testing.T) {
	t.Parallel()
	s := start(t)
	nb := views.In(views.Bokmal)

	s.get(portal).wants(200).says("Øvelsesdirektoratet", "310 110 019", "Prøvetilsynet", "Lærevik Regnskap AS")
	s.get(clients).wants(200).says("Ingen klienter ennå", nb.Label("add-client", true).Name)
	form := s.get(clients + "/new").wants(200)
	if got, want := form.value(nb.Label("lifetime", true).Name), "120"; got != want {
		t.Errorf("got lifetime %q, want %q", got, want)
	}

	to := s.post(clients, "nonce", "n", "name", "Varsling", "description", "Varsler\r\nfra fagsystemet", "lifetime", "100",
		"scope", owner, "scopes", " "+notify+"\n").next()
	shown := s.get(to).wants(200).says("Klienten er opprettet", "Varsler fra fagsystemet")
	at, _, _ := strings.Cut(to, "?")
	id := at[strings.LastIndex(at, "/")+1:]
	if got := shown.Find("#client-id").Text(); got != id {
		t.Errorf("got client id %q, want %q", got, id)
	}
	c, err := s.sandbox.Client(id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{owner, notify}, c.Scopes); diff != "" || c.TokenLifetime != 100 {
		t.Errorf("got lifetime %d and scopes (-want +got)\n%s", c.TokenLifetime, diff)
	}

	keys := s.post(at+"/keys", "key", key(t).Public().Array()).next()
	s.get(keys).wants(200).says("Nøkkelen er lagt inn", "practice-1", "RS256", "RSA 2048 bit", "15. januar 2026", "15. januar 2027")
	if status, body := s.token(id); status != 200 || !strings.Contains(body, "access_token") {
		t.Errorf("got %d %s, want a token", status, body)
	}
	s.get(at+"/history").wants(200).says("Klient opprettet", "100 sekunder", "Nøkkel lagt inn", "practice-1")
	s.get(clients).wants(200).says("Varsling", id, "2 scopes", "1 nøkkel", "Aktiv")
}

func TestKeyExpires(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(notify)
	s.post(at+"/keys", "key", key(t).Public().JSON()).next()

	s.get(s.post(at+"/keys/expire", "kid", "practice-1").next()).wants(200).says("MP-121", "Utløpt")
	if status, body := s.token(at[strings.LastIndex(at, "/")+1:]); status == 200 || !strings.Contains(body, "MP-121") {
		t.Errorf("got %d %s, want MP-121", status, body)
	}
	s.get(s.post(at+"/keys/remove", "kid", "practice-1").next()).wants(200).says("Nøkkelen er fjernet", "Ingen nøkler ennå")
	s.post(at+"/keys/remove", "kid", "practice-1").wants(404)
}

func TestDeactivate(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(notify)
	s.post(at+"/keys", "key", key(t).Public().JSON()).next()

	shown := s.get(s.post(at+"/deactivate").next()).wants(200).says("Deaktivert", "120")
	if n := shown.Find("main form").Length(); n != 0 {
		t.Errorf("got %d forms on a deactivated client, want none", n)
	}
	for _, tab := range []string{"", "/scopes", "/keys", "/history"} {
		s.get(at + tab).wants(200).says("Klienten er deaktivert")
	}
	for path, fields := range map[string][]string{
		"/scopes": {"scope", owner}, "/details": {"lifetime", "100"}, "/deactivate": nil,
		"/keys": {"key", changed(t, "kid", "ny")}, "/keys/remove": {"kid", "practice-1"},
	} {
		s.post(at+path, fields...).wants(422).says("Klienten er deaktivert og kan ikke endres")
	}
}

func TestSetScopes(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := s.client(owner)

	s.get(s.post(at+"/scopes", "scope", notify, "scopes", authorize).next()).wants(200).says("Scopes er lagret", "Tilgang mangler", "MP-250")
	id := at[strings.LastIndex(at, "/")+1:]
	c, _ := s.sandbox.Client(id)
	if diff := cmp.Diff([]string{notify, authorize}, c.Scopes); diff != "" {
		t.Errorf("scopes (-want +got)\n%s", diff)
	}
	refused := s.post(at+"/scopes", "scope", notify, "scopes", "altinn:nei").wants(422).says("Scopet «altinn:nei» finnes ikke her")
	if got, want := refused.value("Eller lim inn scopes"), "altinn:nei"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	s.post(at + "/scopes").wants(422).says("Velg minst ett scope.")
}

// The scopes move from the list to the chosen ones as in the real site, without a script.
func TestChooseScopes(t *testing.T) {
	t.Parallel()
	s := start(t)
	fields := []string{"name", "Varsling", "scope", owner, "scopes", notify + ", altinn:nei", "query", "notifications"}

	found := s.post(clients+"/draft", append(fields, "search", "yes")...).wants(200).says("3 scopes å velge mellom")
	if diff := cmp.Diff([]string{owner}, found.checked()); diff != "" {
		t.Errorf("after a search (-want +got)\n%s", diff)
	}
	s.post(clients, append(fields, "enter", "yes")...).wants(200).says("3 scopes å velge mellom")

	chosen := s.post(clients+"/draft", append(fields, "finish", "yes")...).wants(422).says("Scopet «altinn:nei» finnes ikke her")
	if diff := cmp.Diff([]string{owner, notify}, chosen.checked()); diff != "" {
		t.Errorf("after finishing (-want +got)\n%s", diff)
	}
	if got, want := chosen.value("Eller lim inn scopes"), "altinn:nei"; got != want {
		t.Errorf("got %q left, want %q", got, want)
	}
	if got, want := chosen.value("Visningsnavn"), "Varsling"; got != want {
		t.Errorf("got name %q, want %q", got, want)
	}
	if got := s.sandbox.Clients(directorate); len(got) != 0 {
		t.Errorf("got %v, want no client", got)
	}
}

func TestAccessMissing(t *testing.T) {
	t.Parallel()
	s := start(t)
	missing := func(org string) bool {
		list := s.get(portal + org + "/clients/new").wants(200)
		return strings.Contains(list.Find(`label[for="scope-`+notify+`"]`).Text(), "Tilgang mangler")
	}
	if missing(directorate) || !missing(inspection) {
		t.Error("want «Tilgang mangler» for the inspection and not for the directorate")
	}
}

// A browser sends a double click as two posts and shows the answer to the second.
func TestSentTwice(t *testing.T) {
	t.Parallel()
	s := start(t)
	fields := []string{"nonce", "n", "name", "Varsling", "description", "x", "lifetime", "120", "scope", owner}
	first, second := s.post(clients, fields...).next(), s.post(clients, fields...).next()
	if first != second || len(s.sandbox.Clients(directorate)) != 1 {
		t.Errorf("got %s and %s, want one client", first, second)
	}
	fields[3] = "En annen"
	if s.post(clients, fields...).next() == first {
		t.Error("a changed form had no effect")
	}

	at, _, _ := strings.Cut(first, "?")
	for range 2 {
		s.get(s.post(at+"/keys", "nonce", "n", "key", key(t).Public().PEM()).next()).wants(200).says("En PEM har ingen nøkkel-ID")
	}
	c := s.sandbox.Clients(directorate)[0]
	if len(c.Keys) != 1 {
		t.Errorf("got %d keys, want 1", len(c.Keys))
	}
}
