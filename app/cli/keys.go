package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

// maxSecret bounds what is read from standard input as a secret, bytes.
const maxSecret = 64 << 10

// setKey keeps the key that comes on standard input.
func (c *command) setKey(ctx context.Context, args []string) error {
	service, err := c.openForOwnKey(ctx, args[0])
	if err != nil {
		return err
	}
	secret, err := c.readSecret()
	if err != nil {
		return err
	}
	where, err := c.studio.Access.SetKey(ctx, service.ID, secret)
	if errors.Is(err, storage.ErrBadKey) {
		return usagef("%v", err)
	}
	if err != nil {
		return err
	}
	return c.sayKept(where, service.KeyEnv)
}

func (c *command) checkKey(ctx context.Context, args []string) error {
	service, err := knownService(args[0])
	if err != nil {
		return err
	}
	c.service = service
	if err := c.open(ctx); err != nil {
		return err
	}
	answer, err := c.studio.Access.CheckKey(ctx, service.ID)
	if err != nil {
		return err
	}
	return c.say("answer", answer.String())
}

func (c *command) deleteKey(ctx context.Context, args []string) error {
	service, err := c.openForOwnKey(ctx, args[0])
	if err != nil {
		return err
	}
	if err := c.studio.Access.DeleteKey(ctx, service.ID); err != nil {
		return err
	}
	c.sayEnvironmentWins(service.KeyEnv)
	return c.say("answer", "The key for "+service.Title+" is deleted.")
}

// openForOwnKey opens the studio to change the key of a service.
func (c *command) openForOwnKey(ctx context.Context, id string) (*providers.Service, error) {
	service, err := knownService(id)
	if err != nil {
		return nil, err
	}
	if err := c.refuseInDemo(); err != nil {
		return nil, err
	}
	return service, c.open(ctx)
}

// knownService finds a service. The id isn't repeated when there is none: it
// may be a key that stands in the wrong place.
func knownService(id string) (*providers.Service, error) {
	service, ok := registry.All().Service(id)
	if !ok {
		return nil, usagef("there is no such service; “maquette services” lists them")
	}
	return service, nil
}

// sayKept says where a secret is; for a command, “this session” is nowhere.
func (c *command) sayKept(where storage.KeyWhere, env string) error {
	switch {
	case where == storage.KeySession && c.guest != nil:
		fmt.Fprintln(c.Err, "This system offers no keyring that is open: the secret is kept until the Maquette that has the data directory closes.")
	case where == storage.KeySession:
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

// refuseInDemo keeps demo mode, which has secrets of its own, from changing any.
func (c *command) refuseInDemo() error {
	if c.demo {
		return usagef("the demo has keys and a bucket of its own; leave --demo out to change yours")
	}
	return nil
}

func (c *command) readSecret() (string, error) {
	line, err := c.readLine()
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	secret := storage.Visible(line)
	switch {
	case secret == "":
		return "", usagef("the secret comes on standard input, and nothing came")
	case len(line) == maxSecret:
		return "", usagef("what came on standard input is too long for a secret")
	}
	return secret, nil
}

// readLine reads what was pasted, once.
func (c *command) readLine() (pasted string, err error) {
	if c.typed == nil {
		pasted, err = c.readPasted()
		c.typed = &pasted
	}
	return *c.typed, err
}

// readPasted reads what was pasted; at a terminal it asks for a line and shows
// nothing of what is typed.
func (c *command) readPasted() (string, error) {
	if file, ok := c.In.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(c.Err, "Paste it and press Enter (it isn't shown): ")
		defer fmt.Fprintln(c.Err)
		typed, err := term.ReadPassword(int(file.Fd()))
		if err != nil || !c.sessionToken {
			return string(typed), err
		}
		fmt.Fprint(c.Err, "\nPaste the session token and press Enter: ")
		token, err := term.ReadPassword(int(file.Fd()))
		return string(typed) + "\n" + string(token), err
	}
	pasted, err := io.ReadAll(io.LimitReader(c.In, maxSecret))
	return string(pasted), err
}
