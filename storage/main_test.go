package storage_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// childEnv makes the test binary, started again by a test, play a part in it.
const childEnv = "MAQUETTE_STORAGE_TEST_CHILD"

var children = map[string]func() error{
	"files": writeFilesForever,
	"part":  downloadForever,
}

func TestMain(m *testing.M) {
	if part, ok := children[os.Getenv(childEnv)]; ok {
		if err := part(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	// godbus keeps its one connection to the session bus for good.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*Conn).inWorker"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.newConn.func1"))
}
