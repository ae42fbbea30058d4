package views

// rehearseExamples are the page on which failures are turned on.
func rehearseExamples(t Text) []Example {
	off := RehearsePage{Page: practiceForm(t, t.S("rehearse.title"), RehearseDraftPath())}
	service := func(name string, faults ...string) {
		g := RehearseGroup{Service: name, Open: name == "maskinporten"}
		for _, id := range faults {
			f := RehearseFault{ID: id, Timed: id == "clock-fast" || id == "clock-slow" || id == "propagation"}
			if f.Timed {
				f.Seconds = "30"
			}
			g.Faults = append(g.Faults, f)
		}
		off.Groups = append(off.Groups, g)
	}
	service("maskinporten", "other-issuer", "endpoints-elsewhere", "no-date", "clock-fast", "clock-slow", "propagation",
		"key-expired", "signature", "audience", "grant-used", "integration-type", "access-revoked", "unknown-error",
		"fewer-scopes", "token-expired", "token-issuer", "no-consumer")
	service("altinn", "exchange-refused", "exchange-gone", "organisation-unlisted")
	service("notifications", "notifications-401", "notifications-403", "notifications-404", "notifications-503")
	any := RehearseGroup{Service: "any", On: 2}
	for _, kind := range []string{
		"slow", "hang", "stall", "dropped", "cut", "gateway", "error", "busy", "redirect", "login", "broken", "empty", "large", "headers",
	} {
		any.Kinds = append(any.Kinds, rehearseKindExample(kind))
	}
	off.Groups = append(off.Groups, any)
	on := off
	on.Done, on.Rehearsing = "saved", []string{"clock-fast", "token.gateway", "exchange.slow", "no-consumer", "no-date"}
	none, cleared, wrong := off, off, off
	none.Done, cleared.Done = "saved", "cleared"
	wrong.Problems = PracticeProblems{
		{Field: RehearseField("clock-fast"), Code: "seconds.invalid", Figures: map[string]string{"least": "1", "most": "86400", "fault": RehearseName(t, "clock-fast")}},
		{Field: RehearseField("slow"), Code: "seconds.invalid", Figures: map[string]string{"least": "1", "most": "45", "fault": RehearseName(t, "slow")}},
	}
	return []Example{
		example("rehearse", off, Rehearse),
		example("rehearse/on", on, Rehearse),
		example("rehearse/none", none, Rehearse),
		example("rehearse/cleared", cleared, Rehearse),
		example("rehearse/problems", wrong, Rehearse),
	}
}

func rehearseKindExample(kind string) RehearseKind {
	k := RehearseKind{Kind: kind, Timed: kind == "slow"}
	if k.Timed {
		k.Seconds = "15"
	}
	for _, call := range []string{"metadata", "token", "exchange", "notifications"} {
		k.Calls = append(k.Calls, RehearseCall{ID: call + "." + kind, Call: call})
	}
	return k
}
