package handlers_test

import (
	"strings"
	"testing"

	"portvakt/handlers/handlerstest"
	"portvakt/internal/proof"
	"portvakt/jwk"
	"portvakt/store"
)

// registered is an integration whose key and client are in the sandbox, and the
// forms of its private key.
func registered(t testing.TB, s *site, b *handlerstest.Browser) (path string, forms map[string]string) {
	t.Helper()
	p := made(t, b)
	forms = map[string]string{
		"encoded-jwk.txt": p.Find("#encoded").Text(), "private-jwk.json": p.Find("#private-jwk").Text(),
		"private-key.pem": p.Find("#private-pem").Text(),
	}
	id := s.registerThere(t, p)
	p.Form(t, "journey").Fill(t, "Klient ID", id).Press(t, nb("record.save"))
	return strings.TrimSuffix(p.URL.Path, "/keys"), forms
}

func TestProveWithSavedFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, forms := registered(t, s, b)
	for name, content := range forms {
		p := b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), name, []byte(content)).Press(t, nb("prove.button"))
		if got := p.Find(".light.passed").Length(); p.Status != 200 || got != 9 || p.URL.Path != path {
			t.Errorf("%s: got %d green lights, status %d at %s", name, got, p.Status, p.URL)
		}
		if strings.Contains(p.Body, content[len(content)-100:len(content)-60]) {
			t.Errorf("%s: the answer shows the key", name)
		}
	}
	other, err := jwk.Generate(2048)
	if err != nil {
		t.Fatal(err)
	}
	public := b.Get(t, path).Find("#public-jwk").Text()
	for _, row := range []struct{ name, content, code string }{
		{"no file", "", "file.empty"},
		{"another key", other.JSON().Reveal(), "file.other"},
		{"the public half", public, "file.public"},
		{"something else", "hello", "file.malformed"},
	} {
		p := b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), "key", []byte(row.content)).Press(t, nb("prove.button"))
		if p.Status != 422 {
			t.Errorf("%s: got %d, want 422", row.name, p.Status)
		}
		checkProblem(t, p, "file", row.code)
	}
	large := strings.Repeat("x", 70<<10)
	p := b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), "key", []byte(large)).Press(t, nb("prove.button"))
	if p.Status != 413 {
		t.Errorf("a large file: got %d, want 413", p.Status)
	}
}

func TestProofFailures(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	if p := page.Form(t, "journey").Press(t, nb("prove.button")); p.Status != 422 || p.Text("#prove-problem") != nb("problem.prove.client") {
		t.Errorf("without a client id: got %d %q", p.Status, p.Text("#prove-problem"))
	}
	wrong := page.Form(t, "journey").Fill(t, "Klient ID", "55555555-5555-5555-5555-555555555555").Press(t, nb("prove.button"))
	checkRed(t, wrong, "token", "token.client-not-yet")
	s.pass(proof.Propagation)
	wrong = wrong.Form(t, "journey").Press(t, nb("prove.button"))
	checkRed(t, wrong, "token", "token.client-not-found")
	if wrong.Find(`.diagnosis a[href="#record"]`).Length() != 1 {
		t.Error("no link to the step in which the client id is recorded")
	}

	client, err := s.sandbox.AddClient(orgs[0].Number, "Saksystem", "Prøve", []string{"altinn:serviceowner"})
	if err != nil {
		t.Fatal(err)
	}
	p := wrong.Form(t, "journey").Fill(t, "Klient ID", client.ID)
	// Maskinporten does not say "unknown kid" for a client without keys; it does
	// for one with another key.
	if _, err := s.sandbox.AddKeys(client.ID, made(t, b).Find("#site-jwk").Text()); err != nil {
		t.Fatal(err)
	}
	red := p.Press(t, nb("prove.button"))
	checkRed(t, red, "token", "token.unknown-kid")
	if _, err := s.sandbox.AddKeys(client.ID, page.Find("#site-jwk").Text()); err != nil {
		t.Fatal(err)
	}
	red = red.Form(t, "journey").Press(t, nb("prove.button"))
	checkRed(t, red, "token", "token.scope-not-on-client")
	if err := s.sandbox.SetScopes(client.ID, []string{"altinn:serviceowner/notifications.create"}); err != nil {
		t.Fatal(err)
	}
	green := red.Form(t, "journey").Press(t, nb("prove.button"))
	if got := green.Find(".light.passed").Length(); got != 9 {
		t.Errorf("after all remedies: got %d green lights\n%s", got, green.Text(".diagnosis"))
	}

	s.box.Close()
	unreachable := green.Form(t, "journey").Press(t, nb("prove.button"))
	checkRed(t, unreachable, "metadata", "metadata.refused-connection")
	if strings.Contains(unreachable.Body, "dial tcp") || !strings.Contains(s.log.String(), "dial tcp") {
		t.Error("what the network said belongs in the log and not on the page")
	}
	down := green
	for range 12 {
		down = down.Form(t, "journey").Press(t, nb("prove.button"))
	}
	if down.Status != 422 || down.Text("#prove-problem") != nb("problem.prove.many") {
		t.Errorf("the eleventh proof in a minute: got %d %q", down.Status, down.Text("#prove-problem"))
	}
}

