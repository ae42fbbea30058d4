package practice

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"portvakt/views"
)

// text is the words in the language of the reader: the one just chosen in a form, else as chosen before or as the browser
// asks.
func (p *Pages) text(r *http.Request) views.Text {
	chosen := ""
	if cookie, err := r.Cookie(p.cookie); err == nil {
		chosen = cookie.Value
	}
	if l, ok := chosenLanguage(r); ok {
		chosen = string(l)
	}
	return views.In(views.Choose(chosen, r.Header.Get("Accept-Language")))
}

// chosenLanguage is the button of the language switch with which a form was sent.
func chosenLanguage(r *http.Request) (views.Language, bool) {
	l := views.Language(r.PostForm.Get("language"))
	return l, slices.Contains(views.Languages, l)
}

// keepLanguage remembers the language with which a form was sent, if that is what it was sent for.
func (p *Pages) keepLanguage(w http.ResponseWriter, r *http.Request) {
	l, ok := chosenLanguage(r)
	if !ok {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: p.cookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		HttpOnly: true, Secure: p.secure, SameSite: http.SameSiteLaxMode,
	})
}

// languageSet is the switch on pages where nothing is typed.
func (p *Pages) languageSet(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p.keepLanguage(w, r)
	seeOther(w, localPath(r.PostForm.Get("return")))
	return nil
}

// localPath returns a path on this site, or that of the first page for anything that a browser might take for another
// site. Control characters are among that: browsers leave out a tab between two slashes.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || len(path) > 2000 ||
		!strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) {
		return views.PracticeHomePath()
	}
	return path
}

// seeOther sends the reader on after a form. http.Redirect would write a body and clean the path.
func seeOther(w http.ResponseWriter, path string) {
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
}
