package maskinporten

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// judgeConsumer looks at the claims with which one acts for another organisation.
func (a *autopsy) judgeConsumer() {
	value, there := a.claims["consumer_org"]
	if _, old := a.claims["iss_onbehalfof"]; old {
		a.remark("iss_onbehalfof", "iss_onbehalfof.old")
		if there {
			a.remark("iss_onbehalfof", "iss_onbehalfof.both")
		}
	}
	if !there {
		return
	}
	if n, isNumber := value.(float64); isNumber {
		a.remark("consumer_org", "consumer_org.number", "Value", strconv.FormatFloat(n, 'f', -1, 64))
		return
	}
	number, _ := value.(string)
	switch {
	case strings.HasPrefix(number, "0192:"):
		a.remark("consumer_org", "consumer_org.prefix")
	case !orgNumberShape.MatchString(number):
		a.remark("consumer_org", "consumer_org.shape")
	case !checked(number):
		a.remark("consumer_org", "consumer_org.check-digit")
	case a.known.Organisation == "":
		a.remark("consumer_org", "consumer_org.stranger")
	case number == a.known.Organisation:
		a.remark("consumer_org", "consumer_org.own")
	}
}

// judgeResource wants absolute addresses without a fragment (RFC 8707).
func (a *autopsy) judgeResource() {
	value, there := a.claims["resource"]
	if !there {
		return
	}
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	if len(list) == 0 {
		a.remark("resource", "resource.empty")
	}
	if _, isText := value.(string); isText {
		a.remark("resource", "resource.text")
	}
	for _, one := range list {
		text, _ := one.(string)
		u, err := url.Parse(text)
		switch {
		case err != nil || !u.IsAbs():
			a.remark("resource", "resource.relative")
		case strings.Contains(text, "#"):
			a.remark("resource", "resource.fragment")
		}
	}
}

// The types of authorization details that Maskinporten knows, and the members
// of each.
var detailMembers = map[string][]string{
	"urn:altinn:systemuser": {"type", "systemuser_org", "externalRef"},
	"urn:altinn:consent":    {"type", "id", "from"},
}

var (
	referenceShape = regexp.MustCompile(`^[\p{L}0-9_-]{1,255}$`)
	partyShape     = regexp.MustCompile(`^urn:altinn:(person:identifier-no:[0-9]{11}|organization:identifier-no:[0-9]{9})$`)
)

func (a *autopsy) judgeDetails() {
	value, there := a.claims["authorization_details"]
	if !there {
		return
	}
	list, isList := value.([]any)
	if !isList || len(list) == 0 {
		a.remark("authorization_details", "details.shape")
		return
	}
	if len(list) > 1 {
		a.remark("authorization_details", "details.several")
	}
	for n, one := range list {
		if n < 10 {
			a.judgeDetail(one)
		}
	}
}

func (a *autopsy) judgeDetail(value any) {
	const field = "authorization_details"
	detail, ok := value.(map[string]any)
	if !ok {
		a.remark(field, "details.shape")
		return
	}
	kind, _ := detail["type"].(string)
	members, known := detailMembers[kind]
	if !known {
		a.remark(field, "details.type")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(detail)) {
		if !slices.Contains(members, name) {
			a.remark(field, "details.member", "Name", name)
			break
		}
	}
	if kind == "urn:altinn:consent" {
		id, _ := detail["id"].(string)
		from, _ := detail["from"].(string)
		if !uuidShape.MatchString(id) || !partyShape.MatchString(from) {
			a.remark(field, "details.consent")
		}
		return
	}
	party, _ := detail["systemuser_org"].(map[string]any)
	number, _ := party["ID"].(string)
	if party["authority"] != "iso6523-actorid-upis" || !strings.HasPrefix(number, "0192:") || !orgNumberShape.MatchString(number[5:]) {
		a.remark(field, "details.party")
	}
	if reference, there := detail["externalRef"]; there {
		if text, _ := reference.(string); !referenceShape.MatchString(text) {
			a.remark(field, "details.reference")
		}
	}
}

// judgeOthers looks at what is left: claims that a grant need not or may not have.
func (a *autopsy) judgeOthers() {
	if value, there := a.claims["pid"]; there {
		if text, _ := value.(string); !pidShape.MatchString(text) {
			a.remark("pid", "pid.shape")
		}
	}
	for n, name := range slices.Sorted(maps.Keys(a.claims)) {
		switch code := otherClaims[name]; {
		case slices.Contains(claimsOrder, name) && name != "nbf", name == "scopes":
		case code != "":
			a.remark(name, code)
		case strings.HasPrefix(strings.ToLower(strings.ReplaceAll(name, "_", "")), "consumerorg"):
			a.remark(name, "consumer_org.typo", "Name", name)
		case n < mostFields:
			a.remark(name, "claim.unknown", "Name", name)
		}
	}
}

var pidShape = regexp.MustCompile(`^[0-9]{11}$`)

// otherClaims are those with something of their own to say about them.
var otherClaims = map[string]string{"nbf": "nbf.unneeded", "sub": "sub.unknown", "client_id": "client_id.unknown"}
