package views

import "strconv"

// The states of the journey that have something of their own to show.

func journeyKeyProblems(t Text) JourneyPage {
	p := journeyExample(t)
	p.Key.Kid, p.Key.Bits = "æ ø å", 1024
	p.Problems = Problems{"kid": "kid.syntax", "bits": "bits", "posted": "posted.no-key", "file": "file.empty"}
	return p
}

func journeyFresh(t Text) JourneyPage {
	p := journeyExample(t).withKey().carry()
	p.Key.Fresh, p.Notice = true, "journey.key.made"
	return p
}

// journeyLost is the page after a restart of the portal or the end of the key's time.
func journeyLost(t Text) JourneyPage {
	p := journeyExample(t).withKey()
	p.Alarm = "journey.blob.gone"
	return p
}

func journeyRegistered(t Text) JourneyPage {
	p := journeyExample(t).withKey().registered().carry()
	p.Notice = "journey.posted"
	return p
}

func journeyRecordProblems(t Text) JourneyPage {
	p := journeyExample(t).withKey().registered()
	p.Record.ClientID, p.Record.RegisteredKid, p.Record.Extra = exampleKid, exampleClient, "ikke et scope"
	p.Problems = Problems{
		"client_id": "client.is-kid", "registered_kid": "kid.is-client", "recorded": "scopes.too-many",
		"extra": "scopes.syntax", "posted": "posted.range",
	}
	return p
}

func journeyConflict(t Text) JourneyPage {
	p := journeyRegistered(t)
	p.Notice, p.Record.ClientID, p.Record.Unusual = "", "ny-klient", true
	p.Theirs = &TheirRecord{ClientID: exampleClient, RegisteredKid: "kid-i-portalen", Scopes: []string{notificationsScope}}
	return p
}

func journeyRecorded(t Text) JourneyPage { return journeyExample(t).withKey().registered().recorded() }

func journeyCarried(t Text) JourneyPage {
	p := journeyRecorded(t).carry()
	p.Notice = "journey.recorded"
	return p
}

func journeyFileProblem(t Text) JourneyPage {
	p := journeyRecorded(t)
	p.Problems = Problems{"file": "file.public"}
	return p
}

func journeyTooMany(t Text) JourneyPage {
	p := journeyCarried(t)
	p.Notice, p.Problems = "", Problems{"prove": "prove.many"}
	return p
}

// journeyManyScopes has more scopes than the alphabet has letters.
func journeyManyScopes(t Text) JourneyPage {
	p := journeyRecorded(t)
	p.Purpose, p.Scopes, p.Record.Scopes = "other", nil, nil
	for i := range 30 {
		scope := "example:scope." + strconv.Itoa(i)
		p.Scopes = append(p.Scopes, scope)
		p.Record.Scopes = append(p.Record.Scopes, RecordScope{Scope: scope, Added: i%2 == 0})
	}
	p.Record.Extra = notificationsScope
	return p
}

// journeyReal is outside the sandbox: other labels, another site.
func journeyReal(t Text) JourneyPage {
	p := journeyExample(t).withKey().carry()
	p.Environment, p.Register.Practice, p.Configure.Practice = "test", false, false
	p.Register.Link = "https://sjolvbetjening.test.samarbeid.digdir.no/"
	return p
}

// journeyClosed is an integration whose environment was turned off.
func journeyClosed(t Text) JourneyPage {
	p := journeyRecorded(t)
	p.Environment, p.Register.Practice, p.Register.Link = "prod", false, ""
	p.Configure = ConfigureStep{Closed: true}
	p.Problems = Problems{"prove": "prove.environment"}
	return p
}

func journeyOtherKeys(t Text) JourneyPage {
	p := journeyRecorded(t)
	current := *p.Key.Current
	current.Kid, current.Custody, current.Alarm, current.Bits = "kid-i-portalen", "elsewhere", "soon", 4096
	p.Key.Current, p.Key.Gone = &current, false
	browser, dropped := *exampleKey(t), *exampleKey(t)
	browser.Custody, dropped.Dropped = "browser", true
	p.Key.Others = []KeyFacts{browser, dropped}
	p.Record.RegisteredKid = current.Kid
	return p
}

func journeyInUse(t Text) JourneyPage {
	p := journeyProved(t)
	p.State, p.Configure.InUse = "in-use", t.Date(exampleTime)
	return p
}
