package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/storage"
)

// secretMost bounds what is read from standard input as a secret, bytes.
const secretMost = 64 << 10

// keys sets, checks and deletes a service's key.
func (c *command) keys(ctx context.Context, args []string) (err error) {
	defer c.close(&err)
	words, err := c.open(args, func(words []string) error {
		if len(words) == 2 && (words[0] == "set" || words[0] == "check" || words[0] == "delete") {
			return nil
		}
		return usagef("usage: maquette keys set|check|delete SERVICE; the key comes on standard input")
	})
	if err != nil {
		return err
	}
	service, ok := c.studio.Service(words[1])
	if !ok {
		return usagef("there is no service %q", words[1])
	}
	switch words[0] {
	case "check":
		answer, err := c.studio.CheckKey(ctx, service.ID)
		if err != nil {
			return err
		}
		return c.say("answer", answer)
	case "delete":
		return c.studio.DeleteKey(ctx, service.ID)
	}
	return c.setSecret(ctx, service.ID, service.KeyEnv)
}

func (c *command) setSecret(ctx context.Context, account, env string) error {
	secret, err := c.readSecret()
	if err != nil {
		return err
	}
	where, err := c.studio.SetKey(ctx, account, secret)
	if err != nil {
		return err
	}
	return c.sayKept(where, env)
}

// sayKept says where a secret is; for a command, “this session” is nowhere.
func (c *command) sayKept(where storage.KeyWhere, env string) error {
	if where == storage.KeySession {
		return fmt.Errorf("this system offers no keyring, so nothing was kept; set %s instead", env)
	}
	return c.say("kept", string(where))
}

func (c *command) say(key, text string) error {
	if c.json {
		return c.printJSON(map[string]string{key: text})
	}
	_, err := fmt.Fprintln(c.Out, text)
	return err
}

func (c *command) readSecret() (string, error) {
	line, err := bufio.NewReader(io.LimitReader(c.In, secretMost)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	secret := strings.TrimSpace(line)
	if secret == "" {
		return "", usagef("the secret comes on standard input, and nothing came")
	}
	return secret, nil
}

// bucket sets up, checks and forgets the bucket that photos are hosted in.
func (c *command) bucket(ctx context.Context, args []string) (err error) {
	var set app.BucketSettings
	c.flags.StringVar(&set.Endpoint, "endpoint", "", "")
	c.flags.StringVar(&set.Region, "region", "", "")
	c.flags.StringVar(&set.Name, "bucket", "", "")
	c.flags.StringVar(&set.AccessKey, "access-key", "", "")
	c.flags.StringVar(&set.PublicURL, "public-url", "", "")
	defer c.close(&err)
	words, err := c.open(args, func(words []string) error {
		if len(words) == 1 && (words[0] == "set" || words[0] == "check" || words[0] == "delete") {
			return nil
		}
		return usagef("usage: maquette bucket set|check|delete; the secret comes on standard input")
	})
	if err != nil {
		return err
	}
	switch words[0] {
	case "check":
		if err := c.studio.CheckBucket(ctx); err != nil {
			return err
		}
		return c.say("answer", "The bucket works: uploaded, read without a key, deleted.")
	case "delete":
		return c.studio.DeleteBucket(ctx)
	}
	return c.setBucket(ctx, set)
}

func (c *command) setBucket(ctx context.Context, set app.BucketSettings) error {
	secret, err := c.readSecret()
	if err != nil {
		return err
	}
	where, err := c.studio.SetBucket(ctx, set, secret)
	var invalid *app.InvalidBucket
	if errors.As(err, &invalid) {
		return usagef("%v", err)
	}
	if err != nil {
		return err
	}
	return c.sayKept(where, "MAQUETTE_BUCKET_SECRET_KEY")
}
