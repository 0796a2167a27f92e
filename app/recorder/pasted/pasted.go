// Package pasted pastes what was copied into shells, as scripts and at prompts.
// It is for tests only.
package pasted

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Tricky is a prompt of everything that a shell or JSON might stumble over.
const Tricky = "it's a \"paper\" fox: $HOME `id` \\n $(id) !! 100% <b>&amp; 🦊\nsecond !line\twith 'quotes' --set x=y # end\\"

// Steering is what a shell's line editor obeys, also in the middle of a paste,
// and its history. Some services refuse it.
const Steering = " \x1b[201~\x03\x04\r \u009b31m\u202e\x7f $'x' !$ !1\t"

// Shells are those that things are pasted into, as scripts and at prompts: there
// they have a history that they look things up in, and zsh knows no comments.
func Shells(t testing.TB) [][]string {
	t.Helper()
	shells := [][]string{{"sh", "-eu"}, {"bash", "--norc", "-i"}, {"dash", "-i"}}
	zsh, err := exec.LookPath("zsh")
	switch {
	case err == nil:
		shells = append(shells, []string{zsh, "-f"}, []string{zsh, "-f", "-i"})
	case os.Getenv("MAQUETTE_TEST_REAL") == "1":
		t.Fatal("zsh is not installed; `make setup` installs it")
	}
	return shells
}

// Words are the arguments that every shell makes of a line with maquette, or
// with curl, after the program's name.
func Words(t testing.TB, line string) []string {
	t.Helper()
	dir := t.TempDir()
	for _, program := range []string{"maquette", "curl"} {
		Program(t, dir, program, "for word; do printf '%s\\0' \"$word\"; done >words\n")
	}
	var words []string
	for _, shell := range Shells(t) {
		command := exec.CommandContext(t.Context(), shell[0], shell[1:]...)
		command.Stdin, command.Dir = strings.NewReader(line+"\n"), dir
		command.Env = []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "LUMAAI_API_KEY=a-key"}
		if said, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", shell, err, said)
		}
		out, err := os.ReadFile(filepath.Join(dir, "words"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, "words")); err != nil {
			t.Fatal(err)
		}
		read := strings.Split(string(out), "\x00")
		if words != nil && !slices.Equal(words, read) {
			t.Errorf("%v reads\n%q\ninstead of\n%q", shell, read, words)
		}
		words = read
	}
	for _, r := range strings.ReplaceAll(line, "\n", "") {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			t.Errorf("a line editor would take %U for a key", r)
		}
	}
	return words[:len(words)-1]
}

// Program writes a shell script of this name into a folder.
func Program(t testing.TB, dir, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
}
