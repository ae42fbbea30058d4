package views

// adminExamples are the pages of administrators and auditors.
func adminExamples(t Text) []Example {
	page := examplePage(t, t.S("admin.integrations.title"), "admin")
	person := *page.Person
	person.Name, person.Reads, person.Role = "Ada Admin", true, "admin"
	page.Person = &person
	history := page
	history.Title = t.S("admin.events.title")

	return []Example{
		example("register", RegisterPage{Page: page, Rows: exampleRows(t), Next: "c2Vjb25k"}, Register),
		example("register/empty", RegisterPage{Page: page}, Register),
		example("events", EventsPage{Page: history, Events: exampleEvents(t), Next: "c2Vjb25k", Later: true}, Events),
		example("events/empty", EventsPage{Page: history}, Events),
	}
}

func exampleEvents(t Text) []EventRow {
	row := func(number, who, kind, outcome string, details ...Figure) EventRow {
		return EventRow{
			Number: number, When: t.Moment(exampleTime), Stamp: Stamp(exampleTime), Who: who,
			Organisation: exampleOrgNumber, Kind: kind, Outcome: outcome, Details: details,
		}
	}
	field := func(name, value string) Figure { return Figure{Name: t.S("event.field." + name), Value: value} }
	system := row("1", t.S("event.system"), "organisation.added", "done")
	system.Organisation = ""
	return []EventRow{
		row("6", "Kari Nordmann", "proof.run", "failed", field("stage", "token"), field("code", "token.unknown-kid")),
		row("5", "Kari Nordmann", "proof.run", "passed"),
		row("4", "Kari Nordmann", "key.private", "refused", field("thumbprint", exampleThumbprint)),
		row("3", t.S("event.gone"), "integration.recorded", "done", field("client_id", "→ "+exampleClient)),
		row("2", "Kari Nordmann", "integration.changed", "done", field("name", t.S("event.text")), Figure{Name: "unheard_of", Value: "→ 1"}),
		system,
	}
}
