// Package cli is Maquette without its window: every command runs on the same
// engine and ends. With --json it prints one JSON object a line; errors go to
// stderr.
//
// commands.go is the table of all commands, flags.go that of all flags. Parsing,
// help, completion and docs/commands.md come from these two.
package cli

//go:generate go test -run TheCommandsPage -update .

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// The exit codes, which scripts rely on.
const (
	ExitDone     = 0
	ExitFailed   = 1
	ExitInvalid  = 2 // wrong usage or invalid values: nothing was sent
	ExitNeedsYou = 3
	ExitBusy     = 4 // another Maquette has the data directory: nothing was sent
)

// patience is how long a command waits for a network or service to come back;
// the window waits a day.
const patience = time.Minute

// Program is what a command runs in.
type Program struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) string
	// Window opens the window, when no command was given.
	Window func(app.Config) error
	// Tempo scales every wait between polls and tries, Pace how long the
	// sandbox's jobs take; 0 means 1. Tests use small values.
	Tempo, Pace float64
}

// command is one command while it runs: what its flags were given, and the
// studio once it is open.
type command struct {
	Program
	values
	studio  *app.Studio
	service *providers.Service // that the command is about; nil for none
}

// usageError is the caller's mistake: exit code 2.
type usageError struct{ text string }

func (u *usageError) Error() string { return u.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// exitError ends the command with a code when everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Run runs the command that args name and returns its exit code.
func (p Program) Run(ctx context.Context, args []string) int {
	if p.Env == nil {
		p.Env = os.Getenv
	}
	c := &command{Program: p}
	err := c.execute(ctx, args)
	var exit exitError
	var usage *usageError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &exit):
		return int(exit)
	case errors.As(err, &usage):
		fmt.Fprintln(p.Err, "maquette:", err)
		return ExitInvalid
	}
	c.sayError(err)
	if errors.Is(err, storage.ErrInUse) {
		return ExitBusy
	}
	return ExitFailed
}

// sayError prints what happened and what to do about it.
func (c *command) sayError(err error) {
	fmt.Fprintln(c.Err, "maquette:", err)
	var f *providers.Failure
	if errors.As(err, &f) {
		c.sayAdvice(f, c.service, "")
	}
	if errors.Is(err, storage.ErrInUse) {
		fmt.Fprintln(c.Err, "  Nothing was sent. Close the other Maquette, wait for it with --wait, or name another folder with --data.")
	}
}

// open opens the studio. A command calls it once everything that can be wrong
// with its arguments has been looked at; it is closed when the command ends.
func (c *command) open(ctx context.Context) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	cfg.Patience, cfg.Tempo, cfg.SandboxPace = patience, c.Tempo, c.Pace
	c.studio, err = app.Open(cfg)
	for c.wait && errors.Is(err, storage.ErrInUse) && ctx.Err() == nil {
		if err := retry.Sleep(ctx, busyWait); err != nil {
			return err
		}
		c.studio, err = app.Open(cfg)
	}
	return err
}

// busyWait is how often a command that waits looks whether the data directory
// is free.
const busyWait = 200 * time.Millisecond

func (c *command) config() (app.Config, error) {
	if strings.HasPrefix(c.data, "-") {
		return app.Config{}, usagef("--data takes a folder, not %q", c.data)
	}
	dir := cmp.Or(c.data, c.Env("MAQUETTE_DATA"))
	if dir == "" {
		var err error
		if dir, err = storage.DataDir(); err != nil {
			return app.Config{}, err
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return app.Config{}, fmt.Errorf("finding the data directory: %w", err)
	}
	return app.Config{Dir: dir, Demo: c.demo, Env: c.Env}, nil
}

// close closes the studio; what goes wrong is said whatever else happened.
func (c *command) close(err *error) {
	if c.studio == nil {
		return
	}
	if closing := c.studio.Close(); closing != nil {
		fmt.Fprintln(c.Err, "maquette: closing:", closing)
		*err = cmp.Or(*err, error(exitError(ExitFailed)))
	}
}

// window opens the window until it is closed.
func (c *command) window(context.Context, []string) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	return c.Window(cfg)
}
