package handlers

import (
	"slices"
	"strconv"
	"strings"

	"portvakt/jwk"
	"portvakt/views"
)

// registeredKid parses the kid of the other site; the one that was made here is
// not another one. A whole public key, as that site shows it, is unwrapped to its
// kid if it is the key on record.
func registeredKid(j *journey) string {
	kid := j.form.registeredKid
	if kid == "" {
		return ""
	}
	if kid == j.form.clientID {
		j.problems["registered_kid"] = "kid.is-client"
		return ""
	}
	if _, err := jwk.ParseKid(kid); err != nil {
		if kid = kidOfKey(j, kid); kid == "" {
			return ""
		}
		j.form.registeredKid = kid
	}
	if k := j.current(); k != nil && k.Kid == kid {
		return ""
	}
	return kid
}

// kidOfKey finds the kid in a pasted public key, or says what is wrong with it.
func kidOfKey(j *journey, pasted string) string {
	f := jwk.Recognise([]byte(pasted))
	if f.Kind != jwk.KindPublic && f.Kind != jwk.KindPublics {
		if f.Bits > 0 {
			j.figure("registered_kid", "Bits", strconv.Itoa(f.Bits))
		}
		j.problems["registered_kid"] = notAKid(f.Kind, pasted)
		return ""
	}
	recorded := recordedPrint(j)
	// Without a key on record there is nothing to compare with.
	i := slices.IndexFunc(f.Keys, func(k jwk.Public) bool { return recorded == "" || k.Thumbprint() == recorded })
	switch {
	case i < 0:
		j.figure("registered_kid", "Pasted", thumbprints(f.Keys))
		j.figure("registered_kid", "Record", recorded)
		j.problems["registered_kid"] = "kid.other"
		return ""
	case f.Keys[i].Kid() == "":
		j.problems["registered_kid"] = "kid.none"
		return ""
	}
	j.remark("registered_kid", views.Remark{Code: "kid-of-key", Value: f.Keys[i].Kid()})
	j.remark("registered_kid", readAs(f.Remarks, jwk.ReadNoKid)...)
	return f.Keys[i].Kid()
}

// notAKid is the code of what was pasted in place of a kid.
func notAKid(kind jwk.Kind, pasted string) string {
	switch kind {
	case jwk.KindNotRSA, jwk.KindSymmetric:
		return "kid.not-rsa"
	case jwk.KindSmall, jwk.KindLarge:
		return "kid.size"
	case jwk.KindExponent, jwk.KindWeak, jwk.KindUse, jwk.KindAlg:
		return "kid.unfit"
	case jwk.KindTruncated:
		return "kid.truncated"
	case jwk.KindMalformed, jwk.KindTooLong:
		return "kid.malformed"
	case jwk.KindHTML:
		return "kid.is-html"
	}
	if addressShape.MatchString(pasted) {
		return "kid.is-address"
	}
	return "kid.syntax"
}

// thumbprints lists those of some keys: as many as a sentence can hold.
func thumbprints(keys []jwk.Public) string {
	var all []string
	for _, k := range keys[:min(len(keys), 3)] {
		all = append(all, k.Thumbprint())
	}
	return strings.Join(all, ", ")
}
