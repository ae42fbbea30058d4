package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/views"
)

const languageKey = "language"

// languageOf returns the language of the answer: the one just chosen, the one
// chosen before, or the browser's.
func (h *Handlers) languageOf(c echo.Context) views.Language {
	if l, ok := c.Get(languageKey).(views.Language); ok {
		return l
	}
	return h.languageFor(c.Request())
}

func (h *Handlers) languageFor(r *http.Request) views.Language {
	return views.Choose(h.cookies.language(r), r.Header.Get("Accept-Language"))
}

// takeLanguage sets the language that a language button asked for, if one did.
func (h *Handlers) takeLanguage(c echo.Context) {
	for _, l := range views.Languages {
		if string(l) == c.FormValue("language") {
			h.cookies.setLanguage(c.Response(), l)
			c.Set(languageKey, l)
		}
	}
}

// languageChoose is POST /language.
func (h *Handlers) languageChoose(c echo.Context) error {
	h.takeLanguage(c)

	return c.Redirect(http.StatusSeeOther, localPath(c.FormValue("return")))
}

// localPath lets a redirect lead to a page of this site and nowhere else. A
// browser reads a backslash as a slash and drops tabs and line breaks.
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\t\r\n") {
		return views.Home()
	}
	return p
}
