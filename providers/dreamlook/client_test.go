package dreamlook_test

import (
	"context"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

func TestStartingAJobAtServersThatMisbehave(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		task   string
		values map[string]any
	}{
		{trainID, nil},
		{generateID, map[string]any{"prompt": "a fox"}},
		{bothID, twoSets},
	} {
		t.Run(row.task, func(t *testing.T) {
			t.Parallel()
			conformance.Client(t, conformance.Probe{
				Answer: dryAnswer, // ends the task with its first request
				Call: func(ctx context.Context, conn providers.Conn) error {
					return conformance.Perform(ctx, t, dreamlook.Service(), row.task, row.values, providers.Run{Photos: twoPhotos(), Conn: conn, Steps: newNotes()})
				},
			})
		})
	}
}

func TestReadingFromServersThatMisbehave(t *testing.T) {
	t.Parallel()
	for _, example := range []string{"jobs", "job"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			conformance.Client(t, conformance.ProbeOf(t, dreamlook.Service(), example))
		})
	}
}
