package jwk

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	// scanned is how much of a paste is searched for private key material:
	// more than is ever read as a key, since the alarm is worth more.
	scanned = 1 << 20
	// maxLayers is how many layers of base64 are looked beneath: a key in
	// base64 in a Kubernetes secret, and one more.
	maxLayers = 3
)

// secretMembers are the JWK members that hold private key material, of every
// kind of key.
var secretMembers = map[string]bool{
	"d": true, "p": true, "q": true, "dp": true, "dq": true, "qi": true, "oth": true, "k": true,
}

var (
	// A private member in a text that need not be whole JSON, and may be JSON
	// within a JSON text. Readers exist that do not mind the case, and word processors
	// make quotation marks curly.
	memberMark = regexp.MustCompile(`(?i)["'“”„‟‘’‚«»](?:d|p|q|dp|dq|qi|oth|k)\\*["'“”„‟‘’‚«»]\s*:\s*\\*["'“”„‟‘’‚«»\[]`)
	// PEM, OpenSSH and PuTTY, and the XML that .NET writes.
	textMarks = regexp.MustCompile(`(?is)PRIVATE\s+KEY-----|PuTTY-User-Key-File|<RSAKeyValue>.*<[DPQ]>`)
	// What may be something in base64, of either alphabet.
	base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{64,}`)
)

// leaks says whether a text that should hold public keys holds private key
// material, whole or broken, in any common form, also within base64. It is not
// a reader: where it errs, it errs on the side of alarm.
func leaks(data []byte) bool {
	return leaksWithin(data[:min(len(data), scanned)], maxLayers)
}

func leaksWithin(data []byte, layers int) bool {
	if privateDER(data) {
		return true
	}
	// Zero bytes are what is left of UTF-16 without its mark.
	text := bytes.ReplaceAll(clean(data), []byte{0}, nil)
	if memberMark.Match(text) || textMarks.Match(text) || privateMember(text) {
		return true
	}
	if layers == 0 {
		return false
	}
	candidates := [][]byte{text}
	if unbroken := bytes.Join(bytes.Fields(text), nil); len(unbroken) != len(text) {
		candidates = append(candidates, unbroken)
	}
	for _, candidate := range candidates {
		for _, run := range base64Run.FindAll(candidate, -1) {
			if inner := loose64(run); worthLooking(inner) && leaksWithin(inner, layers-1) {
				return true
			}
		}
	}
	return false
}

// privateMember walks JSON as far as it can be read, which finds a member
// whose name is written with escapes.
func privateMember(text []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(text))
	for {
		found, _, err := secretInside(dec, 0)
		if found || err != nil {
			return found
		}
	}
}

// secretInside reads one JSON value. It says whether a private member with a
// value lies in it, and whether it is null.
func secretInside(dec *json.Decoder, depth int) (found, null bool, err error) {
	token, err := dec.Token()
	if err != nil {
		return false, false, err
	}
	open, nested := token.(json.Delim)
	if !nested {
		return false, token == nil, nil
	}
	if depth > maxDepth {
		return false, false, ErrMalformed
	}
	for dec.More() {
		var name json.Token
		if open == '{' {
			if name, err = dec.Token(); err != nil {
				return false, false, err
			}
		}
		found, null, err := secretInside(dec, depth+1)
		text, _ := name.(string)
		if found || !null && secretMembers[strings.ToLower(text)] {
			return true, false, nil
		}
		if err != nil {
			return false, false, err
		}
	}
	_, err = dec.Token()
	return false, false, err
}

// privateDER says whether the bytes begin like a private key (PKCS#1, PKCS#8,
// SEC 1) or like PKCS#12, which holds one. All of these begin with a small
// version number, and nothing public does.
func privateDER(der []byte) bool {
	var head struct{ Version int }
	if len(der) < 64 || der[0] != 0x30 {
		return false
	}
	_, err := asn1.Unmarshal(der, &head)
	return err == nil && head.Version >= 0 && head.Version <= 3
}

// loose64 decodes base64 of either alphabet as far as it goes.
func loose64(run []byte) []byte {
	standard := bytes.ReplaceAll(bytes.ReplaceAll(run, []byte("-"), []byte("+")), []byte("_"), []byte("/"))
	if len(standard)%4 == 1 {
		standard = standard[:len(standard)-1]
	}
	data := make([]byte, base64.RawStdEncoding.DecodedLen(len(standard)))
	n, _ := base64.RawStdEncoding.Decode(data, standard)
	return data[:n]
}

// worthLooking keeps the bytes of a public modulus, which may be anything,
// from being taken for a text with a private member.
func worthLooking(data []byte) bool {
	return utf8.Valid(data) || privateDER(data) || !bytes.Equal(clean(data), bytes.TrimSpace(data))
}
