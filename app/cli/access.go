package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

// secretMost bounds what is read from standard input as a secret, bytes.
const secretMost = 64 << 10

var secretVerbs = []string{"set", "check", "delete"}

// keys sets, checks and deletes a service's key.
func (c *command) keys(ctx context.Context, args []string) (err error) {
	defer c.close(&err)
	words, err := c.open(args, func(words []string) error {
		if len(words) != 2 || !slices.Contains(secretVerbs, words[0]) {
			return usagef("usage: maquette keys set|check|delete SERVICE; the key comes on standard input")
		}
		if _, ok := registry.Find(words[1]); !ok {
			return usagef("there is no such service; “maquette services” lists them") // it may be a key that stands in the wrong place
		}
		return c.ownSecrets(words[0])
	})
	if err != nil {
		return err
	}
	service, _ := registry.Find(words[1])
	switch words[0] {
	case "check":
		answer, err := c.studio.CheckKey(ctx, service.ID)
		if err != nil {
			return err
		}
		return c.say("answer", answer)
	case "delete":
		if err := c.studio.DeleteKey(ctx, service.ID); err != nil {
			return err
		}
		c.sayEnvironmentWins(service.KeyEnv)
		return c.say("answer", "The key for "+service.Title+" is deleted.")
	}
	return c.setKey(ctx, service)
}

func (c *command) setKey(ctx context.Context, service *providers.Service) error {
	secret, err := c.readSecret()
	if err != nil {
		return err
	}
	where, err := c.studio.SetKey(ctx, service.ID, secret)
	if errors.Is(err, storage.ErrBadKey) {
		return usagef("%v", err)
	}
	if err != nil {
		return err
	}
	return c.sayKept(where, service.KeyEnv)
}

// sayKept says where a secret is; for a command, “this session” is nowhere.
func (c *command) sayKept(where storage.KeyWhere, env string) error {
	if where == storage.KeySession {
		return fmt.Errorf("this system offers no keyring that is open, so the secret was not kept; set %s instead", env)
	}
	c.sayEnvironmentWins(env)
	return c.say("kept", string(where))
}

func (c *command) sayEnvironmentWins(env string) {
	if c.Env(env) != "" {
		fmt.Fprintf(c.Err, "%s is set; what it holds is used instead.\n", env)
	}
}

// ownSecrets refuses to change secrets in demo mode, which has its own.
func (c *command) ownSecrets(verb string) error {
	if c.demo && verb != "check" {
		return usagef("the demo has keys and a bucket of its own; leave --demo out to change yours")
	}
	return nil
}

func (c *command) say(key, text string) error {
	if c.json {
		return c.printJSON(map[string]string{key: text})
	}
	_, err := fmt.Fprintln(c.Out, text)
	return err
}

func (c *command) readSecret() (string, error) {
	line, err := c.readLine()
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	secret := strings.TrimSpace(line)
	switch {
	case secret == "":
		return "", usagef("the secret comes on standard input, and nothing came")
	case len(line) == secretMost:
		return "", usagef("what came on standard input is too long for a secret")
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
		if len(words) != 1 || !slices.Contains(secretVerbs, words[0]) {
			return usagef("usage: maquette bucket set|check|delete; the secret comes on standard input")
		}
		return c.ownSecrets(words[0])
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
		if err := c.studio.DeleteBucket(ctx); err != nil {
			return err
		}
		return c.say("answer", "The bucket is forgotten. What lies in it stays.")
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
	if errors.As(err, &invalid) || errors.Is(err, storage.ErrBadKey) {
		return usagef("%v", err)
	}
	if err != nil {
		return err
	}
	return c.sayKept(where, "MAQUETTE_BUCKET_SECRET_KEY")
}

// readLine reads the first line; at a terminal it asks for it and shows
// nothing of what is typed.
func (c *command) readLine() (string, error) {
	if file, ok := c.In.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(c.Err, "Paste it and press Enter (it isn't shown): ")
		defer fmt.Fprintln(c.Err)
		typed, err := term.ReadPassword(int(file.Fd()))
		return string(typed), err
	}
	return bufio.NewReader(io.LimitReader(c.In, secretMost)).ReadString('\n')
}
