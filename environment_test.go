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

func TestNothingIsStartedThatKeepsTheKeys(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	services := term.sandbox()
	// In place of the programs that would start a bus and a keyring and stay behind, or inherit what they are started with.
	bin, mark := t.TempDir(), filepath.Join(t.TempDir(), "launched")
	for _, program := range []string{"dbus-launch", "dbus-daemon", "dbus-run-session", "gnome-keyring-daemon", "xdg-open", "gio"} {
		script := "#!/bin/sh\n{ echo $0; env; } >>'" + mark + "'\nexit 1\n"
		if err := os.WriteFile(filepath.Join(bin, program), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	term.env = append(slices.DeleteFunc(term.env, func(variable string) bool {
		return strings.HasPrefix(variable, "DBUS_") || strings.HasPrefix(variable, "PATH=") || strings.HasPrefix(variable, "DREAMLOOK_API_KEY=")
	}), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "XDG_RUNTIME_DIR="+term.home)

	for _, args := range [][]string{
		{"run", "luma/image", "--set", "prompt=a paper fox"},
		{"call", "luma/credits"},
		{"jobs", "list"},
		{"models", "list"},
		{"images", "list"},
		{"remote", "list"},
		{"keys", "check", "luma"},
		{"bucket", "check"},
		{"check"},
		{"services"},
		{"--help"},
	} {
		term.run(0, args...)
	}
	out, errs := term.run(1, "keys", "check", "dreamlook") // asks the keyring
	if !strings.Contains(out+errs, "no key") {
		t.Errorf("the command said %s%s", out, errs)
	}
	if left, err := os.ReadFile(mark); err == nil {
		t.Errorf("programs were started, with the key: %v\n%s", strings.Contains(string(left), services.value("LUMAAI_API_KEY")), left)
	}
}
