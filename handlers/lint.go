package handlers

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/views"
)

// longestSettings is how many characters a configuration has at most: the longest
// block of ours some times over.
const longestSettings = 20_000

// settingsShow is GET /tools/config.
func (h *Handlers) settingsShow(c echo.Context) error {
	return h.settingsPage(c, http.StatusOK, views.LintPage{})
}

// settingsCheck is POST /tools/config: the check of a configuration, and the
// change of language. Nothing of it is kept. A text with a key in it is not shown
// again, but what is wrong with it otherwise is told all the same.
func (h *Handlers) settingsCheck(c echo.Context) error {
	text := strings.TrimSpace(strings.ToValidUTF8(c.FormValue("settings"), " "))
	h.takeLanguage(c)
	p := views.LintPage{Problems: views.Problems{}}
	if utf8.RuneCountInString(text) <= longestSettings {
		p.Findings = views.Lint(text)
	}
	switch {
	case looksSecret(text) || hasTokenPiece(text) || longText.MatchString(text):
		p.Problems["settings"] = "secret"
		if jwk.Leaks([]byte(text)) && sessionOf(c) != nil {
			h.notePrivate(c, "", text)
		}
		return h.settingsPage(c, http.StatusUnprocessableEntity, p)
	case utf8.RuneCountInString(text) > longestSettings:
		// Not shown again: what cannot be searched for secrets may have one.
		p.Problems["settings"] = "lint.too-long"
		return h.settingsPage(c, http.StatusUnprocessableEntity, p)
	}
	p.Settings, p.Checked = text, text != ""
	return h.settingsPage(c, http.StatusOK, p)
}

func (h *Handlers) settingsPage(c echo.Context, status int, p views.LintPage) error {
	page, err := h.page(c, "lint.title")
	if err != nil {
		return err
	}
	p.Page = page
	p.Form, p.LanguageAction, p.Here = "check", views.SettingsTool(), views.SettingsTool()
	return render(c, status, views.Settings(p))
}
