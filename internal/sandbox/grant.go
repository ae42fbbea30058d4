package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxSeconds is the largest whole number that every JSON reader keeps exact. A time in milliseconds, a common mistake,
// lies below it and is answered for what it then says.
const maxSeconds = 1 << 53

// grant is a JWT grant whose form is right; nothing of it is believed yet.
type grant struct {
	compact  string
	kid      string
	chain    bool // the header has an x5c
	issuer   string
	audience string
	id       string // jti, empty when there is none
	scopes   []string
	issued   time.Time
	expires  time.Time
	consumer string // consumer_org
	person   string // pid
	targets  []string
	details  any // authorization_details, nil when there are none
}

// claims are those that a grant may have. nbf is not documented, but large clients send it and are served.
var claims = []string{"aud", "iss", "scope", "iat", "exp", "jti", "nbf", "resource", "consumer_org", "pid", "authorization_details"}

func grantAlgorithm(alg string) bool { return slices.Contains(algorithms, alg) }

// parseGrant reads a compact JWS strictly: three parts of base64url without padding, a flat choice of claims, each of
// the right type.
func parseGrant(compact string) (grant, error) {
	g := grant{compact: compact}
	header, payload, err := decodeJWS(compact)
	if err != nil {
		return grant{}, errParameter
	}
	if err := g.readHeader(header); err != nil {
		return grant{}, err
	}
	for _, name := range sortedKeys(payload) {
		if !slices.Contains(claims, name) {
			return grant{}, unknownClaim(name)
		}
	}
	if err := g.readClaims(payload); err != nil {
		return grant{}, err
	}
	return g, nil
}

// readHeader wants a signature algorithm and either kid or x5c.
func (g *grant) readHeader(header map[string]any) error {
	if alg, _ := header["alg"].(string); !grantAlgorithm(alg) {
		return errParameter
	}
	if _, critical := header["crit"]; critical {
		return errParameter
	}
	if chain, has := header["x5c"]; has {
		if _, isArray := chain.([]any); !isArray {
			return errChain
		}
		g.chain = true
	}
	kid, has := header["kid"]
	if !has {
		return nil
	}
	text, isText := kid.(string)
	if !isText || text == "" || g.chain {
		return errParameter
	}
	g.kid = text
	return nil
}

func (g *grant) readClaims(payload map[string]any) error {
	scope := ""
	required := map[string]*string{"iss": &g.issuer, "scope": &scope}
	optional := map[string]*string{"jti": &g.id, "consumer_org": &g.consumer, "pid": &g.person}
	if !readTexts(payload, required, true) || !readTexts(payload, optional, false) {
		return errParameter
	}
	g.scopes = distinct(strings.Fields(scope))
	if len(g.scopes) == 0 {
		return errParameter
	}
	var haveIssued, haveExpires bool
	g.issued, haveIssued = readSeconds(payload["iat"])
	g.expires, haveExpires = readSeconds(payload["exp"])
	if !haveIssued || !haveExpires {
		return errParameter
	}
	if nbf, has := payload["nbf"]; has {
		if _, ok := readSeconds(nbf); !ok {
			return errParameter
		}
	}
	if g.consumer != "" && !digits(g.consumer, 9) || g.person != "" && !digits(g.person, 11) {
		return errParameter
	}
	g.details = payload["authorization_details"]
	if err := g.readTargets(payload); err != nil {
		return err
	}
	return g.readAudience(payload)
}

// readAudience takes aud as a text only. The documentation wants a single value and no source says whether an array of
// one is accepted, so the sandbox does not teach it.
func (g *grant) readAudience(payload map[string]any) error {
	audience, has := payload["aud"]
	if !has {
		return errParameter
	}
	text, isText := audience.(string)
	if !isText {
		return errAudience
	}
	g.audience = text
	return nil
}

// readTargets takes resource as a text or an array of texts: the documentation wants an array, clients in use send a text.
func (g *grant) readTargets(payload map[string]any) error {
	resource, has := payload["resource"]
	if !has {
		return nil
	}
	several, isArray := resource.([]any)
	if !isArray {
		several = []any{resource}
	}
	for _, one := range several {
		text, _ := one.(string)
		g.targets = append(g.targets, text)
	}
	if len(g.targets) == 0 {
		return errResource
	}
	return nil
}

// checkTargets judges what becomes the audience of the token, and the authorization details.
func (g grant) checkTargets() error {
	for _, target := range g.targets {
		u, err := url.Parse(target)
		if err != nil || !u.IsAbs() || strings.Contains(target, "#") {
			return errResource
		}
	}
	return checkDetails(g.details)
}

// replayID is what may be used once. The same JWT without a jti may not be sent twice either.
func (g grant) replayID() string {
	if g.id != "" {
		return "jti " + g.id
	}
	sum := sha256.Sum256([]byte(g.compact))
	return "jwt " + hex.EncodeToString(sum[:])
}

// readTexts fills the named texts; it fails on one of another type, and on an empty or missing one if required.
func readTexts(payload map[string]any, into map[string]*string, required bool) bool {
	for name, text := range into {
		value, has := payload[name]
		if !has && !required {
			continue
		}
		read, isText := value.(string)
		if !isText || read == "" {
			return false
		}
		*text = read
	}
	return true
}

// readSeconds reads whole seconds since 1970.
func readSeconds(value any) (time.Time, bool) {
	number, _ := value.(json.Number)
	seconds, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil || seconds < 0 || seconds > maxSeconds {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0), true
}

func digits(text string, n int) bool {
	return len(text) == n && strings.Trim(text, "0123456789") == ""
}

func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
