package views

// frontExamples are the pages before and around the integrations.
func frontExamples(t Text) []Example {
	welcome := WelcomePage{Page: strangerPage(t, t.S("welcome.title"))}
	ended := welcome
	ended.Ended = true

	signin := SignInPage{Page: strangerPage(t, t.S("signin.title")), Address: "http://127.0.0.1:8080"}
	used, printed, wait := signin, signin, signin
	used.Used, printed.Printed, wait.Wait = true, true, true
	hosted := signin
	hosted.Local, hosted.Sandbox = false, ""

	organisation := OrganisationPage{Page: examplePage(t, t.S("organisation.title"), "")}
	organisation.Form, organisation.LanguageAction = "organisation", Organisations()
	wrong := organisation
	wrong.Number, wrong.Problems = "310110018", Problems{"number": "orgnumber.check-digit", "name": "name.empty"}

	return []Example{
		example("welcome", welcome, Welcome),
		example("welcome/ended", ended, Welcome),
		example("signin", signin, SignInHow),
		example("signin/used", used, SignInHow),
		example("signin/printed", printed, SignInHow),
		example("signin/wait", wait, SignInHow),
		example("signin/without sandbox", hosted, SignInHow),
		example("organisation", organisation, OrganisationAdd),
		example("organisation/problems", wrong, OrganisationAdd),
	}
}

// errorCodes are the stems of all error pages.
var errorCodes = []string{
	"400", "401", "403", "404", "405", "409", "elsewhere", "413", "421", "429", "500", "503",
	"busy", "crosssite", "forwarded", "full", "readonly",
}

// errorExamples are the pages that say no, the sandbox's among them.
func errorExamples(t Text) []Example {
	var all []Example
	for _, code := range errorCodes {
		p := ErrorPage{Page: strangerPage(t, t.S("error."+code+".title")), Code: code}
		if code == "500" {
			p.Page, p.Request = examplePage(t, p.Title, ""), "f2c19a7d0b34e6588c21"
		}
		all = append(all, example("error/"+code, p, Error))
	}
	practice := ErrorPage{Page: practicePage(t, t.S("error.404.title")), Code: "404", Practice: true}
	return append(all, example("error/practice", practice, Error))
}

// listExamples are the first page of those who are signed in.
func listExamples(t Text) []Example {
	page := examplePage(t, t.S("list.title"), "integrations")
	empty := ListPage{Page: page, Notice: "organisation.added"}
	nobody := empty
	nobody.Notice, nobody.Person = "", &Person{Name: "Rita Revisor", Reads: true, Role: "auditor"}

	return []Example{
		example("list/empty", empty, List),
		example("list/no organisation", nobody, List),
		example("list", ListPage{Page: page, Rows: exampleRows(t)}, List),
		example("list/first of several", ListPage{Page: page, Rows: exampleRows(t), Next: "c2Vjb25k"}, List),
		example("list/later", ListPage{Page: page, Rows: exampleRows(t)[:1], Next: "dGhpcmQ", Later: true}, List),
		example("list/last is empty", ListPage{Page: page, Later: true}, List),
	}
}

// exampleRows has a row for each state and for each alarm.
func exampleRows(t Text) []Row {
	day := t.Date(exampleTime)
	later := t.Date(exampleTime.AddDate(1, 0, 0))
	rows := []Row{
		{Name: "Sakssystem – varsling", State: "described", Environment: "sandbox"},
		{Name: "Sakssystem – instanser", State: "key-made", Environment: "sandbox", KeyAlarm: "unknown"},
		{Name: "Tilskuddsportalen", State: "registered", Environment: "test", KeyExpires: later},
		{Name: "Årsrapport <2026> & vedlegg", State: "recorded", Environment: "test", KeyExpires: day, KeyAlarm: "soon", Proof: day},
		{Name: "Klageportalen", State: "proved", Environment: "prod", KeyExpires: later, Proof: day, Proved: true},
		{Name: "Postmottak", State: "in-use", Environment: "prod", KeyExpires: day, KeyAlarm: "expired", Proof: day},
		{Name: "Arkiv", State: "in-use", Environment: "prod", KeyExpires: later, KeyAlarm: "leaked", Proof: day, Proved: true},
	}
	for i := range rows {
		rows[i].ID = exampleID + string(rune('a'+i))
		rows[i].Organisation, rows[i].OrgNumber = exampleOrganisation, exampleOrgNumber
	}
	return rows
}
