package static_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"portvakt/static"
)

// names are the files of the folder that browsers may fetch.
func names(t *testing.T) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) != ".go" && path.Base(name) != "LICENSE" {
			all = append(all, name)
		}
		return err
	})
	if err != nil || len(all) < 6 {
		t.Fatalf("got %v, %v", all, err)
	}
	return all
}

// site serves the assets as the program does, and 404 for what is none.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !static.Serve(w, r) {
			if len(w.Header()) > 0 {
				t.Errorf("%s: headers were set for what is not served: %v", r.URL, w.Header())
			}
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func ask(t *testing.T, method, address, encoding string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", encoding)
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(b)
}

// Every file has a path with the hash of what is served there, may be kept for
// ever, and is served whole, compressed or not.
func TestAssets(t *testing.T) {
	t.Parallel()
	server := site(t)
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
	for _, name := range names(t) {
		at := static.Path(name)
		a, plain := ask(t, "GET", server.URL+at, "identity")
		sum := sha256.Sum256([]byte(plain))
		ext := path.Ext(name)
		if want := "/static/" + strings.TrimSuffix(path.Base(name), ext) + "." + hex.EncodeToString(sum[:8]) + ext; at != want {
			t.Errorf("%s: got the path %q, want %q", name, at, want)
		}
		if got, want := a.Header.Get("Cache-Control"), "public, max-age=31536000, immutable"; a.StatusCode != 200 || got != want {
			t.Errorf("%s: got %d and Cache-Control %q, want %q", name, a.StatusCode, got, want)
		}
		if got, want := a.Header.Get("Content-Type"), kinds[ext]; got != want {
			t.Errorf("%s: got the type %q, want %q", name, got, want)
		}
		if a.Header.Get("Content-Encoding") != "" || a.ContentLength != int64(len(plain)) || len(plain) == 0 {
			t.Errorf("%s: got %q and %d of %d bytes", name, a.Header.Get("Content-Encoding"), a.ContentLength, len(plain))
		}
		head, none := ask(t, "HEAD", server.URL+at, "identity")
		if head.StatusCode != 200 || none != "" || head.ContentLength != a.ContentLength {
			t.Errorf("%s: HEAD got %d, %d bytes, length %d", name, head.StatusCode, len(none), head.ContentLength)
		}
		zipped(t, server.URL+at, ext, plain)
	}
}

func zipped(t *testing.T, address, ext, plain string) {
	t.Helper()
	a, body := ask(t, "GET", address, "br, gzip;q=0.9")
	if ext == ".woff2" {
		if a.Header.Get("Content-Encoding") != "" || body != plain {
			t.Errorf("%s: a font is compressed already", address)
		}
		return
	}
	if a.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") || a.ContentLength != int64(len(body)) {
		t.Errorf("%s: got encoding %q, Vary %q", address, a.Header.Get("Content-Encoding"), a.Header.Get("Vary"))
	}
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	got, err := io.ReadAll(z)
	if err != nil || string(got) != plain {
		t.Errorf("%s: unpacking gives %d bytes, want %d (%v)", address, len(got), len(plain), err)
	}
}

// What a style sheet or a script refers to is there, on this site, under its hash.
func TestReferences(t *testing.T) {
	t.Parallel()
	server := site(t)
	refers := regexp.MustCompile(`\burl\(["']?([^"')]+)["']?\)|@import\s+["']([^"']+)|(?:from|import)\s*\(?["']([^"']+)["']`)
	found := 0
	for _, name := range names(t) {
		if ext := path.Ext(name); ext != ".css" && ext != ".js" {
			continue
		}
		_, text := ask(t, "GET", server.URL+static.Path(name), "identity")
		for _, m := range refers.FindAllStringSubmatch(text, -1) {
			to := m[1] + m[2] + m[3]
			if strings.HasPrefix(to, "data:") || strings.HasPrefix(to, "#") {
				continue
			}
			found++
			if !strings.HasPrefix(to, static.Prefix) {
				t.Errorf("%s refers to %q", name, to)
				continue
			}
			if a, _ := ask(t, "GET", server.URL+to, "identity"); a.StatusCode != 200 {
				t.Errorf("%s refers to %q, which is %d", name, to, a.StatusCode)
			}
		}
	}
	if found == 0 {
		t.Error("got no reference at all, want that of the font")
	}
}

func TestNotServed(t *testing.T) {
	t.Parallel()
	server := site(t)
	app := static.Path("css/app.css")
	for _, at := range []string{
		"/", "/static", "/static/", "/static/app.css", "/static/css/app.css", "/static/static.go", "/static/LICENSE",
		"/static/vendor/inter/LICENSE", "/static/vendor/inter/inter.woff2", "/static/..%2fgo.mod", "/static/app.0000000000000000.css",
		app + "/", app + ".map", strings.ToUpper(app), "/" + app, strings.TrimPrefix(app, "/static"),
	} {
		if a, _ := ask(t, "GET", server.URL+at, "identity"); a.StatusCode != 404 {
			t.Errorf("%s: got %d, want 404", at, a.StatusCode)
		}
	}
}

func TestPathOfNothing(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a name that does not exist has a path")
		}
	}()
	static.Path("css/none.css")
}

// Everything vendored has its licence beside it.
func TestLicences(t *testing.T) {
	t.Parallel()
	folders, err := os.ReadDir("vendor")
	if err != nil || len(folders) == 0 {
		t.Fatalf("got %v, %v", folders, err)
	}
	for _, f := range folders {
		if text, err := os.ReadFile("vendor/" + f.Name() + "/LICENSE"); err != nil || len(text) < 500 {
			t.Errorf("vendor/%s: %d bytes of licence, %v", f.Name(), len(text), err)
		}
	}
}

// The hashes are those of the bytes that a browser gets.
func TestHashes(t *testing.T) {
	t.Parallel()
	server := site(t)
	var got []string
	for _, h := range static.Hashes() {
		_, body := ask(t, http.MethodGet, server.URL+static.Path(h.Name), "")
		sum := sha256.Sum256([]byte(body))
		if hex.EncodeToString(sum[:]) != h.SHA256 {
			t.Errorf("%s is served with another hash than %s", h.Name, h.SHA256)
		}
		got = append(got, h.Name)
	}
	var want []string
	for _, name := range names(t) {
		if strings.HasPrefix(name, "js/") {
			want = append(want, name)
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %v, want every script in order: %v", got, want)
	}
}
