package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"portvakt/jwk"
)

// siteTPrivate is a key pair of the tests of jwk.
func siteTPrivate(t testing.TB, name string) jwk.Private {
	t.Helper()
	k, err := jwk.ParsePrivate([]byte(siteTFile(t, "../jwk/testdata/"+name)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// siteTWrite makes files in a new folder; names and contents by turns.
func siteTWrite(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i+1 < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (a siteTAnswer) wants(t testing.TB, status int, inErr ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("got exit status %d, want %d\n%s", a.status, status, a.err)
	}
	for _, want := range inErr {
		if !strings.Contains(a.err, want) {
			t.Errorf("got %q on standard error, want %q in it", a.err, want)
		}
	}
	if status != 0 && strings.Contains(a.out, "BEGIN PRIVATE") {
		t.Error("a failing command printed a private key")
	}
}

// siteTLineAfter is what stands after a label on its line.
func siteTLineAfter(text, label string) string {
	if m := regexp.MustCompile(`(?m)^ *` + regexp.QuoteMeta(label) + ` +(\S.*)$`).FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

func TestKeyNew(t *testing.T) {
	t.Parallel()
	for form, shape := range map[string]string{"jwk": `^\{"kty":"RSA",.*\}$`, "encoded": `^[A-Za-z0-9+/]+=*$`, "pem": `^-----BEGIN PRIVATE KEY-----\n`} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			a := siteTProgram(t, dir, "", "key", "new", "-form", form, "-name", "Mitt saksystem", "-env", "test", "-out", "private", "-public", "public.json")
			a.wants(t, 0)
			text := siteTFile(t, filepath.Join(dir, "private"))
			if !regexp.MustCompile(shape).MatchString(text) {
				t.Errorf("the file has not the form %s", form)
			}
			info, err := os.Stat(filepath.Join(dir, "private"))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("got mode %v, %v, want 0600", info.Mode(), err)
			}
			private, found := jwk.RecognisePrivate([]byte(text))
			public, err := jwk.ParsePublic([]byte(strings.TrimSpace(siteTFile(t, filepath.Join(dir, "public.json")))))
			if err != nil || found.Kind != jwk.KindPrivate || public.Thumbprint() != private.Public().Thumbprint() {
				t.Fatalf("got a %s and %v, want the two halves of one key", found.Kind, err)
			}
			if form != "pem" && private.Public() != public {
				t.Errorf("the key ids differ: %q and %q", private.Public().Kid(), public.Kid())
			}
			if !regexp.MustCompile(`^mitt-saksystem-test-\d{8}-`+regexp.QuoteMeta(public.Thumbprint()[:8])+`$`).MatchString(public.Kid()) || public.Bits() != 2048 {
				t.Errorf("got kid %q and %d bits", public.Kid(), public.Bits())
			}
			if siteTLineAfter(a.out, "Key ID (kid):") != public.Kid() || siteTLineAfter(a.out, "Thumbprint:") != public.Thumbprint() || !strings.Contains(a.out, public.JSON()+"\n") {
				t.Errorf("got %q, want kid, thumbprint and the public key", a.out)
			}
			if (form == "pem") != strings.Contains(a.err, "no room for the key ID") || jwk.Leaks([]byte(a.out+a.err)) {
				t.Errorf("got %q on standard error", a.err)
			}
		})
	}
}

// The private key goes to standard output when a hyphen asks for it, and then
// all else goes beside.
func TestKeyNewToStandardOutput(t *testing.T) {
	t.Parallel()
	a := siteTProgram(t, t.TempDir(), "", "key", "new", "-bits", "3072", "-kid", "kid.A_1", "-out", "-")
	a.wants(t, 0)
	private, err := jwk.ParsePrivate([]byte(a.out))
	if err != nil || private.JSON().Reveal() != a.out || private.Public().Bits() != 3072 || private.Public().Kid() != "kid.A_1" {
		t.Fatalf("standard output is not the key and nothing else: %v", err)
	}
	if !strings.Contains(a.err, private.Public().JSON()) || strings.Contains(a.err, "Careful") || jwk.Leaks([]byte(a.err)) {
		t.Errorf("got %q on standard error", a.err)
	}
}

