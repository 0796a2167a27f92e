// The tasks as dreamlook.ai's guide tells them: host the photos, start the
// job, watch it, keep what it made.

package dreamlook

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

var (
	trainingPace   = providers.Pace{First: time.Second, Most: 15 * time.Second}
	generationPace = providers.Pace{First: time.Second, Most: 5 * time.Second}
)

// order is one request and what is needed to follow its job.
type order struct {
	run    *providers.Run
	client client
	kind   jobType
	pace   providers.Pace
	body   request
}

func train(ctx context.Context, run *providers.Run) error {
	body, err := hostedTraining(ctx, run)
	if err != nil {
		return err
	}
	addRequestPart(body, run)
	return order{run, connect(run.Conn), dreambooth, trainingPace, body}.place(ctx)
}

func generate(ctx context.Context, run *providers.Run) error {
	c := connect(run.Conn)
	family := baseFamily(baseModel(run.Values))
	if id := run.Values.Text("checkpoint_id"); id != "" && !run.Values.Has("model_type") {
		var err error
		if family, err = checkpointFamily(ctx, run, c, id); err != nil {
			return err
		}
	}
	body := picturePart(run.Values, family)
	chooseModel(body, run.Values)
	addRequestPart(body, run)
	return order{run, c, imageGen, generationPace, body}.place(ctx)
}

func trainAndGenerate(ctx context.Context, run *providers.Run) error {
	c := connect(run.Conn)
	training, err := hostedTraining(ctx, run)
	if err != nil {
		return err
	}
	family := baseFamily(baseModel(run.Values))
	if id := run.Values.Text("checkpoint_id"); id != "" {
		if family, err = checkpointFamily(ctx, run, c, id); err != nil {
			return err
		}
	}
	var pictures []request
	for _, configuration := range run.Values.List("image_gen") {
		pictures = append(pictures, picturePart(configuration, family))
	}
	body := request{"dreambooth": training, "image_gen": pictures}
	addRequestPart(body, run)
	return order{run, c, both, trainingPace, body}.place(ctx)
}

// hostedTraining hosts the photos, in their order, and their captions.
func hostedTraining(ctx context.Context, run *providers.Run) (request, error) {
	links := make([]string, len(run.Photos))
	for i, photo := range run.Photos {
		run.Report(providers.Status{
			State: providers.Uploading, Fraction: float64(i) / float64(len(run.Photos)), Step: i + 1, Of: len(run.Photos),
		})
		link, err := run.Host(ctx, photo)
		if err != nil {
			return nil, err
		}
		links[i] = link
	}
	captions, err := hostedCaptions(ctx, run, links)
	if err != nil {
		return nil, err
	}
	body, err := trainingPart(run.Values, links, captions)
	if err != nil {
		return nil, &providers.Failure{
			Kind: providers.InvalidInput, Field: "save_checkpoints_at", Money: providers.NotSpent,
			Message: providers.Say("The steps to save checkpoints at can't be read: %v", err),
		}
	}
	return body, nil
}

// hostedCaptions hosts the captions, if there are any, keyed by the photos'
// names in their links, and returns the link ("Image captions").
func hostedCaptions(ctx context.Context, run *providers.Run, links []string) (string, error) {
	if !run.Values.Bool("use_captions") {
		return "", nil
	}
	captions, owner := map[string]string{}, map[string]string{}
	for i, photo := range run.Photos {
		name, caption := lastSegment(links[i]), strings.TrimSpace(photo.Caption)
		if other, taken := owner[name]; taken && captions[name] != caption {
			return "", &providers.Failure{
				Kind: providers.InvalidInput, Money: providers.NotSpent,
				Message: providers.Say("The photos %s and %s have different captions but the same name, %s, in their links, by which the service tells them apart.", other, photo.Name, name),
				Advice:  providers.Say("Add one of the two as a file instead of a link."),
			}
		}
		captions[name], owner[name] = caption, photo.Name
	}
	for name, caption := range captions {
		if caption == "" {
			delete(captions, name)
		}
	}
	if len(captions) == 0 {
		return "", nil
	}
	content, err := json.MarshalIndent(drawnFrom(captions), "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing the captions: %w", err)
	}
	return run.HostFile(ctx, "captions", "json", content)
}

// drawnFrom are captions as the service takes them: one of several lines, as
// trainers write variants, is a list that it draws one of each time.
func drawnFrom(captions map[string]string) map[string]any {
	all := map[string]any{}
	for name, caption := range captions {
		all[name] = caption
		if lines := providers.CaptionLines(caption); len(lines) > 1 {
			all[name] = lines
		}
	}
	return all
}

// checkpointFamily looks for the checkpoint among the trainings and returns
// its family, "" where that can't be told: the service may know it anyway.
func checkpointFamily(ctx context.Context, run *providers.Run, c client, id string) (string, error) {
	receipt, err := run.Step(ctx, "family", func(ctx context.Context) (providers.Receipt, error) {
		for _, kind := range []jobType{dreambooth, both} {
			jobs, _, err := c.jobs(ctx, kind)
			if err != nil && !notFound(err) && !garbled(err) {
				return providers.Receipt{}, err
			}
			for _, j := range jobs {
				if found, ok := j.checkpoint(id); ok && found.Family != "" {
					return providers.Receipt{ID: found.Family}, nil
				}
			}
		}
		return providers.Receipt{}, nil
	})
	return receipt.ID, err
}

// place starts the job and keeps what it makes.
func (o order) place(ctx context.Context) error {
	create := func(ctx context.Context) (providers.Receipt, error) {
		answer, err := o.client.create(ctx, o.kind, o.body)
		if err != nil {
			return providers.Receipt{}, err
		}
		return receipt(job{ID: answer.JobID}), nil
	}
	started, err := o.start(ctx, create)
	if err != nil {
		return err
	}
	// "This is not a real job: the job ID is not tracked."
	if strings.HasPrefix(started.ID, "TEST_") {
		o.run.Report(providers.Status{
			State: providers.Collecting, Fraction: 1, Note: providers.Say("Dry run accepted: nothing was made and nothing charged."),
		})
		return nil
	}
	return o.follow(ctx, started.ID)
}

func (o order) start(ctx context.Context, create providers.Create) (providers.Receipt, error) {
	if o.run.Values.Bool("dry_run") {
		// The service keeps nothing of it: asking twice changes nothing.
		return o.run.Step(ctx, "create", create)
	}
	return o.run.Once(ctx, "create", find(o.client, o.kind, o.body), create)
}
