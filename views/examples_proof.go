package views

import "time"

// proofExamples are the page after a test of the token.
func proofExamples(t Text) []Example {
	early := journeyCarried(t)
	early.Prove.Run, early.Prove.Fresh, early.Prove.OfLiveKey = exampleRun(t, "token", "token.kid-not-yet", nil), true, true
	early.Prove.Run.Early, early.Prove.Run.Retry = true, &Retry{Until: "12:10", Left: 540, Again: true}
	early.Prove.Run.Stages[4].Early, early.Prove.Run.Stages[4].Step, early.Notice = true, "prove", ""
	over := journeyProved(t)
	over.Step, over.Prove.Run = "prove", exampleRun(t, "token", "token.client-not-yet", nil)
	over.Prove.Run.Early, over.Prove.Run.Retry = true, &Retry{Until: "12:10"}
	part := journeyProved(t)
	part.Prove.Run.Part, part.Prove.Options.Open = true, true
	access := journeyCarried(t)
	access.Prove.Run, access.Prove.OfLiveKey = exampleRun(t, "token", "token.access-not-granted", nil), true
	access.Prove.Run.Stages[4].Who, access.Prove.Run.Stages[4].Possible = "scope-owner", []PossibleCause{
		{ID: "access-never-given", For: []string{"first-proof"}}, {ID: "customer-forgotten"},
	}
	access.Prove.Scopes = &ScopeTable{Difference: "refused", Scope: notificationsScope, Rows: []ScopeRow{
		{Scope: notificationsScope, Wanted: "yes", Recorded: "yes", Issued: "refused"},
		{Scope: "altinn:serviceowner", Wanted: "yes", Recorded: "no", Issued: "unknown"},
	}}
	access.Prove.Letter = &Letter{
		Scope: notificationsScope, To: "tjenesteeier@altinn.no", Environment: "test", Integration: "Varsling",
		Organisation: "Øvelsesdirektoratet", OrgNumber: exampleOrgNumber, ClientID: "c2f1",
	}
	others := *access.Prove.Letter
	others.To, others.Owner, others.ForAll, others.Practice, others.About = "", "991825827", true, true, "Varsler innbyggere"
	other := access
	other.Prove.Letter, other.Register.Owner = &others, OwnerListing{State: "unlisted"}
	alike := journeyProved(t)
	alike.Prove.Scopes = &ScopeTable{Answered: true, Rows: []ScopeRow{
		{Scope: notificationsScope, Wanted: "yes", Recorded: "yes", Issued: "yes"},
	}}
	alike.Register.Owner = OwnerListing{State: "listed", Code: "ovd"}
	failed := func(stage, code string, answer *ProofAnswer) JourneyPage {
		p := journeyCarried(t)
		p.Prove.Run, p.Prove.Fresh, p.Prove.OfLiveKey = exampleRun(t, stage, code, answer), true, true
		p.Notice = ""
		return p
	}
	kid := failed("token", "token.unknown-kid", &ProofAnswer{
		Status: 400, Error: "invalid_grant", TraceID: "4bf92f3577b34da6a3ce929d0e0e4736",
		Description: "Invalid assertion. Client authentication failed. Unknown key identifier (kid): " + exampleKid,
	})
	unheard := failed("exchange", "exchange.heard-of-for-the-first-time", &ProofAnswer{
		Status: 502, Description: "<html><body>Bad gateway & nothing else</body></html>",
	})
	silent := failed("metadata", "metadata.unreachable", nil)
	old := journeyProved(t)
	old.Step, old.Prove.OfLiveKey, old.Prove.Fresh = "prove", false, false

	return []Example{
		example("proof/green", journeyProved(t), Journey),
		example("proof/no Altinn", journeyWithoutAltinn(t), Journey),
		example("proof/of an old key", old, Journey),
		example("proof/red", kid, Journey),
		example("proof/red without an explanation", unheard, Journey),
		example("proof/red without an answer", silent, Journey),
		example("proof/not there yet", early, Journey),
		example("proof/the wait is over", over, Journey),
		example("proof/some scopes", part, Journey),
		example("proof/access missing", access, Journey),
		example("proof/access missing, owner by number", other, Journey),
		example("proof/scopes alike", alike, Journey),
	}
}

// journeyProved is the page in the answer about a green proof.
func journeyProved(t Text) JourneyPage {
	p := journeyCarried(t)
	p.State, p.Step, p.Notice = "proved", "configure", ""
	p.Prove.Run, p.Prove.Fresh, p.Prove.OfLiveKey = exampleRun(t, "", "", nil), true, true
	return p
}

// journeyWithoutAltinn is a proof of scopes that have nothing to do with Altinn.
func journeyWithoutAltinn(t Text) JourneyPage {
	p := journeyProved(t)
	run := *p.Prove.Run
	run.Altinn = nil
	for i, s := range run.Stages {
		if s.Stage == "exchange" || s.Stage == "claim" || s.Stage == "access" {
			run.Stages[i] = ProofStage{Stage: s.Stage, Outcome: "not-applicable"}
		}
	}
	p.Prove.Run = &run
	return p
}

// exampleRun is a proof that stopped at a stage, or a green one.
func exampleRun(t Text, stopped, code string, answer *ProofAnswer) *ProofRun {
	run := &ProofRun{
		Passed: stopped == "", When: t.Moment(exampleTime), Stamp: Stamp(exampleTime), By: "Kari Nordmann",
		Kid: exampleKid, Took: t.Millis(1240 * time.Millisecond), Answer: answer,
	}
	outcome := "passed"
	for i, stage := range []string{"key", "metadata", "clock", "grant", "token", "scopes", "exchange", "claim", "access"} {
		s := ProofStage{Stage: stage, Outcome: outcome}
		if stage == stopped {
			s.Outcome, s.Code, outcome = "failed", code, "not-reached"
		}
		if s.Outcome != "not-reached" {
			s.Took = t.Millis(time.Duration(3+40*i) * time.Millisecond)
			s.Figures = exampleFigures(t, stage)
		}
		run.Stages = append(run.Stages, s)
	}
	if run.Passed {
		run.Maskinporten = []Claim{
			{Name: "consumer", Value: `{"authority":"iso6523-actorid-upis","ID":"0192:` + exampleOrgNumber + `"}`, Meaning: t.S("claim.consumer")},
			{Name: "exp", Value: "1795352820 (" + Stamp(exampleTime) + ")", Meaning: t.S("claim.exp")},
			{Name: "scope", Value: notificationsScope, Meaning: t.S("claim.scope")},
			{Name: "unheard_of", Value: "true"},
		}
		run.Altinn = []Claim{{Name: "urn:altinn:org", Value: "ovd", Meaning: t.S("claim.urn-altinn-org")}}
	}
	return run
}

func exampleFigures(t Text, stage string) []Figure {
	figure := func(name, value string) Figure {
		return Figure{Name: t.S("figure." + stage + "." + name), Value: value}
	}
	switch stage {
	case "key":
		return []Figure{figure("kid", exampleKid), figure("bits", "2048"), figure("days", "365")}
	case "clock":
		return []Figure{figure("skew", "+1"), figure("tolerance", "10")}
	case "scopes":
		return []Figure{figure("wanted", notificationsScope), figure("issued", notificationsScope)}
	case "access":
		return []Figure{figure("status", "404"), figure("code", "NOT-00003")}
	}
	return nil
}
