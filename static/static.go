// Package static holds the bytes that browsers fetch: style sheets, scripts, the
// font and the icon. Every file is served under a path that contains a hash of
// its content, so a browser may keep it for ever and never shows an old one.
// It knows nothing of the rest of the program.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed css js icons vendor
var files embed.FS

// Prefix is the folder of the site below which all assets are served.
const Prefix = "/static/"

// asset is one file, ready to be sent.
type asset struct {
	path  string
	kind  string
	plain []byte
	gzip  func() []byte
}

var assets, byPath = load()

// Path returns the address of the named file, for example "css/app.css". A name
// that does not exist is a mistake in a template, so it panics; the test that
// renders every page finds it.
func Path(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("static: no file named " + strconv.Quote(name))
	}
	return a.path
}

// Serve answers a GET or HEAD request for an asset and reports true, or reports
// false and writes nothing when the path names none.
func Serve(w http.ResponseWriter, r *http.Request) bool {
	a, ok := byPath[r.URL.Path]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body := a.plain
	if a.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = a.gzip()
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
	return true
}

// Hash is the SHA-256, in hexadecimal, of a file as it is sent.
type Hash struct{ Name, SHA256 string }

// Hashes lists the scripts by name, so that a person can compare what the
// browser got with what a build has.
func Hashes() []Hash {
	var all []Hash
	for name, a := range assets {
		if strings.HasPrefix(name, "js/") && path.Ext(name) == ".js" {
			sum := sha256.Sum256(a.plain)
			all = append(all, Hash{name, hex.EncodeToString(sum[:])})
		}
	}
	slices.SortFunc(all, func(a, b Hash) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// load reads the embedded files and gives each its hashed path. A style sheet or
// script that mentions another file as /static/NAME gets that file's hashed path
// written in first, so its own hash changes when the other file does.
func load() (map[string]*asset, map[string]*asset) {
	raw := map[string][]byte{}
	fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if _, known := kinds[path.Ext(name)]; known && !d.IsDir() {
			raw[name], err = files.ReadFile(name)
		}
		return err
	})
	byName, byPath := map[string]*asset{}, map[string]*asset{}
	var add func(name string) *asset
	add = func(name string) *asset {
		if a, done := byName[name]; done {
			return a
		}
		a := newAsset(name, withPaths(name, raw, add))
		byName[name], byPath[a.path] = a, a
		return a
	}
	for name := range raw {
		add(name)
	}
	return byName, byPath
}

// withPaths returns the content of a file with the paths of other files filled in.
func withPaths(name string, raw map[string][]byte, add func(string) *asset) []byte {
	content := raw[name]
	if !strings.HasPrefix(name, "css/") && !strings.HasPrefix(name, "js/") {
		return content
	}
	for other := range raw {
		if mark := []byte(Prefix + other); other != name && bytes.Contains(content, mark) {
			content = bytes.ReplaceAll(content, mark, []byte(add(other).path))
		}
	}
	return content
}

func newAsset(name string, content []byte) *asset {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	base := strings.TrimSuffix(path.Base(name), ext)
	a := &asset{
		path:  Prefix + base + "." + hex.EncodeToString(sum[:8]) + ext,
		kind:  kinds[ext],
		plain: content,
	}
	if ext != ".woff2" {
		a.gzip = sync.OnceValue(func() []byte { return compress(content) })
	}
	return a
}

// kinds lists what is served; other embedded files (licences) are not.
var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

func compress(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	z.Write(b)
	z.Close()
	return out.Bytes()
}
