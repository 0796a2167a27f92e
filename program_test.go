package main

import (
	"os"
	"testing"
)

// The tests that need the whole program start this test binary again, as the
// program: it is built once, with the race detector if the tests are, and
// without the tag migrated_fynedo, so that Fyne checks its threads.
func TestMain(m *testing.M) {
	if os.Getenv("MAQUETTE_TEST_PROGRAM") == "1" {
		main()
	}
	os.Exit(m.Run())
}
