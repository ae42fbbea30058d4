package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"portvakt/jwk"
	"portvakt/static"
)

// The page of the key tools. From the moment that it has loaded it is cut off from
// the network, and asks for nothing.

// opensKeyTools opens the page and cuts the network off. What the page asks for
// after that fails the test.
func opensKeyTools(t *testing.T) *tab {
	t.Helper()
	b := visit(t, false)
	b.open(b.site.portal + "tools/key")
	b.until("the tools", `!document.getElementById("keytool").hidden`)
	_, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{})
	b.must(err, "listening to the network")
	var mu sync.Mutex
	var asked []string
	b.must(chromedp.Listen(b.ctx, func(ev any) {
		if e, ok := ev.(*network.EventRequestWillBeSent); ok && b.sends(e.Request.URL) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, e.Request.Method+" "+e.Request.URL)
		}
	}), "listening to the network")
	_, err = chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	b.must(err, "cutting the network off")
	before := value[int](b, `performance.getEntriesByType("resource").length`)
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		if len(asked) > 0 {
			t.Errorf("the page asked for %q", asked)
		}
	})
	t.Cleanup(func() {
		for _, entry := range value[[]string](b, `performance.getEntriesByType("resource").slice($).map((e) => e.name)`, before) {
			if b.sends(entry) {
				t.Errorf("the page fetched %s", entry)
			}
		}
	})
	return b
}

// sends says whether asking for an address goes out of the page: downloads and the
// style sheet's icons do not. The site's icon the browser fetches in its own time.
func (b *tab) sends(address string) bool {
	return !strings.HasPrefix(address, "blob:") && !strings.HasPrefix(address, "data:image/svg+xml;") &&
		address != strings.TrimSuffix(b.site.portal, "/")+static.Path("icons/portvakt.svg")
}

// pastes puts a text into the page as Ctrl+V does.
func (b *tab) pastes(text string) {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](js(`(() => {
		const clipboardData = new DataTransfer();
		clipboardData.setData("text", $);
		document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
	})()`, text))), "pasting")
}

// picks gives the page a file with a text.
func (b *tab) picks(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	b.must(os.WriteFile(path, []byte(text), 0o600), "writing a file")
	ctx, cancel := b.timed()
	defer cancel()
	b.must(chromedp.Do(ctx, chromedp.SetUploadFiles("#file", []string{path})), "choosing a file")
}

// tells waits for what the page says of what it read.
func (b *tab) tells(words string) {
	b.t.Helper()
	b.until("the page to say "+words, `!document.getElementById("result").hidden && document.getElementById("result-text").textContent === $`, words)
}

// keyForms are the texts that the page shows, by the method that makes them.
func (b *tab) keyForms() map[string]string {
	b.t.Helper()
	return value[map[string]string](b, `Object.fromEntries([...document.querySelectorAll("pre.copy-text")].map((p) => [p.id, p.textContent]))`)
}

var privateForms = []string{"privateEncoded", "privateJWK", "privatePEM"}

func TestKeyToolsMakeAKey(t *testing.T) {
	b := opensKeyTools(t)
	b.paste(field(word("keytool.name")), "Blåbær & co.")
	b.click(button(word("keytool.make.button")))
	b.tells(word("keytool.made"))
	forms := b.keyForms()
	for _, form := range privateForms {
		if forms[form] != "" {
			t.Errorf("%s stands in the page and nobody asked for it", form)
		}
	}
	public, err := jwk.ParsePublic([]byte(forms["publicJWK"]))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.text("#fact-thumbprint"); got != public.Thumbprint() {
		t.Errorf("got the thumbprint %q, want %q", got, public.Thumbprint())
	}
	if got := b.text("#fact-kid"); got != public.Kid() || !strings.HasPrefix(got, "blaabaer-co-") || !strings.HasSuffix(got, "-"+public.Thumbprint()[:8]) {
		t.Errorf("got the kid %q, and in the key %q", got, public.Kid())
	}

	b.click(button(word("key.secret")))
	forms = b.keyForms()
	for _, form := range privateForms {
		key, err := jwk.ParsePrivate([]byte(forms[form]))
		if err != nil || key.Public().Thumbprint() != public.Thumbprint() {
			t.Errorf("%s: got %v, %v", form, key.Public(), err)
		}
	}
	for form, name := range map[string]string{
		"privateEncoded": "encoded-jwk.txt", "privateJWK": "private-jwk.json", "privatePEM": "private-key.pem",
		"publicJWK": "public-jwk.json", "publicArray": "public-array.json", "publicSet": "public-jwks.json", "publicPEM": "public-key.pem",
	} {
		if got := b.downloaded(name, button(word("keytool.save", "File", name))); got != forms[form] {
			t.Errorf("%s holds %.30q, want %.30q", name, got, forms[form])
		}
	}
	if value[bool](b, `[...document.querySelectorAll("input, textarea, [contenteditable]")].some((e) => (e.value ?? e.textContent).length > 64)`) {
		t.Error("a field holds more than a name")
	}
	b.click(button(word("keytool.private.hide")))
	b.click(button(word("keytool.forget")))
	b.forgot(forms)
}

