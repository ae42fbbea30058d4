package jwk_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"portvakt/jwk"
)

// read gives a file of testdata, without the line break at its end.
func read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(data), "\n")
}

// private gives a fixed key pair of testdata.
func private(t testing.TB, name string) jwk.Private {
	t.Helper()
	key, err := jwk.ParsePrivate([]byte(read(t, name)))
	if err != nil {
		t.Fatalf("reading %s: %v", name, err)
	}
	return key
}

// members gives a JWK of testdata as a map, to be changed.
func members(t testing.TB, name string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(read(t, name)), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// with gives a JWK with some members changed; nil takes one away.
func with(base map[string]any, changes ...any) string {
	changed := map[string]any{}
	for name, value := range base {
		changed[name] = value
	}
	for i := 0; i < len(changes); i += 2 {
		name := changes[i].(string)
		if changes[i+1] == nil {
			delete(changed, name)
		} else {
			changed[name] = changes[i+1]
		}
	}
	text, err := json.Marshal(changed)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// publicMembers gives the public half of the fixed key of 2048 bits.
func publicMembers(t testing.TB) map[string]any {
	t.Helper()
	m := members(t, "rsa2048.json")
	for _, name := range privateNames {
		delete(m, name)
	}
	return m
}

var privateNames = []string{"d", "p", "q", "dp", "dq", "qi"}

// sentinels are the reasons that an error of the package may have.
var sentinels = []error{
	jwk.ErrMalformed, jwk.ErrPrivate, jwk.ErrPublic, jwk.ErrNotRSA, jwk.ErrSize, jwk.ErrWeak, jwk.ErrUse,
	jwk.ErrAlgorithm, jwk.ErrKid, jwk.ErrSignature, jwk.ErrSealed, jwk.ErrExpired,
}

// fixed is the key pair that most tests use.
var fixed = sync.OnceValue(func() jwk.Private {
	data, err := os.ReadFile("testdata/rsa2048.json")
	if err != nil {
		panic(err)
	}
	key, err := jwk.ParsePrivate(data)
	if err != nil {
		panic(err)
	}
	return key
})
