package handlers

import (
	"regexp"
	"slices"
	"strings"

	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// figure gives the message about a field something to fill in.
func (j *journey) figure(field, name, value string) {
	p := j.pasted[field]
	if p.Figures == nil {
		p.Figures = map[string]string{}
	}
	p.Figures[name] = value
	j.pasted[field] = p
}

// remark says at a field how what was pasted was read.
func (j *journey) remark(field string, remarks ...views.Remark) {
	p := j.pasted[field]
	p.Remarks = append(p.Remarks, remarks...)
	j.pasted[field] = p
}

// remarked tells whether there is something to say that a redirect would lose.
func (j *journey) remarked() bool {
	for _, p := range j.pasted {
		if len(p.Remarks) > 0 {
			return true
		}
	}
	return false
}

// readClient finds the client id in what was pasted into its field: the text
// itself, or the address of its page. Where it is something else, problem is the
// code of the message that names it.
func readClient(j *journey, pasted string) (id, problem string) {
	switch {
	case pasted == "":
		return "", ""
	case j.hasThumbprint(pasted):
		return "", "client.is-thumbprint"
	case j.hasKid(pasted):
		return "", "client.is-kid"
	case strings.EqualFold(pasted, string(j.integration.Name)):
		return "", "client.is-name"
	case isPerson(pasted):
		return "", "client.is-person"
	case orgShape.MatchString(pasted):
		return "", "client.is-orgnumber"
	case retired.MatchString(pasted):
		return "", "client.is-retired"
	case addressShape.MatchString(pasted):
		return clientInAddress(j, pasted)
	case scopeShape.MatchString(pasted), inCatalogue(store.Scope(pasted)):
		return "", "client.is-scope"
	}
	switch f := jwk.Recognise([]byte(pasted)); f.Kind {
	case jwk.KindText, jwk.KindEmpty, jwk.KindTooLong:
		return pasted, ""
	case jwk.KindHTML:
		return "", "client.is-html"
	default:
		return "", "client.is-key"
	}
}

func (j *journey) hasThumbprint(text string) bool {
	for _, k := range j.keys {
		if k.Thumbprint == text {
			return true
		}
	}
	return false
}

// clientInAddress finds the client id in the address of its page in the
// self-service, of this environment.
func clientInAddress(j *journey, pasted string) (id, problem string) {
	match := addressShape.FindStringSubmatch(pasted)
	host := strings.ToLower(match[1] + match[2])
	practice := strings.Contains(pasted, "/samarbeidsportalen/")
	ids := uuids.FindAllString(pasted, -1)
	env := j.integration.Environment
	switch {
	case !practice && service.MatchString(host):
		return "", "client.is-service"
	case !practice && !strings.HasSuffix(host, "digdir.no"), len(ids) == 0:
		return "", "client.is-address"
	case practice != (env == store.Sandbox),
		!practice && strings.Contains(host, ".test.") != (env == store.Test):
		return "", "client.other-environment"
	}
	j.remark("client_id", views.Remark{Code: "client-address"})
	return ids[len(ids)-1], ""
}

var (
	// addressShape is an address, also without https:// before it.
	addressShape = regexp.MustCompile(`(?i)^(?:[a-z][a-z+.-]*://([^/?#\s]+)|((?:[a-z0-9-]+\.)+(?:no|com|cloud|dev))(?:[:/?#]|$))`)
	// retired are hosts that are no more. ver2 ended on 10 June 2024.
	retired = regexp.MustCompile(`(?i)(?:^|[/.-])(?:ver1|ver2|yt2)\.[a-z0-9.-]*\bno\b|\bdifi\.(?:eon\.)?no\b`)
	// service is a host of Maskinporten or Altinn, where no client has a page.
	service = regexp.MustCompile(`(?:^|\.)(?:maskinporten\.(?:no|dev)|altinn\.(?:no|cloud))(?::\d+)?$`)

	uuids = regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`)

	// orgShape is an organisation number with or without its prefix, right or wrong.
	orgShape = regexp.MustCompile(`^(?:0192:)?\s*(?:\d\s*){9}$`)

	// scopeShape is prefix:sub as scopes are written, with a dot or slash in it:
	// altinn:serviceowner/notifications.create. A client id may hold a colon too.
	scopeShape = regexp.MustCompile(`^(?:scope=)?[a-z0-9_-]+:[A-Za-z0-9._:-]*(/|\.(read|write|admin|create)$)`)

	// uuidShape is what client ids look like today.
	uuidShape = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

// looksSecret tells whether a pasted text is, or has in it, a private key, a
// grant or a token.
func looksSecret(s string) bool {
	return jwk.HasSigned(s) || jwk.Leaks([]byte(s))
}

// hasTokenPiece tells whether a text has a grant or a token in it, or the
// beginning of one.
func hasTokenPiece(s string) bool { return jwk.CutSigned(s, "") != s }

// readAs turns what was forgiven into remarks for the page.
func readAs(remarks []jwk.Remark, but ...string) []views.Remark {
	var all []views.Remark
	for _, r := range remarks {
		if !slices.Contains(but, r.Code) {
			all = append(all, views.Remark{Code: r.Code, Value: r.Value})
		}
	}
	return all
}
