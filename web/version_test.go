package main

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "42613b9a3f0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e"}
	changed := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for _, row := range []struct {
		release  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v1.2.3", []debug.BuildSetting{commit}, "v1.2.3"},
		{"(devel)", []debug.BuildSetting{commit}, "42613b9a3f0c"},
		{"(devel)", []debug.BuildSetting{commit, changed}, "42613b9a3f0c+"},
		{"", nil, ""},
	} {
		if got := versionOf(&debug.BuildInfo{Main: debug.Module{Version: row.release}, Settings: row.settings}); got != row.want {
			t.Errorf("%q %v: got %q, want %q", row.release, row.settings, got, row.want)
		}
	}
	if version() == "" {
		t.Error("this build does not know what it is")
	}
}
