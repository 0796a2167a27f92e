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
			service := dreamlook.Service()
			task, _ := service.FindTask(row.task)
			values, problems := task.Validate(row.values)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			conformance.Client(t, conformance.Probe{
				Answer: dryAnswer, // ends the task with its first request
				Call: func(ctx context.Context, conn providers.Conn) error {
					return task.Run(ctx, &providers.Run{Values: values, Photos: twoPhotos(), Conn: conn, Steps: newNotes()})
				},
			})
		})
	}
}

func TestReadingFromServersThatMisbehave(t *testing.T) {
	t.Parallel()
	service := dreamlook.Service()
	for id, probe := range map[string]struct {
		values providers.Values
		answer string
	}{
		"dreamlook/jobs": {providers.Values{"type": "dreambooth"}, `[{"job_id":"db_1","state":"queued"}]`},
		"dreamlook/job":  {providers.Values{"type": "dreambooth", "id": "db_1"}, `{"job_id":"db_1","state":"queued"}`},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			call, _ := service.FindCall(id)
			conformance.Client(t, conformance.Probe{
				Answer: probe.answer, Repeatable: true,
				Call: func(ctx context.Context, conn providers.Conn) error {
					_, err := call.Do(ctx, conn, probe.values)
					return err
				},
			})
		})
	}
}
