package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"portvakt/jwk"
)

const (
	// siteTPython is Debian's, whose modules Debian's packages bring.
	siteTPython = "/usr/bin/python3"
	// siteTNodeJose is where Debian puts the library jose for node.
	siteTNodeJose = "/usr/share/nodejs/jose"
)

// siteTLibraries skips the test where another implementation is missing, except
// in CI.
func siteTLibraries(t testing.TB) {
	t.Helper()
	siteTTools(t, siteTPython, "jose", "node", "openssl")
	for _, probe := range [][]string{{siteTPython, "-c", "import jwcrypto.jwk, jwt"}, {"node", "-e", "require('" + siteTNodeJose + "')"}} {
		if err := exec.CommandContext(t.Context(), probe[0], probe[1:]...).Run(); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%v: %v", probe, err)
			}
			t.Skipf("%v: %v", probe, err)
		}
	}
}

// siteTSigners sign a grant with the key in private.json, or in private.pem where
// they read that, and print it. Where they know the thumbprint, that comes on the
// line before.
var siteTSigners = map[string][]string{
	"python3-jwcrypto": {siteTPython, "-c", `
from jwcrypto import jwk, jwt
k = jwk.JWK.from_json(open("private.json").read())
t = jwt.JWT(header={"alg": "RS256", "kid": k.key_id}, claims={"iss": "x"})
t.make_signed_token(k)
print(k.thumbprint()); print(t.serialize())`},
	"python3-jwt": {siteTPython, "-c", `
import json, jwt
kid = json.load(open("private.json"))["kid"]
k = jwt.algorithms.RSAAlgorithm.from_jwk(open("private.json").read())
print(""); print(jwt.encode({"iss": "x"}, k, algorithm="RS256", headers={"kid": kid}))`},
	"python3-jwt with PEM": {siteTPython, "-c", `
import json, jwt
kid = json.load(open("private.json"))["kid"]
print(""); print(jwt.encode({"iss": "x"}, open("private.pem").read(), algorithm="RS256", headers={"kid": kid}))`},
	"node jose": {"node", "-e", `
const jose = require("` + siteTNodeJose + `"), fs = require("fs");
(async () => {
  const jwk = JSON.parse(Buffer.from(fs.readFileSync("encoded.txt", "utf8"), "base64").toString());
  const signed = await new jose.SignJWT({ iss: "x" }).setProtectedHeader({ alg: "RS256", kid: jwk.kid }).sign(await jose.importJWK(jwk));
  const pem = await jose.importPKCS8(fs.readFileSync("private.pem", "utf8"), "RS256");
  await jose.jwtVerify(await new jose.SignJWT({}).setProtectedHeader({ alg: "RS256" }).sign(pem), await jose.importJWK(JSON.parse(fs.readFileSync("public.json", "utf8"))));
  console.log(await jose.calculateJwkThumbprint(jwk)); console.log(signed);
})().catch((e) => { console.error(e); process.exit(1); });`},
	"latchset jose": {"sh", "-c", `
jose jwk thp -a S256 -i private.json && echo
printf '{"iss":"x"}' >payload
kid=$(sed 's/.*"kid":"\([^"]*\)".*/\1/' private.json)
jose jws sig -I payload -k private.json -s '{"protected":{"alg":"RS256","kid":"'"$kid"'"}}' -c && echo`},
}

// Keys made here are read and used by other implementations: the command's own,
// and one whose member dp begins with a zero byte, which is written out.
func TestKeysAreReadElsewhere(t *testing.T) {
	t.Parallel()
	siteTLibraries(t)
	made := t.TempDir()
	siteTProgram(t, made, "", "key", "new", "-name", "Saksystem", "-env", "test", "-out", "private.json").wants(t, 0)
	short := siteTWrite(t, "short.json", siteTFile(t, "../jwk/testdata/short-dp.json"))
	siteTProgram(t, short, "", "key", "convert", "-in", "short.json", "-to", "jwk", "-kid", "short", "-out", "private.json").wants(t, 0)
	for _, dir := range []string{made, short} {
		for form, file := range map[string]string{"encoded": "encoded.txt", "pem": "private.pem", "public-jwk": "public.json"} {
			siteTProgram(t, dir, "", "key", "convert", "-in", "private.json", "-to", form, "-out", file).wants(t, 0)
		}
		public, err := jwk.ParsePublic([]byte(siteTFile(t, filepath.Join(dir, "public.json"))))
		if err != nil {
			t.Fatal(err)
		}
		for name, command := range siteTSigners {
			out, errs, err := siteTCommand(t, dir, command...)
			if err != nil {
				t.Errorf("%s: %v\n%s", name, err, errs)
				continue
			}
			print, signed, _ := strings.Cut(strings.TrimRight(out, "\n"), "\n")
			if print != "" && print != public.Thumbprint() {
				t.Errorf("%s: got the thumbprint %q, want %q", name, print, public.Thumbprint())
			}
			if _, err := jwk.Verify(public, signed); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if header, _, _ := jwk.Inspect(signed); header["kid"] != public.Kid() {
				t.Errorf("%s: got %v", name, header)
			}
		}
		if out, errs, err := siteTCommand(t, dir, "openssl", "pkey", "-in", "private.pem", "-noout", "-check"); err != nil {
			t.Errorf("openssl: %v\n%s%s", err, out, errs)
		}
	}
}

