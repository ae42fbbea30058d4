package jwk

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"math/big"
	"regexp"
	"strings"
)

var (
	// pemLine is the first line of a PEM block, also when a word processor has
	// made its hyphens into dashes.
	pemLine  = regexp.MustCompile(`[-–—]{2,}\s*BEGIN ([A-Z0-9 ]+?)\s*[-–—]{2,}`)
	pemEnd   = regexp.MustCompile(`[-–—]{2,}\s*END [A-Z0-9 ]+?\s*[-–—]{2,}`)
	pemJunk  = regexp.MustCompile(`[^A-Za-z0-9+/]`)
	pemHeads = regexp.MustCompile(`(?m)^[A-Za-z-]+: .*$`)
)

// pem looks at the PEM blocks in a text, whatever stands around them and
// whether or not their lines were kept.
func (s *seeker) pem(data []byte) {
	s.shaped = true
	if bytes.Contains(data, []byte(`\n`)) {
		data = bytes.ReplaceAll(bytes.ReplaceAll(data, []byte(`\r`), nil), []byte(`\n`), []byte("\n"))
		s.remark(ReadBreaks, "")
	}
	for s.spend() {
		begin := pemLine.FindSubmatchIndex(data)
		if begin == nil {
			return
		}
		label := string(data[begin[2]:begin[3]])
		if bytes.ContainsAny(data[begin[0]:begin[1]], "–—") {
			s.remark(ReadQuotes, "")
		}
		data = data[begin[1]:]
		end := pemEnd.FindIndex(data)
		if end == nil {
			s.wrong = append(s.wrong, brokenPEM(label, KindTruncated))
			return
		}
		s.block(label, data[:end[0]])
		data = data[end[1]:]
	}
}

func brokenPEM(label string, otherwise Kind) Kind {
	if strings.Contains(label, "PRIVATE") {
		return KindPrivateBroken
	}
	return otherwise
}

func (s *seeker) block(label string, body []byte) {
	switch {
	case label == "OPENSSH PRIVATE KEY":
		s.wrong = append(s.wrong, KindOpenSSH)
		return
	case bytes.Contains(body, []byte("ENCRYPTED")):
		s.wrong = append(s.wrong, KindEncrypted)
		return
	}
	body = pemJunk.ReplaceAll(pemHeads.ReplaceAll(body, nil), nil)
	der, _ := base64.RawStdEncoding.DecodeString(string(body))
	how := Remark{map[string]string{"RSA PUBLIC KEY": ReadPKCS1, "CERTIFICATE": ReadCertificate}[label], ""}
	if how.Code == "" {
		how.Code = ReadPEM
	}
	if !s.try(func() { s.parsed(der) }, how) {
		s.wrong = append(s.wrong, brokenPEM(label, KindMalformed))
	}
}

func derStart(data []byte) bool { return len(data) >= shortest && data[0] == 0x30 }

// der looks at a key in its binary form.
func (s *seeker) der(data []byte) bool {
	return derStart(data) && s.try(func() { s.parsed(data) }, Remark{ReadDER, ""})
}

// parsed adds whatever key the bytes are.
func (s *seeker) parsed(der []byte) {
	if key, err := x509.ParsePKIXPublicKey(der); err == nil {
		s.publicKey(key)
	} else if key, err := x509.ParsePKCS1PublicKey(der); err == nil {
		s.publicKey(key)
	} else if c, err := x509.ParseCertificate(der); err == nil {
		s.remark(ReadCertificate, "")
		s.publicKey(c.PublicKey)
	} else if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		s.privateKey(key)
	} else if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		s.privateKey(key)
	} else if key, err := x509.ParseECPrivateKey(der); err == nil {
		s.privateKey(key)
	} else if kind := sealedDER(der); kind != "" {
		s.wrong = append(s.wrong, kind)
	}
}

// sealedDER tells PKCS#12 and a key under a passphrase from other bytes.
func sealedDER(der []byte) Kind {
	var sealed struct {
		How  pkix.AlgorithmIdentifier
		Data []byte
	}
	if _, err := asn1.Unmarshal(der, &sealed); err == nil {
		// PKCS#5 and PKCS#12 passwords.
		if id := sealed.How.Algorithm.String(); strings.HasPrefix(id, "1.2.840.113549.1.5.") || strings.HasPrefix(id, "1.2.840.113549.1.12.") {
			return KindEncrypted
		}
		return ""
	}
	var head struct{ Version int }
	if _, err := asn1.Unmarshal(der, &head); err == nil && head.Version == 3 && len(der) >= 64 {
		return KindPKCS12
	}
	if privateDER(der) {
		return KindPrivateBroken
	}
	return ""
}

func (s *seeker) publicKey(key any) {
	rsaKey, ok := key.(*rsa.PublicKey)
	if !ok {
		s.wrong = append(s.wrong, KindNotRSA)
		return
	}
	if err := checkPublic(rsaKey); err != nil {
		s.refuse(err, rsaKey)
		return
	}
	public := newPublic(rsaKey, "", defaultAlg)
	s.remark(ReadNoKid, public.Thumbprint())
	s.addPublic(public)
}

func (s *seeker) privateKey(key any) {
	rsaKey, ok := key.(*rsa.PrivateKey)
	if !ok {
		s.wrong = append(s.wrong, KindPrivateNotRSA)
		return
	}
	if err := checkPrivate(rsaKey); err != nil {
		s.refusePrivate(err, rsaKey.N)
		return
	}
	s.addPrivate(newPrivate(rsaKey, "", defaultAlg))
}

// ssh looks at a public key as SSH writes it.
func (s *seeker) ssh(data []byte) {
	s.shaped = true
	fields := strings.Fields(string(data))
	if fields[0] != "ssh-rsa" {
		s.wrong = append(s.wrong, KindNotRSA)
		return
	}
	blob := loose64([]byte(strings.TrimRight(fields[1], "=")))
	var parts [3][]byte
	for i := range parts {
		if len(blob) < 4 || uint64(binary.BigEndian.Uint32(blob)) > uint64(len(blob)-4) {
			s.wrong = append(s.wrong, KindTruncated)
			return
		}
		size := binary.BigEndian.Uint32(blob)
		parts[i], blob = blob[4:4+size], blob[4+size:]
	}
	e := new(big.Int).SetBytes(parts[1])
	if !e.IsInt64() || e.Int64() > 1<<31-1 {
		s.wrong = append(s.wrong, KindExponent)
		return
	}
	s.remark(ReadSSH, "")
	s.publicKey(&rsa.PublicKey{N: new(big.Int).SetBytes(parts[2]), E: int(e.Int64())})
}
