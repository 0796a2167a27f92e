// Following a job to its end and keeping what it made.

package dreamlook

import (
	"context"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// follow watches the job to its end. Pictures are kept as they appear; what
// was made before a failure is kept too, and one result that can't be kept
// doesn't cost the others.
func (o order) follow(ctx context.Context, id string) error {
	tried := map[string]bool{}
	var first error
	for {
		seen, err := o.watch(ctx, id, tried)
		if err != nil {
			return err
		}
		if err := o.keepPictures(ctx, seen, tried); err != nil && first == nil {
			first = err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !seen.ended() {
			continue
		}
		if err := o.keepModels(ctx, seen); err != nil && first == nil {
			first = err
		}
		return o.outcome(seen, len(tried), first)
	}
}

// watch polls until the job is over or shows pictures that weren't tried yet.
func (o order) watch(ctx context.Context, id string, tried map[string]bool) (job, error) {
	var seen job
	err := o.run.Watch(ctx, o.pace, func(ctx context.Context) (providers.Status, error) {
		var err error
		if seen, err = o.client.job(ctx, o.kind, id); err != nil {
			return providers.Status{}, err
		}
		seen.ID = id
		status := o.status(seen)
		status.Done = seen.ended() || len(untried(seen, tried)) > 0
		return status, nil
	})
	return seen, err
}

func (o order) status(seen job) providers.Status {
	switch seen.state() {
	case stateQueued:
		return providers.Status{State: providers.Waiting, Fraction: -1}
	case stateRunning:
		return providers.Status{
			State: providers.Running, Fraction: max(0, min(seen.Percent/100, 1)), Left: seen.left(o.client.serviceTime(time.Now())),
		}
	case stateSuccess, stateFailure:
		return providers.Status{State: providers.Collecting, Fraction: -1}
	}
	return providers.Status{State: providers.Running, Fraction: -1, Note: providers.Say("The service says: %s", o.client.api.Quote(seen.state()))}
}

// outcome turns an ended job into the task's error.
func (o order) outcome(seen job, pictures int, keeping error) error {
	if seen.state() == stateFailure {
		return &providers.Failure{
			Kind:    providers.ServiceTrouble,
			Message: providers.Say("dreamlook.ai could not finish the job."),
			Service: o.client.api.Quote(seen.reason()),
			Advice:  providers.Say("Look at %s to see whether it was charged. Trying again is a new, paid request.", o.kind.dashboard()),
			Money:   providers.MoneyUnknown,
			Ended:   true,
		}
	}
	if keeping != nil {
		return keeping
	}
	var missing providers.Sentence
	switch {
	case o.kind.trains && len(seen.checkpoints()) == 0:
		missing = providers.Say("trained model")
	case o.kind.generates && pictures == 0:
		missing = providers.Say("picture")
	default:
		return nil
	}
	switch {
	case o.imported():
		o.run.Report(providers.Status{
			State: providers.Collecting, Fraction: 1,
			Note: providers.Say("dreamlook.ai has no %s of this job any more. It deletes models after 48 hours unless you have a plan.", missing),
		})
		return nil
	case o.kind.trains && len(seen.allCheckpoints()) > 0 && len(seen.checkpoints()) == 0:
		return &providers.Failure{
			Kind:    providers.NotFound,
			Message: providers.Say("dreamlook.ai deleted the trained model before it could be downloaded."),
			Advice:  providers.Say("The service deletes models after 48 hours unless you have a plan. Training again is a new, paid request."),
			Money:   providers.Spent,
			Ended:   true,
		}
	}
	return &providers.Failure{
		Kind:    providers.BadResult,
		Message: providers.Say("dreamlook.ai says that the job succeeded but lists no %s that can be downloaded.", missing),
		Advice:  providers.Say("Try again to look once more, which costs nothing, or look at %s.", o.kind.dashboard()),
	}
}

// imported reports that the training was started elsewhere: it comes without
// its photos.
func (o order) imported() bool { return o.kind.trains && len(o.run.Photos) == 0 }

// untried are the pictures with a link that were not tried yet, with the
// results they belong to.
func untried(seen job, tried map[string]bool) []pictureResults {
	var groups []pictureResults
	for _, results := range seen.Pictures {
		fresh := results
		fresh.Pictures = nil
		for _, p := range results.Pictures {
			if p.URL != "" && !tried[p.key()] {
				fresh.Pictures = append(fresh.Pictures, p)
			}
		}
		if len(fresh.Pictures) > 0 {
			groups = append(groups, fresh)
		}
	}
	return groups
}

func (o order) keepPictures(ctx context.Context, seen job, tried map[string]bool) error {
	var failures []error
	for _, results := range untried(seen, tried) {
		for _, p := range results.Pictures {
			tried[p.key()] = true
			_, err := o.run.Keep(ctx, "keep/"+p.key(), o.result(seen.ID, results, p))
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			failures = append(failures, err)
		}
	}
	return firstOf(failures)
}

func (o order) result(jobID string, results pictureResults, p picture) providers.Result {
	return providers.Result{
		URL: p.URL,
		Fresh: func(ctx context.Context) (string, error) {
			seen, err := o.client.job(ctx, o.kind, jobID)
			if err != nil {
				return "", err
			}
			again, found := seen.picture(p.key())
			if !found || again.URL == "" {
				return "", gone(providers.Say("The picture is no longer listed at dreamlook.ai."))
			}
			return again.URL, nil
		},
		RemoteID: p.key(),
		Prompt:   o.prompt(results.ConfigIndex),
		Model:    o.model(results),
		Seed:     p.seed(),
	}
}

// prompt is what a picture was made from; the service says which of several
// configurations it was.
func (o order) prompt(index int) string {
	list, several := o.body["image_gen"].([]request)
	if !several {
		return o.run.Values.Text("prompt")
	}
	if index < 0 || index >= len(list) {
		return ""
	}
	prompt, _ := list[index]["prompt"].(string)
	return prompt
}

func (o order) model(results pictureResults) string {
	if results.CheckpointID != "" {
		return results.CheckpointID
	}
	if id := o.run.Values.Text("checkpoint_id"); id != "" {
		return id
	}
	return baseModel(o.run.Values)
}

func (o order) keepModels(ctx context.Context, seen job) error {
	var failures []error
	for _, c := range seen.checkpoints() {
		err := o.run.KeepModel(ctx, o.trained(seen, c))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		failures = append(failures, err)
	}
	return firstOf(failures)
}

func (o order) trained(seen job, c checkpoint) providers.Model {
	base := seen.Config.training().text("base_model")
	if base == "" {
		base = baseModel(o.run.Values)
	}
	if base == "" {
		base = o.run.Values.Text("checkpoint_id")
	}
	title := o.run.Values.Text("instance_prompt")
	return describe(c, providers.Model{
		RemoteID: c.ID, RemoteJob: seen.ID, Base: base,
		Title: fmt.Sprintf("%s · %s · step %d", title, base, int(c.Step)),
	})
}

// describe fills in what the service says of a checkpoint.
func describe(c checkpoint, model providers.Model) providers.Model {
	model.Type = c.Type
	switch {
	case c.LoRA:
		model.Type = "lora"
	case c.Type == "":
		model.Type = "checkpoint"
	}
	model.Family, model.Format = c.Family, c.Format
	model.Step, model.Size = int(c.Step), int64(c.Size)
	model.URL, model.Expires = c.URL, linkExpiry(c.URL)
	return model
}

func gone(message providers.Sentence) *providers.Failure {
	return &providers.Failure{
		Kind: providers.NotFound, Message: message,
		Advice: providers.Say("The service deletes models after 48 hours unless you have a plan, and links to pictures end after an hour."),
	}
}

func firstOf(failures []error) error {
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}
