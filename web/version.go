package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"portvakt/static"
)

// version is which build this is, as far as the build knows: the release, else
// the commit that it was made of.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	text := info.Main.Version
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	if (text == "" || text == "(devel)") && commit != "" {
		return commit + changed
	}
	return text
}

// versionText is what the version command prints: which build this is, and the
// SHA-256 of each script as browsers get it, in the form of sha256sum.
func versionText() string {
	goVersion, commit := "unknown", "not recorded in this build (go build in a git checkout records it, go run does not)"
	if info, ok := debug.ReadBuildInfo(); ok {
		goVersion = info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Portvakt: %s\nCommit: %s\nGo: %s\n\nThe scripts as they are served, SHA-256:\n", version(), commit, goVersion)
	for _, h := range static.Hashes() {
		fmt.Fprintf(&b, "%s  %s\n", h.SHA256, h.Name)
	}
	return b.String()
}
