// The bucket that photos are hosted in.

package cli

import (
	"context"
	"errors"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/storage"
)

// setBucket keeps where the bucket is, and its secret from standard input.
func (c *command) setBucket(ctx context.Context, _ []string) error {
	if err := c.openForOwnBucket(ctx); err != nil {
		return err
	}
	secret, err := c.readSecret()
	if err != nil {
		return err
	}
	where, err := c.studio.Bucket.Set(ctx, c.bucket, secret)
	var invalid *access.InvalidBucket
	if errors.As(err, &invalid) || errors.Is(err, storage.ErrBadKey) {
		return usagef("%v", err)
	}
	if err != nil {
		return err
	}
	return c.sayKept(where, "MAQUETTE_BUCKET_SECRET_KEY")
}

func (c *command) checkBucket(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	if err := c.studio.Bucket.Check(ctx); err != nil {
		return err
	}
	return c.say("answer", "The bucket works: uploaded, read without a key, deleted.")
}

func (c *command) deleteBucket(ctx context.Context, _ []string) error {
	if err := c.openForOwnBucket(ctx); err != nil {
		return err
	}
	if err := c.studio.Bucket.Delete(ctx); err != nil {
		return err
	}
	return c.say("answer", "The bucket is forgotten. What lies in it stays.")
}

// openForOwnBucket opens the studio to change its bucket.
func (c *command) openForOwnBucket(ctx context.Context) error {
	if err := c.refuseInDemo(); err != nil {
		return err
	}
	return c.open(ctx)
}
