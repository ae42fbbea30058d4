package practice

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

func (p *Pages) clientList(w http.ResponseWriter, r *http.Request) error {
	o, err := organisation(r)
	if err != nil {
		return err
	}
	t := p.text(r)
	shown := views.PracticeClientsPage{
		Page: p.page(t, r, t.Label("clients", true).Name+" – "+o.Name), Organisation: organisationOf(o),
	}
	for _, c := range p.sandbox.Clients(o.Number) {
		shown.Clients = append(shown.Clients, views.PracticeClientRow{
			ID: c.ID, Name: c.Name, Active: c.Active, Scopes: len(c.Scopes), Keys: len(c.Keys),
		})
	}
	return render(w, r, http.StatusOK, views.PracticeClients(shown))
}

// defaultLifetime is what the form for a new client proposes, in seconds.
const defaultLifetime = "120"

// newClient is the form for a new client as it was filled in.
type newClient struct {
	nonce, name, description, lifetime string
	scopes                             scopeForm
	problems                           views.PracticeProblems
}

func (p *Pages) clientNew(w http.ResponseWriter, r *http.Request) error {
	o, err := organisation(r)
	if err != nil {
		return err
	}
	return p.renderNew(w, r, o, newClient{nonce: newNonce(), lifetime: defaultLifetime})
}

// readNew reads the form. Its problems are what must not even reach the sandbox.
func readNew(r *http.Request) newClient {
	var f newClient
	take := func(field string) string {
		text, problems := typed(r, field)
		f.problems = append(f.problems, problems...)
		return text
	}
	f.nonce, f.name, f.description, f.lifetime = take("nonce"), take("name"), take("description"), take("lifetime")
	scopes, problems := readScopes(r)
	f.scopes, f.problems = scopes, append(f.problems, problems...)
	return f
}

// clientDraft shows the form again: in another language, after a search, or with the scopes that were chosen.
func (p *Pages) clientDraft(w http.ResponseWriter, r *http.Request) error {
	o, err := organisation(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	p.keepLanguage(w, r)
	f := readNew(r)
	f.scopes.settle(r, &f.problems)
	return p.renderNew(w, r, o, f)
}

func (p *Pages) clientCreate(w http.ResponseWriter, r *http.Request) error {
	o, err := organisation(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	f := readNew(r)
	if searched(r) {
		f.scopes.open = true
		return p.renderNew(w, r, o, f)
	}
	lifetime, bad := p.lifetime(f.lifetime)
	if len(f.problems) > 0 || bad != nil {
		return p.renderRefused(w, r, o, f, p.others(f), bad)
	}
	to, err := p.create(o, f, lifetime)
	if err != nil {
		return p.renderRefused(w, r, o, f, err)
	}
	seeOther(w, to)
	return nil
}

// create registers the client and returns where its page is.
func (p *Pages) create(o sandbox.Organisation, f newClient, lifetime int) (string, error) {
	scopes := f.scopes.all()
	return p.once.do(f.nonce, func() (string, error) {
		c, err := p.sandbox.AddClient(o.Number, f.name, f.description, scopes)
		if err != nil {
			return "", err
		}
		if lifetime != c.TokenLifetime {
			err = p.sandbox.SetTokenLifetime(c.ID, lifetime)
		}
		return views.PracticeClientPath(o.Number, c.ID) + "?done=created", err
	}, o.Number, f.name, f.description, f.lifetime, strings.Join(scopes, " "))
}

// others are the problems of all fields but the lifetime, so that a person gets to know all of them at once. No
// organisation has the empty number, so nothing is registered.
func (p *Pages) others(f newClient) error {
	_, err := p.sandbox.AddClient("", f.name, f.description, f.scopes.all())
	var problems, kept sandbox.Problems
	errors.As(err, &problems)
	for _, one := range problems {
		if one.Field != sandbox.FieldOrganisation {
			kept = append(kept, one)
		}
	}
	return kept
}

// renderRefused is renderNew with what the sandbox refused.
func (p *Pages) renderRefused(w http.ResponseWriter, r *http.Request, o sandbox.Organisation, f newClient, errs ...error) error {
	problems, err := refused(errs...)
	if err != nil {
		return err
	}
	f.problems = inOrder(merge(f.problems, problems), "client", "name", "description", "lifetime", "scopes", "query")
	return p.renderNew(w, r, o, f)
}

// lifetime reads a lifetime in seconds by the sandbox's rule: it judges the number before it looks for the client, and
// there is no client without an id.
func (p *Pages) lifetime(text string) (int, error) {
	seconds, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		seconds = -1
	}
	if err := p.sandbox.SetTokenLifetime("", seconds); !errors.Is(err, sandbox.ErrNotFound) {
		return 0, err
	}
	return seconds, nil
}

func (p *Pages) renderNew(w http.ResponseWriter, r *http.Request, o sandbox.Organisation, f newClient) error {
	t := p.text(r)
	draft := views.PracticeClientDraftPath(o.Number)
	return render(w, r, status(f.problems), views.PracticeClientNew(views.PracticeClientNewPage{
		Page:         typing(p.page(t, r, t.Label("add-client", true).Name), draft),
		Organisation: organisationOf(o),
		Nonce:        shown(f.nonce),
		Name:         shown(f.name),
		About:        shown(f.description),
		Lifetime:     shown(f.lifetime),
		Scopes:       f.scopes.choice(o, draft, f.problems),
		Problems:     f.problems,
	}))
}
