package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"portvakt/jwk"
)

// console is what a key command reads and writes besides files.
type console struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	// taken is the flag that standard input was read for.
	taken string
}

// The exit statuses of the key commands: answerNo is the answer to a question,
// such as whether it is the right key; misuse is all that kept the command from
// answering.
const (
	answerNo = 1
	misuse   = 2
)

// fault ends a command. Its text never repeats an argument, a file's name or a
// file's content: each of them may be a key that ended in the wrong place.
type fault struct {
	status int
	text   string
}

func (f fault) Error() string { return f.text }

func no(text string, values ...any) error { return fault{answerNo, fmt.Sprintf(text, values...)} }

func misused(text string, values ...any) error { return fault{misuse, fmt.Sprintf(text, values...)} }

const keyHelp = `Keys on the command line. A key is read from a file or from standard input, in
any form: JWK, JWKS, list, base64, PEM, certificate, .env, appsettings.json.

  go run ./web key new      make a key pair
  go run ./web key show     tell what a file holds, without anything private
  go run ./web key convert  write a key in another form
  go run ./web key check    tell whether it is the registered key
  go run ./web key sign     sign a grant that Portvakt has prepared

-h after any of them tells its flags. The exit status is 0 when all is well, 1 when
the answer is no, and 2 when the command could not answer.
`

// key carries out one of the key commands and returns the exit status.
func key(args []string, c *console) int {
	err := c.key(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(c.err, err)
	var f fault
	if errors.As(err, &f) {
		return f.status
	}
	return misuse
}

func (c *console) key(args []string) error {
	if slices.ContainsFunc(args, func(arg string) bool { return jwk.Leaks([]byte(arg)) }) {
		return misused("A private key stands among the arguments, where the history of the shell keeps it and other people\n" +
			"on this machine can see it. Consider it leaked: make a new one. Keys are read from files or standard input.")
	}
	if len(args) == 0 {
		return misused("Which key command?\n\n%s", keyHelp)
	}
	switch args[0] {
	case "new":
		return c.newKey(args[1:])
	case "show":
		return c.showKey(args[1:])
	case "convert":
		return c.convertKey(args[1:])
	case "check":
		return c.checkKey(args[1:])
	case "sign":
		return c.signWithKey(args[1:])
	case "help", "-h", "-help", "--help":
		fmt.Fprint(c.out, keyHelp)
		return nil
	}
	return misused("There is no such key command.\n\n%s", keyHelp)
}

// parse reads the flags of a command. What package flag says of a mistake is
// dropped, since it repeats the argument.
func (c *console) parse(flags *flag.FlagSet, args []string, help string) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(c.out, help)
		return err
	case err != nil:
		return misused("There is a flag that this command does not have, or a value that does not fit.\n\n%s", help)
	case flags.NArg() > 0:
		return misused("This command takes flags only, and a key never stands among the arguments.\n\n%s", help)
	}
	return nil
}
