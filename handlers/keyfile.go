package handlers

import (
	"io"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
)

// keyFile reads the private key in the uploaded file, or says what is wrong with
// the file by the code of the message. Of a key that is not on record it shows
// the thumbprint, of no key more than that.
func keyFile(c echo.Context, j *journey) (jwk.Private, string) {
	file, err := c.FormFile("file")
	if err != nil || file.Size == 0 {
		return jwk.Private{}, "file.empty"
	}
	in, err := file.Open()
	if err != nil {
		return jwk.Private{}, "file.malformed"
	}
	defer in.Close()
	content, err := io.ReadAll(in)
	if err != nil {
		return jwk.Private{}, "file.malformed"
	}
	defer clear(content)
	private, found := jwk.RecognisePrivate(content)
	if found.Kind != jwk.KindPrivate {
		if found.Bits > 0 {
			j.figure("file", "Bits", strconv.Itoa(found.Bits))
		}
		return jwk.Private{}, fileProblem(found)
	}
	mine := private.Public().Thumbprint()
	if !slices.ContainsFunc(j.keys, func(k store.Key) bool { return k.Thumbprint == mine }) {
		j.figure("file", "Pasted", mine)
		j.figure("file", "Record", recordedPrint(j))
		return jwk.Private{}, "file.other"
	}
	return private, ""
}

// fileProblem is the code of what is wrong with a file that holds no key pair.
func fileProblem(f jwk.Finding) string {
	if slices.ContainsFunc(f.Remarks, func(r jwk.Remark) bool { return r.Code == jwk.ReadCertificate }) && !f.Kind.Private() {
		return "file.certificate"
	}
	switch f.Kind {
	case jwk.KindEmpty:
		return "file.empty"
	case jwk.KindPublic, jwk.KindPublics:
		return "file.public"
	case jwk.KindPrivates:
		return "file.several"
	case jwk.KindPrivateBroken:
		return "file.broken"
	case jwk.KindPrivateNotRSA, jwk.KindNotRSA, jwk.KindSymmetric:
		return "file.not-rsa"
	case jwk.KindPrivateSize, jwk.KindSmall, jwk.KindLarge:
		return "file.size"
	case jwk.KindEncrypted:
		return "file.encrypted"
	case jwk.KindOpenSSH:
		return "file.openssh"
	case jwk.KindPKCS12:
		return "file.pkcs12"
	}
	return "file.malformed"
}

// recordedPrint is the thumbprint of the key that the page is about.
func recordedPrint(j *journey) string {
	if k := j.current(); k != nil {
		return k.Thumbprint
	}
	return ""
}
