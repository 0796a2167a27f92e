// The operations at dreamlook.ai that are no jobs: the list of jobs, and one
// of them.

package dreamlook

import (
	"context"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

func jobTypeField() providers.Field {
	field := providers.Field{
		Key: "type", Label: "Type", Kind: providers.Choice, Default: dreambooth.String(), Required: true,
		Help: "Which kind of job.",
	}
	for _, kind := range jobTypes {
		field.Options = append(field.Options, providers.Option{Value: kind.String()})
	}
	return field
}

func chosenType(v providers.Values) jobType {
	for _, kind := range jobTypes {
		if slices.Contains(kind.spellings, v.Text("type")) {
			return kind
		}
	}
	return dreambooth
}

// listedJob is a job in the answer of the jobs call.
type listedJob struct {
	ID      string    `json:"job_id"`
	State   string    `json:"state"`
	Percent float64   `json:"percentage_done"`
	Started time.Time `json:"started,omitzero"`
	Prompt  string    `json:"prompt,omitempty"`
	Failure string    `json:"failure_reason,omitempty"`
}

func jobsCall() providers.Call {
	return providers.Call{
		ID: "dreamlook/jobs", Title: "List jobs",
		Help: "Lists your most recent jobs at the service, at most 50, wherever they were started.",
		Doc:  trainDoc, Fields: []providers.Field{jobTypeField()},
		Do: func(ctx context.Context, conn providers.Conn, v providers.Values) (any, error) {
			c := connect(conn)
			jobs, _, err := c.jobs(ctx, chosenType(v))
			if err != nil {
				return nil, err
			}
			list := make([]listedJob, len(jobs))
			for i, j := range jobs {
				list[i] = listedJob{
					ID: j.ID, State: c.api.Quote(j.state()), Percent: j.Percent, Started: j.QueuedStart.Time,
					Prompt: receipt(j).Title, Failure: c.api.Quote(j.reason()),
				}
			}
			return list, nil
		},
	}
}

func jobCall() providers.Call {
	id := providers.Field{Key: "id", Label: "Job", Kind: providers.Text, Required: true, Remote: true, Help: "The job's id at the service, such as db_1ccb410f."}
	return providers.Call{
		ID: "dreamlook/job", Title: "Show a job",
		Help: "Shows a job as the service describes it, with links to its results.",
		Doc:  trainDoc, Fields: []providers.Field{jobTypeField(), id},
		Do: func(ctx context.Context, conn providers.Conn, v providers.Values) (any, error) {
			return connect(conn).document(ctx, chosenType(v), v.Text("id"))
		},
	}
}
