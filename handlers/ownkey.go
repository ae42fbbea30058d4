package handlers

import (
	"errors"
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
	if madeHere(c, public) {
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

// madeHere tells whether the page says that it has just made the key. A key that is
// pasted comes with the same form, and names none.
func madeHere(c echo.Context, public jwk.Public) bool {
	return c.FormValue("born") == "browser" && c.FormValue("making") == public.Thumbprint()
}

// ownKey reads the public key that was pasted, or says in j what is wrong with it. A
// key without an id gets the one that is typed, or the usual one.
func (h *Handlers) ownKey(c echo.Context, j *journey) jwk.Public {
	if j.problems["own"] != "" {
		return jwk.Public{}
	}
	found := jwk.Recognise([]byte(j.form.own))
	if found.Kind != jwk.KindPublic {
		if found.Bits > 0 {
			j.figure("own", "Bits", strconv.Itoa(found.Bits))
		}
		j.problems["own"] = ownProblem(found.Kind)
		return jwk.Public{}
	}
	public := found.Keys[0]
	made := madeHere(c, public)
	if !made {
		j.remark("own", readAs(found.Remarks, jwk.ReadNoKid)...)
	}
	kid, field := j.form.ownKid, "own_kid"
	if made && kid == "" {
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
// is named keeps it from being dropped; to bring back one that was dropped takes
// more than a word.
func (h *Handlers) heldKey(c echo.Context, j *journey) error {
	k := j.signing(strings.TrimSpace(c.FormValue("held")))
	if c.FormValue("held") == "" || j.carried != nil || k == nil || !k.Dropped.IsZero() || k.Custody == store.CustodyServer {
		return nil
	}
	if _, err := h.Store.NameKey(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, k.Thumbprint); err != nil {
		return err
	}
	j.held, j.shown = k.Thumbprint, k.ID
	return nil
}

// holds tells whether the page has the private half of the key that it is about.
func (j *journey) holds() bool {
	k := j.current()
	return j.held != "" && k != nil && k.Thumbprint == j.held
}