// forgot wants nothing of a key to be left in the page.
func (b *tab) forgot(forms map[string]string) {
	b.t.Helper()
	b.has(word("keytool.forgotten"))
	left := value[string](b, `document.documentElement.outerHTML + [...document.querySelectorAll("input")].map((i) => i.value)`)
	var m map[string]string
	b.must(json.Unmarshal([]byte(forms["privateJWK"]), &m), "reading the key")
	for _, text := range []string{m["n"][:40], m["d"][:40], m["p"][:40], m["kid"], forms["privateEncoded"][200:240]} {
		if strings.Contains(left, text) {
			b.t.Error("a piece of the key is left in the page")
		}
	}
}

// A PEM key, which has no kid, is given one and becomes what .NET reads.
func TestKeyToolsConvert(t *testing.T) {
	b := opensKeyTools(t)
	key, err := jwk.ParsePrivate([]byte(siteTFile(t, "../jwk/testdata/openssl.pkcs1.pem")))
	if err != nil {
		t.Fatal(err)
	}
	b.picks("nokkel.pem", siteTFile(t, "../jwk/testdata/openssl.pkcs1.pem"))
	b.tells(word("keytool.kind.private"))
	b.has(word("read.pem"))
	b.has(word("keytool.kid.none"))
	if value[string](b, `document.getElementById("file").value`) != "" {
		t.Error("the chooser still holds the file")
	}
	b.paste(field(word("keytool.kid")), "to ord")
	b.click(button(word("keytool.kid.button")))
	b.has(word("keytool.kid.unfit"))
	b.paste(field(word("keytool.kid")), "fra-portalen")
	b.click(button(word("keytool.kid.button")))
	b.has(word("keytool.kid.done"))
	b.click(button(word("key.secret")))
	key, err = key.WithKid("fra-portalen")
	if err != nil {
		t.Fatal(err)
	}
	got := b.keyForms()
	for form, want := range map[string]string{
		"privateJWK": key.JSON().Reveal(), "privateEncoded": key.Encoded().Reveal(), "privatePEM": key.PEM().Reveal(),
		"publicJWK": key.Public().JSON(), "publicArray": key.Public().Array(), "publicSet": key.Public().Set(), "publicPEM": key.Public().PEM(),
	} {
		if got[form] != want {
			t.Errorf("%s: got %.60q, want %.60q", form, got[form], want)
		}
	}
	b.pastes("ingen nøkkel")
	b.tells(word("keytool.kind.text"))
	for form, text := range b.keyForms() {
		if text != "" {
			t.Errorf("%s of the key before is still in the page", form)
		}
	}
}

func TestKeyToolsInspect(t *testing.T) {
	b := opensKeyTools(t)
	public := siteTPublic(t)
	b.pastes("\ufeff" + public)
	b.tells(word("keytool.kind.public"))
	b.has(word("read.bom"))
	if b.count("#private:not([hidden])") != 0 {
		t.Error("a public key has a private part")
	}
	b.pastes(siteTFile(t, "../jwk/testdata/rsa1024.spki.pem"))
	b.tells(word("keytool.kind.too-small", "Bits", "1024"))
	if b.count("#key:not([hidden])") != 0 {
		t.Error("a key that is refused is shown")
	}
	b.pastes(`{"MaskinportenSettings:EncodedJwk":"` + siteTKey(t).Encoded().Reveal() + `"}`)
	b.tells(word("keytool.kind.private"))
	b.has("under EncodedJwk")

	b.pastes("[" + public + "," + somePublicKey(b) + "]")
	b.tells(word("keytool.kind.publics"))
	b.click(button("et-eksempel"))
	if got := b.text("#fact-kid"); got != "et-eksempel" {
		t.Errorf("got the kid %q", got)
	}
	// A key that is pasted into a field is read, and never stands in the field.
	b.focus(field(word("keytool.kid")))
	b.must(chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](js(`(() => {
		const clipboardData = new DataTransfer();
		clipboardData.setData("text", $);
		const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
		document.activeElement.dispatchEvent(event);
		if (!event.defaultPrevented) throw new Error("the field took it");
	})()`, siteTKey(t).JSON().Reveal()))), "pasting into a field")
	b.tells(word("keytool.kind.private"))
}

// The button reads the clipboard, which the policy of this page allows and no
// other's does.
func TestKeyToolsPasteButton(t *testing.T) {
	b := opensKeyTools(t)
	b.clipboard("clipboard-read", browser.PermissionSettingDenied)
	b.click(button(word("keytool.paste")))
	b.has(word("keytool.paste.failed"))
	b.clipboard("clipboard-read", browser.PermissionSettingGranted)
	b.clipboard("clipboard-write", browser.PermissionSettingGranted)
	written, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](js(`navigator.clipboard.writeText($).then(() => true)`, siteTPublic(t)), chromedp.EvalAwaitPromise))
	if err != nil || !written {
		t.Fatalf("writing to the clipboard: %v", err)
	}
	b.click(button(word("keytool.paste")))
	b.tells(word("keytool.kind.public"))
}

// clipboard answers the browser's question for its owner.
func (b *tab) clipboard(permission string, answer browser.PermissionSetting) {
	b.t.Helper()
	_, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: permission}, Setting: answer,
		Origin: strings.TrimSuffix(b.site.portal, "/"), BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
	})
	b.must(err, "answering for the clipboard")
}

// Without scripts the page says which commands do the same.
func TestKeyToolsWithoutScripts(t *testing.T) {
	b := visit(t, true)
	b.open(b.site.portal + "tools/key")
	b.has(word("keytool.manual"))
	b.has("go run ./web key convert")
	if b.count("#keytool:not([hidden])") != 0 {
		t.Error("the tools are shown, and do nothing")
	}
}
