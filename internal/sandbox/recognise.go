package sandbox

import (
	"strconv"

	"portvakt/jwk"
)

// unread is the refusal of a text in which self-service finds no key. It forgives
// nothing; but where a person would see what the text is, the refusal says so.
func unread(pasted string) Problems {
	found := jwk.Recognise([]byte(pasted))
	switch found.Kind {
	case jwk.KindTruncated:
		return refuse(FieldKey, CodeKeyTruncated)
	case jwk.KindHTML:
		return refuse(FieldKey, CodeKeyHTML)
	case jwk.KindNotRSA, jwk.KindSymmetric:
		return refuse(FieldKey, CodeKeyNotRSA)
	}
	for _, r := range found.Remarks {
		if code := unforgiven[r.Code]; code != "" {
			return refuse(FieldKey, code)
		}
	}
	return refuse(FieldKey, CodeKeyMalformed)
}

// unforgiven are the codes of what Portvakt reads and self-service does not.
var unforgiven = map[string]string{
	jwk.ReadBase64: CodeKeyBase64, jwk.ReadBase64URL: CodeKeyBase64, jwk.ReadDER: CodeKeyBase64,
	jwk.ReadSSH: CodeKeySSH, jwk.ReadSettings: CodeKeySettings, jwk.ReadQuotes: CodeKeyQuotes,
	jwk.ReadBreaks: CodeKeyBreaks, jwk.ReadCommas: CodeKeyCommas, jwk.ReadComments: CodeKeyCommas,
	jwk.ReadValues: CodeKeyValues,
}

// wrongSize is the refusal of a key whose size is not accepted; it tells the size.
func wrongSize(pasted string) Problems {
	if bits := jwk.Recognise([]byte(pasted)).Bits; bits > 0 {
		return refuse(FieldKey, CodeKeySize, "bits", strconv.Itoa(bits))
	}
	return refuse(FieldKey, CodeKeySize)
}

// weak is the refusal of a key that others could break, or that only seems to be
// one since its exponent is not what it should be.
func weak(pasted string) Problems {
	switch jwk.Recognise([]byte(pasted)).Kind {
	case jwk.KindExponent:
		return refuse(FieldKey, CodeKeyExponent)
	case jwk.KindPublic, jwk.KindPublics:
		return unread(pasted)
	}
	return refuse(FieldKey, CodeKeyWeak)
}