// Files that are there stay, unless -force replaces them. What is no ordinary
// file stays even then.
func TestKeyFilesStay(t *testing.T) {
	t.Parallel()
	dir := siteTWrite(t, "old.json", "old", "in.json", siteTKey(t).JSON().Reveal())
	if err := os.Symlink("old.json", filepath.Join(dir, "link.json")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"new", "-out", "old.json"}, {"new", "-out", "fresh.json", "-public", "old.json"}, {"new", "-out", "link.json"}, {"new", "-out", "link.json", "-force"},
		{"new", "-out", "."}, {"new", "-out", ".", "-force"}, {"new", "-out", "missing/private.json"}, {"new", "-out", "missing/private.json", "-force"},
		{"convert", "-in", "in.json", "-to", "pem", "-out", "old.json"}, {"convert", "-in", "in.json", "-to", "array", "-out", "old.json"},
		{"new", "-out", "same.json", "-public", "same.json"},
	} {
		siteTProgram(t, dir, "", append([]string{"key"}, args...)...).wants(t, 2)
	}
	if got := siteTFile(t, filepath.Join(dir, "old.json")); got != "old" {
		t.Errorf("a file was overwritten: %.20q", got)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("got %v, %v, want the three files of before", entries, err)
	}

	siteTProgram(t, dir, "", "key", "new", "-out", "old.json", "-force").wants(t, 0)
	info, err := os.Stat(filepath.Join(dir, "old.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want mode 0600 also where a readable file was", info.Mode(), err)
	}
	if _, err := jwk.ParsePrivate([]byte(siteTFile(t, filepath.Join(dir, "old.json")))); err != nil {
		t.Error(err)
	}
}

func TestKeyShow(t *testing.T) {
	t.Parallel()
	k := siteTKey(t)
	encoded := k.Encoded().Reveal()
	settings, err := json.Marshal(map[string]any{"MaskinportenSettings": map[string]string{"ClientId": "x", "EncodedJwk": encoded}})
	if err != nil {
		t.Fatal(err)
	}
	openssl := siteTPrivate(t, "openssl.pkcs8.pem")
	for name, c := range map[string]struct {
		text string
		key  jwk.Public
		says []string
	}{
		"JWK":         {k.JSON().Reveal(), k.Public(), []string{"key pair", "keep it secret"}},
		"JWKS":        {`{"keys":[` + k.JSON().Reveal() + `]}`, k.Public(), []string{"key pair", "JWKS"}},
		"list":        {k.Public().Array(), k.Public(), []string{"a public key", "Read as a list"}},
		"base64":      {encoded, k.Public(), []string{"key pair", "Read as base64."}},
		"PEM":         {k.PEM().Reveal(), k.Public(), []string{"key pair", "Read as PEM."}},
		"PKCS#1":      {siteTFile(t, "../jwk/testdata/openssl.pkcs1.pem"), openssl.Public(), []string{"key pair"}},
		"certificate": {siteTFile(t, "../jwk/testdata/openssl.cert.pem"), openssl.Public(), []string{"a public key", "Taken out of a certificate."}},
		".env":        {"A=b\nMaskinportenSettings__EncodedJwk=" + encoded + "\n", k.Public(), []string{"key pair", "Found among settings, under EncodedJwk."}},
		"appsettings": {string(settings), k.Public(), []string{"key pair", "Found among settings."}},
		"public JWK":  {k.Public().JSON(), k.Public(), []string{"a public key"}},
	} {
		dir := siteTWrite(t, "key", c.text)
		a := siteTProgram(t, dir, "", "key", "show", "-in", "key")
		a.wants(t, 0)
		if piped := siteTProgram(t, dir, c.text, "key", "show"); piped != a {
			t.Errorf("%s: standard input is shown as %v, the file as %v", name, piped, a)
		}
		for _, want := range append(c.says, c.key.Thumbprint(), "2048 bits", "RS256", c.key.PEM(), `{"keys":[{`) {
			if !strings.Contains(a.out, want) {
				t.Errorf("%s: got %q, want %q in it", name, a.out, want)
			}
		}
		kid := "none"
		if regexp.MustCompile(`"kid"|Jwk|base64`).MatchString(name + c.text) {
			kid = "kid-1"
		}
		if got := siteTLineAfter(a.out, "Key ID (kid):"); got != kid && name != "base64" {
			t.Errorf("%s: got the kid %q, want %q", name, got, kid)
		}
		siteTNothingOf(t, name, a.out+a.err, k, openssl)
	}
}

