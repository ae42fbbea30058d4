package views

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// Debian's packages are seen by Debian's python only.
const python = "/usr/bin/python3"

// recipeFormats are all formats; those with a reader are read by it, the shell's
// scripts are run.
var recipeFormats = []string{
	"json", "yaml", "env", "dotenv", "properties", "shell", "unit", "csharp", "kotlin", "powershell", "python", "javascript",
}

// readers give what the format's own reader makes of the texts.
var readers = map[string]func(*testing.T, []string) []any{
	"json": each(func(text string) (v any, err error) {
		err = json.Unmarshal([]byte(text), &v)
		return v, err
	}),
	"yaml": program([]string{python, "-c", `
import json, sys, yaml
json.dump([yaml.safe_load(text) for text in json.load(sys.stdin)], sys.stdout)`}),
	"python": program([]string{python, "-c", `
import ast, json, sys
def value(node):
    try: return ast.literal_eval(node)
    except ValueError: return None
def names(text):
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign): found[node.targets[0].id] = value(node.value)
        if isinstance(node, ast.keyword): found[node.arg] = value(node.value) or [value(a) for a in getattr(node.value, "args", [])]
    return found
json.dump([names(text) for text in json.load(sys.stdin)], sys.stdout)`}),
	"javascript": program([]string{"node", "-e", `
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const settings = (text) => eval("(" + /^const settings = (\{[\s\S]*?\n\});$/m.exec(text)[1] + ")");
process.stdout.write(JSON.stringify(texts.map(settings)));`}),
	"dotenv":     dotenvReaders,
	"env":        each(dockerEnv),
	"properties": each(javaProperties),
	"unit":       each(unitEnvironment),
	"csharp":     each(literalsAfter(`(\w+): `)),
	"kotlin":     each(literalsAfter(`(\w+) = `)),
	"powershell": each(powershellVariables),
}

// each reads one text after the other.
func each(read func(string) (any, error)) func(*testing.T, []string) []any {
	return func(t *testing.T, texts []string) []any {
		t.Helper()
		all := make([]any, len(texts))
		for i, text := range texts {
			v, err := read(text)
			if err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			all[i] = v
		}
		return all
	}
}

// program gives the texts to another program, which reads and answers JSON.
func program(command []string) func(*testing.T, []string) []any {
	return func(t *testing.T, texts []string) []any {
		t.Helper()
		in, err := json.Marshal(texts)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Stdin = bytes.NewReader(in)
		var all []any
		if err := json.Unmarshal([]byte(output(t, cmd)), &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
}

func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running %s: %v\n%s", cmd.Path, err, errors.String())
	}
	return string(out)
}

// dotenvReaders are the shell and node, which must agree.
func dotenvReaders(t *testing.T, texts []string) []any {
	t.Helper()
	all := make([]any, len(texts))
	for i, text := range texts {
		file := filepath.Join(t.TempDir(), "file.env")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range regexp.MustCompile(`(?m)^(\w+)=`).FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
		tell := "process.stdout.write(JSON.stringify(Object.fromEntries(process.argv.slice(1).map((n) => [n, process.env[n]]))))"
		bash := exec.CommandContext(t.Context(), "bash", append([]string{"-c", `set -eua; . "$0"; exec node -e "$@"`, file, tell}, names...)...)
		node := exec.CommandContext(t.Context(), "node", append([]string{"--env-file=" + file, "-e", tell}, names...)...)
		read, same := map[string]any{}, map[string]any{}
		if err := json.Unmarshal([]byte(output(t, node)), &read); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(output(t, bash)), &same); err != nil {
			t.Fatal(err)
		}
		// The shell knows no escapes between quotation marks, .env files do.
		for name, value := range same {
			same[name] = strings.ReplaceAll(fmt.Sprint(value), `\n`, "\n")
			read[name] = strings.ReplaceAll(fmt.Sprint(read[name]), `\n`, "\n")
			if read[name] != same[name] {
				t.Errorf("%s: node reads %q, the shell %q", name, read[name], same[name])
			}
		}
		all[i] = read
	}
	return all
}

// dockerEnv takes what stands after the first = as it is, as docker --env-file does.
func dockerEnv(text string) (any, error) {
	read := map[string]any{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			return nil, fmt.Errorf("a line without =: %q", line)
		}
		read[name] = value
	}
	return read, nil
}

