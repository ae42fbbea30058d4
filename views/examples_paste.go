package views

// What the journey says of texts that were pasted.

// journeyPasted has what was forgiven.
func journeyPasted(t Text) JourneyPage {
	p := journeyRecorded(t)
	p.Record.RegisteredKid = "kid-i-portalen"
	p.Pasted = Pasted{
		"client_id": {Remarks: []Remark{{Code: "client-address"}, {Code: "trimmed"}}},
		"registered_kid": {Remarks: []Remark{
			{Code: "kid-of-key", Value: "kid-i-portalen"}, {Code: "base64"}, {Code: "jwks"}, {Code: "use-missing", Value: "sig"},
		}},
		"extra": {Remarks: []Remark{{Code: "tidied"}}},
	}
	return p
}

// journeyOtherPasted has keys that are not the one on record.
func journeyOtherPasted(t Text) JourneyPage {
	p := journeyRecorded(t)
	p.Record.RegisteredKid, p.Record.Extra = `{"kty":"RSA"}`, "altinn:notifications.create"
	p.Problems = Problems{"registered_kid": "kid.other", "extra": "scopes.old", "file": "file.other"}
	prints := map[string]string{"Pasted": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "Record": exampleThumbprint}
	p.Pasted = Pasted{
		"registered_kid": {Figures: prints}, "file": {Figures: prints},
		"extra": {Figures: map[string]string{"Scope": p.Record.Extra, "Right": notificationsScope}},
	}
	return p
}

// journeyLeaked has a key, and one before it, whose private half was pasted.
func journeyLeaked(t Text) JourneyPage {
	p := journeyRecorded(t)
	p.Step = "key"
	current, before := *p.Key.Current, *exampleKey(t)
	current.Leaked, before.Leaked, before.Kid = t.Date(exampleTime), t.Date(exampleTime), "forrige"
	p.Key.Current, p.Key.Others = &current, []KeyFacts{before}
	p.Problems = Problems{"client_id": "secret"}
	p.Pasted = Pasted{"client_id": {Remarks: []Remark{{Code: "leaked", Value: p.Name}}}}
	return p
}
