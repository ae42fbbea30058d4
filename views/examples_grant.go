package views

// grantExamples are the autopsy of a grant.
func grantExamples(t Text) []Example {
	empty := GrantPage{Page: strangerPage(t, t.S("grant.title"))}
	empty.Form, empty.LanguageAction, empty.Here, empty.Script = "autopsy", GrantTool(), GrantTool(), GrantScript
	nothing := empty
	nothing.Problems = Problems{"grant": "grant.empty"}
	with := func(v GrantVerdict) GrantPage {
		p := empty
		p.Text, p.Verdict = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0", &v
		return p
	}
	key := with(GrantVerdict{Pasted: "nothing", Worst: "error", Form: []GrantRemark{{Code: "form.private-key", Severity: "error"}}})
	key.Text, key.Said = "", "form.private-key"
	member := with(goodGrantExample())
	member.Person = examplePage(t, "", "").Person
	member.Verdict.Record = &GrantRecord{ID: exampleID, Name: "Sakssystem – varsling"}

	return []Example{
		example("grant", empty, Grant),
		example("grant/empty", nothing, Grant),
		example("grant/private key", key, Grant),
		example("grant/good", with(goodGrantExample()), Grant),
		example("grant/of a member", member, Grant),
		example("grant/faults", with(badGrantExample()), Grant),
		example("grant/token", with(tokenExample(t)), Grant),
	}
}

func goodGrantExample() GrantVerdict {
	return GrantVerdict{
		Pasted: "grant", Worst: "ok", Environment: "test",
		Header: []GrantField{
			{Name: "alg", Value: "RS256", Severity: "ok"}, {Name: "kid", Value: exampleKid, Severity: "ok"},
		},
		Claims: []GrantField{
			{Name: "aud", Value: "https://test.maskinporten.no/", Severity: "ok"},
			{Name: "iss", Value: exampleClient, Severity: "ok"},
			{Name: "scope", Value: notificationsScope, Severity: "ok"},
			{Name: "iat", Value: "1795352700", When: Stamp(exampleTime), Severity: "ok"},
		},
	}
}

func badGrantExample() GrantVerdict {
	v := goodGrantExample()
	v.Worst = "error"
	v.Counts = []GrantCount{{Severity: "error", Count: 2}, {Severity: "warning", Count: 2}, {Severity: "note", Count: 1}}
	v.Form = []GrantRemark{{Code: "form.signed", Severity: "warning"}, {Code: "form.body", Severity: "note"}}
	v.Header[1] = GrantField{Name: "kid", Severity: "error", Missing: true, Remarks: []GrantRemark{{Code: "kid.missing", Severity: "error"}}}
	v.Claims[0] = GrantField{
		Name: "aud", Value: "https://test.maskinporten.no", Severity: "error",
		Remarks: []GrantRemark{
			{Code: "aud.array", Severity: "warning"},
			{Code: "aud.no-slash", Severity: "error", Figures: map[string]string{"Want": "https://test.maskinporten.no/"}},
		},
	}
	v.Claims[1] = GrantField{Name: "iss", Value: "digdir_saksystem", Severity: "note", Remarks: []GrantRemark{{Code: "iss.unusual", Severity: "note"}}}
	return v
}

func tokenExample(t Text) GrantVerdict {
	return GrantVerdict{
		Pasted: "token", Worst: "warning", Environment: "test", Form: []GrantRemark{{Code: "form.signed-token", Severity: "warning"}},
		Facts: []Figure{{Name: t.S("grant.fact.issuer"), Value: "https://test.maskinporten.no/"}, {Name: t.S("grant.fact.scopes"), Value: notificationsScope}},
		All:   []Claim{{Name: "scope", Value: notificationsScope, Meaning: t.S("claim.scope")}},
	}
}
