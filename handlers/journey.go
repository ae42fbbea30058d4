package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// journey is one request to the page of an integration: what is on record, what
// was typed, and the private key that the page carries, if it does.
type journey struct {
	integration store.Integration
	keys        []store.Key
	proof       *store.Proof
	form        journeyForm
	// private is the key pair of the sealed blob; zero without one.
	private  jwk.Private
	validity jwk.Validity
	// carried is the record of that key, or nil.
	carried *store.Key
	// held is the thumbprint of the key whose private half the reader's page has, and
	// the portal has not; prepared is the grant that waits for its signature.
	held     string
	prepared *views.PreparedGrant
	// shown is the id of the key that the page showed when the form was posted.
	shown string
	now   time.Time

	// What the answer says besides.
	notice, alarm string
	problems      views.Problems
	pasted        views.Pasted
	theirs        *views.TheirRecord
	// freshKey and freshProof are true in the answer about the making of one.
	freshKey, freshProof bool
	// told is true in the answer about a sighting.
	told bool
}

// integrationShow is GET /integrations/:id.
func (h *Handlers) integrationShow(c echo.Context) error {
	i, err := h.integration(c)
	if err != nil {
		return err
	}

	j := &journey{integration: i, now: h.Now(), told: c.QueryParam("told") != ""}
	if err := h.reload(c, j); err != nil {
		return err
	}
	j.form = formOf(j)
	return h.journeyPage(c, http.StatusOK, j)
}

// journeyNext is POST /integrations/:id/next: Enter was pressed in a field. It
// does what the typed text calls for.
func (h *Handlers) journeyNext(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}

	switch stored := formOf(j); {
	case !j.form.sameRecord(stored):
		return h.saveRecord(c, j)
	case j.form.posted != stored.posted:
		return h.savePosted(c, j)
	case j.current() == nil:
		return h.makeKey(c, j)
	}
	return h.answer(c, j, "")
}

// journeyLanguage is POST /integrations/:id/language: the same page in another one.
func (h *Handlers) journeyLanguage(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}

	h.takeLanguage(c)
	return h.answer(c, j, "")
}

// inUseUpdate is POST /integrations/:id/inuse.
func (h *Handlers) inUseUpdate(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}

	if len(j.problems) > 0 {
		return h.answer(c, j, "configure")
	}
	on := c.FormValue("inuse") == "yes"
	if err := h.Store.SetInUse(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, on); err != nil {
		return err
	}
	j.notice = "journey.saved"
	return h.answer(c, j, "configure")
}

// openJourney is the start of every post to the page: it reads what is on
// record and what was typed, and opens the sealed key. A secret that was typed
// goes no further, whichever button was pressed.
func (h *Handlers) openJourney(c echo.Context) (*journey, error) {
	i, err := h.integration(c)
	if err != nil {
		return nil, err
	}
	j := &journey{
		integration: i, form: readJourneyForm(c, h), problems: views.Problems{}, pasted: views.Pasted{},
		shown: c.FormValue("key"), now: h.Now(),
	}
	if err := h.openSealed(c, j); err != nil {
		return nil, err
	}
	h.refuseSecrets(c, j)
	if err := h.reload(c, j); err != nil {
		return nil, err
	}
	if err := h.heldKey(c, j); err != nil {
		return nil, err
	}
	if k := j.current(); k != nil && j.form.posted == "" {
		// An empty field says nothing against a day that is known.
		j.form.posted = views.DayValue(k.Posted)
	}
	return j, nil
}

// openSealed opens the blob that the form carries. That the key is named keeps
// it from being dropped; a key that is not on record is never shown.
func (h *Handlers) openSealed(c echo.Context, j *journey) error {
	blob := c.FormValue("sealed")
	if blob == "" {
		return nil
	}
	private, validity, err := h.Sealer.Open(blob, h.Now(), binding(c, j.integration.ID)...)
	if err != nil {
		j.alarm = "journey.blob.gone"
		return nil
	}
	key, err := h.Store.NameKey(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, private.Public().Thumbprint())
	if errors.Is(err, store.ErrNotFound) {
		j.alarm = "journey.blob.gone"
		return nil
	}
	if err != nil {
		return err
	}
	j.carry(private, jwk.NewValidity(validity.Made, h.Now()), key)
	return nil
}

func (j *journey) carry(private jwk.Private, v jwk.Validity, key store.Key) {
	j.private, j.validity, j.carried = private, v, &key
}

// binding is what a sealed key is tied to: it opens for this sign-in and this
// integration only.
func binding(c echo.Context, integration string) []string {
	return []string{userOf(c).SignIn.ID, integration}
}

// reload reads what is on record now.
func (h *Handlers) reload(c echo.Context, j *journey) error {
	ctx, org, id := c.Request().Context(), orgOf(c), j.integration.ID
	var err error
	if j.integration, err = h.Store.Integration(ctx, org, id); err != nil {
		return err
	}
	if j.keys, err = h.Store.Keys(ctx, org, id); err != nil {
		return err
	}
	switch p, err := h.Store.NewestProof(ctx, org, id); {
	case err == nil:
		j.proof = &p
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	return nil
}

// current is the key that the page is about: the one that it carries, else the
// one that it showed, else the newest that lives, else the newest of those that
// expired and, last, of those that were dropped: its file may still exist. Nil
// when there is none.
func (j *journey) current() *store.Key {
	if j.carried != nil {
		if k := j.key(j.carried.ID); k != nil {
			return k
		}
		return j.carried
	}
	if k := j.key(j.shown); k != nil {
		return k
	}
	var best *store.Key
	for i := range j.keys {
		if k := &j.keys[i]; best == nil || j.rank(*k) > j.rank(*best) {
			best = k
		}
	}
	return best
}

// rank orders keys by how likely they are what the reader works with; of equals
// the newest, which stands first, counts.
func (j *journey) rank(k store.Key) int {
	switch {
	case k.Live(j.now):
		return 2
	case k.Dropped.IsZero():
		return 1
	}
	return 0
}

// key finds a key on record by its id.
func (j *journey) key(id string) *store.Key {
	for i := range j.keys {
		if j.keys[i].ID == id {
			return &j.keys[i]
		}
	}
	return nil
}

// answer ends a post. Problems: the same page, 422. A page that carries the key,
// or something typed that is not saved: the same page, since a redirect would
// lose it. Else a redirect to the step.
func (h *Handlers) answer(c echo.Context, j *journey, step string) error {
	if err := h.reload(c, j); err != nil {
		return err
	}
	switch {
	case j.theirs != nil:
		return h.journeyPage(c, http.StatusConflict, j)
	case len(j.problems) > 0:
		return h.journeyPage(c, http.StatusUnprocessableEntity, j)
	case j.stays():
		return h.journeyPage(c, http.StatusOK, j)
	case step == "":
		return c.Redirect(http.StatusSeeOther, views.Integration(j.integration.ID))
	}
	return c.Redirect(http.StatusSeeOther, views.IntegrationAt(j.integration.ID, step))
}

// stays tells whether a redirect would lose something that the page has.
func (j *journey) stays() bool {
	return j.carried != nil || j.held != "" || j.prepared != nil || j.alarm != "" || j.remarked() || !j.form.saved(formOf(j))
}
