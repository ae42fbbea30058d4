package jwk

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"
)

const (
	// maxTexts is how many texts within one paste are looked into, and how many
	// keys are judged.
	maxTexts = 64
	// maxUnwrapped is how deep they may be wrapped in one another.
	maxUnwrapped = 6
	// shortest is the shortest text within another that may be a key.
	shortest = 40
)

// seeker looks for keys in a text, layer by layer, and keeps what it found.
type seeker struct {
	remarks  []Remark
	publics  []Public
	privates []Private
	halves   []Public // of private keys
	wrong    []Kind
	bits     int
	shaped   bool // something had the shape of a key
	empty    bool
	left     int
}

func (s *seeker) found() int { return len(s.publics) + len(s.privates) + len(s.halves) + len(s.wrong) }

// spend takes one from the budget; false when it is used up.
func (s *seeker) spend() bool {
	s.left--
	return s.left >= 0
}

func (s *seeker) remark(code, value string) {
	if !slices.ContainsFunc(s.remarks, func(r Remark) bool { return r.Code == code }) {
		s.remarks = append(s.remarks, Remark{code, value})
	}
}

// try looks within a wrapping. Its remarks stand only if something was found.
func (s *seeker) try(inside func(), remarks ...Remark) bool {
	before, found := s.remarks, s.found()
	s.remarks = slices.Clone(before)
	for _, r := range remarks {
		s.remark(r.Code, r.Value)
	}
	if inside(); s.found() > found {
		return true
	}
	s.remarks = before
	return false
}

// text looks into a text of any kind.
func (s *seeker) text(data []byte, layers int) {
	if layers < 0 || !s.spend() || s.der(data) {
		return
	}
	clean, how := unmarked(data)
	if len(clean) == 0 {
		return
	}
	s.try(func() { s.cleanText(clean, layers) }, how...)
}

func (s *seeker) cleanText(data []byte, layers int) {
	switch {
	case htmlStart.Match(data):
		s.wrong = append(s.wrong, KindHTML)
	case data[0] == '{' || data[0] == '[':
		s.json(data, layers)
	case pemLine.Match(data):
		s.pem(data)
	case sshStart.Match(data):
		s.ssh(data)
	case jwsOnly.Match(data) && beginsSigned(string(data)):
		s.wrong = append(s.wrong, KindToken)
	default:
		_ = s.quoted(data, layers) || s.encoded(data, layers) || s.settings(data, layers) || s.embedded(data, layers)
	}
}

var (
	htmlStart = regexp.MustCompile(`(?i)^<(?:!doctype html|html|head|body)\b`)
	sshStart  = regexp.MustCompile(`^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+) +AAAA`)
	jwsOnly   = regexp.MustCompile(`^[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*$`)
)

// unmarked takes off what an editor or a shell put around a text, and says so.
func unmarked(data []byte) ([]byte, []Remark) {
	var how []Remark
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		how = append(how, Remark{ReadUTF16, ""})
	case bytes.Count(data, []byte{0}) > len(data)/3:
		// UTF-16 without its mark.
		data = bytes.ReplaceAll(data, []byte{0}, nil)
		how = append(how, Remark{ReadUTF16, ""})
	case bytes.HasPrefix(data, []byte("\ufeff")):
		how = append(how, Remark{ReadMark, ""})
	}
	return bytes.TrimSpace(bytes.TrimLeft(clean(data), "\ufeff\u200b")), how
}

// json looks into JSON, mended if need be.
func (s *seeker) json(data []byte, layers int) {
	s.shaped = true
	value, err := strictJSON(data)
	var how []Remark
	open := false
	if err != nil {
		var mended []byte
		mended, how, open = mend(data)
		value, err = strictJSON(mended)
	}
	switch {
	case err == nil:
		s.try(func() { s.value(value, layers) }, how...)
	case pemLine.Match(data):
		s.pem(data)
	case s.settings(data, layers):
	case open:
		s.wrong = append(s.wrong, KindTruncated)
	default:
		s.wrong = append(s.wrong, KindMalformed)
	}
}

