package views

import "time"

// sightingExamples are what people saw in place of what the guide says.
func sightingExamples(t Text) []Example {
	wrong := journeyReal(t)
	wrong.Register.Site = "selvbetjening.samarbeid.digdir.no"
	wrong.Register.Sighting = SightingForm{Step: "key"}
	wrong.Problems = Problems{"sighting_step": "sighting.unknown", "sighting_saw": "sighting.empty"}
	told := journeyExample(t)
	told.Register.Site, told.Register.Sighting.Told = "127.0.0.1:8081", true

	page := examplePage(t, t.S("sighting.title"), "admin")
	person := *page.Person
	person.Name, person.Reads, person.Role = "Ada Admin", true, "admin"
	page.Person = &person
	open := SightingRow{
		ID: "s1", When: t.Moment(exampleTime), Stamp: Stamp(exampleTime), Who: "Kari Nordmann",
		Organisation: exampleOrganisation, OrgNumber: exampleOrgNumber, Integration: "Sakssystem – varsling",
		Environment: "test", Step: "key", Saw: "Fanen heter Nøkkelhåndtering.\nKnappen står nederst.", Checked: t.Date(LabelsChecked()),
	}
	settled := open
	settled.ID, settled.Step, settled.Settled, settled.SettledBy = "s2", "no-more", t.Moment(exampleTime), t.S("event.gone")
	return []Example{
		example("journey/sighting problems", wrong, Journey),
		example("journey/sighting told", told, Journey),
		example("sightings", SightingsPage{Page: page, Rows: []SightingRow{open, settled}, Settles: true, After: "9", Next: "4"}, Sightings),
		example("sightings/auditor", SightingsPage{Page: page, Rows: []SightingRow{open, settled}}, Sightings),
		example("sightings/empty", SightingsPage{Page: page, Settles: true}, Sightings),
	}
}

// historyExamples are the runs of an integration, one of them, and two.
func historyExamples(t Text) []Example {
	page := examplePage(t, t.S("history.title"), "integrations")
	list := ProofsPage{Page: page, ID: exampleID, Name: "Sakssystem – varsling", After: "30", Next: "5", Rows: exampleLines(t)}
	single := list
	single.Rows, single.After, single.Next = list.Rows[:1], "", ""
	pair := list
	pair.Pair = true
	empty := list
	empty.Rows, empty.After, empty.Next = nil, "", ""

	red := *exampleRun(t, "token", "token.client-not-found", &ProofAnswer{Status: 400, Error: "invalid_grant MP-100", TraceID: "4bf92f3577b34da6"})
	red.Steps, red.Bundle = Integration(exampleID), exampleBundle("you", "servicedesk@digdir.no")
	red.Bundle.Practice = true
	green := *exampleRun(t, "", "", nil)
	green.Bundle = exampleBundle("nobody", "")
	old := *exampleRun(t, "", "", nil)
	old.Passed, old.Bundle = false, exampleBundle("digdir", "servicedesk@digdir.no")
	old.Stages = append(old.Stages, ProofStage{Stage: "no-more", Outcome: "failed", Code: "no-more.at-all", Took: t.Millis(time.Second)})
	one := func(run ProofRun, newest string) ProofPage {
		return ProofPage{Page: page, ID: exampleID, Name: "Sakssystem – varsling", Run: run, Newest: newest}
	}
	return []Example{
		example("history", list, ProofList),
		example("history/one run", single, ProofList),
		example("history/pair missing", pair, ProofList),
		example("history/empty", empty, ProofList),
		example("history/red", one(red, ProofPair(exampleID, "p2", "p1")), ProofOne),
		example("history/green", one(green, ""), ProofOne),
		example("history/of an old program", one(old, ""), ProofOne),
		example("compare", exampleComparison(t, page), Compare),
	}
}

func exampleLines(t Text) []ProofLine {
	line := func(id string, passed bool, stage, code string) ProofLine {
		return ProofLine{
			ID: id, When: t.Moment(exampleTime), Stamp: Stamp(exampleTime), Passed: passed, Stage: stage, Code: code,
			Kid: exampleKid, By: "Kari Nordmann", Took: t.Millis(1240 * time.Millisecond),
		}
	}
	lines := []ProofLine{
		line("p1", true, "", ""), line("p2", false, "token", "token.client-not-found"), line("p3", false, "no-more", "no-more.at-all"),
	}
	lines[0].B, lines[1].A = true, true
	return lines
}

func exampleBundle(to, address string) *Bundle {
	return &Bundle{To: to, Address: address, Text: "Client ID: " + exampleClient + "\nkid: " + exampleKid + "\nHTTP: 400\n"}
}

func exampleComparison(t Text, page Page) ComparePage {
	run := func(id string, passed bool) CompareRun {
		return CompareRun{ID: id, When: t.Moment(exampleTime), Stamp: Stamp(exampleTime), Passed: passed}
	}
	took := CompareRow{Name: t.S("history.took"), A: t.Millis(40 * time.Millisecond), B: t.Millis(time.Second), Differs: true}
	return ComparePage{
		Page: page, ID: exampleID, Name: "Sakssystem – varsling", A: run("p2", false), B: run("p1", true),
		Facts: []CompareRow{
			{Name: t.S("history.by"), A: "Kari Nordmann", B: t.S("event.gone"), Differs: true},
			{Name: t.S("history.key"), A: exampleKid, B: exampleKid},
			took,
		},
		Stages: []CompareStage{
			{Stage: "key", A: CompareSide{Outcome: "passed"}, B: CompareSide{Outcome: "passed"}, Took: took, Figures: []CompareRow{
				{Name: t.S("figure.key.bits"), A: "2048", B: "4096", Differs: true}, {Name: t.S("figure.key.kid"), A: exampleKid, B: exampleKid},
			}},
			{Stage: "token", A: CompareSide{Outcome: "failed", Code: "token.client-not-found"}, B: CompareSide{Outcome: "passed"}, Differs: true},
			{Stage: "access", A: CompareSide{Outcome: "not-reached"}, B: CompareSide{Outcome: "not-applicable"}, Differs: true},
			{Stage: "no-more", A: CompareSide{Outcome: "failed", Code: "no-more.at-all"}, Differs: true},
		},
		Tokens: []CompareToken{
			{Token: "maskinporten", Same: 7, Claims: []CompareClaim{
				{Name: "scope", Change: "changed", A: serviceOwnerScope, B: notificationsScope},
				{Name: "supplier", Change: "gone", A: "{}"}, {Name: "unheard_of", Change: "added", B: "true"},
			}, Times: []CompareRow{{Name: "iat", A: "1", B: "2"}}},
			{Token: "altinn", Only: "b"},
		},
	}
}
