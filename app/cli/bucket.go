// The bucket that photos are hosted in.

package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/storage"
)

// setBucket keeps where the bucket is, and its secret from standard input.
func (c *command) setBucket(ctx context.Context, _ []string) error {
	if err := c.openForOwnBucket(ctx); err != nil {
		return err
	}
	secrets, err := c.readBucketSecrets()
	if err != nil {
		return err
	}
	where, err := c.studio.Bucket.Set(ctx, c.bucket, secrets)
	var invalid *access.InvalidBucket
	if errors.As(err, &invalid) || errors.Is(err, storage.ErrBadKey) {
		return usagef("%v", err)
	}
	if err != nil {
		return err
	}
	return c.sayKept(where, "MAQUETTE_BUCKET_SECRET_KEY")
}

// readBucketSecrets reads the secret key and, where it is asked for, the
// session token from a line of its own.
func (c *command) readBucketSecrets() (secrets access.BucketSecrets, err error) {
	pasted, err := c.readSecret()
	if err != nil || !c.sessionToken {
		return access.BucketSecrets{Key: pasted}, err
	}
	key, token, _ := strings.Cut(pasted, "\n")
	if token = strings.TrimSpace(token); token == "" {
		return secrets, usagef("with --session-token the secret key comes on the first line of standard input, and the token on the second")
	}
	return access.BucketSecrets{Key: strings.TrimSpace(key), Token: token}, nil
}

func (c *command) checkBucket(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	return c.sayBucketChecked(ctx)
}

// sayBucketChecked tries the bucket and prints what was found.
func (c *command) sayBucketChecked(ctx context.Context) error {
	proofs, err := c.studio.Bucket.Check(ctx)
	if err != nil {
		return err
	}
	if err := c.sayProofs(proofs); err != nil {
		return err
	}
	return proofs.Err()
}

// sayProofs prints what the check found of each service.
func (c *command) sayProofs(proofs access.Proofs) error {
	type proved struct {
		Service string `json:"service"`
		Works   bool   `json:"works"`
		Text    string `json:"text"`
	}
	found := make([]proved, len(proofs))
	for i, p := range proofs {
		found[i] = proved{p.Service.ID, p.Err == nil, p.Words().String()}
	}
	if c.json {
		return c.printJSON(map[string]any{"services": found})
	}
	for _, one := range found {
		if _, err := fmt.Fprintln(c.Out, one.Text); err != nil {
			return err
		}
	}
	return nil
}

// createBucket makes the bucket that is set up, and prints what was done.
func (c *command) createBucket(ctx context.Context, _ []string) error {
	if err := c.openForOwnBucket(ctx); err != nil {
		return err
	}
	steps, err := c.studio.Bucket.Create(ctx)
	if err != nil {
		return err
	}
	type made struct {
		Step string `json:"step"`
		Done bool   `json:"done"`
		Text string `json:"text"`
	}
	done := make([]made, len(steps))
	for i, step := range steps {
		done[i] = made{step.Step, step.Err == nil, step.Text().String()}
	}
	if c.json {
		return errors.Join(c.printJSON(map[string]any{"steps": done}), access.Trouble(steps))
	}
	for _, step := range done {
		if _, err := fmt.Fprintln(c.Out, step.Text); err != nil {
			return err
		}
	}
	return access.Trouble(steps)
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
