package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"portvakt/jwk"
)

// longest is how much of a file is read: four times what may be a key.
const longest = 64 << 10

// read reads the file that stands after a flag, or standard input when there is
// none. Whoever asked clears the bytes after use.
func (c *console) read(after, name string) ([]byte, error) {
	in := c.in
	if name == "" || name == "-" {
		if c.taken != "" {
			return nil, misused("Standard input can be read once only: give %s or %s a file.", c.taken, after)
		}
		c.taken = after
		if isTerminal(in) {
			fmt.Fprintln(c.err, "Reading from standard input. Ctrl-D on a line of its own ends it.")
		}
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, misused("The file after %s cannot be opened: %v.", after, reason(err))
		}
		defer file.Close()
		in = file
	}

	// One buffer of the full size: one that grows would leave copies behind.
	data := make([]byte, longest+1)
	n, err := io.ReadFull(in, data)
	switch {
	case err == nil:
		clear(data)
		return nil, no("What was read for %s is longer than any key.", after)
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		clear(data)
		return nil, misused("What stands after %s cannot be read: %v.", after, reason(err))
	}
	return data[:n], nil
}

// reason is what went wrong with a file, without its name.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return errors.New("it failed")
}

// outFile is a file to be written.
type outFile struct {
	// after is the flag that it stands after.
	after, name string
	// force lets it replace a file.
	force bool
}

// vacant says in time that a file may not be written, before anything is made.
func (t outFile) vacant() error {
	info, err := os.Lstat(t.name)
	switch {
	case err != nil:
		return nil // if it is more than absence, the writing tells
	case !info.Mode().IsRegular():
		return misused("What stands after %s is there already and is no ordinary file.", t.after)
	case !t.force:
		return misused("The file after %s is there already. Give another name, or -force to replace it.", t.after)
	}
	return nil
}

// write writes the whole file or none. One that is replaced may have been
// readable by others, so it gives way to a new one and is not written into.
func (t outFile) write(content []byte, mode fs.FileMode) error {
	if err := t.vacant(); err != nil {
		return err
	}
	if err := t.tryWrite(content, mode); errors.Is(err, fs.ErrExist) {
		return t.vacant()
	} else if err != nil {
		return misused("The file after %s cannot be written: %v.", t.after, reason(err))
	}
	return nil
}

func (t outFile) tryWrite(content []byte, mode fs.FileMode) error {
	var file *os.File
	var err error
	if t.force {
		file, err = os.CreateTemp(filepath.Dir(t.name), ".portvakt-*") // 0600
	} else {
		file, err = os.OpenFile(t.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	}
	if err != nil {
		return err
	}
	if _, err = file.Write(content); err == nil {
		err = file.Sync()
	}
	if t.force && err == nil {
		err = file.Chmod(mode)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if t.force && err == nil {
		err = os.Rename(file.Name(), t.name)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}

// giveSecret writes private output to its file, which only its owner reads, or
// to standard output if that was asked for by a hyphen. Not even a line break is
// added: some vaults keep it as part of the value.
func (c *console) giveSecret(to outFile, secret jwk.Secret) error {
	content := []byte(secret.Reveal())
	defer clear(content)
	if to.name != "-" {
		return to.write(content, 0o600)
	}
	if isTerminal(c.out) {
		fmt.Fprintln(c.err, "Careful: the private key is written to the terminal, which may keep what it has shown.")
		defer fmt.Fprintln(c.out)
	}
	if _, err := c.out.Write(content); err != nil {
		return misused("Standard output cannot be written: %v.", reason(err))
	}
	return nil
}

// isTerminal says whether somebody is looking: a character device that is not
// the empty one.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		return false
	}
	empty, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, empty)
}
