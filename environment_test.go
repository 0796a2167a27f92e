//go:build unix

// What a command leaves behind, and what it gives on, where no session bus runs.

package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNoCommandStartsABus(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	// In place of the program that would start one and stay behind with the keys.
	bin, mark := t.TempDir(), filepath.Join(t.TempDir(), "launched")
	script := "#!/bin/sh\nenv >'" + mark + "'\nexit 1\n"
	if err := os.WriteFile(filepath.Join(bin, "dbus-launch"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	term.env = append(slices.DeleteFunc(term.env, func(variable string) bool {
		return strings.HasPrefix(variable, "DBUS_") || strings.HasPrefix(variable, "PATH=")
	}), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "XDG_RUNTIME_DIR="+term.home, "LUMAAI_API_KEY=luma-secret")

	out, errs := term.run(1, "keys", "check", "dreamlook") // asks the keyring
	if !strings.Contains(out+errs, "no key") {
		t.Errorf("the command said %s%s", out, errs)
	}
	if left, err := os.ReadFile(mark); err == nil {
		t.Errorf("a session bus was started, with the key: %v", strings.Contains(string(left), "luma-secret"))
	}
}
