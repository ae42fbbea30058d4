package views

// lintExamples are the check of a configuration.
func lintExamples(t Text) []Example {
	empty := LintPage{Page: strangerPage(t, t.S("lint.title"))}
	empty.Form, empty.LanguageAction, empty.Here = "check", SettingsTool(), SettingsTool()
	found := empty
	found.Settings, found.Checked = "MaskinportenSettings__ExchangeToAltinnToken=true", true
	for _, r := range lintRules {
		found.Findings = append(found.Findings, r.code)
	}
	fine := empty
	fine.Settings, fine.Checked = "MaskinportenSettings__ExhangeToAltinnToken=true", true
	secret := empty
	secret.Problems, secret.Findings = Problems{"settings": "secret"}, []string{"base64url"}
	long := empty
	long.Settings, long.Problems = "x", Problems{"settings": "lint.too-long"}

	return []Example{
		example("settings", empty, Settings),
		example("settings/found", found, Settings),
		example("settings/nothing found", fine, Settings),
		example("settings/secret", secret, Settings),
		example("settings/too long", long, Settings),
	}
}
