package failure_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/storage"
)

func TestABatchGoesOnUntilItCannot(t *testing.T) {
	t.Parallel()
	tired := errors.New("tired")
	for name, row := range map[string]struct {
		fails   map[int]error
		endsAt  int // -1: never
		through []int
		done    int
		left    []string
		err     error
	}{
		"all is well":                  {nil, -1, []int{0, 1, 2, 3, 4}, 4, nil, nil},
		"one fails":                    {map[int]error{1: errors.New("torn")}, -1, []int{0, 1, 2, 3, 4}, 3, []string{"thing 1"}, nil},
		"the disk is full":             {map[int]error{1: fmt.Errorf("saving: %w", storage.ErrDiskFull)}, -1, []int{0, 1, 2}, 1, []string{"thing 1"}, nil},
		"it is cancelled":              {nil, 2, []int{0, 1, 2}, 2, nil, tired},
		"one fails of being cancelled": {map[int]error{2: context.Canceled}, 2, []int{0, 1, 2}, 2, nil, tired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var through []int
			done, left, err := failure.Batch(ctx, []int{0, 1, 2, 3}, func(i int) string { return fmt.Sprint("thing ", i) },
				func(n int) { through = append(through, n) },
				func(i int) error {
					if i == row.endsAt {
						cancel(tired)
						return errors.Join(row.fails[i], ctx.Err())
					}
					return row.fails[i]
				})
			var names []string
			for _, one := range left {
				names = append(names, one.Name)
			}
			if done != row.done || !slices.Equal(names, row.left) || !slices.Equal(through, row.through) || !errors.Is(err, row.err) {
				t.Errorf("%d done, %v left, told %v, ended with %v", done, names, through, err)
			}
		})
	}
}
