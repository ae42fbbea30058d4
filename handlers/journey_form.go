package handlers

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"portvakt/store"
	"portvakt/views"
)

// journeyForm is everything that can be typed on the page of an integration, as
// it was typed.
type journeyForm struct {
	nonce         string
	version       int
	bits          int
	kid           string
	posted        string
	clientID      string
	registeredKid string
	// recorded are the wanted scopes that are checked as added; extra is typed.
	recorded []string
	extra    string
	sighting sightingForm
	// own is a pasted public key, and ownKid the id that it shall have.
	own, ownKid string
	// signature shows that the private key is saved.
	signature string
	// options is nil where the page did not have their fields.
	options *optionsForm
}

func readJourneyForm(c echo.Context, h *Handlers) journeyForm {
	return journeyForm{
		nonce: nonceOf(c, h), version: intOf(c.FormValue("version")),
		bits: intOf(c.FormValue("bits")), kid: strings.TrimSpace(c.FormValue("kid")),
		posted:   strings.TrimSpace(c.FormValue("posted")),
		clientID: bare(c.FormValue("client_id")), registeredKid: bare(c.FormValue("registered_kid")),
		recorded: c.Request().PostForm["recorded"], extra: strings.TrimSpace(c.FormValue("extra")),
		sighting: readSighting(c), options: readOptions(c),
		own: strings.TrimSpace(c.FormValue("own")), ownKid: bare(c.FormValue("own_kid")),
		signature: strings.TrimSpace(c.FormValue("signature")),
	}
}

// bare takes off what comes along when an id is copied out of JSON or a sentence.
func bare(pasted string) string {
	return strings.Trim(pasted, " \t\r\n\"',;“”„‟‘’‚«»`\u00a0\u200b\ufeff")
}

// formOf is the form as what is on record fills it in.
func formOf(j *journey) journeyForm {
	f := journeyForm{version: j.integration.Version, bits: 2048, clientID: string(j.integration.ClientID), options: optionsOf(j)}
	if k := j.current(); k != nil {
		f.posted, f.registeredKid = views.DayValue(k.Posted), k.RegisteredKid
	}
	if j.integration.ClientID == "" {
		// Nothing is recorded yet: most often all wanted scopes were added.
		f.recorded = texts(j.integration.Wanted)
		return f
	}
	var extra []string
	for _, s := range j.integration.Recorded {
		if slices.Contains(j.integration.Wanted, s) {
			f.recorded = append(f.recorded, string(s))
		} else {
			extra = append(extra, string(s))
		}
	}
	f.extra = strings.Join(extra, "\n")
	return f
}

// sameRecord tells whether step 4 says what is on record.
func (f journeyForm) sameRecord(stored journeyForm) bool {
	return f.clientID == stored.clientID && f.registeredKid == stored.registeredKid &&
		sameSet(f.scopes(), stored.scopes())
}

// saved tells whether nothing is typed that is not on record.
func (f journeyForm) saved(stored journeyForm) bool {
	return f.sameRecord(stored) && f.posted == stored.posted && f.kid == "" && f.own == "" && f.signature == "" && f.sighting.saw == "" &&
		f.options.same(stored.options) && (f.bits == 0 || f.bits == stored.bits)
}

func (f journeyForm) scopes() []string {
	return slices.Concat(f.recorded, strings.Fields(f.extra))
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// recordedScopes are the scopes of step 4, parsed; a wrong one is a problem.
func recordedScopes(j *journey) []store.Scope {
	f, problems := j.form, j.problems
	checked, bad := store.ParseScopes(strings.Join(f.recorded, " "))
	if len(bad) > 0 {
		problems["recorded"] = problemOf("scopes", bad[0].Err)
	}
	extra := readScopes(f.extra)
	if extra.problem != "" {
		problems["extra"] = extra.problem
		j.figure("extra", "Scope", extra.scope)
		j.figure("extra", "Right", extra.right)
	} else if extra.tidied {
		j.remark("extra", views.Remark{Code: "tidied"})
	}
	for _, s := range extra.scopes {
		if !slices.Contains(checked, s) {
			checked = append(checked, s)
		}
	}
	if len(checked) > mostScopes {
		problems["extra"] = "scopes.too-many"
	}
	return checked
}
