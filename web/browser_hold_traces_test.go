package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"

	"portvakt/jwk"
)

// holdsAndProves walks the journey with a key that the page makes, looks at the key,
// saves it, changes the language and proves.
func (b *tab) holdsAndProves() jwk.Private {
	b.t.Helper()
	b.open(b.site.signIn)
	b.describesBriefly(journeyName)
	key := b.pageMakesKey()
	b.click(fold(word("key.secret")))
	b.paste(css("#client_id"), b.registers())
	b.testsHere()
	b.green()
	b.speaks("en")
	b.speaks("nb")
	b.unfold("#key")
	b.downloaded("encoded-jwk.txt", button(word("key.save.encoded")))
	b.unfold("#prove")
	b.testsHere()
	b.green()
	return key
}

// After the journey the browser's profile has the address of the page, and nothing of
// the key.
func TestProfileHoldsNoKey(t *testing.T) {
	t.Parallel()
	own := &browserProcess{profile: t.TempDir()}
	process := own.open(t)
	t.Cleanup(own.close)
	seats <- struct{}{}
	t.Cleanup(func() { <-seats })
	v := &visitor{t: t, site: openSite(t), downloads: t.TempDir()}
	b := v.tab(process, chromedp.WithExistingBrowserContext(""))
	b.listens()
	key := b.holdsAndProves()
	id := strings.Split(strings.SplitN(b.address(), "#", 2)[0], "/integrations/")[1]
	b.open(b.site.portal)
	own.close()

	secrets, files, seen := holdSecrets(t, key), 0, false
	err := filepath.WalkDir(own.profile, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content := siteTFile(t, path)
		files++
		seen = seen || strings.Contains(content, id)
		name, _ := filepath.Rel(own.profile, path)
		secrets.absent(t, name, content)
		// Browsers keep texts with two bytes for a letter, too.
		secrets.absent(t, name+" in UTF-16", strings.ReplaceAll(content, "\x00", ""))
		return nil
	})
	if err != nil || files < 20 || !seen {
		t.Errorf("got %d files, with the address of the page in them %t, %v", files, seen, err)
	}
}

// After the journey the memory of the program has the public half, and nothing of the
// private one.
func TestMemoryHoldsNoKey(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows the memory of a process as a file")
	}
	var pid int
	b := visitAt(t, false, func(t *testing.T) *site {
		s, p := runBinary(t)
		pid = p
		return s
	})
	key := b.holdsAndProves()
	public := strings.Split(strings.Split(key.Public().JSON(), `"n":"`)[1], `"`)[0]
	hits := searchMemory(t, pid, append(memoryPieces(t, key), memoryPiece{"the public modulus", []byte(public[:48])}))
	if hits["the public modulus"] == 0 {
		t.Error("the search does not find the public modulus, which is there")
	}
	delete(hits, "the public modulus")
	for what, n := range hits {
		t.Errorf("the memory of the program holds %s, %d times", what, n)
	}
}

// runBinary runs the built program with a data folder of its own.
func runBinary(t *testing.T) (*site, int) {
	t.Helper()
	c := exec.Command(program.path(t))
	c.Dir = t.TempDir()
	c.Env = []string{"PORTVAKT_ADDRESS=127.0.0.1:0", "PORTVAKT_SANDBOX_ADDRESS=127.0.0.1:0"}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log := &siteTBuffer{}
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	p := &siteTProcess{stderr: log, lines: make(chan string, 100)}
	go siteTLines(out, p.lines)
	t.Cleanup(func() {
		if err := c.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("ending the program: %v", err)
		}
		p.all(t)
		if err := c.Wait(); err != nil {
			t.Errorf("ending the program: %v\n%s", err, log)
		}
	})
	portal, link, box := p.started(t)
	return &site{portal: portal + "/", sandbox: box + "/", signIn: link, data: filepath.Join(c.Dir, "data")}, c.Process.Pid
}

// memoryPiece is something to look for.
type memoryPiece struct {
	what string
	data []byte
}

// memoryPieces are pieces of d, p and q in the shapes that they may have in memory: as
// bytes, as the words of a big number, and in the texts that carry keys.
func memoryPieces(t testing.TB, key jwk.Private) []memoryPiece {
	t.Helper()
	var all []memoryPiece
	for name, raw := range holdMembers(t, key) {
		words := slices.Clone(raw)
		slices.Reverse(words)
		for shape, data := range map[string][]byte{
			"bytes": raw, "words": words, "hex": []byte(hex.EncodeToString(raw)),
			"base64url": []byte(base64.RawURLEncoding.EncodeToString(raw)),
			"base64":    []byte(base64.StdEncoding.EncodeToString(raw)),
		} {
			for part, at := range map[string]int{"start": 0, "middle": len(data) / 2, "end": len(data) - siteTPiece - 4} {
				all = append(all, memoryPiece{fmt.Sprintf("the %s of %s as %s", part, name, shape), data[at : at+siteTPiece]})
			}
		}
	}
	encoded, document := key.Encoded().Reveal(), key.JSON().Reveal()
	from := (strings.Index(document, `"d":`)/3 + 4) * 4
	return append(all, memoryPiece{"the EncodedJwk", []byte(encoded[from : from+siteTPiece])})
}

// searchMemory counts pieces in all memory of a process.
func searchMemory(t testing.TB, pid int, pieces []memoryPiece) map[string]int {
	t.Helper()
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer maps.Close()
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()

	hits, read := map[string]int{}, 0
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to uint64
		var access string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &access); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(access, "r") || strings.Contains(lines.Text(), "[v") {
			continue
		}
		read += searchRegion(t, memory, int64(from), int64(to), pieces, hits)
	}
	if read < 10<<20 {
		t.Errorf("only %d bytes of memory could be read", read)
	}
	return hits
}

// searchRegion searches a part of the memory, a block at a time. Blocks overlap by as
// much as a piece may be long.
func searchRegion(t testing.TB, memory *os.File, from, to int64, pieces []memoryPiece, hits map[string]int) int {
	t.Helper()
	const size, overlap = 4 << 20, 64
	block, read := make([]byte, size+overlap), 0
	for ; from < to; from += size {
		n, err := memory.ReadAt(block[:min(size+overlap, to-from)], from)
		if err != nil {
			// The system's own pages cannot be read, and others may be gone by now.
			if errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EFAULT) {
				return read
			}
			t.Fatalf("reading the memory at %x: %v", from, err)
		}
		read += n
		for _, p := range pieces {
			if c := bytes.Count(block[:n], p.data); c > 0 {
				hits[p.what] += c
			}
		}
	}
	return read
}

// The search finds a key in the memory of a program that has it: this one.
func TestMemorySearchFinds(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows the memory of a process as a file")
	}
	t.Parallel()
	key := holdKey(t, "i-minnet")
	document := key.JSON().Reveal()
	hits := searchMemory(t, os.Getpid(), memoryPieces(t, key))
	if hits["the start of d as base64url"] < 2 || hits["the middle of p as bytes"] == 0 {
		t.Errorf("got %v", hits)
	}
	runtime.KeepAlive(document)
}
