package handover

import (
	"fmt"
	"os"
)

// checkOwn says why a folder can't hold the socket. On Windows the folder for
// temporary files is each user's own.
func checkOwn(folder string) error {
	if _, err := os.Lstat(folder); err != nil {
		return fmt.Errorf("looking at the folder for the socket: %w", err)
	}
	return nil
}

// restrict closes a socket to all but its owner: on Windows it has the
// permissions of the folder that it is in.
func restrict(string) error { return nil }
