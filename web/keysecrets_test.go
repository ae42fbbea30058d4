package main

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portvakt/jwk"
	"portvakt/static"
)

// Whatever goes wrong, no piece of a private key is printed: not of one that is
// read, not of a broken one, and not of one that somebody put in the wrong place.
func TestKeySecretsStay(t *testing.T) {
	t.Parallel()
	k := siteTKey(t)
	whole, pem, encoded := k.JSON().Reveal(), k.PEM().Reveal(), k.Encoded().Reveal()
	d := whole[strings.Index(whole, `"d":"`)+5:][:342]
	settings := `{"Settings":{"EncodedJwk":"` + encoded + `"}}`
	texts := map[string]string{
		"JWK": whole, "PEM": pem, "encoded": encoded, "d": d, "settings": settings, "env": "EncodedJwk=" + encoded,
		"cut JWK": whole[:len(whole)-300], "cut PEM": pem[:900], "cut encoded": encoded[:1400], "cut settings": settings[:1500],
		"JWK and more": whole + whole, "no dq": strings.Replace(whole, `"dq"`, `"xx"`, 1), "d twice": strings.Replace(whole, `"p":`, `"d":`, 1),
		"wrong d":     strings.Replace(whole, d, d[:100]+"AAAA"+d[104:], 1),
		"another e":   strings.Replace(whole, `"AQAB"`, `"Aw"`, 1),
		"another kty": strings.Replace(whole, `"RSA"`, `"EC"`, 1),
		"d as kid":    strings.Replace(whole, `"kid-1"`, `"`+d+`"`, 1),
		"d as alg":    strings.Replace(whole, `"RS256"`, `"`+d+`"`, 1),
		"d as member": strings.Replace(whole, `"use"`, `"`+d+`"`, 1),
		"d as name":   d[:20] + ": {\n" + d,
		"d as claim":  base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"`+d+`","kid":"kid-1"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"scope":"`+d+`"}`)),
		"d as PEM":    "-----BEGIN PRIVATE KEY-----\n" + d + "\n-----END PRIVATE KEY-----\n",
		"d as label":  "-----BEGIN " + strings.ToUpper(d[:40]) + "-----\n",
		"in a page":   "<html>" + whole, "long": whole + strings.Repeat(" ", 70<<10), "zero bytes": strings.Join(strings.Split(whole, ""), "\x00"),
	}
	public := k.Public().JSON()
	commands := []string{
		"show", "show -in F", "convert -to public-jwk", "convert -to array -in F", "convert -to jwk -in F -check F -out x", "convert -to jwk -in other -check F -out x",
		"convert -to encoded -out x -kid a/b", "convert -to nothing", "convert -to pem -in F -check other -out x", "check -in F -public F", "check -public F -in other",
		"check -in F -thumbprint " + strings.Repeat("A", 43), "sign -in F", "sign -in other -text F", "sign -in F -text F", "sign -nonce -in F -text F",
		"sign -nonce -in other -text F", "new -out F", "new -out other -public F",
		// The secret itself where a name, a value or a command belongs.
		"S", "show S", "show -in S", "show -S", "S S", "convert -to S -in F", "convert -in F -to jwk -out S/x", "convert -in F -to jwk -out x -kid S",
		"convert -to array -in F -check S", "check -in F -thumbprint S", "check -in F -public S", "sign -in F -text S", "sign -in F -kid S",
		"new -bits S", "new -out x -form S", "new -out x -kid S", "new -out S/x", "new -out x -bits=S", "-in S",
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := siteTWrite(t, "F", text, "other", siteTPrivate(t, "rsa3072.json").JSON().Reveal(), "public", public)
			for _, command := range commands {
				args := []string{"key"}
				for word := range strings.FieldsSeq(command) {
					if word == "F" || word == "other" || word == "x" {
						word = filepath.Join(dir, word)
					}
					// Arguments end at a zero byte.
					args = append(args, strings.Replace(word, "S", strings.ReplaceAll(text, "\x00", ""), 1))
				}
				// A thousand commands: within this process, and one text in one of its own.
				var out, errs strings.Builder
				run(t.Context(), args, func(string) string { return "" }, strings.NewReader(text), &out, &errs)
				siteTNothingOf(t, command, out.String()+errs.String(), k)
				os.Remove(filepath.Join(dir, "x"))
				if name == "env" {
					a := siteTProgram(t, dir, text, args...)
					siteTNothingOf(t, command, a.out+a.err, k)
				}
			}
			for _, args := range [][]string{{text}, {"serve" + text}, {"-" + text}} {
				args[0] = strings.ReplaceAll(args[0], "\x00", "")
				a := siteTProgram(t, dir, "", args...)
				a.wants(t, 2)
				siteTNothingOf(t, "a command", a.out+a.err, k)
			}
		})
	}
}

// A key among the arguments has been seen by others, and is told so.
func TestKeyAmongArguments(t *testing.T) {
	t.Parallel()
	k := siteTKey(t)
	for _, text := range []string{k.JSON().Reveal(), k.PEM().Reveal(), k.Encoded().Reveal()} {
		for _, args := range [][]string{{"key", text}, {"key", "show", text}, {"key", "show", "-in", text}, {"key", "show", "-in=" + text}} {
			siteTProgram(t, t.TempDir(), "", args...).wants(t, 2, "Consider it leaked")
		}
	}
}

// A private key on the terminal comes with a warning, and none where nobody looks.
func TestKeyOnTerminal(t *testing.T) {
	t.Parallel()
	siteTTools(t, "script", "sh")
	dir := siteTWrite(t, "key", siteTKey(t).JSON().Reveal())
	for _, c := range []struct {
		command string
		warns   bool
	}{
		{"convert -in key -to encoded -out -", true}, {"convert -in key -to encoded -out - >file", false},
		{"convert -in key -to encoded -out - >/dev/null", false}, {"convert -in key -to jwks", false},
	} {
		out, errs, err := siteTCommand(t, dir, "script", "-qec", program.path(t)+" key "+c.command, "typescript")
		if err != nil {
			t.Fatalf("%v\n%s%s", err, out, errs)
		}
		if strings.Contains(out, "Careful: the private key is written to the terminal") != c.warns {
			t.Errorf("%s: got a warning: %v, want %v", c.command, !c.warns, c.warns)
		}
	}
}

// Every kind and every remark has words, which show no more than they should.
func TestKeyWords(t *testing.T) {
	t.Parallel()
	for _, k := range jwk.Kinds() {
		if kindWords[k] == "" {
			t.Errorf("the kind %s has no words", k)
		}
	}
	for _, code := range jwk.ReadCodes() {
		if got := remark(jwk.Remark{Code: code, Value: "value"}); got == "" || strings.Contains(got, "%!") {
			t.Errorf("the remark %s reads %q", code, got)
		}
	}
	if len(kindWords) != len(jwk.Kinds()) || len(remarkWords) != len(jwk.ReadCodes()) {
		t.Error("there are words for what does not exist")
	}
}

// The help of each command is in its page of docs, and is printed on request.
func TestKeyHelp(t *testing.T) {
	t.Parallel()
	page := siteTFile(t, "../docs/key-command.md")
	for command, text := range map[string]string{
		"": keyHelp, "new": keyNewHelp, "show": keyShowHelp, "convert": keyConvertHelp, "check": keyCheckHelp, "sign": keySignHelp,
	} {
		if !strings.Contains(page, text) {
			t.Errorf("docs/key-command.md does not have the help of key %s", command)
		}
		a := siteTProgram(t, t.TempDir(), "", append([]string{"key"}, strings.Fields(command+" -h")...)...)
		a.wants(t, 0)
		if a.out != text {
			t.Errorf("key %s -h: got %q", command, a.out)
		}
	}
	for _, args := range []string{"", "dance", "show more", "show -x"} {
		a := siteTProgram(t, t.TempDir(), "", append([]string{"key"}, strings.Fields(args)...)...)
		a.wants(t, 2, "go run ./web key")
	}
}

func TestVersionCommand(t *testing.T) {
	t.Parallel()
	a := siteTProgram(t, t.TempDir(), "", "version")
	a.wants(t, 0)
	for _, label := range []string{"Portvakt:", "Commit:", "Go:"} {
		if siteTLineAfter(a.out, label) == "" {
			t.Errorf("got %q, want %s in it", a.out, label)
		}
	}
	scripts := 0
	err := filepath.WalkDir("../static/js", func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".js" {
			scripts++
			if name := strings.TrimPrefix(path, "../static/"); !strings.Contains(a.out, "  "+name+"\n") {
				t.Errorf("%s is not in %q", name, a.out)
			}
		}
		return err
	})
	if err != nil || scripts < 3 || len(static.Hashes()) != scripts {
		t.Errorf("got %d scripts and %d hashes, %v", scripts, len(static.Hashes()), err)
	}
	for _, h := range static.Hashes() {
		if !strings.Contains(a.out, fmt.Sprintf("%s  %s\n", h.SHA256, h.Name)) {
			t.Errorf("%s has another hash in %q", h.Name, a.out)
		}
	}
}
