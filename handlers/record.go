package handlers

import (
	"errors"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

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
	record := store.Record{Recorded: recordedScopes(j)}
	record.ClientID = clientID(c, j)
	record.RegisteredKid = registeredKid(j)
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
	j.form.kid, j.form.bits, j.form.nonce, j.form.sighting = kept.kid, kept.bits, kept.nonce, kept.sighting
	if kept.options != nil {
		j.form.options = kept.options
	}
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
func clientID(c echo.Context, j *journey) store.ClientID {
	if j.problems["client_id"] != "" {
		return ""
	}
	text, code := readClient(j, j.form.clientID)
	if code != "" {
		j.problems["client_id"] = code
		return ""
	}
	id, err := store.ParseClientID(text)
	if err != nil {
		j.problems["client_id"] = problemOf("client", err)
		return ""
	}
	if strings.TrimSpace(c.FormValue("client_id")) != j.form.clientID {
		j.remark("client_id", views.Remark{Code: "trimmed"})
	}
	j.form.clientID = string(id)
	return id
}

// refuseSecrets looks for private keys in the fields of public values. One is
// neither stored nor shown again; that it was there, and its thumbprint, goes
// into the history, since the key must be considered leaked.
func (h *Handlers) refuseSecrets(c echo.Context, j *journey) {
	fields := map[string]*string{
		"client_id": &j.form.clientID, "registered_kid": &j.form.registeredKid, "kid": &j.form.kid,
		"extra": &j.form.extra, "posted": &j.form.posted, "sighting_saw": &j.form.sighting.saw,
		"own": &j.form.own, "own_kid": &j.form.ownKid, "signature": &j.form.signature,
	}
	if o := j.form.options; o != nil {
		fields["consumer_org"], fields["resource"] = &o.consumerOrg, &o.resource
	}
	for field, value := range fields {
		if !looksSecret(*value) {
			continue
		}
		j.remark(field, h.notePrivate(c, j.integration.ID, *value)...)
		*value = ""
		j.problems[field] = "secret"
	}
}