// javaProperties reads as the documentation of java.util.Properties says.
func javaProperties(text string) (any, error) {
	read := map[string]any{}
	for line := range strings.Lines(text) {
		name, raw, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			return nil, fmt.Errorf("a line without =: %q", line)
		}
		raw = strings.TrimLeft(raw, " \t\f")
		var units []uint16
		for i := 0; i < len(raw); i++ {
			if raw[i] > '~' {
				return nil, fmt.Errorf("%q is not in Latin-1", raw)
			}
			if raw[i] != '\\' {
				units = append(units, uint16(raw[i]))
				continue
			}
			i++
			if raw[i] != 'u' {
				units = append(units, uint16(raw[i]))
				continue
			}
			unit, err := strconv.ParseUint(raw[i+1:i+5], 16, 16)
			if err != nil {
				return nil, err
			}
			units = append(units, uint16(unit))
			i += 4
		}
		read[name] = string(utf16.Decode(units))
	}
	return read, nil
}

// unitEnvironment reads as systemd.exec(5) and systemd.syntax(7) say.
func unitEnvironment(text string) (any, error) {
	read := map[string]any{}
	for line := range strings.Lines(text) {
		raw, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "Environment=")
		if !ok {
			continue
		}
		var both string
		if err := json.Unmarshal([]byte(raw), &both); err != nil {
			return nil, err
		}
		if strings.Contains(strings.ReplaceAll(both, "%%", ""), "%") {
			return nil, fmt.Errorf("%q has a specifier", both)
		}
		name, value, _ := strings.Cut(strings.ReplaceAll(both, "%%", "%"), "=")
		read[name] = value
	}
	return read, nil
}

// literalsAfter reads the strings that stand after a name, as C#, Kotlin and JSON
// agree on them; in Kotlin $ must be escaped.
func literalsAfter(name string) func(string) (any, error) {
	pattern := regexp.MustCompile(name + `("(?:[^"\\\n]|\\.)*")`)
	return func(text string) (any, error) {
		read := map[string]any{}
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			raw := strings.ReplaceAll(m[2], `\$`, "")
			if strings.Contains(name, "=") && strings.Contains(raw, "$") {
				return nil, fmt.Errorf("%s fills in a variable", m[2])
			}
			var value string
			if err := json.Unmarshal([]byte(strings.ReplaceAll(m[2], `\$`, "$")), &value); err != nil {
				return nil, err
			}
			read[m[1]] = value
		}
		return read, nil
	}
}

// powershellVariables reads verbatim strings, in which any of five quotation marks
// ends the string unless it stands twice.
func powershellVariables(text string) (any, error) {
	read := map[string]any{}
	for text != "" {
		name, rest, ok := strings.Cut(text, " = '")
		if !ok || !regexp.MustCompile(`^\$\w+$`).MatchString(name) {
			return nil, fmt.Errorf("no assignment: %q", text)
		}
		marks, value := "'‘’‚‛", ""
		runes := []rune(rest)
		i := 0
		for ; ; i++ {
			if i+1 >= len(runes) {
				return nil, fmt.Errorf("a string without an end: %q", rest)
			}
			if strings.ContainsRune(marks, runes[i]) {
				if !strings.ContainsRune(marks, runes[i+1]) {
					break
				}
				i++
			}
			value += string(runes[i])
		}
		if runes[i+1] != '\n' {
			return nil, fmt.Errorf("something after the string: %q", string(runes[i:]))
		}
		read[name], text = value, string(runes[i+2:])
	}
	return read, nil
}

// flat makes one level of many: a.b.c. In a list, an element goes by its name.
func flat(v any) map[string]string {
	all := map[string]string{}
	add := func(name string, v any) {
		for below, value := range flat(v) {
			all[strings.TrimSuffix(name+"."+below, ".")] = value
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			add(name, value)
		}
	case []any:
		for i, value := range v {
			if m, ok := value.(map[string]any); ok && m["name"] != nil {
				name := fmt.Sprint(m["name"])
				delete(m, "name")
				add(name, m)
			} else {
				add(strconv.Itoa(i), value)
			}
		}
	default:
		all[""] = fmt.Sprint(v)
	}
	return all
}
