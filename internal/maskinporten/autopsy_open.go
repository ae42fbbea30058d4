package maskinporten

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"portvakt/jwk"
)

// maxPaste is more than any grant measures; one with a chain of certificates
// has some eight thousand characters.
const maxPaste = 16 << 10

// open finds the JWT in a pasted text, drops its signature, and reads its header
// and claims. It reports whether there is something to judge; if not, a remark
// says why.
func (a *autopsy) open(text string) bool {
	text = strings.TrimSpace(invisible.Replace(text))
	switch {
	case text == "":
		return false
	case jwk.Leaks([]byte(text)):
		a.remark("", "form.private-key")
		return false
	case len(text) > maxPaste:
		a.remark("", "form.too-large")
		return false
	}
	text, ok := a.unpack(text)
	if !ok {
		return false
	}
	parts, ok := a.parts(a.unwrap(text))
	return ok && a.read(parts[0], parts[1])
}

// invisible is what editors and web pages leave in a text unseen.
var invisible = strings.NewReplacer("\ufeff", "", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\u00ad", "", "\u00a0", " ", "\x00", "")

var (
	assertionField = regexp.MustCompile(`(?:^|[?&\s'"])(client_)?assertion=([A-Za-z0-9_.=%+/\s-]*)`)
	grantTypeField = regexp.MustCompile(`(?:^|[?&\s'"])grant_type=([^&\s'"]+)`)
	percent        = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
)

// unpack takes the grant or token out of a form or of JSON.
func (a *autopsy) unpack(text string) (string, bool) {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return a.unpackJSON(text)
	}
	if m := assertionField.FindStringSubmatchIndex(text); m != nil {
		value := text[m[4]:m[5]]
		if address, _, found := strings.Cut(text[:m[4]], "?"); found && strings.Contains(address, "://") {
			a.remark("", "form.query")
			value, _, _ = strings.Cut(strings.TrimSpace(value), " ")
		} else {
			a.remark("", "form.body")
		}
		if m[2] >= 0 {
			a.remark("", "form.client-assertion")
		}
		if kind := grantTypeField.FindStringSubmatch(text); kind != nil && m[2] < 0 && unescaped(kind[1]) != grantType {
			a.remark("", "form.grant-type")
		}
		return unescaped(value), true
	}
	if percent.MatchString(text) {
		if plain := unescaped(text); plain != text {
			a.remark("", "form.url-encoded")
			return plain, true
		}
	}
	return text, true
}

// unpackJSON knows the answer of a token endpoint, a request that was sent as
// JSON, and the decoded contents that some tools show.
func (a *autopsy) unpackJSON(text string) (string, bool) {
	var members map[string]any
	if json.NewDecoder(strings.NewReader(text)).Decode(&members) != nil {
		// With the signature, the end was cut off.
		inside := jwtInside.FindString(text)
		if inside == "" {
			a.remark("", "form.not-jwt")
		} else if strings.Contains(text, `"assertion"`) {
			a.remark("", "form.json")
		}
		return inside, inside != ""
	}
	if token, ok := members["access_token"].(string); ok {
		return token, true
	}
	if grant, ok := members["assertion"].(string); ok {
		a.remark("", "form.json")
		return grant, true
	}
	if payload, ok := members["payload"].(string); ok && (members["signature"] != nil || members["signatures"] != nil) {
		a.remark("", "form.json-serialised")
		protected, _ := members["protected"].(string)
		a.Signed = members["signature"] != ""
		return protected + "." + payload, protected != ""
	}
	for _, name := range []string{"alg", "typ", "iss", "aud", "scope", "exp"} {
		if members[name] != nil {
			a.remark("", "form.decoded")
			return "", false
		}
	}
	a.remark("", "form.not-jwt")
	return "", false
}

func unescaped(text string) string {
	// Not as in a form, where a plus is a space: base64 has pluses.
	plain, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	return strings.TrimSpace(plain)
}

const quotes = "\"'`“”„«»‘’‚"

