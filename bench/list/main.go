// Command list measures what one request for the list page costs the portal,
// 25 of 100,000 integrations with sign-in, languages and headers, against bare
// servers that show the same rows: echo, SQLite and templ or html/template. All
// servers run at once and get the same requests in turn, so that what else the
// machine does befalls them alike.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"portvakt/bench/measure"
	"portvakt/bench/portal"
)

func main() {
	rounds := flag.Int("rounds", 7, "how often each server has its turn")
	turn := flag.Duration("turn", 4*time.Second, "how long a turn is")
	connections := flag.Int("connections", 16, "how many connections send requests at once")
	integrations := flag.Int("integrations", 100_000, "how many there are")
	programs := flag.String("portal", "", "built portals to compare, with commas between them; built anew when empty")
	flag.Parse()
	b := bench{rounds: *rounds, turn: *turn, connections: *connections, integrations: *integrations}
	if *programs != "" {
		b.programs = strings.Split(*programs, ",")
	}
	if err := b.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type bench struct {
	rounds, connections, integrations int
	turn                              time.Duration
	programs                          []string
}

// target is a server that is measured.
type target struct {
	name   string
	server *portal.Server
	cookie *http.Cookie
	size   int
	// portal is true of the portal; goal is what a reference asks of it.
	portal bool
	goal   string
	// cost and rate have one figure for each turn.
	cost []time.Duration
	rate []float64
	late []time.Duration
}

func (b bench) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "portvakt-list")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	targets, err := b.start(ctx, dir)
	defer func() {
		for _, t := range targets {
			_ = t.server.Stop()
		}
	}()
	if err != nil {
		return err
	}
	// A first turn, not counted, lets caches fill.
	for round := range b.rounds + 1 {
		for _, t := range targets {
			if err := b.measure(t, round > 0); err != nil {
				return fmt.Errorf("measuring %s: %w", t.name, err)
			}
		}
	}
	report(targets)
	return nil
}

// start builds and starts all servers on the same database.
func (b bench) start(ctx context.Context, dir string) (targets []*target, err error) {
	if b.programs == nil {
		program, err := portal.Build(dir, "portvakt", "./web", "..")
		if err != nil {
			return nil, err
		}
		b.programs = []string{program}
	}
	reference, err := portal.Build(dir, "reference", "./list/reference", ".")
	if err != nil {
		return nil, err
	}
	path, organisation, err := portal.Fill(ctx, b.programs[0], dir, b.integrations)
	if err != nil {
		return nil, err
	}
	for _, program := range b.programs {
		s, err := portal.Portal(program, dir)
		if err != nil {
			return targets, err
		}
		t := &target{name: filepath.Base(program), server: s, portal: true}
		targets = append(targets, t)
		if t.cookie, err = s.SignIn(); err != nil {
			return targets, err
		}
	}
	for _, with := range []string{"templ", "html/template"} {
		s, err := portal.Start(reference, []string{"-database", path, "-organisation", organisation, "-with", with}, nil, "Listening")
		if err != nil {
			return targets, err
		}
		targets = append(targets, &target{name: "bare page, " + with, server: s, goal: goals[with]})
	}
	return targets, nil
}

var goals = map[string]string{"templ": "at most 1.40", "html/template": "below 1.00"}

// measure gives a server one turn.
func (b bench) measure(t *target, counts bool) error {
	before, err := measure.CPU(t.server.Pid())
	if err != nil {
		return err
	}
	l := load{address: t.server.URL, cookie: t.cookie, connections: b.connections, last: b.integrations, length: b.turn}
	took, size, err := l.run()
	if err != nil {
		return err
	}
	after, err := measure.CPU(t.server.Pid())
	if err != nil || !counts {
		return err
	}
	t.size = size
	t.cost = append(t.cost, (after-before)/time.Duration(len(took)))
	t.rate = append(t.rate, float64(len(took))/b.turn.Seconds())
	t.late = append(t.late, measure.Median(took))
	return nil
}

func report(targets []*target) {
	fmt.Printf("%-26s %10s %14s %10s %10s %8s %8s\n", "", "CPU/req", "(least, most)", "req/s", "median", "page", "memory")
	for _, t := range targets {
		fmt.Printf("%-26s %7d µs %14s %10.0f %10s %5.1f kB %5.0f MB\n", t.name,
			measure.Median(t.cost).Microseconds(),
			fmt.Sprintf("(%d, %d)", measure.Percentile(t.cost, 0).Microseconds(), measure.Percentile(t.cost, 100).Microseconds()),
			measure.Median(t.rate), measure.Millis(measure.Median(t.late)), float64(t.size)/1000, measure.Memory(t.server.Pid()))
	}
	for _, ours := range targets {
		for _, t := range targets {
			if ours.portal && !t.portal {
				fmt.Printf("CPU per request, %s / %s: %.2f (goal: %s)\n", ours.name, t.name, ratio(ours, t), t.goal)
			}
		}
	}
}

// ratio is the median of the rounds' ratios: the two turns of a round lie close
// together in time.
func ratio(a, b *target) float64 {
	ratios := make([]float64, len(a.cost))
	for i := range ratios {
		ratios[i] = float64(a.cost[i]) / float64(b.cost[i])
	}
	return measure.Median(ratios)
}
