package main_test

import (
	"os/exec"
	"testing"
	"time"
)

// F10 opens the menu of the real window while the keyboard is in a text field,
// and the arrows go through it.
func TestRealWindowsMenuOpensFromATextField(t *testing.T) {
	display := startXvfb(t)
	keys := needReal(t, "xdotool")
	program := startMaquette(t, display, "--demo", "--data", t.TempDir())
	press := exec.CommandContext(t.Context(), keys, "search", "--onlyvisible", "--name", "Maquette", "windowfocus", "--sync",
		"key", "--delay", "300", "ctrl+f", "F10", "Down", "Down", "Down", "Return") // Find, then Quit in the first menu
	press.Env = []string{"DISPLAY=" + display}
	waitUntil(t, "the demo to quit by its menu", func() bool {
		again := *press
		_ = again.Run() // the window may not be ready yet, or have gone
		select {
		case <-program.exited:
			return true
		case <-time.After(2 * time.Second):
			return false
		}
	})
}
