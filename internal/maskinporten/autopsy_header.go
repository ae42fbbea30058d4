package maskinporten

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
)

func (a *autopsy) judgeHeader() {
	a.judgeAlgorithm()
	a.judgeKey()
	if value, there := a.header["typ"]; there {
		if typ, _ := value.(string); !strings.EqualFold(typ, "JWT") {
			a.remark("typ", "typ.other", "Typ", valueText("typ", value))
		}
	}
	for n, name := range slices.Sorted(maps.Keys(a.header)) {
		switch name {
		case "alg", "kid", "x5c", "typ":
		case "crit":
			a.remark(name, "header.crit")
		default:
			if n < mostFields {
				a.remark(name, "header.unneeded", "Name", name)
			}
		}
	}
}

var algorithms = []string{"RS256", "RS384", "RS512"}

func (a *autopsy) judgeAlgorithm() {
	alg, ok := nonEmpty(a.header["alg"])
	family := strings.ToUpper(alg)
	switch {
	case !ok:
		a.remark("alg", "alg.missing")
	case slices.Contains(algorithms, alg):
	case slices.Contains(algorithms, family):
		a.remark("alg", "alg.case", "Alg", alg, "Want", family)
	case family == "NONE":
		a.remark("alg", "alg.none")
	case strings.HasPrefix(family, "HS"):
		a.remark("alg", "alg.symmetric", "Alg", alg)
	case strings.HasPrefix(family, "ES"), strings.HasPrefix(family, "ED"):
		a.remark("alg", "alg.elliptic", "Alg", alg)
	case strings.HasPrefix(family, "PS"):
		a.remark("alg", "alg.pss", "Alg", alg)
	default:
		a.remark("alg", "alg.unknown", "Alg", alg)
	}
}

// judgeKey wants exactly one of kid and x5c.
func (a *autopsy) judgeKey() {
	value, named := a.header["kid"]
	chain, certified := a.header["x5c"]
	_, thumbprint := a.header["x5t"]
	_, thumbprint256 := a.header["x5t#S256"]
	switch {
	case named && certified:
		a.remark("x5c", "x5c.both")
	case certified:
		a.judgeChain(chain)
		return
	case !named && (thumbprint || thumbprint256):
		a.remark("kid", "kid.x5t")
	case !named:
		a.remark("kid", "kid.missing")
	}
	if !named {
		return
	}
	kid, ok := nonEmpty(value)
	issuer, _ := a.claims["iss"].(string)
	switch {
	case !ok:
		a.remark("kid", "kid.shape")
	case kid == issuer && uuidShape.MatchString(kid):
		a.remark("kid", "kid.is-client")
	case !kidShape.MatchString(kid):
		a.remark("kid", "kid.characters", "Kid", kid)
	}
}

func (a *autopsy) judgeChain(value any) {
	chain, ok := value.([]any)
	if !ok {
		a.remark("x5c", "x5c.not-array")
		return
	}
	for _, one := range chain {
		text, _ := one.(string)
		// Standard base64, unlike all else in a JWT, of DER: a sequence.
		der, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(der) == 0 || der[0] != 0x30 {
			a.remark("x5c", "x5c.shape")
			return
		}
	}
	if len(chain) == 0 {
		a.remark("x5c", "x5c.shape")
		return
	}
	a.remark("x5c", "x5c.certificate")
}
