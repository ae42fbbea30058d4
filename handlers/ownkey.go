package handlers

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
)

// keyAdd is POST /integrations/:id/keys/own: the public half of a key that was made
// in the reader's page, or elsewhere.
func (h *Handlers) keyAdd(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	public := h.ownKey(c, j)
	if len(j.problems) > 0 {
		return h.answer(c, j, "key")
	}

	custody := store.CustodyElsewhere
	if c.FormValue("born") == "browser" {
		custody = store.CustodyBrowser
	}
	key, err := h.Store.AddKey(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, store.NewKey{
		Kid: public.Kid(), Thumbprint: public.Thumbprint(), PublicJWK: public.JSON(),
		Bits: public.Bits(), Alg: public.Alg(), Custody: custody,
	})
	if errors.Is(err, store.ErrExists) {
		j.problems["own"] = "own.other-kid"
		return h.answer(c, j, "key")
	}
	if err != nil {
		return err
	}
	if c.FormValue("making") == key.Thumbprint {
		j.held = key.Thumbprint
	}
	// The page is about this key now, and no longer about one that it carried.
	j.shown, j.carried, j.private = key.ID, nil, jwk.Private{}
	j.freshKey, j.notice = true, "journey.key.added"
	if custody == store.CustodyBrowser {
		j.notice = "journey.key.made"
	}
	j.form.own, j.form.ownKid, j.form.kid, j.form.posted, j.form.registeredKid = "", "", "", "", ""
	return h.answer(c, j, "key")
}

// ownKey reads the public key that was pasted or chosen as a file, or says in j
// what is wrong with it. A key without an id gets the one that is typed, or the
// usual one.
func (h *Handlers) ownKey(c echo.Context, j *journey) jwk.Public {
	text := []byte(j.form.own)
	if file := ownFile(c); len(file) > 0 {
		if text = file; looksSecret(string(file)) {
			j.remark("own", h.notePrivate(c, j.integration.ID, string(file))...)
			j.problems["own"] = "secret"
		}
	}
	if j.problems["own"] != "" {
		return jwk.Public{}
	}
	found := jwk.Recognise(text)
	if found.Kind != jwk.KindPublic {
		if found.Bits > 0 {
			j.figure("own", "Bits", strconv.Itoa(found.Bits))
		}
		j.problems["own"] = ownProblem(found.Kind)
		return jwk.Public{}
	}
	public := found.Keys[0]
	if c.FormValue("born") != "browser" {
		j.remark("own", readAs(found.Remarks, jwk.ReadNoKid)...)
	}
	kid, field := j.form.ownKid, "own_kid"
	if c.FormValue("born") == "browser" && kid == "" {
		// The page made it, with the choices of the form for new keys.
		kid, field = j.form.kid, "kid"
	}
	if kid == "" {
		kid = public.Kid()
	}
	if kid == "" {
		kid = jwk.Kid(string(j.integration.Name), string(j.integration.Environment), h.Now(), public.Thumbprint())
	}
	named, err := public.WithKid(kid)
	switch {
	case err != nil:
		j.problems[field] = "kid.syntax"
	case slices.ContainsFunc(j.keys, func(k store.Key) bool {
		return k.Thumbprint != named.Thumbprint() && (k.Kid == kid || k.RegisteredKid == kid)
	}):
		j.problems[field] = "kid.taken"
	}
	return named
}

// ownFile is the content of the chosen file, if there is one.
func ownFile(c echo.Context) []byte {
	file, err := c.FormFile("own_file")
	if err != nil || file.Size == 0 {
		return nil
	}
	in, err := file.Open()
	if err != nil {
		return nil
	}
	defer in.Close()
	content, err := io.ReadAll(in)
	if err != nil {
		return nil
	}
	return content
}

// ownProblem is the code of what was pasted instead of one public key.
func ownProblem(kind jwk.Kind) string {
	switch kind {
	case jwk.KindEmpty:
		return "own.empty"
	case jwk.KindPublics:
		return "own.several"
	case jwk.KindNotRSA, jwk.KindSymmetric:
		return "own.not-rsa"
	case jwk.KindSmall, jwk.KindLarge:
		return "own.size"
	case jwk.KindExponent, jwk.KindWeak, jwk.KindUse, jwk.KindAlg, jwk.KindKid:
		return "own.unfit"
	case jwk.KindTruncated:
		return "own.truncated"
	}
	return "own.malformed"
}

// heldKey is the key whose private half the reader's page says that it has. That it
// is named keeps it from being dropped.
func (h *Handlers) heldKey(c echo.Context, j *journey) error {
	thumbprint := strings.TrimSpace(c.FormValue("held"))
	if thumbprint == "" || j.carried != nil {
		return nil
	}
	key, err := h.Store.NameKey(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, thumbprint)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	j.held, j.shown = key.Thumbprint, key.ID
	return nil
}

// holds tells whether the page has the private half of the key that it is about.
func (j *journey) holds() bool {
	k := j.current()
	return j.held != "" && k != nil && k.Thumbprint == j.held
}
