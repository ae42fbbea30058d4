package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
)

// keyCreate is POST /integrations/:id/keys. Each post makes a key: a double click
// leaves one that no later post names, and that is dropped when its time is out.
func (h *Handlers) keyCreate(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	return h.makeKey(c, j)
}

// makeKey makes a key pair, puts its public half on record, and lets the page
// carry the private half. Nothing is shown that is not on record.
func (h *Handlers) makeKey(c echo.Context, j *journey) error {
	if j.form.bits != 2048 && j.form.bits != 3072 && j.form.bits != 4096 {
		j.problems["bits"] = "bits"
	}
	if j.form.kid != "" {
		if _, err := jwk.ParseKid(j.form.kid); err != nil {
			j.problems["kid"] = "kid.syntax"
		} else if j.hasKid(j.form.kid) {
			j.problems["kid"] = "kid.taken"
		}
	}
	if len(j.problems) > 0 {
		return h.answer(c, j, "key")
	}

	private, err := jwk.Generate(j.form.bits)
	if err != nil {
		return err
	}
	kid := j.form.kid
	if kid == "" {
		kid = jwk.Kid(string(j.integration.Name), string(j.integration.Environment), h.Now(), private.Public().Thumbprint())
	}
	if private, err = private.WithKid(kid); err != nil {
		return err
	}
	public := private.Public()
	key, err := h.Store.AddKey(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, store.NewKey{
		Kid: public.Kid(), Thumbprint: public.Thumbprint(), PublicJWK: public.JSON(),
		Bits: public.Bits(), Alg: public.Alg(), Custody: store.CustodyServer,
	})
	if err != nil {
		return err
	}

	j.held = ""
	j.carry(private, jwk.NewValidity(h.Now(), h.Now()), key)
	j.freshKey, j.notice, j.alarm = true, "journey.key.made", ""
	// These belonged to the key that was just made or to the one before it.
	j.form.kid, j.form.bits, j.form.posted, j.form.registeredKid = "", 2048, "", ""
	return h.answer(c, j, "key")
}

// hasKid tells whether a key of the integration has the kid already: Maskinporten
// finds a client's key by it.
func (j *journey) hasKid(kid string) bool {
	return slices.ContainsFunc(j.keys, func(k store.Key) bool { return k.Kid == kid || k.RegisteredKid == kid })
}
