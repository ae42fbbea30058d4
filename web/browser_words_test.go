package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// words reads a language's message files: what the pages say, by key, so that
// these tests look for a button by the name that a person sees on it.
var words = map[string]func() map[string]string{
	"nb": sync.OnceValue(func() map[string]string { return readWords("nb") }),
	"nn": sync.OnceValue(func() map[string]string { return readWords("nn") }),
	"en": sync.OnceValue(func() map[string]string { return readWords("en") }),
}

func readWords(language string) map[string]string {
	files, err := filepath.Glob("../views/messages/*." + language + ".json")
	if err != nil || len(files) == 0 {
		panic(fmt.Sprintf("no message files in %s: %v", language, err))
	}
	all := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			panic(err)
		}
		var messages map[string]any
		if err := json.Unmarshal(text, &messages); err != nil {
			panic(fmt.Sprintf("%s: %v", f, err))
		}
		for key, m := range messages {
			if s, ok := m.(string); ok {
				all[key] = s
			}
		}
	}
	return all
}

// word is what the bokmål pages say, with pairs of names and values filled in.
func word(key string, pairs ...string) string {
	s, ok := words["nb"]()[key]
	if !ok {
		panic("no message " + key)
	}
	for i := 0; i < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{{."+pairs[i]+"}}", pairs[i+1])
	}
	return strings.Join(strings.Fields(s), " ")
}
