package handlers

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/internal/door"
	"portvakt/store"
	"portvakt/views"
)

const (
	// bodyLimit is more than any form of ours needs: a key file has a few KB.
	bodyLimit = 64 << 10
	// fieldLimit caps the number of fields, since each costs memory.
	fieldLimit = 300
	// requestTime is how long a request may take; a proof has proofTime, which is
	// a little more than the proof's own limit.
	requestTime = 10 * time.Second
	proofTime   = 35 * time.Second
)

// parseForm reads the whole form before any handler, so that a body that is too
// large or broken is an error here and not a form of empty fields later.
func (h *Handlers) parseForm(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodPost {
			return next(c)
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, bodyLimit)
		var err error
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			// More memory than the body may have: a file, which can be a private key,
			// never goes to a temporary file.
			err = r.ParseMultipartForm(2 * bodyLimit)
		} else {
			err = r.ParseForm()
		}
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			return err
		case err != nil || fields(r.PostForm) > fieldLimit:
			return echo.NewHTTPError(http.StatusBadRequest)
		}
		// What stands in the address is no part of a form.
		r.Form = r.PostForm
		return next(c)
	}
}

func fields(form url.Values) int {
	n := 0
	for _, values := range form {
		n += len(values)
	}
	return n
}

// deadline ends work for which nobody waits any more. It comes first, so it also
// tells the door which route it is.
func (h *Handlers) deadline(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		door.VisitOf(c.Request().Context()).Route = c.Path()
		limit := requestTime
		if c.Request().Method == http.MethodPost && strings.Contains(c.Path(), "/proofs") {
			limit = proofTime
		}
		whole := c.Request()
		ctx, cancel := context.WithTimeout(whole.Context(), limit)
		defer cancel()
		// The error page is made after this, and must not inherit the time that is out.
		defer c.SetRequest(whole)
		c.SetRequest(whole.WithContext(ctx))
		return next(c)
	}
}

// nonce makes the value that lets a form have its effect once.
func (h *Handlers) nonce() string {
	b := make([]byte, 16)
	if _, err := io.ReadFull(h.Random, b); err != nil {
		panic("handlers: no randomness: " + err.Error())
	}
	return hex.EncodeToString(b)
}

// problemOf is the code of the message for a value that was refused; the stem
// says which field's messages.
func problemOf(stem string, err error) string {
	switch {
	case errors.Is(err, store.ErrSecret):
		return "secret"
	case errors.Is(err, store.ErrEmpty):
		return stem + ".empty"
	case errors.Is(err, store.ErrTooLong):
		return stem + ".too-long"
	case errors.Is(err, store.ErrTooMany):
		return stem + ".too-many"
	case errors.Is(err, store.ErrCheckDigit):
		return stem + ".check-digit"
	case errors.Is(err, store.ErrControl):
		return stem + ".characters"
	case errors.Is(err, store.ErrUnknown):
		return stem + ".unknown"
	}
	return stem + ".syntax"
}

// blank empties what was typed when it was a secret, which is never shown again.
func blank(value string, problems views.Problems, field string) string {
	if problems[field] == "secret" {
		return ""
	}
	return value
}

// nonceOf returns the form's nonce. A form without one gets a fresh one: it then
// has its effect once for each time that it is sent.
func nonceOf(c echo.Context, h *Handlers) string {
	if n := c.FormValue("nonce"); len(n) == 32 {
		return n
	}
	return h.nonce()
}

// intOf reads a number from a hidden field; anything else is 0, which no version is.
func intOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
