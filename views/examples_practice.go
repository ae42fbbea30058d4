package views

// practicePage is the frame of the sandbox's pages.
func practicePage(t Text, title string) Page {
	return Page{T: t, Title: title, Here: PracticeHomePath()}
}

// practiceForm is that frame around a form that survives a change of language.
func practiceForm(t Text, title, draft string) Page {
	p := practicePage(t, title)
	p.Form, p.LanguageAction = "typed", draft
	return p
}

var practiceOrganisations = []PracticeOrganisation{
	{Number: exampleOrgNumber, Name: exampleOrganisation, Code: "ovd", Kind: "all"},
	{Number: "310220027", Name: "Prøvetilsynet", Code: "prt", Kind: "no-notifications"},
	{Number: "310330035", Name: "Lærevik Regnskap AS", Kind: "unknown"},
}

// practiceExamples are the pages of the sandbox.
func practiceExamples(t Text) []Example {
	organisation := practiceOrganisations[0]
	clients := PracticeClientsPage{Page: practicePage(t, t.Label("clients", true).Name), Organisation: organisation}
	several := clients
	several.Clients = []PracticeClientRow{
		{ID: exampleClient, Name: "Sakssystem – varsling", Active: true, Scopes: 1, Keys: 1},
		{ID: "9f8e7d6c-1111-2222-3333-444455556666", Name: "Gammel", Scopes: 3, Keys: 0},
	}
	all := []Example{
		example("practice home", practiceHome(t), PracticeHome),
		example("practice organisations", PracticeOrganisationsPage{
			Page: practicePage(t, t.S("practice.organisations.title")), Organisations: practiceOrganisations,
		}, PracticeOrganisations),
		example("practice clients/empty", clients, PracticeClients),
		example("practice clients", several, PracticeClients),
	}
	all = append(all, practiceNewExamples(t)...)
	all = append(all, practiceDetailsExamples(t)...)
	all = append(all, practiceScopesExamples(t)...)
	all = append(all, rehearseExamples(t)...)
	return append(all, practiceKeysExamples(t)...)
}

func practiceHome(t Text) PracticeHomePage {
	const sandbox = "http://127.0.0.1:8081"
	return PracticeHomePage{
		Page: practicePage(t, t.S("practice.home.title")),
		Addresses: []PracticeAddress{
			{ID: "issuer", URL: sandbox + "/maskinporten/"},
			{ID: "metadata", URL: sandbox + "/maskinporten/.well-known/oauth-authorization-server"},
			{ID: "token", URL: sandbox + "/maskinporten/token"},
			{ID: "jwks", URL: sandbox + "/maskinporten/jwk"},
			{ID: "platform", URL: sandbox + "/altinn"},
			{ID: "organisations", URL: sandbox + "/altinn/orgs/altinn-orgs.json"},
		},
	}
}

func practiceNewExamples(t Text) []Example {
	organisation := practiceOrganisations[1]
	draft := PracticeClientDraftPath(organisation.Number)
	empty := PracticeClientNewPage{
		Page: practiceForm(t, t.Label("add-client", true).Name, draft), Organisation: organisation,
		Nonce: "5f1d3b9a7c2e4f60", Lifetime: "120", Scopes: practiceChoice(draft),
	}
	wrong := empty
	wrong.Lifetime, wrong.Scopes.Typed, wrong.Scopes.Open = "evig", "altinn:nei", true
	wrong.Problems = PracticeProblems{
		{Field: "name", Code: "name.empty"},
		{Field: "description", Code: "description.too-long", Figures: map[string]string{"limit": "1000"}},
		{Field: "lifetime", Code: "lifetime.invalid", Figures: map[string]string{"least": "1", "most": "7200"}},
		{Field: "scopes", Code: "scope.unknown", Figures: map[string]string{"scope": "altinn:nei"}},
	}
	return []Example{
		example("practice client new", empty, PracticeClientNew),
		example("practice client new/problems", wrong, PracticeClientNew),
	}
}

