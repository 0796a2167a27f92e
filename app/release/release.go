// Package release knows which Maquette this is, and asks on request whether
// there is a newer one.
package release

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is the release that this is, or that is being made: the same as in
// FyneApp.toml, which packages are named after.
const Version = "0.1.0"

// Site is where the project lives.
const Site = "https://github.com/maquette-studio/maquette"

// packed is the commit that a package was made of, which .ci/package/package.sh
// has the linker put here: it builds outside of the repository.
var packed string

// Build is what the running program was made of.
type Build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`   // "" where it was built without its history
	Changed  bool   `json:"changed"`  // there were changes that are in no commit
	Go       string `json:"go"`       // such as go1.26.8
	Platform string `json:"platform"` // such as linux/amd64
}

// This is the running program.
func This() Build {
	build := Build{Version: Version, Commit: packed, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			build.Commit = setting.Value
		case "vcs.modified":
			build.Changed = setting.Value == "true"
		}
	}
	return build
}

// String is the build on one line.
func (b Build) String() string {
	commit := b.Commit
	switch {
	case commit == "":
		commit = "unknown"
	case b.Changed:
		commit += " with changes"
	}
	return fmt.Sprintf("Maquette %s, commit %s, %s, %s", b.Version, commit, b.Go, b.Platform)
}
