package handlers

import (
	"net/http"
	"net/url"
	"time"

	"portvakt/views"
)

// cookies are the names and flags of the portal's two cookies. Over https they
// have the __Host- prefix. Without TLS the name of the sign-in's ends in the
// port: browsers send a cookie to every port of a host, and a second portal on
// the same machine must not end the first one's sign-ins.
type cookies struct {
	signInName, languageName string
	secure                   bool
}

func cookiesFor(u *url.URL) cookies {
	if u.Scheme == "https" {
		return cookies{"__Host-portvakt", "__Host-portvakt_language", true}
	}
	return cookies{"portvakt_" + u.Port(), "portvakt_language", false}
}

func (k cookies) signIn(r *http.Request) (token string, ok bool) {
	c, err := r.Cookie(k.signInName)
	if err != nil || c.Value == "" || len(c.Value) > 100 {
		return "", false
	}
	return c.Value, true
}

func (k cookies) setSignIn(w http.ResponseWriter, token string) {
	http.SetCookie(w, k.cookie(k.signInName, token, 0))
}

func (k cookies) clearSignIn(w http.ResponseWriter) {
	http.SetCookie(w, k.cookie(k.signInName, "", -1))
}

func (k cookies) language(r *http.Request) string {
	c, err := r.Cookie(k.languageName)
	if err != nil {
		return ""
	}
	return c.Value
}

func (k cookies) setLanguage(w http.ResponseWriter, l views.Language) {
	http.SetCookie(w, k.cookie(k.languageName, string(l), int((365*24*time.Hour).Seconds())))
}

func (k cookies) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: k.secure, SameSite: http.SameSiteLaxMode,
	}
}