// siteTMakers write a key pair to the file key, and their public half to public.
var siteTMakers = map[string]string{
	"python3-jwcrypto": siteTPython + ` -c 'from jwcrypto import jwk
k = jwk.JWK.generate(kty="RSA", size=2048, kid="made-elsewhere", use="sig", alg="RS256")
open("key","w").write(k.export()); open("public","w").write(k.export_public())'`,
	"python3-jwcrypto PEM": siteTPython + ` -c 'from jwcrypto import jwk
k = jwk.JWK.generate(kty="RSA", size=3072)
open("key","wb").write(k.export_to_pem(True, None)); open("public","wb").write(k.export_to_pem())'`,
	"latchset jose":     `jose jwk gen -i '{"alg":"RS256","kid":"made-elsewhere"}' -o key && jose jwk pub -i key -o public`,
	"latchset jose set": `jose jwk gen -i '{"keys":[{"alg":"RS512","bits":4096}]}' -o key && jose jwk pub -i key -o public`,
	"node jose": `node -e '
const jose = require("` + siteTNodeJose + `"), fs = require("fs");
(async () => {
  const pair = await jose.generateKeyPair("RS256", { extractable: true });
  fs.writeFileSync("key", JSON.stringify({ kid: "made-elsewhere", ...await jose.exportJWK(pair.privateKey) }, null, 2));
  fs.writeFileSync("public", await jose.exportSPKI(pair.publicKey));
})()'`,
	"openssl PKCS#8":      `openssl genrsa -out key 2048 && openssl pkey -in key -pubout -out public`,
	"openssl PKCS#1":      `openssl genrsa -traditional -out key 2048 && openssl rsa -in key -RSAPublicKey_out -out public`,
	"openssl certificate": `openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out public -subj /CN=x -days 2`,
}

// Keys made by other implementations pass here, in whatever form.
func TestKeysFromElsewhere(t *testing.T) {
	t.Parallel()
	siteTLibraries(t)
	for name, script := range siteTMakers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if out, errs, err := siteTCommand(t, dir, "sh", "-c", script); err != nil {
				t.Fatalf("%v\n%s%s", err, out, errs)
			}
			pair, public := siteTProgram(t, dir, "", "key", "show", "-in", "key"), siteTProgram(t, dir, "", "key", "show", "-in", "public")
			pair.wants(t, 0)
			public.wants(t, 0)
			print := siteTLineAfter(pair.out, "Thumbprint:")
			if print == "" || siteTLineAfter(public.out, "Thumbprint:") != print || !strings.Contains(pair.out, "key pair") || !strings.Contains(public.out, "a public key") {
				t.Fatalf("got %q and %q, want the halves of one key", pair.out, public.out)
			}
			siteTProgram(t, dir, "", "key", "check", "-in", "key", "-public", "public").wants(t, 0)
			siteTProgram(t, dir, "", "key", "convert", "-in", "key", "-check", "public", "-kid", siteTKidOf(pair.out), "-to", "encoded", "-out", "encoded.txt").wants(t, 0)
			k, err := jwk.ParsePrivate([]byte(siteTFile(t, filepath.Join(dir, "encoded.txt"))))
			if err != nil || k.Public().Thumbprint() != print || k.Public().Kid() != siteTKidOf(pair.out) {
				t.Fatalf("the EncodedJwk is not the key: %v", err)
			}
			siteTNothingOf(t, name, pair.out+pair.err+public.out+public.err, k)
		})
	}
}

// siteTKidOf is the kid that key show tells, or one to give the key.
func siteTKidOf(shown string) string {
	if kid := siteTLineAfter(shown, "Key ID (kid):"); kid != "none" {
		return kid
	}
	return "given-here"
}

// A key made and a grant signed on the command line fetch a token.
func TestKeySignFetchesToken(t *testing.T) {
	t.Parallel()
	s := newSiteT(t)
	client, err := s.house.imitation.AddClient(siteTOrgs[0].Number, "Saksystem", "Prøve", []string{"altinn:serviceowner"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	siteTProgram(t, dir, "", "key", "new", "-name", "Saksystem", "-env", "sandbox", "-form", "encoded", "-out", "encoded.txt", "-public", "public.json").wants(t, 0)
	public := siteTFile(t, filepath.Join(dir, "public.json"))
	keys, err := s.house.imitation.AddKeys(client.ID, public)
	if err != nil || len(keys) != 1 {
		t.Fatalf("registering what the command printed: %v, %v", keys, err)
	}
	grant := siteTGrant(keys[0].Kid())
	grant.ClientID, grant.Audience, grant.Scopes = client.ID, s.house.imitation.Issuer(), []string{"altinn:serviceowner"}
	signed := siteTProgram(t, dir, grant.SigningInput(), "key", "sign", "-in", "encoded.txt")
	signed.wants(t, 0, client.ID)

	status, answer := s.token(t, strings.TrimSpace(signed.out))
	if status != http.StatusOK || strings.Count(answer.AccessToken, ".") != 2 || answer.Scope != "altinn:serviceowner" {
		t.Errorf("got status %d and %+v, want a token", status, answer)
	}
}

// token asks the sandbox's Maskinporten for a token.
func (s *siteT) token(t testing.TB, grant string) (int, maskinportenAnswer) {
	t.Helper()
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {grant}}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.house.imitation.Issuer()+"token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	var answer maskinportenAnswer
	if err != nil || json.Unmarshal(body, &answer) != nil {
		t.Fatalf("got %q, %v", body, err)
	}
	return response.StatusCode, answer
}

// maskinportenAnswer is what is looked at of an answer.
type maskinportenAnswer struct {
	AccessToken string `json:"access_token"`
	Scope       string `json:"scope"`
	Error       string `json:"error_description"`
}
