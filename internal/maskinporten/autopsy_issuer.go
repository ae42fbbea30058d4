package maskinporten

import "strings"

// judgeIssuer wants the client id: a UUID, or the name-like id of an old client.
func (a *autopsy) judgeIssuer() {
	value, there := a.claims["iss"]
	if !there {
		a.remark("iss", "iss.missing")
		return
	}
	issuer, ok := nonEmpty(value)
	if !ok {
		a.remark("iss", "iss.shape")
		return
	}
	bare := strings.Trim(issuer, " \t\r\n{}<>\"'")
	code := issuerFault(bare)
	switch kid, _ := a.header["kid"].(string); {
	case bare != issuer && code == "":
		a.remark("iss", "iss.spelling", "Want", bare)
	case issuer == kid && !uuidShape.MatchString(issuer):
		a.remark("iss", "iss.is-kid")
	case code == "iss.is-address":
		if _, found := a.issuer(issuer); found {
			code = "iss.is-issuer"
		}
		a.remark("iss", code)
	case code != "":
		a.remark("iss", code)
	}
	if code == "" || code == "iss.unusual" {
		a.ClientID = bare
	}
}

// issuerFault is the code of what stands in the place of a client id; empty for
// a UUID.
func issuerFault(text string) string {
	switch digits := strings.TrimPrefix(strings.ReplaceAll(text, " ", ""), "0192:"); {
	case uuidShape.MatchString(text):
		return ""
	case orgNumberShape.MatchString(digits):
		return "iss.is-orgnumber"
	case strings.Contains(text, "://"), strings.HasSuffix(text, ".no/"), strings.HasSuffix(text, ".no"):
		return "iss.is-address"
	case strings.Contains(text, ":") && scopeShape.MatchString(text):
		return "iss.is-scope"
	case strings.ContainsFunc(text, func(r rune) bool { return r > '~' || r <= ' ' }):
		return "iss.is-name"
	case thumbprintShape.MatchString(text), kidNameShape.MatchString(text):
		return "iss.is-kid"
	}
	return "iss.unusual"
}

// judgeID wants a jti that is another one in each grant.
func (a *autopsy) judgeID() {
	value, there := a.claims["jti"]
	if !there {
		a.remark("jti", "jti.missing")
		return
	}
	// A UUID has 36 characters, and the shortest random text that is as good 22.
	switch id, ok := nonEmpty(value); {
	case !ok:
		a.remark("jti", "jti.shape")
	case len(id) < 16:
		a.remark("jti", "jti.short")
	}
}
