package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// stateVersion rises when an older program could no longer read the file.
const stateVersion = 1

// state is what self-service remembers. A state that has been handed to a reader is never changed: a change works on a
// clone, which takes its place once it is safely on disk.
type state struct {
	Version int      `json:"version"`
	Clients []Client `json:"clients"`
}

func statePath(dir string) string { return filepath.Join(dir, "sandbox.json") }

func (s state) clone() state {
	clients := make([]Client, len(s.Clients))
	for i, client := range s.Clients {
		clients[i] = client.clone()
	}
	return state{Version: stateVersion, Clients: clients}
}

// client finds a client by its id; -1 when there is none.
func (s state) client(id string) int {
	return slices.IndexFunc(s.Clients, func(c Client) bool { return c.ID == id })
}

// readState reads the file. One that is not there is an empty state; one that cannot be understood is an error, since
// starting afresh would overwrite somebody's practice at the first change.
func readState(path string) (state, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return state{Version: stateVersion}, nil
	}
	if err != nil {
		return state{}, fmt.Errorf("reading the sandbox's state: %w", err)
	}
	read, err := parseState(data)
	if err != nil {
		return state{}, fmt.Errorf("reading the sandbox's state in %q: %w; repair the file, or move it away to begin with an empty sandbox", path, err)
	}
	return read, nil
}

func parseState(data []byte) (state, error) {
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return state{}, err
	}
	if version.Version != stateVersion {
		return state{}, fmt.Errorf("version %d of the file is not one that this program knows (it knows %d)", version.Version, stateVersion)
	}
	var read state
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return state{}, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return state{}, errors.New("there is something after the end of the JSON")
	}
	return read, nil
}

// writeState replaces the file in one step: a reader, or a power cut, finds the old file or the new one, whole.
func writeState(path string, s state) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", err)
	}
	temporary := path + ".new"
	if err := writeSynced(temporary, append(data, '\n')); err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", errors.Join(err, os.Remove(temporary)))
	}
	return syncFolder(filepath.Dir(path))
}

// writeSynced writes a new file that only its owner can read. What a crash left under the same name is removed first,
// since opening it would keep whatever mode it has.
func writeSynced(path string, data []byte) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// syncFolder makes a rename durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", err)
	}
	return nil
}

// change applies one change to a copy of the state, writes the copy, and only then puts it in place. When apply or the
// disk refuses, nothing has happened.
func (s *Sandbox) change(apply func(*state) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()

	next := s.state.clone()
	if err := apply(&next); err != nil {
		return err
	}
	if s.path != "" {
		if err := writeState(s.path, next); err != nil {
			return err
		}
	}
	s.state = next
	return nil
}
