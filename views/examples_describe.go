package views

// describeExamples are step 1.
func describeExamples(t Text) []Example {
	empty := describeExample(t)

	problems := empty
	problems.Name, problems.Typed, problems.Purpose = "", "ikke et scope", "other"
	problems.Problems = Problems{
		"name": "name.empty", "description": "secret", "purpose": "purpose.unknown", "query": "secret",
		"environment": "environment.unknown", "typed": "scopes.syntax",
	}

	edit := empty
	edit.ID, edit.Version, edit.Title = exampleID, 3, t.S("describe.title.edit")
	edit.Name, edit.About = "Sakssystem – varsling", "Eies av fagseksjonen.\nVarsler om vedtak."
	edit.LanguageAction = IntegrationDescriptionDraft(exampleID)

	conflict := edit
	conflict.Theirs = &Saved{Name: "Sakssystem – SMS", About: "Varsler på SMS.", Scopes: []string{notificationsScope}}

	search := empty
	search.Query, search.Matches, search.Scopes = "instances.read", 1, nil
	for _, c := range empty.Scopes {
		c.Hidden = c.Key != "serviceowner-instances-read"
		c.Checked = c.Key == "serviceowner-notifications-create"
		c.Hidden = c.Hidden && !c.Checked
		search.Scopes = append(search.Scopes, c)
	}
	nothing := search
	nothing.Query, nothing.Matches, nothing.Scopes = "finnes ikke", 0, nil
	for _, c := range empty.Scopes {
		c.Hidden = true
		nothing.Scopes = append(nothing.Scopes, c)
	}

	choice := empty
	choice.Environments, choice.Environment = []string{"sandbox", "test", "prod"}, "test"
	choice.Problems = Problems{"environment": "environment.unknown"}
	practice := choice
	practice.Practice, practice.Environment = true, "sandbox"
	practice.Problems = Problems{"environment": "environment.practice"}
	homeless := practice
	homeless.Environments = []string{"test", "prod"}
	nowhere := empty
	nowhere.Environments = nil

	return []Example{
		example("describe", empty, Describe),
		example("describe/problems", problems, Describe),
		example("describe/edit", edit, Describe),
		example("describe/conflict", conflict, Describe),
		example("describe/search", search, Describe),
		example("describe/search without hits", nothing, Describe),
		example("describe/environments", choice, Describe),
		example("describe/environments of a practice organisation", practice, Describe),
		example("describe/practice without a sandbox", homeless, Describe),
		example("describe/no environment", nowhere, Describe),
	}
}

// describeExample is the empty form with a short catalogue.
func describeExample(t Text) DescribePage {
	p := DescribePage{
		Page: examplePage(t, t.S("describe.title.new"), "integrations"), Nonce: "5f1d3b9a7c2e4f60",
		Environments: []string{"sandbox"}, Environment: "sandbox", Purpose: "notifications",
		Purposes: []PurposeChoice{
			{ID: "notifications", Scopes: []string{notificationsScope}},
			{ID: "instances", Scopes: []string{serviceOwnerScope, serviceOwnerScope + "/instances.read", serviceOwnerScope + "/instances.write"}},
			{ID: "other"},
		},
		Scopes: []ScopeChoice{
			{Scope: serviceOwnerScope, Key: "serviceowner", Group: "serviceowner", Access: "all"},
			{Scope: serviceOwnerScope + "/instances.read", Key: "serviceowner-instances-read", Group: "serviceowner", Access: "all"},
			{Scope: notificationsScope, Key: "serviceowner-notifications-create", Group: "notifications", Access: "all"},
			{Scope: "altinn:correspondence.write", Key: "correspondence-write", Group: "correspondence", Access: "order"},
		},
	}
	p.Form, p.LanguageAction, p.Matches = "describe", IntegrationDraft(), len(p.Scopes)
	return p
}
