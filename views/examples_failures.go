package views

// failureExamples are the page of all failures.
func failureExamples(t Text) []Example {
	empty := FailuresPage{Page: strangerPage(t, t.S("failures.title")), Found: -1, Groups: []FailureGroup{
		{Stage: "token", Failures: []Failure{
			{
				Code: "token.unknown-kid", Stage: "token", Texts: []string{"unknown key identifier"}, Who: "you", Step: "register",
				Possible: []string{"key-replaced", "key-renamed", "key-not-posted", "client-of-another"},
			},
			{
				Code: "token.certificate", Stage: "token", Texts: []string{"invalid certificate"}, Refusals: []string{"MP-120"},
				Who: "you", Step: "register", Unseen: "no-certificate",
			},
			{Code: "token.proxy", Stage: "token", Who: "administrator", Possible: []string{"proxy-forbids", "proxy-down"}},
		}},
		{Stage: "exchange", Failures: []Failure{
			{Code: "exchange.token-expired", Stage: "exchange", Statuses: []int{401}, Who: "administrator"},
		}},
		{Failures: []Failure{{Code: "elsewhere.retired-host", Who: "you", Step: "configure", Unseen: "program"}}},
	}}
	empty.Form, empty.LanguageAction, empty.Here = "lookup", FailureTool(), FailureTool()
	recognised := empty
	recognised.Query, recognised.Found = "Unknown key identifier (kid) for client.", 1
	found := empty.Groups[0].Failures[0]
	found.Open = true
	recognised.Recognised, recognised.Groups = []Failure{found}, nil
	words := empty
	words.Query, words.Found = "401", 2
	words.Groups = empty.Groups[1:]
	none := empty
	none.Query, none.Found = "sytten", 0
	secret := empty
	secret.Problems = Problems{"q": "secret"}
	long := empty
	long.Query, long.Problems = "x", Problems{"q": "failures.too-long"}

	return []Example{
		example("failures", empty, Failures),
		example("failures/recognised", recognised, Failures),
		example("failures/words", words, Failures),
		example("failures/nothing found", none, Failures),
		example("failures/secret", secret, Failures),
		example("failures/too long", long, Failures),
	}
}
