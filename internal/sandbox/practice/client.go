package practice

import (
	"net/http"
	"slices"
	"strconv"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

// registered is a client with the organisation that it belongs to.
type registered struct {
	sandbox.Client
	owner sandbox.Organisation
}

// client is the one that the path names, if it belongs to the organisation there.
func (p *Pages) client(r *http.Request) (registered, error) {
	o, err := organisation(r)
	if err != nil {
		return registered{}, err
	}
	c, err := p.sandbox.Client(r.PathValue("id"))
	if err == nil && c.Organisation != o.Number {
		err = sandbox.ErrNotFound
	}
	return registered{Client: c, owner: o}, err
}

// posted is client for a request with a form, which is then parsed.
func (p *Pages) posted(r *http.Request) (registered, error) {
	c, err := p.client(r)
	if err == nil {
		err = parseForm(r)
	}
	return c, err
}

// deeds are what the page after a form can say was done.
var deeds = []string{"created", "lifetime", "deactivated", "scopes", "key", "key-pem", "removed", "expired"}

func done(r *http.Request) string {
	if deed := r.URL.Query().Get("done"); slices.Contains(deeds, deed) {
		return deed
	}
	return ""
}

func (p *Pages) clientPage(t views.Text, r *http.Request, c registered, tab string) views.Page {
	shown := p.page(t, r, t.Label(tab, true).Name+" – "+c.Name)
	if r.Method != http.MethodPost {
		if deed := done(r); deed != "" {
			shown.Here += "?done=" + deed
		}
	}
	return shown
}

func head(r *http.Request, c registered, tab string) views.PracticeClientHead {
	return views.PracticeClientHead{
		Organisation: organisationOf(c.owner), ID: c.ID, Name: c.Name, Active: c.Active, Tab: tab, Done: done(r),
	}
}

func (p *Pages) detailsShow(w http.ResponseWriter, r *http.Request) error {
	c, err := p.client(r)
	if err != nil {
		return err
	}
	return p.renderDetails(w, r, c, strconv.Itoa(c.TokenLifetime), nil)
}

func (p *Pages) detailsDraft(w http.ResponseWriter, r *http.Request) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	p.keepLanguage(w, r)
	text, problems := typed(r, "lifetime")
	return p.renderDetails(w, r, c, text, problems)
}

func (p *Pages) detailsSet(w http.ResponseWriter, r *http.Request) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	text, problems := typed(r, "lifetime")
	if len(problems) == 0 {
		seconds, bad := p.lifetime(text)
		if bad == nil {
			bad = p.sandbox.SetTokenLifetime(c.ID, seconds)
		}
		if problems, err = refused(bad); err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		return p.renderDetails(w, r, c, text, problems)
	}
	seeOther(w, views.PracticeClientPath(c.Organisation, c.ID)+"?done=lifetime")
	return nil
}

func (p *Pages) clientDeactivate(w http.ResponseWriter, r *http.Request) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	problems, err := refused(p.sandbox.Deactivate(c.ID))
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return p.renderDetails(w, r, c, strconv.Itoa(c.TokenLifetime), problems)
	}
	seeOther(w, views.PracticeClientPath(c.Organisation, c.ID)+"?done=deactivated")
	return nil
}

func (p *Pages) renderDetails(w http.ResponseWriter, r *http.Request, c registered, lifetime string,
	problems views.PracticeProblems,
) error {
	t := p.text(r)
	shownPage := p.clientPage(t, r, c, "details")
	if c.Active {
		shownPage = typing(shownPage, views.PracticeTabPath(c.Organisation, c.ID, "details/draft"))
	}
	return render(w, r, status(problems), views.PracticeDetails(views.PracticeDetailsPage{
		Page: shownPage, Client: head(r, c, "details"), About: c.Description,
		Created: t.Moment(c.Created), Lifetime: shown(lifetime), Problems: problems,
	}))
}
