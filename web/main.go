// Command web runs Portvakt: the portal and, unless it is turned off, the
// sandbox. It reads the configuration, puts the packages together, listens, and
// shuts down; everything that is known about keys, pages, forms and the database
// lies in those packages. It alone reads the environment and decides the exit
// status.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv("GOGC") == "" {
		// Little is kept in memory, so the collector would run every hundred pages and
		// take a tenth of their time. This costs some 15 MB.
		debug.SetGCPercent(400)
	}
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// run carries out one command and returns the exit status: 0 when it did what
// was asked, 1 when it could not, 2 when it was asked for something that does
// not exist. The key commands have statuses of their own.
func run(ctx context.Context, args []string, env func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	command := "serve"
	if len(args) > 0 {
		command = args[0]
	}
	switch command {
	case "serve":
		if err := serve(ctx, env, stdout, stderr); err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
		return 0
	case "key":
		return key(args[1:], &console{in: stdin, out: stdout, err: stderr, now: time.Now})
	case "version":
		fmt.Fprint(stdout, versionText())
		return 0
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, help())
		return 0
	}
	if len(command) > 20 {
		// Nobody's command is that long, and it may be a key.
		command = "…"
	}
	fmt.Fprintf(stderr, "There is no command %q.\n\n%s", command, help())
	return 2
}