func practiceChoice(draft string) PracticeScopeChoice {
	return PracticeScopeChoice{
		Draft: draft, Matches: 2,
		Others: []PracticeScope{{Name: serviceOwnerScope}, {Name: notificationsScope, Missing: true}, {Name: "openid", Note: "login"}},
	}
}

func practiceClient(tab string) PracticeClientHead {
	return PracticeClientHead{
		Organisation: practiceOrganisations[0], ID: exampleClient, Name: "Sakssystem – varsling", Active: true, Tab: tab,
	}
}

func practiceDetailsExamples(t Text) []Example {
	draft := practiceClient("details").tab("details/draft")
	p := PracticeDetailsPage{
		Page: practiceForm(t, "Sakssystem – varsling", draft), Client: practiceClient("details"),
		About: "Eies av fagseksjonen.\nVarsler om vedtak.", Created: t.Moment(exampleTime), Lifetime: "120",
	}
	created, inactive := p, p
	created.Client.Done = "created"
	inactive.Client.Active, inactive.Client.Done, inactive.Form = false, "deactivated", ""
	history := PracticeHistoryPage{Page: practicePage(t, p.Title), Client: practiceClient("history")}
	for _, what := range []string{
		"client.created", "client.deactivated", "scopes.set", "lifetime.set", "key.added", "key.removed", "key.expired",
	} {
		history.Events = append(history.Events, PracticeEvent{
			When: t.Moment(exampleTime), Stamp: Stamp(exampleTime), What: what, Details: []string{exampleKid},
		})
	}
	return []Example{
		example("practice details", p, PracticeDetails),
		example("practice details/created", created, PracticeDetails),
		example("practice details/inactive", inactive, PracticeDetails),
		example("practice history", history, PracticeHistory),
	}
}

func practiceScopesExamples(t Text) []Example {
	draft := practiceClient("scopes").tab("scopes/draft")
	p := PracticeScopesPage{
		Page: practiceForm(t, "Sakssystem – varsling", draft), Client: practiceClient("scopes"), Scopes: practiceChoice(draft),
	}
	chosen := p
	chosen.Scopes.Chosen = []PracticeScope{{Name: notificationsScope, Missing: true}}
	chosen.Scopes.Others = []PracticeScope{{Name: "test:open", Note: "open"}, {Name: serviceOwnerScope, Hidden: true}}
	chosen.Scopes.Query, chosen.Scopes.Matches, chosen.Scopes.Open = "test", 1, true
	inactive := chosen
	inactive.Client.Active, inactive.Form = false, ""
	return []Example{
		example("practice scopes/empty", p, PracticeScopes),
		example("practice scopes", chosen, PracticeScopes),
		example("practice scopes/inactive", inactive, PracticeScopes),
	}
}

func practiceKeysExamples(t Text) []Example {
	draft := practiceClient("keys").tab("keys/draft")
	empty := PracticeKeysPage{
		Page: practiceForm(t, "Sakssystem – varsling", draft), Client: practiceClient("keys"), Nonce: "5f1d3b9a7c2e4f60", Open: true,
	}
	wrong := empty
	wrong.Problems = PracticeProblems{
		{Field: "key", Code: "key.private"}, {Field: "key", Code: "key.use-missing", Figures: map[string]string{"kid": exampleKid}},
	}
	some := empty
	some.Open, some.Client.Done = false, "key"
	some.Keys = []PracticeKey{
		{ID: "key-1", Kid: exampleKid, Alg: "RS256", Bits: 2048, Posted: t.Moment(exampleTime), Expires: t.Moment(exampleTime.AddDate(1, 0, 0))},
		{ID: "key-2", Kid: "gammel", Alg: "RS512", Bits: 4096, Posted: t.Moment(exampleTime.AddDate(-2, 0, 0)), Expires: t.Moment(exampleTime), Expired: true},
	}
	inactive := some
	inactive.Client.Active, inactive.Client.Done, inactive.Form = false, "", ""
	return []Example{
		example("practice keys/empty", empty, PracticeKeys),
		example("practice keys/problems", wrong, PracticeKeys),
		example("practice keys", some, PracticeKeys),
		example("practice keys/inactive", inactive, PracticeKeys),
	}
}
