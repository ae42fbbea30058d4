package handlers

import (
	"regexp"
	"strings"

	"portvakt/jwk"
	"portvakt/store"
)

// clientLooksLike names what was pasted into the field of the client id instead
// of one, by the code of the message; empty when nothing speaks against it.
func clientLooksLike(j *journey, pasted string) string {
	for _, k := range j.keys {
		switch pasted {
		case k.Thumbprint:
			return "client.is-thumbprint"
		case k.Kid, k.RegisteredKid:
			if pasted != "" {
				return "client.is-kid"
			}
		}
	}
	switch {
	case pasted == "":
		return ""
	case strings.EqualFold(pasted, string(j.integration.Name)):
		return "client.is-name"
	case strings.Contains(pasted, "://"):
		return "client.is-address"
	case isOrgNumber(pasted):
		return "client.is-orgnumber"
	case strings.HasPrefix(pasted, "{"), strings.HasPrefix(pasted, "["), strings.HasPrefix(pasted, "-----BEGIN PUBLIC"):
		if _, err := jwk.ParsePublics([]byte(pasted)); err == nil {
			return "client.is-key"
		}
	case scopeShape.MatchString(pasted):
		return "client.is-scope"
	}
	return ""
}

// scopeShape is prefix:sub as scopes are written, with a dot or slash in it:
// altinn:serviceowner/notifications.create. A client id may hold a colon too.
var scopeShape = regexp.MustCompile(`^[a-z0-9_-]+:[A-Za-z0-9._:-]*(/|\.(read|write|admin|create)$)`)

func isOrgNumber(s string) bool {
	_, err := store.ParseOrgNumber(s)
	return err == nil
}

// uuidShape is what client ids look like today.
var uuidShape = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// looksSecret tells whether a pasted text is, or has in it, a private key, a
// grant or a token.
func looksSecret(s string) bool {
	return jwsShape.MatchString(s) || jwk.Leaks([]byte(s))
}

var jwsShape = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*`)
