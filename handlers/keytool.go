package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/views"
)

// keytoolShow is GET /tools/key: the tools that make, read and convert keys. All of
// it happens in the reader's browser, and there is no route to send anything to.
func (h *Handlers) keytoolShow(c echo.Context) error {
	page, err := h.page(c, "keytool.title")
	if err != nil {
		return err
	}
	page.Script = views.KeyToolScript
	p := views.KeyToolPage{Page: page, Reads: jwk.ReadCodes()}
	for _, k := range jwk.Kinds() {
		p.Kinds = append(p.Kinds, string(k))
	}
	openClipboard(c)
	return render(c, http.StatusOK, views.KeyTool(p))
}

// openClipboard lets a button of the page read the clipboard, which is closed
// everywhere else: a key is never to lie in a field. The browser asks its owner
// first.
func openClipboard(c echo.Context) {
	c.Response().Header().Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-read=(self)")
}
