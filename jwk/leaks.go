package jwk

// Leaks reports whether a pasted text is a private key or has one in it, in any
// of the forms that people paste: JWK, PEM, base64 of either. It is for fields
// that want something public.
func Leaks(text []byte) bool { return leaks(text) || Recognise(text).Kind.Private() }