// Several keys are shown one by one, and what is no key is told with status 1.
func TestKeyShowOthers(t *testing.T) {
	t.Parallel()
	k, other := siteTKey(t), siteTPrivate(t, "rsa3072.json")
	both := "[" + k.JSON().Reveal() + "," + other.JSON().Reveal() + "]"
	a := siteTProgram(t, t.TempDir(), both, "key", "show")
	a.wants(t, 0)
	if !strings.Contains(a.out, k.Public().JSON()) || !strings.Contains(a.out, other.Public().JSON()) || !strings.Contains(a.out, "several key pairs") {
		t.Errorf("got %q, want both keys", a.out)
	}
	siteTNothingOf(t, "two keys", a.out+a.err, k, other)
	for _, c := range []struct{ text, says string }{
		{"", "nothing in it"}, {"hello", "no key"}, {k.JSON().Reveal()[:900], "broken"},
		{siteTFile(t, "../jwk/testdata/ec.pkcs8.pem"), "another type"}, {siteTFile(t, "../jwk/testdata/ec.spki.pem"), "another type"},
		{siteTFile(t, "../jwk/testdata/openssl.encrypted.pem"), "passphrase"}, {siteTFile(t, "../jwk/testdata/openssl.p12"), "keystore"},
		{siteTFile(t, "../jwk/testdata/openssh.pem"), "OpenSSH"}, {siteTFile(t, "../jwk/testdata/rsa1024.pkcs8.pem"), "This one has 1024 bits"},
		{strings.Repeat("x", 20<<10), "longer than any key"}, {strings.Repeat("x", 200<<10), "longer than any key"},
	} {
		siteTProgram(t, t.TempDir(), c.text, "key", "show").wants(t, 1, c.says)
	}
}

// The rescue: a private key in PEM and its kid become what programs want.
func TestKeyConvert(t *testing.T) {
	t.Parallel()
	k, bare := siteTKey(t), siteTPrivate(t, "openssl.pkcs8.pem")
	named, err := bare.WithKid("0a1b2c3d-1111-2222-3333-444455556666")
	if err != nil {
		t.Fatal(err)
	}
	dir := siteTWrite(t, "k.jwk", k.JSON().Reveal(), "pkcs8.pem", bare.PEM().Reveal(), "pkcs1.pem", siteTFile(t, "../jwk/testdata/openssl.pkcs1.pem"),
		"registered.json", named.Public().Array(), "k.pub", k.Public().JSON())
	kid := named.Public().Kid()
	for _, c := range []struct{ in, to, kid, check, want string }{
		{"pkcs8.pem", "jwk", kid, "", named.JSON().Reveal()},
		{"pkcs1.pem", "encoded", kid, "registered.json", named.Encoded().Reveal()},
		{"pkcs1.pem", "encoded", "", "registered.json", named.Encoded().Reveal()},
		{"pkcs1.pem", "pem", "", "", named.PEM().Reveal()},
		{"k.jwk", "encoded", "", "", k.Encoded().Reveal()},
		{"k.jwk", "pem", "", "k.pub", k.PEM().Reveal()},
		{"k.jwk", "public-jwk", "", "", k.Public().JSON() + "\n"},
		{"k.jwk", "array", "", "", k.Public().Array() + "\n"},
		{"k.pub", "jwks", "", "", k.Public().Set() + "\n"},
		{"k.pub", "public-pem", "", "", k.Public().PEM()},
		{"pkcs8.pem", "public-jwk", kid, "", named.Public().JSON() + "\n"},
	} {
		args := []string{"key", "convert", "-in", c.in, "-to", c.to, "-out", "-"}
		if c.kid != "" {
			args = append(args, "-kid", c.kid)
		}
		if c.check != "" {
			args = append(args, "-check", c.check)
		}
		a := siteTProgram(t, dir, "", args...)
		a.wants(t, 0)
		if a.out != c.want {
			t.Errorf("%+v: got another text", c)
		}
		siteTNothingOf(t, c.in, a.err, k, bare)
		file := filepath.Join(dir, c.in+c.to+c.kid+c.check)
		siteTProgram(t, dir, siteTFile(t, filepath.Join(dir, c.in)), append(args[:2:2], append(args[4:6:6], append(args[8:], "-out", file)...)...)...).wants(t, 0)
		if got := siteTFile(t, file); got != c.want {
			t.Errorf("%+v: the file has another text", c)
		}
		info, err := os.Stat(file)
		if private := isPrivateForm(c.to); err != nil || private && info.Mode().Perm() != 0o600 {
			t.Errorf("%+v: got mode %v, %v", c, info.Mode(), err)
		}
	}
}

