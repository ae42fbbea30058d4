package jwk

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"math/big"
	"slices"
	"strings"
)

// key judges the members of a JWK.
func (s *seeker) key(members map[string]any) {
	s.shaped = true
	if !s.spend() {
		return
	}
	public, secret := map[string]any{}, false
	for name, value := range members {
		if secretMembers[strings.ToLower(name)] && value != nil {
			secret = true
			continue
		}
		public[name] = value
	}
	kty, _ := members["kty"].(string)
	switch {
	case strings.EqualFold(kty, "RSA"):
	case secret:
		s.wrong = append(s.wrong, KindPrivateNotRSA)
		return
	case strings.EqualFold(kty, "oct"):
		s.wrong = append(s.wrong, KindSymmetric)
		return
	default:
		s.wrong = append(s.wrong, KindNotRSA)
		return
	}
	if secret {
		s.pair(members, public)
		return
	}
	s.publicMembers(public)
}

// publicMembers judges a public RSA key, and says what it lacks.
func (s *seeker) publicMembers(members map[string]any) {
	members = s.canonical(members)
	key, err := publicOf(members)
	if err != nil {
		s.refuse(err, rsaOf(members))
		return
	}
	if members["use"] == nil {
		s.remark(ReadNoUse, "sig")
	}
	if members["alg"] == nil {
		s.remark(ReadNoAlg, defaultAlg)
	}
	if key.Kid() == "" {
		s.remark(ReadNoKid, key.Thumbprint())
	}
	s.addPublic(key)
}

// pair judges a private RSA key. Of a broken one the public half may be whole.
func (s *seeker) pair(members, public map[string]any) {
	before := s.remarks
	members = s.canonical(members)
	key, err := privateOf(members)
	if err == nil {
		s.addPrivate(key)
		return
	}
	s.remarks = before
	public = s.canonical(public)
	if half, err := publicOf(public); err == nil {
		s.halves = append(s.halves, half)
	}
	s.refusePrivate(err, rsaOf(public).N)
}

func (s *seeker) addPublic(key Public) {
	if !slices.Contains(s.publics, key) {
		s.publics = append(s.publics, key)
	}
}

// addPrivate keeps each key pair once; one with a kid before one without.
func (s *seeker) addPrivate(key Private) {
	print := key.Public().Thumbprint()
	for i, known := range s.privates {
		if known.Public().Thumbprint() == print {
			if known.Public().Kid() == "" {
				s.privates[i] = key
			}
			return
		}
	}
	s.privates, s.halves = append(s.privates, key), append(s.halves, key.Public())
}

// refuse notes why a public key was refused.
func (s *seeker) refuse(err error, key *rsa.PublicKey) {
	bits := key.N.BitLen()
	kind := KindMalformed
	switch {
	case errors.Is(err, ErrUse):
		kind = KindUse
	case errors.Is(err, ErrAlgorithm):
		kind = KindAlg
	case errors.Is(err, ErrKid):
		kind = KindKid
	case bits > 0 && bits < sizes[0]:
		kind, s.bits = KindSmall, bits
	case errors.Is(err, ErrSize):
		kind, s.bits = KindLarge, bits
	case errors.Is(err, ErrWeak) && key.E != exponent:
		kind = KindExponent
	case errors.Is(err, ErrWeak):
		kind = KindWeak
	}
	s.wrong = append(s.wrong, kind)
}

func (s *seeker) refusePrivate(err error, n *big.Int) {
	kind := KindPrivateBroken
	if bits := n.BitLen(); errors.Is(err, ErrSize) || bits > 0 && bits < sizes[0] {
		kind, s.bits = KindPrivateSize, bits
	}
	s.wrong = append(s.wrong, kind)
}

// rsaOf reads modulus and exponent without judging them; zero where there are
// none.
func rsaOf(members map[string]any) *rsa.PublicKey {
	number := func(name string) *big.Int {
		text, _ := members[name].(string)
		return new(big.Int).SetBytes(loose64([]byte(text)))
	}
	key := &rsa.PublicKey{N: number("n")}
	if e := number("e"); e.IsInt64() && e.BitLen() < 32 {
		key.E = int(e.Int64())
	}
	return key
}

// canonical writes the numbers of a JWK as they should be: without line breaks,
// in base64url without padding, without a zero byte before a modulus. The
// members of the original are not changed.
func (s *seeker) canonical(members map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range members {
		out[name] = value
		text, ok := value.(string)
		if !ok || name != "n" && name != "e" && !secretMembers[name] {
			continue
		}
		unbroken := strings.Join(strings.Fields(text), "")
		if unbroken != text {
			s.remark(ReadBreaks, "")
		}
		bare := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(unbroken, "="))
		if data, err := decode(bare); err == nil && (name == "n" || name == "e") {
			bare = encode(bytes.TrimLeft(data, "\x00"))
		}
		if bare != unbroken {
			s.remark(ReadValues, "")
		}
		out[name] = bare
	}
	if kty, _ := members["kty"].(string); strings.EqualFold(kty, "RSA") {
		out["kty"] = "RSA"
	}
	return out
}
