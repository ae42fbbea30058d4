package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// fileDownload is POST /integrations/:id/files/:name: a finished file to take
// away. It is a post, since the form carries the key that may go into it.
func (h *Handlers) fileDownload(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	current := j.current()
	if current == nil {
		return store.ErrNotFound
	}

	name := c.Param("name")
	content, secret := h.keyFileContent(j, current, name)
	if content == "" && !secret {
		env, open := h.environment(j.integration.Environment)
		recipe, ok := views.RecipeFile(name, recipeValues(views.In(h.languageOf(c)), env, j))
		if !ok || !open {
			return store.ErrNotFound
		}
		content = recipe.Text
	}
	if content == "" {
		j.alarm = "journey.blob.gone"
		return h.answer(c, j, "key")
	}

	header := c.Response().Header()
	// The names are ours, so they need no quoting rules.
	header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, fileType(name), []byte(content))
}

// keyFileContent is the content of a file that is a key; secret tells that it
// needs the private half, which the page may not have.
func (h *Handlers) keyFileContent(j *journey, current *store.Key, name string) (content string, secret bool) {
	if name == "public-array.json" {
		return h.keyFacts(views.In(views.Bokmal), *current).Array + "\n", false
	}
	forms := map[string]func(views.KeySecret) string{
		// Not even a line break at the end: some vaults keep it as part of the value.
		"encoded-jwk.txt":  func(s views.KeySecret) string { return s.Encoded },
		"private-jwk.json": func(s views.KeySecret) string { return s.JWK },
		"private-key.pem":  func(s views.KeySecret) string { return s.PEM },
	}
	form, ok := forms[name]
	if !ok || j.carried == nil {
		return "", ok
	}
	return form(*keySecret(views.In(views.Bokmal), j, current.UsedKid())), true
}

func fileType(name string) string {
	switch {
	case strings.HasSuffix(name, ".json"):
		return "application/json"
	case strings.HasSuffix(name, ".pem"):
		return "application/x-pem-file"
	}
	return "text/plain; charset=utf-8"
}
