package views

import (
	"fmt"
	"strings"
	"text/template"
	"unicode/utf16"
)

// recipeFuncs write a value so that the format reads it back unchanged.
var recipeFuncs = template.FuncMap{
	"json":       stringLiteral,
	"kotlin":     func(s string) string { return strings.ReplaceAll(stringLiteral(s), "$", `\$`) },
	"sh":         func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" },
	"dotenv":     dotenv,
	"properties": properties,
	"powershell": powershell,
	"unit":       unit,
}

// stringLiteral writes a string as JSON does, with such escapes only as YAML, C#, Kotlin,
// JavaScript and Python share with it. For people to read: < and & need none.
func stringLiteral(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ', r >= 0x7f && r < 0xa0, r == '\u2028', r == '\u2029', r == '\ufeff':
			// Other languages than JSON end the line at some of these.
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// dotenv quotes a value for .env files, whose readers agree on little: nothing is
// an escape between ' and ', where no ' can stand; between " and " the shell reads
// some characters that others leave alone.
func dotenv(s string) string {
	if strings.Contains(s, "'") && !strings.ContainsAny(s, "\"$`\\\n") {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// properties writes a value for Java's Properties, which reads Latin-1.
func properties(s string) string {
	var b strings.Builder
	for i, unit := range utf16.Encode([]rune(s)) {
		switch {
		case unit == '\\', unit == ' ' && i == 0:
			b.WriteString(`\` + string(rune(unit)))
		case unit < ' ', unit > '~':
			fmt.Fprintf(&b, `\u%04x`, unit)
		default:
			b.WriteRune(rune(unit))
		}
	}
	return b.String()
}

// powershell takes typographic quotation marks for quotation marks.
func powershell(s string) string {
	doubled := strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛")
	return "'" + doubled.Replace(s) + "'"
}

// unit writes NAME=value for Environment= in a unit of systemd, where % begins a
// name that systemd fills in.
func unit(name, value string) string {
	return strings.ReplaceAll(stringLiteral(name+value), "%", "%%")
}
