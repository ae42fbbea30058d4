package maskinporten

import (
	"net/url"
	"slices"
	"strings"
)

// digdir are the issuers that Digdir documents.
var digdir = []Issuer{
	{"test", "https://test.maskinporten.no/"},
	{"prod", "https://maskinporten.no/"},
}

// retired are parts of host names that went out of use, the last of them in
// June 2024.
var retired = []string{
	"ver1.maskinporten", "ver2.maskinporten", "yt2.maskinporten", "oidc-ver1.difi", "oidc-ver2.difi", "oidc-yt2.difi",
	"oidc.difi", "integrasjon.difi", "integrasjon-", ".difi.eon.no", ".difi.no",
}

func (a *autopsy) judgeAudience() {
	value, there := a.claims["aud"]
	if !there {
		a.remark("aud", "aud.missing")
		return
	}
	if list, isList := value.([]any); isList {
		if len(list) != 1 {
			a.remark("aud", "aud.several")
			return
		}
		a.remark("aud", "aud.array")
		value = list[0]
	}
	aud, ok := nonEmpty(value)
	if !ok {
		a.remark("aud", "aud.shape")
		return
	}
	if issuer, found := a.issuer(aud); found {
		a.Environment = issuer.Environment
		return
	}
	a.judgeAddress(aud)
}

func (a *autopsy) issuer(address string) (Issuer, bool) {
	i := slices.IndexFunc(a.known.Issuers, func(i Issuer) bool { return i.Address == address })
	if i < 0 {
		return Issuer{}, false
	}
	return a.known.Issuers[i], true
}

// judgeAddress says what an audience is that is no issuer to the letter.
func (a *autopsy) judgeAddress(aud string) {
	plain := strings.TrimSpace(aud)
	if uuidShape.MatchString(plain) || orgNumberShape.MatchString(plain) {
		a.remark("aud", "aud.is-client")
		return
	}
	address := strings.ToLower(plain)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		a.remark("aud", "aud.unknown")
		return
	}
	host := u.Hostname()
	if issuer, found := a.issuerAt(u); found {
		a.Environment = issuer.Environment
		a.remark("aud", addressFault(aud, u, issuer), "Want", issuer.Address)
		return
	}
	switch {
	case strings.HasSuffix(host, "sky.maskinporten.no"):
		a.remark("aud", "aud.skyporten")
	case strings.HasSuffix(host, "maskinporten.dev"):
		a.remark("aud", "aud.internal")
	case slices.ContainsFunc(retired, func(part string) bool { return strings.Contains(host, part) }):
		a.remark("aud", "aud.retired", "Host", host)
	case strings.HasSuffix(host, "altinn.no"):
		a.remark("aud", "aud.api")
	default:
		a.remark("aud", "aud.unknown")
	}
}

// issuerAt finds the issuer that an address most likely means: the one on its
// host, with or without www, whose path it begins with.
func (a *autopsy) issuerAt(u *url.URL) (Issuer, bool) {
	for _, i := range a.known.Issuers {
		known, err := url.Parse(i.Address)
		if err != nil || strings.TrimPrefix(u.Host, "www.") != known.Host {
			continue
		}
		if strings.HasPrefix(strings.TrimLeft(u.Path, "/")+"/", strings.TrimLeft(known.Path, "/")) {
			return i, true
		}
	}
	return Issuer{}, false
}

// addressFault is the code of what tells an audience from the issuer.
func addressFault(aud string, u *url.URL, issuer Issuer) string {
	known, err := url.Parse(issuer.Address)
	switch {
	case err != nil:
		return "aud.spelling"
	case aud+"/" == issuer.Address:
		return "aud.no-slash"
	case u.Scheme != known.Scheme && u.Host == known.Host:
		return "aud.insecure"
	case u.Host == known.Host && len(strings.Trim(u.Path, "/")) > len(strings.Trim(known.Path, "/")):
		return "aud.endpoint"
	}
	return "aud.spelling"
}
