// What another program of the same user reads in /proc of a running Maquette.

package main_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestARunningProgramShowsNoKeyOfItsEnvironment(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	term.env = append(term.env, "LUMAAI_API_KEY=luma-secret-1234", "SOMETHING_ELSE=stays", "MAQUETTE_BUCKET_SECRET_KEY=bucket=secret", "BRIA_API_TOKEN=")
	services := term.sandbox() // runs until it is ended
	shown, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", services.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(shown), "secret") || !strings.Contains(string(shown), "\x00SOMETHING_ELSE=stays\x00") {
		t.Errorf("%q", shown)
	}
}
