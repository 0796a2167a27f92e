// How the training runs: host the photos, start it once, wait until the model
// lies in the bucket, or for so long that it won't come, keep it.

package lucydream

import (
	"context"
	"errors"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

const (
	modelFormat = "safetensors"
	// deliveredWithin is generous: LucyDream doesn't say how long a training
	// takes, nor that one has failed.
	deliveredWithin = 48 * time.Hour
)

// pace suits a training: only the bucket is asked.
var pace = providers.Pace{First: 5 * time.Second, Most: time.Minute}

func train(ctx context.Context, run *providers.Run) error {
	links, err := hostPhotos(ctx, run)
	if err != nil {
		return err
	}
	started, err := start(ctx, run, links)
	if err != nil {
		return err
	}
	accepted := started.Time
	if accepted.IsZero() {
		accepted = time.Now() // a person found the id
	}
	file, err := awaitModel(ctx, run, started.ID+"."+modelFormat, accepted.Add(deliveredWithin))
	if err != nil {
		return err
	}
	return run.KeepModel(ctx, providers.Model{
		RemoteID: started.ID, Title: run.Values.Text("title"), Type: "checkpoint",
		Size: file.Size, Format: modelFormat, Object: file.Key,
	})
}

// hostPhotos returns a link to each photo, in their order.
func hostPhotos(ctx context.Context, run *providers.Run) ([]string, error) {
	if err := checkPhotos(run.Photos); err != nil {
		return nil, err
	}
	links := make([]string, photoCount)
	for i, photo := range run.Photos {
		run.Report(providers.Status{
			State: providers.Uploading, Fraction: float64(i) / photoCount, Step: i + 1, Of: photoCount,
		})
		link, err := run.Host(ctx, photo)
		if err != nil {
			return nil, err
		}
		links[i] = link
	}
	return links, nil
}

// start makes the paid request. What LucyDream said to one whose outcome is
// unknown goes to the person with the question.
func start(ctx context.Context, run *providers.Run, links []string) (providers.Receipt, error) {
	body := creation{parameters{Title: run.Values.Text("title"), Name: run.Values.Text("name"), ImageURLs: links}}
	said := ""
	create := func(ctx context.Context) (providers.Receipt, error) {
		made, err := newClient(run.Conn).create(ctx, body)
		if failure, ok := errors.AsType[*providers.Failure](err); ok {
			said = failure.Service
		}
		return providers.Receipt{ID: string(made.ID), Title: body.Tune.Title, Time: time.Now()}, err
	}
	look := func(ctx context.Context, intent providers.Intent) (providers.Finding, error) {
		return find(said)(ctx, intent)
	}
	return run.Once(ctx, "create", look, create)
}

// awaitModel waits until the model's file is in the bucket, which is all that
// LucyDream ever shows of a training. After the deadline it looks once.
func awaitModel(ctx context.Context, run *providers.Run, key string, deadline time.Time) (providers.Object, error) {
	var file providers.Object
	err := run.Watch(ctx, pace, func(ctx context.Context) (providers.Status, error) {
		object, found, err := run.InBucket(ctx, key)
		file = object
		if err == nil && !found && time.Now().After(deadline) {
			err = notDelivered(key)
		}
		return providers.Status{
			State: providers.Running, Fraction: -1, Done: found,
			Note: providers.Say("LucyDream reports no progress. The model is finished when %s "+
				"appears in your bucket, which has to be the one set in LucyDream's API dashboard.", key),
		}, err
	})
	return file, err
}

// notDelivered is a training that was accepted and of which nothing came.
func notDelivered(key string) *providers.Failure {
	return &providers.Failure{
		Kind:    providers.NoBucket,
		Message: providers.Say("LucyDream accepted the training, but %s did not appear in your bucket within 48 hours", key),
		Advice: providers.Say("Compare the bucket that is set here with the one in LucyDream's API dashboard; if the file lies in another, " +
			"copy it over or set that one. Then retry: it looks once more, nothing is paid again. " +
			"If the file is nowhere, the training has probably failed: ask LucyDream."),
		Remedy: providers.Remedy{Code: providers.OpenBucket}, Money: providers.Spent,
	}
}
