package handlers

import (
	"context"
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// postedUpdate is POST /integrations/:id/posted: the key was posted in
// Samarbeidsportalen, now or on the day given.
func (h *Handlers) postedUpdate(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	return h.savePosted(c, j)
}

func (h *Handlers) savePosted(c echo.Context, j *journey) error {
	key := j.current()
	posted := h.postedDay(j)
	if key == nil {
		j.problems["posted"] = "posted.no-key"
	}
	if len(j.problems) > 0 {
		return h.answer(c, j, "register")
	}

	// The same day again, as in the second post of a double click, changes nothing;
	// nor does an empty field when the day is known.
	known := views.DayValue(key.Posted)
	if known == "" || j.form.posted != "" && j.form.posted != known {
		if err := h.setPosted(c, j, key.ID, posted); err != nil {
			return err
		}
	} else {
		j.form.posted = known
	}
	if len(j.problems) == 0 {
		j.notice = "journey.posted"
	}
	return h.answer(c, j, "record")
}

// postedDay is the day in the date field; empty is now, and so is today.
func (h *Handlers) postedDay(j *journey) time.Time {
	now := h.Now()
	if j.form.posted == "" || j.form.posted == views.DayValue(now) {
		return now
	}
	day, err := views.ParseDay(j.form.posted)
	if err != nil {
		j.problems["posted"] = "posted.syntax"
	}
	return day
}

// setPosted puts the day on record, or says in j what is wrong with it.
func (h *Handlers) setPosted(c echo.Context, j *journey, key string, posted time.Time) error {
	err := h.Store.SetPosted(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, key, posted)
	if errors.Is(err, store.ErrDate) {
		j.problems["posted"] = "posted.range"
		return nil
	}
	if err == nil {
		j.form.posted = views.DayValue(posted)
	}
	return err
}

// recordUpdate is POST /integrations/:id/record.
func (h *Handlers) recordUpdate(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	return h.saveRecord(c, j)
}

func (h *Handlers) saveRecord(c echo.Context, j *journey) error {
	if err := h.record(c, j); err != nil {
		return err
	}
	if len(j.problems) == 0 && j.theirs == nil {
		j.notice = "journey.recorded"
	}
	return h.answer(c, j, "prove")
}

// record puts step 4 on record, or says what is wrong with it in j.
func (h *Handlers) record(c echo.Context, j *journey) error {
	record := store.Record{Recorded: j.form.recordedScopes(j.problems)}
	record.ClientID = h.clientID(c, j)
	record.RegisteredKid = h.registeredKid(c, j)
	// A day typed beside is saved too: the recording would set it to now.
	posted, typed := h.postedDay(j), j.form.posted != "" && j.form.posted != formOf(j).posted
	if len(j.problems) > 0 {
		return nil
	}
	if k := j.current(); k != nil {
		record.Key = k.ID
		if typed {
			record.Posted = posted
		}
	}
	err := h.Store.SetRecord(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, j.form.version, record)
	switch {
	case errors.Is(err, store.ErrConflict):
		return h.recordConflict(c, j)
	case errors.Is(err, store.ErrDate):
		j.problems["posted"] = "posted.range"
		return nil
	}
	if err != nil {
		return err
	}
	if err := h.reload(c, j); err != nil {
		return err
	}
	kept := j.form
	j.form = formOf(j)
	j.form.kid, j.form.bits, j.form.nonce = kept.kid, kept.bits, kept.nonce
	return nil
}

// recordConflict shows what somebody else saved beside what was typed. The next
// save is over that.
func (h *Handlers) recordConflict(c echo.Context, j *journey) error {
	if err := h.reload(c, j); err != nil {
		return err
	}
	j.theirs = &views.TheirRecord{
		ClientID: string(j.integration.ClientID), Scopes: texts(j.integration.Recorded),
	}
	if k := j.current(); k != nil {
		j.theirs.RegisteredKid = k.RegisteredKid
	}
	j.form.version = j.integration.Version
	return nil
}

// clientID parses the client id, having looked at what else was pasted there.
func (h *Handlers) clientID(c echo.Context, j *journey) store.ClientID {
	if j.problems["client_id"] != "" {
		return ""
	}
	if code := clientLooksLike(j, j.form.clientID); code != "" {
		j.problems["client_id"] = code
		return ""
	}
	id, err := store.ParseClientID(j.form.clientID)
	if err != nil {
		j.problems["client_id"] = problemOf("client", err)
	}
	return id
}

// registeredKid parses the kid of the other site; the one that was made here is
// not another one.
func (h *Handlers) registeredKid(c echo.Context, j *journey) string {
	kid := j.form.registeredKid
	if kid == "" {
		return ""
	}
	if kid == j.form.clientID {
		j.problems["registered_kid"] = "kid.is-client"
		return ""
	}
	if _, err := jwk.ParseKid(kid); err != nil {
		j.problems["registered_kid"] = "kid.syntax"
		return ""
	}
	if k := j.current(); k != nil && k.Kid == kid {
		return ""
	}
	return kid
}

// refuseSecrets looks for private keys in the fields of public values. One is
// neither stored nor shown again; that it was there, and its thumbprint, goes
// into the history, since the key must be considered leaked.
func (h *Handlers) refuseSecrets(c echo.Context, j *journey) {
	for field, value := range map[string]*string{
		"client_id": &j.form.clientID, "registered_kid": &j.form.registeredKid, "kid": &j.form.kid,
		"extra": &j.form.extra, "posted": &j.form.posted,
	} {
		if !looksSecret(*value) {
			continue
		}
		h.notePrivate(c, j.integration.ID, *value)
		*value = ""
		j.problems[field] = "secret"
	}
}

// notePrivate notes a private key in a public field by its thumbprint.
func (h *Handlers) notePrivate(c echo.Context, integration, pasted string) {
	detail := map[string]string{}
	if k, err := jwk.ParsePrivate([]byte(pasted)); err == nil {
		detail["thumbprint"] = k.Public().Thumbprint()
	}
	// The refusal must reach the reader even when the note cannot be written.
	ctx, cancel := context.WithTimeout(c.Request().Context(), 5*time.Second)
	defer cancel()
	err := h.Store.Record(ctx, actorOf(c), store.Note{
		Kind: store.KeyPrivate, Outcome: store.Refused, Integration: integration, Detail: detail,
	})
	if err != nil {
		h.Log.Error("noting a pasted private key", "cause", err)
	}
}
