// Making the bucket that is set up, as far as its keys may.

package access

import (
	"context"
	"errors"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Made is one step of making a bucket.
type Made struct {
	Step  string             // "create", "private", "rule"
	Words providers.Sentence // what was done, or is so already
	// Err is why it wasn't done, and ByHand what a person can do instead.
	Err    error
	ByHand providers.Sentence
}

// Create makes the bucket that is set up, sets it private and adds the rule that
// deletes Maquette's copies after two days. Each step says what it did. The error is why nothing could
// be tried.
func (b *Bucket) Create(ctx context.Context) ([]Made, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*checkPatience)
	defer cancel()
	client, err := b.Open(ctx)
	if err != nil {
		return nil, err
	}
	name := b.Settings().Name
	steps := []Made{createStep(ctx, client, name)}
	if err := steps[0].Err; err != nil && !errors.Is(err, storage.ErrBucketDenied) { // it may be there, made by others
		return steps, nil
	}
	return append(steps, privateStep(ctx, client), ruleStep(ctx, client)), nil
}

func createStep(ctx context.Context, client *storage.Bucket, name string) Made {
	step := Made{Step: "create", Words: providers.Say("The bucket %s is there already.", name)}
	made, err := client.Create(ctx)
	switch {
	case errors.Is(err, storage.ErrBucketTaken):
		step.Err, step.ByHand = err, providers.Say("Somebody else has a bucket named %s: choose another name.", name)
	case err != nil:
		step.Err, step.ByHand = err, providers.Say("Create the bucket %s on the store's own page, unless it is there, or use keys that may.", name)
	case made:
		step.Words = providers.Say("The bucket %s was created.", name)
	}
	return step
}

func privateStep(ctx context.Context, client *storage.Bucket) Made {
	step := Made{Step: "private", Words: providers.Say("All public access is blocked.")}
	switch err := client.MakePrivate(ctx); {
	case storage.IsUnknownRequest(err):
		step.Words = providers.Say("This store's buckets are private unless somebody opens them: nothing had to be set.")
	case err != nil:
		step.Err, step.ByHand = err, providers.Say("Leave the bucket private: on the store's own page, see that nobody may read or list it without a key.")
	}
	return step
}

func ruleStep(ctx context.Context, client *storage.Bucket) Made {
	step := Made{Step: "rule", Words: providers.Say("A rule that deletes Maquette's copies is there already.")}
	added, err := client.Expire(ctx)
	switch {
	case err != nil:
		step.Err = err
		step.ByHand = providers.Say("On the store's own page, add a lifecycle rule that deletes objects whose names begin with “%s” after two days. Maquette also removes them itself.", storage.CopyPrefix)
	case added:
		step.Words = providers.Say("Maquette's copies, whose names begin with “%s”, are deleted after two days. Other objects stay.", storage.CopyPrefix)
	}
	return step
}

// Text says what came of the step.
func (m Made) Text() providers.Sentence {
	if m.Err == nil {
		return m.Words
	}
	return providers.Say("%s (%v)", m.ByHand, m.Err)
}

// Trouble is why the bucket can't be used as it is; nil where all was done.
func Trouble(steps []Made) error {
	for _, step := range steps {
		if step.Err != nil {
			return &providers.Failure{
				Kind: providers.NoBucket, Message: providers.Say("Not all could be set up with these keys: the rest is done on the store's own page"), Cause: step.Err,
				Money: providers.NotSpent, Outcome: providers.NotSent,
			}
		}
	}
	return nil
}
