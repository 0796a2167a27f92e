// Many things done one after the other, of which some may fail.

package failure

import (
	"context"
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

// Batch does the same with many things, one after the other. One that fails
// doesn't stop the rest, unless its error would come again with each (EndsBatch);
// a context that ends does, and err is its cause then. What was done before
// stays. name tells a person which failed; progress is told how many are
// through, first none.
func Batch[T any](ctx context.Context, all []T, name func(T) string, progress func(through int), do func(T) error) (done int, left []Left, err error) {
	progress(0)
	for i, one := range all {
		if ctx.Err() != nil {
			return done, left, context.Cause(ctx)
		}
		err := do(one)
		switch {
		case err == nil:
			done++
		case ctx.Err() != nil: // it failed because of that
			return done, left, context.Cause(ctx)
		default:
			left = append(left, Left{Name: name(one), Err: err})
		}
		progress(i + 1)
		if EndsBatch(err) {
			break
		}
	}
	return done, left, nil
}

// EndsBatch reports whether an error would come again with each thing that
// follows: the disk is full, or can't be written to.
func EndsBatch(err error) bool {
	return errors.Is(err, storage.ErrDiskFull) || errors.Is(err, storage.ErrReadOnly)
}