func TestKeyConvertRefuses(t *testing.T) {
	t.Parallel()
	k, bare := siteTKey(t), siteTPrivate(t, "openssl.pkcs8.pem")
	dir := siteTWrite(t, "k.jwk", k.JSON().Reveal(), "bare.pem", bare.PEM().Reveal(), "k.pub", k.Public().JSON(), "both.json", "["+k.JSON().Reveal()+","+siteTPrivate(t, "rsa3072.json").JSON().Reveal()+"]")
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"-in k.jwk", 2, "-to is one of"},
		{"-in k.jwk -to banana -out -", 2, "-to is one of"},
		{"-in k.jwk -to jwk", 2, "Where shall the private key go?"},
		{"-in bare.pem -to jwk -out x", 2, "no key ID"},
		{"-in bare.pem -to encoded -kid a/b -out x", 2, "-kid takes"},
		{"-in k.pub -to jwk -out x", 1, "This is a public key"},
		{"-in both.json -to jwk -out x", 1, "several keys"},
		{"-in bare.pem -to jwk -kid a -check k.pub -out x", 1, "This is not the registered key"},
		{"-in k.jwk -to jwk -kid other -check k.pub -out x", 1, "is registered as kid-1"},
		{"-in k.jwk -to jwk -check k.jwk -out x", 2, "holds a private key"},
		{"-in nowhere -to jwk -out x", 2, "cannot be opened"},
		{"-to jwk -check - -out x", 2, "once only"},
	} {
		a := siteTProgram(t, dir, k.JSON().Reveal(), append([]string{"key", "convert"}, strings.Fields(c.args)...)...)
		a.wants(t, c.status, c.says)
		if a.out != "" {
			t.Errorf("%s: got %q on standard output", c.args, a.out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "x")); err == nil {
		t.Error("a command that refused made a file")
	}
}

func TestKeyCheck(t *testing.T) {
	t.Parallel()
	k, other := siteTKey(t), siteTPrivate(t, "rsa3072.json")
	renamed, err := k.Public().WithKid("old-kid")
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := k.Public().Thumbprint(), other.Public().Thumbprint()
	dir := siteTWrite(t, "k", k.Encoded().Reveal(), "pem", k.PEM().Reveal(), "pub", k.Public().JSON(), "renamed", renamed.JSON(),
		"set", `{"keys":[`+other.Public().JSON()+","+k.Public().JSON()+`]}`, "other", other.Public().PEM())
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"-in k -thumbprint " + mine, 0, ""}, {"-in k -thumbprint " + theirs, 1, "another key"},
		{"-in k -public pub", 0, ""}, {"-in k -public set", 0, ""}, {"-in k -public other", 1, "another key"},
		{"-in k -public renamed", 1, "another key ID"}, {"-in pem -public renamed", 0, ""},
		{"-in pub -thumbprint " + mine, 1, "private one is needed"},
		{"-in k -public k", 2, "holds a private key"}, {"-in k -public nowhere", 2, "cannot be opened"}, {"-in k", 2, "Compare with what?"},
		{"-in k -public pub -thumbprint " + mine, 2, "one of them"}, {"-in k -thumbprint abc", 2, "43 characters"},
	} {
		a := siteTProgram(t, dir, "", append([]string{"key", "check"}, strings.Fields(c.args)...)...)
		a.wants(t, c.status, c.says)
		if c.status != 2 && !strings.Contains(c.says, "needed") {
			if !strings.Contains(a.out, "This key:    "+mine+"\n") || !strings.Contains(a.out, "Registered:  ") {
				t.Errorf("%s: got %q, want both thumbprints", c.args, a.out)
			}
		}
		if (c.status == 0) != strings.Contains(a.out, "This is the registered key.") {
			t.Errorf("%s: got %q", c.args, a.out)
		}
	}
	siteTProgram(t, dir, "A=b\nKEY="+k.Encoded().Reveal()+"\n", "key", "check", "-public", "pub").wants(t, 0)
}
