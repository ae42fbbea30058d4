package practice

import (
	"net/http"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

// home says what the sandbox is. Its addresses come from configuration, never from the request.
func (p *Pages) home(w http.ResponseWriter, r *http.Request) error {
	t := p.text(r)
	issuer, platform := p.sandbox.Issuer(), p.sandbox.Platform()
	return render(w, r, http.StatusOK, views.PracticeHome(views.PracticeHomePage{
		Page: p.page(t, r, t.S("practice.home.title")),
		Addresses: []views.PracticeAddress{
			{ID: "issuer", URL: issuer},
			{ID: "metadata", URL: issuer + ".well-known/oauth-authorization-server"},
			{ID: "token", URL: issuer + "token"},
			{ID: "jwks", URL: issuer + "jwk"},
			{ID: "platform", URL: platform},
			{ID: "organisations", URL: platform + "/orgs/altinn-orgs.json"},
		},
	}))
}

func (p *Pages) organisationList(w http.ResponseWriter, r *http.Request) error {
	t := p.text(r)
	shown := views.PracticeOrganisationsPage{Page: p.page(t, r, t.S("practice.organisations.title"))}
	for _, o := range sandbox.Organisations() {
		shown.Organisations = append(shown.Organisations, organisationOf(o))
	}
	return render(w, r, http.StatusOK, views.PracticeOrganisations(shown))
}

// notifications is the scope that tells the two service owners apart.
const notifications = "altinn:serviceowner/notifications.create"

func organisationOf(o sandbox.Organisation) views.PracticeOrganisation {
	kind := "all"
	switch {
	case o.Code == "":
		kind = "unknown"
	case !o.Granted(notifications):
		kind = "no-notifications"
	}
	return views.PracticeOrganisation{Number: o.Number, Name: o.Name, Code: o.Code, Kind: kind}
}

// organisation is the one that the path names.
func organisation(r *http.Request) (sandbox.Organisation, error) {
	o, ok := sandbox.OrganisationNumbered(r.PathValue("org"))
	if !ok {
		return sandbox.Organisation{}, sandbox.ErrNotFound
	}
	return o, nil
}
