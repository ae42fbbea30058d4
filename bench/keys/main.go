// Command keys measures how long the portal takes to make a 2048-bit RSA key,
// from the press of the button to the last byte of the page that shows it,
// against openssl genrsa. The two take turns.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"time"

	"portvakt/bench/measure"
	"portvakt/bench/portal"
)

func main() {
	keys := flag.Int("keys", 100, "how many keys each side makes")
	program := flag.String("portal", "", "a built portal; built anew when empty")
	flag.Parse()
	if err := run(*keys, *program); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// figures are what one side took for each key: on the clock, and of the processor.
type figures struct {
	clock, cpu []time.Duration
}

func run(keys int, program string) error {
	dir, err := os.MkdirTemp("", "portvakt-keys")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if program == "" {
		if program, err = portal.Build(dir, "portvakt", "./web", ".."); err != nil {
			return err
		}
	}
	s, err := portal.Portal(program, dir)
	if err != nil {
		return err
	}
	defer s.Stop()
	p, err := signIn(s)
	if err != nil {
		return err
	}
	// Each key has an integration of its own: a page that lists the keys before it
	// would grow from one to the next.
	addresses, err := p.describe(keys + 1)
	if err != nil {
		return err
	}
	var ours, theirs, starts figures
	for n, address := range addresses {
		if err := p.makeKey(address, &ours); err != nil {
			return err
		}
		if err := command(&theirs, "openssl", "genrsa", "2048"); err != nil {
			return err
		}
		if err := command(&starts, "openssl", "version"); err != nil {
			return err
		}
		if n == 0 {
			// The first ones are not counted.
			ours, theirs, starts = figures{}, figures{}, figures{}
		}
	}
	report(ours, theirs, starts)
	return nil
}

// command runs a program to its end, as a person would.
func command(f *figures, name string, args ...string) error {
	c := exec.Command(name, args...)
	start := time.Now()
	if err := c.Run(); err != nil {
		return fmt.Errorf("running %s %v: %w", name, args, err)
	}
	f.clock = append(f.clock, time.Since(start))
	f.cpu = append(f.cpu, c.ProcessState.UserTime()+c.ProcessState.SystemTime())
	return nil
}

func report(ours, theirs, starts figures) {
	fmt.Printf("%d keys of 2048 bits each, in turn\n", len(ours.clock))
	fmt.Printf("%-34s %10s %10s %10s %12s\n", "", "median", "p95", "mean", "median CPU")
	for _, side := range []struct {
		name string
		f    figures
	}{
		{"portvakt: key, record, whole page", ours},
		{"openssl genrsa, a process", theirs},
		{"of which: openssl's start", starts},
	} {
		fmt.Printf("%-34s %10s %10s %10s %12s\n", side.name, measure.Millis(measure.Median(side.f.clock)),
			measure.Millis(measure.Percentile(side.f.clock, 95)), measure.Millis(mean(side.f.clock)),
			measure.Millis(measure.Median(side.f.cpu)))
	}
	fmt.Printf("portvakt / openssl: %.2f of the medians (goal: at most 0.40), %.2f of the means, %.2f of the median CPU\n",
		ratio(measure.Median(ours.clock), measure.Median(theirs.clock)),
		ratio(mean(ours.clock), mean(theirs.clock)),
		ratio(measure.Median(ours.cpu), measure.Median(theirs.cpu)))
}

func mean(values []time.Duration) time.Duration {
	var sum time.Duration
	for _, v := range values {
		sum += v
	}
	return sum / time.Duration(max(len(values), 1))
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }
