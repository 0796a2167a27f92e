// Package cli is Maquette without its window: every command runs on the same
// engine and ends. With --json it prints one JSON object a line; errors go to
// stderr.
//
// commands.go is the table of all commands, flags.go that of all flags. Parsing,
// help, completion and docs/commands.md come from these two.
package cli

//go:generate go test -run TheCommandsPage -update .

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// The exit codes, which scripts rely on.
const (
	ExitDone     = 0
	ExitFailed   = 1
	ExitInvalid  = 2 // wrong usage or invalid values: nothing was sent
	ExitNeedsYou = 3
	ExitBusy     = 4 // another Maquette has the data directory and can't do it: nothing was sent
)

// patience is how long a command waits for a network or service to come back;
// the window waits a day.
const patience = time.Minute

// Program is what a command runs in.
type Program struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) string
	// Dir is the folder that relative paths start from; "" is the process's own.
	Dir string
	// Window opens the window, when no command was given, and hands it the files
	// and folders that were.
	Window func(cfg app.Config, paths []string) error
	// Raise brings the window to the front and hands it files and folders, where
	// this process has one. The error is why it can't.
	Raise func(ctx context.Context, paths []string) error
	// RecordCrash has it written into a folder where this process breaks; nil for
	// not at all.
	RecordCrash func(folder string) error
	// Tempo scales every wait between polls and tries, Pace how long the
	// sandbox's jobs take; 0 means 1. Tests use small values.
	Tempo, Pace float64
}

// command is one command while it runs: what its flags were given, and the
// studio once it is open.
type command struct {
	Program
	values
	args     []string
	declared declaration
	studio   *app.Studio
	service  *providers.Service // that the command is about; nil for none
	guest    *guest             // nil unless another process handed it over
	typed    *string            // the line of standard input, once it was read
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
	c := &command{Program: p.guard(), args: args}
	return c.outcome(c.execute(ctx, args))
}

// outcome says what went wrong and returns the exit code.
func (c *command) outcome(err error) int {
	var exit exitError
	var usage *usageError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &exit):
		return int(exit)
	case errors.As(err, &usage):
		fmt.Fprintln(c.Err, "maquette:", err)
		return ExitInvalid
	}
	c.sayError(err)
	switch {
	case isBusy(err):
		return ExitBusy
	case refusedHere(err):
		return ExitInvalid
	}
	return ExitFailed
}

// refusedHere reports whether a field's value was found to be invalid before anything
// was sent.
func refusedHere(err error) bool {
	f, ok := errors.AsType[*providers.Failure](err)
	return ok && f.Kind == providers.InvalidInput && f.Outcome == providers.NotSent && f.Field != ""
}

// sayError prints what happened and what to do about it.
func (c *command) sayError(err error) {
	fmt.Fprintln(c.Err, "maquette:", err)
	var f *providers.Failure
	if errors.As(err, &f) {
		c.sayAdvice(f, c.service, "")
	}
	if damage, is := app.DamageOf(err); is {
		c.sayDamage(damage)
	}
	if isBusy(err) {
		fmt.Fprintln(c.Err, "  Nothing was sent. Close the other Maquette, wait for it with --wait, or name another folder with --data.")
	}
}

// recordCrash has it written down if the program breaks. Without that all else works.
func (c *command) recordCrash(cfg app.Config) {
	if c.RecordCrash != nil {
		_ = c.RecordCrash(storage.LayoutAt(cfg.Root()).Crashes)
	}
}
