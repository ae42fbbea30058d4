package handlers

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/internal/proof"
	"portvakt/store"
	"portvakt/views"
)

// longestResource bounds what is typed as a resource: it is an address.
const longestResource = 500

// optionsForm is what a proof is to ask for otherwise than usual, as it was typed.
type optionsForm struct {
	consumerOrg, resource string
	// asked are the wanted scopes that are checked.
	asked []string
}

// readOptions reads the fields of step 5. A page without them asks for what is usual.
func readOptions(c echo.Context) *optionsForm {
	if c.FormValue("options") == "" {
		return nil
	}
	return &optionsForm{
		consumerOrg: strings.TrimSpace(c.FormValue("consumer_org")), resource: strings.TrimSpace(c.FormValue("resource")),
		asked: c.Request().PostForm["asked"],
	}
}

// optionsOf are the options of the newest proof: whoever acts for a customer does
// so the next time too. Some of the scopes are asked for to find the one that stops;
// after that all of them are to be proved.
func optionsOf(j *journey) *optionsForm {
	f := &optionsForm{asked: texts(j.integration.Wanted)}
	if j.proof == nil {
		return f
	}
	o := j.proof.Options
	f.consumerOrg, f.resource = string(o.ConsumerOrg), o.Resource
	return f
}

func (f *optionsForm) same(other *optionsForm) bool {
	return f == nil || f.consumerOrg == other.consumerOrg && f.resource == other.resource && sameSet(f.asked, other.asked)
}

// proofOptions parses the options, or says in j what is wrong with them.
func proofOptions(j *journey) (o store.ProofOptions) {
	f := j.form.options
	if f == nil {
		return o
	}
	if f.consumerOrg != "" {
		number, code := readOrgNumber(f.consumerOrg)
		if code == personProblem {
			f.consumerOrg = ""
		}
		switch {
		case code != "":
			j.problems["consumer_org"] = code
		case number == j.integration.Organisation:
			j.problems["consumer_org"] = "consumer.own"
		}
		o.ConsumerOrg = number
	}
	o.Resource = f.resource
	if f.resource != "" && !isResource(f.resource) {
		j.problems["resource"] = "resource.syntax"
	}
	wanted := texts(j.integration.Wanted)
	asked := among(wanted, f.asked)
	switch {
	case len(asked) == 0:
		j.problems["asked"] = "asked.none"
	case len(asked) < len(wanted):
		for _, s := range asked {
			o.Scopes = append(o.Scopes, store.Scope(s))
		}
	}
	return o
}

// isResource tells whether Maskinporten could accept a resource: an absolute URI
// without a fragment (RFC 8707, 2).
func isResource(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.IsAbs() && (u.Host != "" || u.Opaque != "") && !strings.ContainsAny(text, "# \t") &&
		u.User == nil && len(text) <= longestResource
}

// among lists those of the first that are in the second.
func among(all, chosen []string) []string {
	var found []string
	for _, s := range all {
		for _, c := range chosen {
			if s == c {
				found = append(found, s)
				break
			}
		}
	}
	return found
}

// asking puts the options into the subject of a proof.
func asking(s *proof.Subject, o store.ProofOptions) {
	s.Options = proof.Options{ConsumerOrg: string(o.ConsumerOrg), Resource: o.Resource, Scopes: texts(o.Scopes)}
	asked := o.Scopes
	if len(asked) == 0 {
		for _, scope := range s.Scopes {
			asked = append(asked, store.Scope(scope))
		}
	}
	for _, scope := range asked {
		s.NeedsAltinn = s.NeedsAltinn || scope.NeedsAltinn()
	}
}

func proveOptions(j *journey) views.ProveOptions {
	f := j.form.options
	usual := optionsForm{asked: texts(j.integration.Wanted)}
	if f == nil {
		f = optionsOf(j)
	}
	o := views.ProveOptions{
		ConsumerOrg: f.consumerOrg, Resource: f.resource,
		Open: !f.same(&usual) || j.problems["consumer_org"]+j.problems["resource"]+j.problems["asked"] != "",
	}
	for _, s := range usual.asked {
		o.Scopes = append(o.Scopes, views.AskedScope{Scope: s, Checked: len(among([]string{s}, f.asked)) > 0})
	}
	return o
}
