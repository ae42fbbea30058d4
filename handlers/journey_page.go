package handlers

import (
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// journeyPage answers with the page of an integration. When it holds the private
// key, the key is sealed anew, with new time.
func (h *Handlers) journeyPage(c echo.Context, status int, j *journey) error {
	page, err := h.page(c, "list.title")
	if err != nil {
		return err
	}
	i := j.integration
	page.Title, page.Tab = string(i.Name), "integrations"
	page.Script = views.JourneyScript
	openClipboard(c)
	page.Form, page.LanguageAction = "journey", views.Act(i.ID, "language", "")
	page.KeepOpen, page.Pasted = j.carried != nil || j.held != "", j.pasted
	p := views.JourneyPage{
		Page: page, ID: i.ID, Name: string(i.Name), About: string(i.Description),
		Organisation: page.Person.Organisation, OrgNumber: string(i.Organisation),
		Environment: string(i.Environment), State: string(i.State), Purpose: purposeOf(i), Scopes: texts(i.Wanted),
		Nonce: j.form.nonce, Version: i.Version, Notice: j.notice, Alarm: j.alarm, Problems: j.problems, Theirs: j.theirs,
	}
	if p.Nonce == "" {
		p.Nonce = h.nonce()
	}
	p.Held = j.held
	if j.theirs == nil && j.form.version != 0 && !j.form.sameRecord(formOf(j)) {
		// What was typed is not saved yet: it is still over the version that was read.
		p.Version = j.form.version
	}
	if j.carried != nil {
		if p.Sealed, err = h.Sealer.Seal(j.private, j.validity, binding(c, i.ID)...); err != nil {
			return err
		}
	}
	env, _ := h.environment(i.Environment)
	p.Key = h.keyStep(c, page.T, j)
	p.Register = registerStep(page.T, env, j, p.Key)
	p.Record = recordStep(j)
	p.Register.Owner = h.ownerListing(c, env, j)
	p.Prove = h.proveStep(c, page.T, j)
	p.Prove.Audience = env.Issuer
	p.Prove.Scopes, p.Prove.Letter = h.scopeTable(c, env, j), h.letter(c, env, j)
	if p.Prove.Letter != nil {
		p.Prove.Letter.Organisation = p.Organisation
	}
	p.Configure = configureStep(page.T, env, j)
	p.Step = nextStep(p)
	return render(c, status, views.Journey(p))
}

// nextStep is the first step that is not done.
func nextStep(p views.JourneyPage) string {
	switch {
	case p.Key.Current == nil, p.Key.Current.Dropped && p.Record.ClientID == "", p.Key.Current.Leaked != "":
		return "key"
	case p.Record.ClientID == "" && p.Register.PostedText == "":
		return "register"
	case !p.Record.Saved:
		return "record"
	case !p.Prove.Proved():
		return "prove"
	}
	return "configure"
}

func (h *Handlers) keyStep(c echo.Context, t views.Text, j *journey) views.KeyStep {
	s := views.KeyStep{Bits: j.form.bits, Kid: j.form.kid, Fresh: j.freshKey, Own: j.form.own, OwnKid: j.form.ownKid}
	current := j.current()
	if current == nil {
		return s
	}
	facts := h.keyFacts(t, *current)
	s.Current, s.ID = &facts, current.ID
	for _, k := range j.keys {
		if k.ID != current.ID {
			s.Others = append(s.Others, views.KeyFacts{
				Kid: k.UsedKid(), Alg: k.Alg, Thumbprint: k.Thumbprint, Made: t.Moment(k.Made), Dropped: !k.Dropped.IsZero(), Leaked: leakedOn(t, k, h.Now()),
			})
		}
	}
	s.Held = j.holds()
	if j.carried != nil {
		s.Secret = keySecret(t, j, current.UsedKid())
	} else {
		s.Gone = !s.Held && current.Custody != store.CustodyElsewhere
	}
	s.Save = h.saveStep(c, t, j, *current)
	return s
}

// keyFacts is the public side of a key on record.
func (h *Handlers) keyFacts(t views.Text, k store.Key) views.KeyFacts {
	f := views.KeyFacts{
		Kid: k.UsedKid(), MadeKid: k.Kid, Thumbprint: k.Thumbprint, Bits: k.Bits, Alg: k.Alg, Custody: string(k.Custody),
		Made: t.Moment(k.Made), Dropped: !k.Dropped.IsZero(),
		Alarm: alarmOf(k.Expires, k.Posted.IsZero(), h.Now()), Leaked: leakedOn(t, k, h.Now()),
	}
	if !k.Posted.IsZero() {
		f.Posted, f.Expires = t.Date(k.Posted), t.Date(k.Expires)
	}
	if public, err := jwk.ParsePublic([]byte(k.PublicJWK)); err == nil {
		f.Array, f.JWK, f.Set, f.PEM = public.Array(), public.JSON(), public.Set(), public.PEM()
	}
	return f
}

// leakedOn is the day on which a key was seen where it does not belong; empty for
// others, and for those that expired.
func leakedOn(t views.Text, k store.Key, now time.Time) string {
	if k.Leaked.IsZero() || !k.Expires.IsZero() && !now.Before(k.Expires) {
		return ""
	}
	return t.Date(k.Leaked)
}

// keySecret is the private half, with the kid that Maskinporten knows it by.
func keySecret(t views.Text, j *journey, kid string) *views.KeySecret {
	private, err := j.private.WithKid(kid)
	if err != nil {
		private = j.private
	}
	return &views.KeySecret{
		Encoded: private.Encoded().Reveal(), JWK: private.JSON().Reveal(), PEM: private.PEM().Reveal(),
		Until: t.Clock(j.validity.Expires),
	}
}

func registerStep(t views.Text, env Environment, j *journey, k views.KeyStep) views.RegisterStep {
	s := views.RegisterStep{
		Link: env.SelfService, Practice: j.integration.Environment == store.Sandbox,
		Posted: j.form.posted, Checked: t.Date(views.LabelsChecked()),
		Site: siteOf(env.SelfService), Sighting: sightingStep(j),
	}
	if k.Current != nil {
		s.JWK, s.Array, s.PostedText = k.Current.JWK, k.Current.Array, k.Current.Posted
	}
	return s
}

func recordStep(j *journey) views.RecordStep {
	s := views.RecordStep{
		ClientID: j.form.clientID, RegisteredKid: j.form.registeredKid, Extra: j.form.extra,
		Saved:   j.integration.ClientID != "" && j.form.clientID == string(j.integration.ClientID),
		Unusual: j.form.clientID != "" && j.problems["client_id"] == "" && !uuidShape.MatchString(j.form.clientID),
	}
	for _, w := range j.integration.Wanted {
		s.Scopes = append(s.Scopes, views.RecordScope{Scope: string(w), Added: slices.Contains(j.form.recorded, string(w))})
	}
	return s
}

func configureStep(t views.Text, env Environment, j *journey) views.ConfigureStep {
	s := views.ConfigureStep{
		Carried: j.carried != nil, Closed: env.Name == "",
		ClientMissing: j.integration.ClientID == "", Practice: j.integration.Environment == store.Sandbox,
	}
	if !s.Closed {
		// The addresses of an environment that is closed are not known.
		s.Groups = views.RecipeGroups(recipeValues(t, env, j), purposeOf(j.integration))
	}
	if !j.integration.InUse.IsZero() {
		s.InUse = t.Date(j.integration.InUse)
	}
	return s
}

// recipeValues are the values of the configuration blocks; words in brackets
// stand for what the page does not have.
func recipeValues(t views.Text, env Environment, j *journey) views.RecipeValues {
	v := views.RecipeValues{
		ClientID: string(j.integration.ClientID), Scopes: texts(j.integration.Wanted),
		Environment: env.Library, Exchange: env.Exchange,
		Issuer: env.Issuer, TokenEndpoint: env.TokenEndpoint, Platform: env.Platform,
		Encoded: t.S("recipe.placeholder"), JWK: t.S("recipe.placeholder.jwk"), PEM: t.S("recipe.placeholder.pem"),
	}
	if v.ClientID == "" {
		v.ClientID = t.S("recipe.placeholder.client")
	}
	k := j.current()
	if k == nil {
		v.Kid = t.S("recipe.placeholder.kid")
		return v
	}
	v.Kid = k.UsedKid()
	if j.carried != nil {
		secret := keySecret(t, j, v.Kid)
		v.Encoded, v.JWK, v.PEM = secret.Encoded, secret.JWK, secret.PEM
	}
	return v
}