// checkRed checks which light is red, and that cause and remedy are those of the code.
func checkRed(t *testing.T, p *handlerstest.Page, stage, code string) {
	t.Helper()
	if got := p.Text(".light.failed strong:first-of-type"); !strings.HasPrefix(got, nb("stage."+stage)) {
		t.Errorf("red light: got %q, want %q (status %d)", got, nb("stage."+stage), p.Status)
	}
	diagnosis := p.Text(".diagnosis")
	for _, id := range []string{"cause." + code, "remedy." + code} {
		if !strings.Contains(diagnosis, strings.Join(strings.Fields(nb(id)), " ")) {
			t.Errorf("diagnosis: got %q, want %s in it", diagnosis, id)
		}
	}
	if p.Find(".light.not-reached").Length() == 0 {
		t.Error("no light behind the red one")
	}
}

func TestProofTwiceIsKeptOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	path, forms := registered(t, s, b)
	form := b.Get(t, path).Form(t, "journey").Attach(t, nb("prove.file"), "k", []byte(forms["private-key.pem"]))
	form.Press(t, nb("prove.button"))
	form.Press(t, nb("prove.button"))
	id := strings.Split(path, "/")[2]
	proofs, _, err := s.store.Proofs(t.Context(), store.OrgNumber(orgs[0].Number), id, store.Page{})
	if err != nil || len(proofs) != 1 {
		t.Errorf("got %d proofs (%v), want 1", len(proofs), err)
	}
}

// An old page in which the client id was changed makes a proof of its own.
func TestOldPageWithAnotherClientID(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := made(t, s.member(t))
	form := page.Form(t, "journey").Fill(t, "Klient ID", "77777777-7777-7777-7777-777777777777")
	red := form.Press(t, nb("prove.button"))
	checkRed(t, red, "token", "token.client-not-yet")
	form.Values.Set("version", red.Form(t, "journey").Values.Get("version"))
	p := form.Fill(t, "Klient ID", s.registerThere(t, page)).Press(t, nb("prove.button"))
	if got := p.Find(".light.passed").Length(); got != 9 {
		t.Errorf("got %d green lights, want 9: the old result is shown again", got)
	}
}

// The kid that Samarbeidsportalen gave a PEM is the one that counts from then on,
// in the proof and in every block to take away.
func TestRegisteredKid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.member(t)
	page := made(t, b)
	client, err := s.sandbox.AddClient(orgs[0].Number, "Saksystem", "Prøve", []string{"altinn:serviceowner/notifications.create"})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := s.sandbox.AddKeys(client.ID, page.Find("#public-pem").Text())
	if err != nil {
		t.Fatal(err)
	}
	form := page.Form(t, "journey").Fill(t, "Klient ID", client.ID)
	form.Values.Set("registered_kid", keys[0].Kid())
	p := form.Press(t, nb("prove.button"))
	if got := p.Find(".light.passed").Length(); got != 9 {
		t.Errorf("got %d green lights, want 9: %s", got, p.Text(".diagnosis"))
	}
	private, err := jwk.ParsePrivate([]byte(p.Find("#encoded").Text()))
	if err != nil || private.Public().Kid() != keys[0].Kid() {
		t.Errorf("kid in the private key to take away: got %q (%v), want %q", private.Public().Kid(), err, keys[0].Kid())
	}
}
