// The licences of what is built in beside Go modules: each that docs/licences.md names lies where it says, and none is
// left out of it.

package main_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

func TestTheCodecsLicencesAreThere(t *testing.T) {
	named := regexp.MustCompile(`(?:LICENSE|PATENTS)\.[a-z0-9-]+`).FindAllString(readFile(t, "docs/licences.md"), -1)
	slices.Sort(named)
	var there []string
	for _, pattern := range []string{"LICENSE.*", "PATENTS.*"} {
		files, err := filepath.Glob(filepath.Join("app", "photo", "codec", "lib", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			there = append(there, filepath.Base(file))
		}
	}
	if named := slices.Compact(named); !slices.Equal(named, there) {
		t.Errorf("named are %q, and there are %q", named, there)
	}
}
