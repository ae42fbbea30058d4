package views

// keyToolExamples are the tools for keys, before the script has filled anything in.
func keyToolExamples(t Text) []Example {
	p := KeyToolPage{
		Page:  strangerPage(t, t.S("keytool.title")),
		Kinds: []string{"empty", "private", "public", "too-small"}, Reads: []string{"bom", "settings", "kid-missing"},
	}
	p.Here, p.Script = KeyTools(), KeyToolScript
	member := p
	member.Person = examplePage(t, "", "").Person
	return []Example{example("key tools", p, KeyTool), example("key tools/of a member", member, KeyTool)}
}