// value looks into a JSON value: a key, a list or a set of keys, or settings
// with a key somewhere in them.
func (s *seeker) value(value any, layers int) {
	switch v := value.(type) {
	case string:
		if len(v) >= shortest {
			s.text([]byte(v), layers-1)
		}
	case []any:
		s.try(func() { s.list(v, layers) }, Remark{ReadArray, ""})
	case map[string]any:
		keys, set := v["keys"].([]any)
		switch {
		case v["kty"] != nil:
			s.key(v)
		case set:
			s.try(func() { s.list(keys, layers) }, Remark{ReadSet, ""})
		default:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				s.setting(name, v[name], layers)
			}
		}
	}
}

func (s *seeker) list(items []any, layers int) {
	for _, item := range items {
		s.value(item, layers)
	}
}

// setting looks into one setting of several.
func (s *seeker) setting(name string, value any, layers int) {
	if layers < 0 || s.left < 0 {
		return
	}
	s.try(func() { s.value(value, layers-1) }, Remark{ReadSettings, knownSetting(name)})
}

// knownSettings are the names under which programs keep keys: what else stands
// there is not repeated, since it may be anything.
var knownSettings = regexp.MustCompile(`(?i)(?:^|[_:.])(EncodedJwk|JwkBase64|EncodedX509|PrivateKey|private_key|privateJwk|private_jwk|client_jwk|MASKINPORTEN_CLIENT_JWK|jwk)$`)

func knownSetting(name string) string {
	if m := knownSettings.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return ""
}

// quoted looks into a text in quotation marks, which may be a JSON string.
func (s *seeker) quoted(data []byte, layers int) bool {
	data = bytes.Trim(data, ",; \t\r\n")
	inner := bytes.Trim(data, "\"'`“”„‟‘’‚«»")
	if len(inner) == 0 || bytes.HasPrefix(data, inner) {
		return false
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		inner = []byte(text)
	}
	return s.try(func() { s.text(inner, layers-1) }, Remark{ReadQuotes, ""})
}

var base64Only = regexp.MustCompile(`^[A-Za-z0-9+/_-]+=*$`)

// encoded looks into base64 of either alphabet, in lines or not.
func (s *seeker) encoded(data []byte, layers int) bool {
	unbroken := bytes.Join(bytes.Fields(data), nil)
	if len(unbroken) < shortest || !base64Only.Match(unbroken) {
		return false
	}
	inner := loose64(bytes.TrimRight(unbroken, "="))
	text, _ := unmarked(inner)
	if !utf8.Valid(text) && !derStart(inner) {
		return false
	}
	how := []Remark{{ReadBase64, ""}}
	if bytes.ContainsAny(unbroken, "-_") {
		how[0].Code = ReadBase64URL
	}
	if len(unbroken) < len(data) {
		how = append(how, Remark{ReadBreaks, ""})
	}
	return s.try(func() { s.text(inner, layers-1) }, how...)
}

// settingLine is a line of an .env file, of YAML, of an ini file or of code.
var settingLine = regexp.MustCompile(`(?m)^\s*(?:export\s+|set\s+|-\s+)?["']?([A-Za-z_][\w.:-]*?)["']?\s*[=:]\s*(\S.*?)[,;]?\s*$`)

// settings looks into the values of lines like NAME=value.
func (s *seeker) settings(data []byte, layers int) bool {
	found := s.found()
	for _, m := range settingLine.FindAllSubmatch(data, maxTexts) {
		if len(m[2]) < shortest {
			continue
		}
		s.try(func() { s.text(bytes.Trim(m[2], `"'`), layers-1) }, Remark{ReadSettings, knownSetting(string(m[1]))})
	}
	return s.found() > found
}

// embedded looks at what stands in curly brackets in the middle of a text.
func (s *seeker) embedded(data []byte, layers int) bool {
	start, end := bytes.IndexByte(data, '{'), bytes.LastIndexByte(data, '}')
	if start < 0 || end < start {
		return false
	}
	wrong := len(s.wrong)
	found := s.try(func() { s.json(data[start:end+1], layers-1) }, Remark{ReadSettings, ""})
	if len(s.publics)+len(s.privates)+len(s.halves) == 0 {
		// Brackets in a sentence are no broken key.
		s.wrong, s.shaped = s.wrong[:wrong], false
		return false
	}
	return found
}
