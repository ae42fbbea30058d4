package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portvakt/jwk"
)

// siteTPiece is how long the pieces are that secrets are cut into. Whoever keeps
// so much of one has kept too much, and chance does not make so much of it.
const siteTPiece = 24

// siteTSecrets finds secrets in text: in whatever coding they were written, whole
// or in part.
type siteTSecrets map[string]string

// add cuts a text into pieces.
func (s siteTSecrets) add(what, text string) {
	for ; len(text) >= siteTPiece; text = text[siteTPiece:] {
		s[text[:siteTPiece]] = what
	}
}

// bytes adds the codings of a value.
func (s siteTSecrets) bytes(what string, b []byte) {
	s.add(what+" in base64url", base64.RawURLEncoding.EncodeToString(b))
	s.add(what+" in base64", base64.StdEncoding.EncodeToString(b))
	s.add(what+" in hex", hex.EncodeToString(b))
	s.add(what+" in capital hex", strings.ToUpper(hex.EncodeToString(b)))
	s.add(what+" in decimal", new(big.Int).SetBytes(b).String())
	s.add(what+" as bytes", string(b))
}

// key adds the private members of a key and the forms that it is taken away in.
func (s siteTSecrets) key(t testing.TB, what string, k jwk.Private) {
	t.Helper()
	var members map[string]string
	if err := json.Unmarshal([]byte(k.JSON().Reveal()), &members); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
		b, err := base64.RawURLEncoding.DecodeString(members[name])
		if err != nil || len(b) < 100 {
			t.Fatalf("%s: got %d bytes of %s, %v", what, len(b), name, err)
		}
		s.bytes(what+"'s "+name, b)
	}
	// These begin with the public half, which is no secret.
	encoded, document := k.Encoded().Reveal(), k.JSON().Reveal()
	s.add(what+"'s EncodedJwk", encoded[(strings.Index(document, `"d":`)/3+1)*4:])
	s.add(what+"'s JWK in base64url", base64.RawURLEncoding.EncodeToString([]byte(document[strings.Index(document, `"d":`):])))
	for i, line := range strings.Split(strings.TrimSpace(k.PEM().Reveal()), "\n") {
		if i > 7 && !strings.HasPrefix(line, "-") {
			s.add(what+"'s PEM", line)
		}
	}
}

// token adds what must not be kept of a token or grant: all but its header.
func (s siteTSecrets) token(t testing.TB, what, compact string) {
	t.Helper()
	parts := strings.Split(compact, ".")
	if len(parts) != 3 || len(parts[2]) < 300 {
		t.Fatalf("%s is no signed token: %.40s", what, compact)
	}
	s.add(what+"'s payload", parts[1])
	b, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	s.bytes(what+"'s signature", b)
}

// in says which of the secrets a text holds, each once.
func (s siteTSecrets) in(text string) []string {
	found := map[string]bool{}
	for i := 0; i+siteTPiece <= len(text); i++ {
		if what, ok := s[text[i:i+siteTPiece]]; ok {
			found[what] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// absent fails for each secret in the text.
func (s siteTSecrets) absent(t testing.TB, where, text string) {
	t.Helper()
	for _, what := range s.in(text) {
		t.Errorf("%s holds %s", where, what)
	}
}

// folder fails for each secret in a file of the folder.
func (s siteTSecrets) folder(t testing.TB, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files++
			s.absent(t, filepath.Base(path), siteTFile(t, path))
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("got %d files, %v", files, err)
	}
}

// The search finds what it is for: a promise that is kept by a blind search is none.
func TestSecretsAreFound(t *testing.T) {
	t.Parallel()
	k := siteTKey(t)
	var members map[string]string
	if err := json.Unmarshal([]byte(k.JSON().Reveal()), &members); err != nil {
		t.Fatal(err)
	}
	grant, err := k.Sign("eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"0a1b2c3d-1111-2222-3333-444455556666","scope":"a:b"}`)))
	if err != nil {
		t.Fatal(err)
	}
	secrets := siteTSecrets{}
	secrets.key(t, "key", k)
	secrets.token(t, "grant", grant)
	raw, _ := base64.RawURLEncoding.DecodeString(members["qi"])
	for what, text := range map[string]string{
		"JWK": k.JSON().Reveal(), "EncodedJwk": k.Encoded().Reveal(), "PEM": k.PEM().Reveal(), "grant": grant,
		"a form": url.Values{"key": {k.Encoded().Reveal()}}.Encode(), "a log": fmt.Sprintf("%q", k.PEM().Reveal()),
		"qi in hex": hex.EncodeToString(raw), "qi as fmt prints bytes": fmt.Sprintf("%x", raw), "half of d": members["d"][100:200],
		"a signature": grant[strings.LastIndex(grant, ".")+1:],
	} {
		if len(secrets.in("before "+text+" after")) == 0 {
			t.Errorf("%s was not found", what)
		}
	}
	for what, text := range map[string]string{"public JWK": k.Public().JSON(), "public PEM": k.Public().PEM(), "set": k.Public().Set(), "thumbprint": k.Public().Thumbprint()} {
		if found := secrets.in(text); len(found) > 0 {
			t.Errorf("%s: found %v in what is no secret", what, found)
		}
	}
	file := filepath.Join(t.TempDir(), "x.db-wal")
	if err := os.WriteFile(file, []byte("\x00\x01"+members["dp"]), 0o600); err != nil {
		t.Fatal(err)
	}
	if len(secrets.in(siteTFile(t, file))) == 0 {
		t.Error("a private member in a file was not found")
	}
}
