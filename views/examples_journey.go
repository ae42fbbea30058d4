package views

import "strings"

// journeyExamples are steps 2 to 6 as the reader gets on.
func journeyExamples(t Text) []Example {
	var all []Example
	add := func(name string, p JourneyPage) { all = append(all, example("journey/"+name, p, Journey)) }

	add("no key", journeyExample(t))
	add("key problems", journeyKeyProblems(t))
	add("key fresh", journeyFresh(t))
	add("key lost on the way", journeyLost(t))
	add("registered", journeyRegistered(t))
	add("record problems", journeyRecordProblems(t))
	add("what was pasted", journeyPasted(t))
	add("another key pasted", journeyOtherPasted(t))
	add("leaked key", journeyLeaked(t))
	add("conflict", journeyConflict(t))
	add("recorded", journeyRecorded(t))
	add("recorded, key carried", journeyCarried(t))
	add("file problem", journeyFileProblem(t))
	add("too many tests", journeyTooMany(t))
	add("many scopes", journeyManyScopes(t))
	add("real environment", journeyReal(t))
	add("closed environment", journeyClosed(t))
	add("other keys", journeyOtherKeys(t))
	add("in use", journeyInUse(t))
	return all
}

// journeyExample is an integration that was just described.
func journeyExample(t Text) JourneyPage {
	p := JourneyPage{
		Page: examplePage(t, "Sakssystem – varsling", "integrations"),
		ID:   exampleID, Name: "Sakssystem – varsling", About: "Eies av fagseksjonen.\nVarsler om vedtak.",
		Organisation: exampleOrganisation, OrgNumber: exampleOrgNumber,
		Environment: "sandbox", State: "described", Purpose: "notifications", Scopes: []string{notificationsScope},
		Nonce: "5f1d3b9a7c2e4f60", Version: 1, Step: "key",
		Key:      KeyStep{Bits: 2048},
		Register: RegisterStep{Link: "http://127.0.0.1:8081/samarbeidsportalen/", Practice: true, Checked: t.Date(LabelsChecked())},
		Record:   RecordStep{Scopes: []RecordScope{{Scope: notificationsScope, Added: true}}},
		Prove:    ProveStep{Missing: "key"},
		Configure: ConfigureStep{
			Groups: RecipeGroups(exampleRecipeValues(t), "notifications"), ClientMissing: true, Practice: true,
		},
	}
	p.Form, p.LanguageAction = "journey", Act(exampleID, "language", "")
	return p
}

func exampleRecipeValues(t Text) RecipeValues {
	return RecipeValues{
		ClientID: t.S("recipe.placeholder.client"), Kid: exampleKid, Scopes: []string{notificationsScope},
		Environment: "test", Exchange: "tt02",
		Issuer: "http://127.0.0.1:8081/maskinporten/", TokenEndpoint: "http://127.0.0.1:8081/maskinporten/token",
		Platform: "http://127.0.0.1:8081/altinn", Encoded: t.S("recipe.placeholder"),
		JWK: t.S("recipe.placeholder.jwk"), PEM: t.S("recipe.placeholder.pem"),
	}
}

func exampleKey(t Text) *KeyFacts {
	jwk := `{"kty":"RSA","use":"sig","alg":"RS256","kid":"` + exampleKid + `","n":"example","e":"AQAB"}`
	return &KeyFacts{
		Kid: exampleKid, MadeKid: exampleKid, Thumbprint: exampleThumbprint, Bits: 2048, Custody: "server",
		Made: t.Moment(exampleTime), Alarm: "unknown",
		Array: "[" + jwk + "]", JWK: jwk, Set: `{"keys":[` + jwk + `]}`,
		PEM: "-----BEGIN PUBLIC KEY-----\nexample\n-----END PUBLIC KEY-----\n",
	}
}

// exampleSecret stands where a private key would: every value says that it is none.
func exampleSecret(t Text) *KeySecret {
	return &KeySecret{
		Encoded: strings.Repeat("NOT+A+PRIVATE+KEY+", 40) + "==",
		JWK:     `{"kty":"RSA","d":"NOT-A-PRIVATE-KEY","p":"NOT-A-PRIVATE-KEY","q":"NOT-A-PRIVATE-KEY"}`,
		PEM:     "-----BEGIN PRIVATE KEY-----\nNOT/A/PRIVATE/KEY\n-----END PRIVATE KEY-----\n",
		Until:   t.Clock(exampleTime),
	}
}

// withKey gives the page a key on record; carry also the private half.
func (p JourneyPage) withKey() JourneyPage {
	p.State, p.Step = "key-made", "register"
	p.Key.Current, p.Key.Gone = exampleKey(p.T), true
	p.Register.JWK, p.Register.Array = p.Key.Current.JWK, p.Key.Current.Array
	p.Prove.Missing = "client"
	return p
}

func (p JourneyPage) carry() JourneyPage {
	p.Sealed, p.KeepOpen = "sealed-example", true
	p.Key.Secret, p.Key.Gone = exampleSecret(p.T), false
	p.Prove.Carried, p.Configure.Carried = true, true
	values := exampleRecipeValues(p.T)
	values.Encoded, values.JWK, values.PEM = p.Key.Secret.Encoded, p.Key.Secret.JWK, p.Key.Secret.PEM
	if p.Record.ClientID != "" {
		values.ClientID = p.Record.ClientID
	}
	p.Configure.Groups = RecipeGroups(values, p.Purpose)
	return p
}

func (p JourneyPage) registered() JourneyPage {
	p.State, p.Step = "registered", "record"
	key := *p.Key.Current
	key.Posted, key.Expires, key.Alarm = p.T.Date(exampleTime), p.T.Date(exampleTime.AddDate(1, 0, 0)), ""
	p.Key.Current = &key
	p.Register.Posted, p.Register.PostedText = DayValue(exampleTime), key.Posted
	return p
}

func (p JourneyPage) recorded() JourneyPage {
	p.State, p.Step, p.Version = "recorded", "prove", 2
	p.Record.ClientID, p.Record.Saved = exampleClient, true
	p.Prove.Missing, p.Configure.ClientMissing = "", false
	values := exampleRecipeValues(p.T)
	values.ClientID = exampleClient
	p.Configure.Groups = RecipeGroups(values, p.Purpose)
	return p
}
