// Command start measures how long the portal takes from the start of its process
// to the first byte of a page, with a database that exists: the list of a person
// who signed in before. A program that serves nothing but "hello" is started in
// turn, to show what any Go program takes here.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"portvakt/bench/measure"
	"portvakt/bench/portal"
)

func main() {
	starts := flag.Int("starts", 20, "how often each is started")
	integrations := flag.Int("integrations", 100_000, "how many the database has")
	program := flag.String("portal", "", "a built portal; built anew when empty")
	flag.Parse()
	if err := run(context.Background(), *starts, *integrations, *program); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, starts, integrations int, program string) error {
	dir, err := os.MkdirTemp("", "portvakt-start")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if program == "" {
		if program, err = portal.Build(dir, "portvakt", "./web", ".."); err != nil {
			return err
		}
	}
	trivial, err := portal.Build(dir, "trivial", "./start/trivial", ".")
	if err != nil {
		return err
	}
	if _, _, err := portal.Fill(ctx, program, dir, integrations); err != nil {
		return err
	}
	// The name of the cookie has the port in it, so the port must stay the same.
	address, err := freeAddress()
	if err != nil {
		return err
	}
	begin := func() (*portal.Server, error) { return portal.Portal(program, dir, "PORTVAKT_ADDRESS="+address) }
	cookie, err := signIn(begin)
	if err != nil {
		return err
	}
	var ours, theirs figures
	for n := range starts + 1 {
		if err := ours.start(begin, cookie); err != nil {
			return err
		}
		if err := theirs.start(func() (*portal.Server, error) { return portal.Start(trivial, nil, nil, "Listening") }, nil); err != nil {
			return err
		}
		if n == 0 {
			// The first ones read the files from the disk; they are not counted.
			ours, theirs = figures{}, figures{}
		}
	}
	report(ours, theirs)
	return nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func signIn(begin func() (*portal.Server, error)) (*http.Cookie, error) {
	s, err := begin()
	if err != nil {
		return nil, err
	}
	c, err := s.SignIn()
	if err != nil {
		return nil, err
	}
	return c, s.Stop()
}

// figures are what one program took: until it said where it listens, until the
// first byte of the first page, and of the processor until then.
type figures struct {
	listening, page, cpu []time.Duration
}

func (f *figures) start(begin func() (*portal.Server, error), cookie *http.Cookie) error {
	start := time.Now()
	s, err := begin()
	if err != nil {
		return err
	}
	if err := firstByte(s.URL, cookie); err != nil {
		return err
	}
	page := time.Since(start)
	cpu, err := measure.CPU(s.Pid())
	if err != nil {
		return err
	}
	f.listening, f.page, f.cpu = append(f.listening, s.Ready.Sub(start)), append(f.page, page), append(f.cpu, cpu)
	return s.Stop()
}

// firstByte returns when the first byte of the body is here.
func firstByte(address string, cookie *http.Cookie) error {
	r, err := http.NewRequest(http.MethodGet, address+"/", nil)
	if err != nil {
		return err
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	// A connection of its own: the program that had the last one is gone.
	r.Close = true
	answer, err := portal.NoRedirects.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the first page is %s", answer.Status)
	}
	_, err = io.ReadFull(answer.Body, make([]byte, 1))
	return err
}

func report(ours, theirs figures) {
	fmt.Printf("%d starts of each, in turn\n", len(ours.page))
	fmt.Printf("%-34s %10s %10s %10s %12s %12s\n", "", "median", "p95", "least", "listening", "median CPU")
	for _, side := range []struct {
		name string
		f    figures
	}{{"portvakt, to the list's first byte", ours}, {"a Go server that says hello", theirs}} {
		fmt.Printf("%-34s %10s %10s %10s %12s %12s\n", side.name, measure.Millis(measure.Median(side.f.page)),
			measure.Millis(measure.Percentile(side.f.page, 95)), measure.Millis(measure.Percentile(side.f.page, 0)),
			measure.Millis(measure.Median(side.f.listening)), measure.Millis(measure.Median(side.f.cpu)))
	}
	fmt.Printf("portvakt beyond hello: %s (goal for the whole start: under 60 ms)\n",
		measure.Millis(measure.Median(ours.page)-measure.Median(theirs.page)))
}
