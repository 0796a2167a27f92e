// What is told at the end of many things of which some failed.

package failure

import (
	"errors"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Left is one of many that failed.
type Left struct {
	Name string // as a person knows it, never a path
	Err  error
}

// namedMost is how many failures are told one by one.
const namedMost = 10

// List names what failed, and why: "fox.jpg: its file is damaged; owl.jpg: …".
// It wraps the errors that it names; nil where nothing failed.
func List(left []Left) error {
	var list error
	for i, one := range left {
		if i == namedMost {
			return providers.Errorf("%s; and %d more", list, len(left)-i)
		}
		next := providers.Errorf("%s: %v", one.Name, one.Err)
		if i == 0 {
			list = next
		} else {
			list = providers.Errorf("%s; %s", list, next)
		}
	}
	return list
}

// EndsBatch reports whether an error would come again with each thing that
// follows: the disk is full, or can't be written to.
func EndsBatch(err error) bool {
	return errors.Is(err, storage.ErrDiskFull) || errors.Is(err, storage.ErrReadOnly)
}