var (
	bearer    = regexp.MustCompile(`(?i)^(?:authorization\s*:\s*)?bearer\s+`)
	jwtInside = regexp.MustCompile(`e[yw][A-Za-z0-9_+/=-]{4,}\.[A-Za-z0-9_+/=-]{2,}(?:\.[A-Za-z0-9_+/=-]*)*`)
	jwtAlone  = regexp.MustCompile(`^[A-Za-z0-9_+/=.-]*$`)
)

// unwrap takes away what stands around a JWT, and puts it on one line.
func (a *autopsy) unwrap(text string) string {
	for range 2 {
		if bare := strings.TrimRight(text, ",; "); bare != "" && strings.ContainsRune(quotes, lastRune(bare)) {
			text = bare
		}
		if bare := strings.Trim(text, quotes); bare != text {
			a.remark("", "form.quotes")
			text = strings.TrimSpace(bare)
		}
		if mark := bearer.FindString(text); mark != "" {
			a.bearer = true
			text = strings.TrimSpace(text[len(mark):])
		}
	}
	words := strings.Fields(text)
	whole := strings.Join(words, "")
	switch {
	case !strings.HasPrefix(whole, "e"):
	case len(words) == 1:
		return whole
	case jwtAlone.MatchString(whole):
		a.remark("", "form.line-breaks")
		return whole
	}
	if inside := jwtInside.FindString(text); inside != "" && inside != text {
		a.remark("", "form.surrounded")
		return inside
	}
	return text
}

func lastRune(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

// parts divides a compact JWT, and forgets its signature.
func (a *autopsy) parts(text string) ([]string, bool) {
	parts := strings.Split(text, ".")
	begins := strings.HasPrefix(text, "ey") || strings.HasPrefix(text, "ew")
	switch {
	case !begins && !a.object(parts[0]):
		a.remark("", "form.not-jwt")
		return nil, false
	case len(parts) == 5 && parts[1] != "":
		a.remark("", "form.encrypted")
		return nil, false
	case len(parts) < 2 || len(parts) > 3:
		a.remark("", "form.parts")
		return nil, false
	}
	a.Signed = a.Signed || len(parts) == 3 && parts[2] != ""
	return parts[:2], true
}

// object reports whether a part is a JSON object in base64.
func (a *autopsy) object(part string) bool {
	data, _, err := loosely(part)
	return err == nil && isObject(data)
}

func isObject(data []byte) bool {
	var members map[string]any
	return utf8.Valid(data) && json.Unmarshal(data, &members) == nil && members != nil
}

// read decodes both parts, as strictly as a JWT must be, having said what is
// wrong with one that can be read all the same.
func (a *autopsy) read(header, claims string) bool {
	var canonical [2]string
	for i, part := range []string{header, claims} {
		data, fault, err := loosely(part)
		if err != nil {
			a.remark("", "form.not-base64")
			return false
		}
		if !isObject(data) {
			a.remark("", "form.not-json")
			return false
		}
		if fault != "" {
			a.remark("", fault)
		}
		canonical[i] = base64.RawURLEncoding.EncodeToString(data)
	}
	text := canonical[0] + "." + canonical[1]
	var err error
	if a.header, a.claims, err = jwk.Inspect(text + "."); err != nil {
		// Both are JSON, so what remains is a member that stands twice.
		a.remark("", "form.duplicate")
		return false
	}
	if a.header["enc"] != nil {
		a.header, a.claims = nil, nil
		a.remark("", "form.encrypted")
		return false
	}
	a.Text = text
	return true
}

// loosely decodes base64 of either alphabet, with padding or without. The fault
// is the code of what a JWT may not have.
func loosely(part string) (data []byte, fault string, err error) {
	if data, err = base64.RawURLEncoding.Strict().DecodeString(part); err == nil {
		return data, "", nil
	}
	if strings.ContainsAny(part, "+/") {
		fault = "form.alphabet"
	} else if strings.HasSuffix(part, "=") {
		fault = "form.padding"
	}
	plain := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(part, "="))
	data, err = base64.RawURLEncoding.DecodeString(plain)
	return data, fault, err
}
