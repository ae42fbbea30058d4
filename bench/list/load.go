package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

// load sends requests for pages of the list, each from a random place, over
// connections that stay open. It writes them by hand, since a client that does
// more would take the processor from the server.
type load struct {
	address     string
	cookie      *http.Cookie
	connections int
	// last is the highest place in the list.
	last   int
	length time.Duration
}

type answers struct {
	took []time.Duration
	size int
	err  error
}

// run returns how long each answer took and how long a page is.
func (l load) run() (took []time.Duration, size int, err error) {
	end := time.Now().Add(l.length)
	done := make(chan answers, l.connections)
	for range l.connections {
		go func() {
			var a answers
			a.err = l.connection(end, &a)
			done <- a
		}()
	}
	for range l.connections {
		a := <-done
		took = append(took, a.took...)
		if a.err != nil {
			err = a.err
		}
		size = max(size, a.size)
	}
	if err == nil && len(took) == 0 {
		err = fmt.Errorf("%s answered nothing in %v", l.address, l.length)
	}
	return took, size, err
}

func (l load) connection(end time.Time, a *answers) error {
	host := strings.TrimPrefix(l.address, "http://")
	c, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	defer c.Close()
	r := bufio.NewReaderSize(c, 64<<10)
	rest := l.rest(host)
	for {
		start := time.Now()
		if start.After(end) {
			return nil
		}
		// Never the end of the list: each page has its 25 rows.
		from := 100 + rand.IntN(l.last-100)
		if _, err := fmt.Fprintf(c, "GET /?after=%d HTTP/1.1\r\n%s", from, rest); err != nil {
			return err
		}
		size, err := read(r)
		if err != nil {
			return err
		}
		a.took, a.size = append(a.took, time.Since(start)), size
	}
}

// rest is what follows the first line: what Chromium sends, and the sign-in.
func (l load) rest(host string) string {
	lines := []string{
		"Host: " + host,
		"Connection: keep-alive",
		`sec-ch-ua: "Chromium";v="156", "Not.A/Brand";v="24"`,
		"sec-ch-ua-mobile: ?0",
		`sec-ch-ua-platform: "Linux"`,
		"Upgrade-Insecure-Requests: 1",
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
		"Sec-Fetch-Site: same-origin",
		"Sec-Fetch-Mode: navigate",
		"Sec-Fetch-User: ?1",
		"Sec-Fetch-Dest: document",
		"Accept-Encoding: gzip, deflate, br, zstd",
		"Accept-Language: nn-NO,nn;q=0.9,nb;q=0.8,no;q=0.7,en-US;q=0.6,en;q=0.5",
	}
	if l.cookie != nil {
		lines = append(lines, "Cookie: "+l.cookie.Name+"="+l.cookie.Value)
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n"
}

// read takes one answer off the connection. Anything but a full page ends the
// run: a quick refusal must not look like a quick page.
func read(r *bufio.Reader) (size int, err error) {
	answer, err := http.ReadResponse(r, nil)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the answer is %s", answer.Status)
	}
	n, err := io.Copy(io.Discard, answer.Body)
	if err == nil && n < 10_000 {
		err = fmt.Errorf("the page has %d bytes: it is not the list", n)
	}
	return int(n), err
}
