// The data directory of a command: opened here or, where another process has
// it, worked on there.

package cli

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
	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/handover"
	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

const (
	// busyWait is how often a command that waits looks whether the data directory
	// is free.
	busyWait = 200 * time.Millisecond
	// freePatience is how long a command looks for somebody who has the data
	// directory and takes commands: one that opens or closes it just now needs
	// seconds for it.
	freePatience = 10 * time.Second
)

// Open opens a data directory. As long as it is open, the commands of other
// processes are carried out on it. Errors: those of app.Open.
func Open(cfg app.Config) (*app.Studio, error) {
	return Program{Env: cfg.Env, Tempo: cfg.Tempo}.open(cfg)
}

// open opens a data directory; the program is the one that others' commands run in.
func (p Program) open(cfg app.Config) (*app.Studio, error) {
	studio, err := app.Open(cfg)
	if err != nil {
		return nil, err
	}
	listener, err := handover.Listen(studio.Dir())
	if err != nil {
		// Others are told that the directory is busy, which is all there is to say.
		return studio, nil //nolint:nilerr // the studio is whole without it
	}
	studio.Serve(func(ctx context.Context) {
		listener.Serve(ctx, func(ctx context.Context, g *handover.Guest) handover.Exit { return p.carryOut(ctx, studio, g) })
	})
	return studio, nil
}

// open opens the studio. A command calls it once everything that can be wrong
// with its arguments has been looked at; it is closed when the command ends.
// Where another process has the data directory, the command is carried out
// there and the error is how it ended.
func (c *command) open(ctx context.Context) error {
	if c.guest != nil {
		return c.openAsGuest(ctx)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	cfg.Patience, cfg.Tempo, cfg.SandboxPace = patience, c.Tempo, c.Pace
	until := time.Now().Add(time.Duration(cmp.Or(c.Tempo, 1) * float64(freePatience)))
	for {
		handed := c.handOver(ctx, cfg.Root())
		if waits := goesOn(handed) || c.wait && isBusy(handed); !waits {
			return handed
		}
		c.recordCrash(cfg)
		c.studio, err = Open(cfg)
		if err == nil {
			c.sayTrouble(app.TroubleRecords, " (maquette check --repair)")
			c.sayTrouble(app.TroubleCrash, "")
		}
		if !errors.Is(err, storage.ErrInUse) || !c.wait && time.Now().After(until) {
			return err
		}
		if err := retry.Sleep(ctx, busyWait); err != nil {
			return err
		}
	}
}

// sayTrouble says what is wrong, where that trouble is, and what to run.
func (c *command) sayTrouble(code, remedy string) {
	for _, trouble := range c.studio.Troubles.List() {
		if trouble.Code == code {
			fmt.Fprintf(c.Err, "maquette: %v: %v%s\n", trouble.Title, trouble.Text, remedy)
		}
	}
}

// errAgain is that the command can be run from its start.
var errAgain = errors.New("the command can be run from its start")

// goesOn reports whether the data directory may be free soon, or who has it
// may take the command soon.
func goesOn(err error) bool {
	return errors.Is(err, handover.ErrNobody) || errors.Is(err, handover.ErrStranger) || errors.Is(err, handover.ErrCrowded) || errors.Is(err, errAgain)
}

// isBusy reports whether an error is that another process has the data
// directory and nothing was sent.
func isBusy(err error) bool {
	var refused *refusal
	return errors.Is(err, storage.ErrInUse) || errors.As(err, &refused) || errors.Is(err, handover.ErrVersion) || errors.Is(err, handover.ErrSilent)
}

// handOver has the command carried out by the process that has the data
// directory. The error says how it ended, or why it wasn't.
func (c *command) handOver(ctx context.Context, root string) error {
	dir := c.Dir
	if dir == "" {
		var err error
		if dir, err = os.Getwd(); err != nil {
			return fmt.Errorf("finding the working directory: %w", err)
		}
	}
	out := &counter{to: c.Out}
	exit, err := handover.Send(ctx, root, handover.Command{
		Args: c.args, Dir: dir, Environment: access.Said(c.Env, registry.All()), ReadLine: c.readLine, Out: out, Err: c.Err,
	})
	var lost *handover.LostError
	switch {
	case errors.As(err, &lost) && len(lost.Follows) > 0:
		return c.resumeHere(ctx, lost.Follows)
	case errors.As(err, &lost) && lost.Begun:
		return fmt.Errorf("%w, and what it did is not known: look before you do it again", err)
	case errors.As(err, &lost):
		exit, err = handover.Exit{Again: true}, nil
	}
	switch {
	case err != nil:
		return err
	case len(exit.Follows) > 0:
		return c.resumeHere(ctx, exit.Follows)
	case exit.Again && ctx.Err() != nil:
		return context.Cause(ctx)
	case exit.Again && out.n > 0: // what was printed would be printed twice
		return &refusal{handover.ErrEnded.Error() + " in the middle of the command"}
	case exit.Again:
		return errAgain
	case exit.Code == ExitBusy && c.wait:
		return &refusal{"waiting"}
	}
	return exitError(exit.Code)
}

// resumeHere follows jobs here that the process that carried the command out
// followed until it ended.
func (c *command) resumeHere(ctx context.Context, jobs []string) error {
	every := len(jobs) > 1 && c.declared.name == "jobs resume"
	if ctx.Err() != nil || c.noWait || len(jobs) > 1 && !every {
		for _, job := range jobs {
			c.sayStopped(job)
		}
		return exitError(ExitFailed)
	}
	fmt.Fprintln(c.Err, "The Maquette that had the data directory has ended. It goes on here.")
	args := []string{"jobs", "resume"}
	if !every {
		args = append(args, jobs[0])
	}
	for _, f := range []struct {
		given bool
		args  []string
	}{
		{c.out != "", []string{"--out", c.out}},
		{c.data != "", []string{"--data", c.data}},
		{c.json, []string{"--json"}},
		{c.demo, []string{"--demo"}},
		{c.wait, []string{"--wait"}},
	} {
		if f.given {
			args = append(args, f.args...)
		}
	}
	code := c.Run(ctx, args)
	if code == ExitInvalid { // it has failed or was cancelled in between: there is nothing to resume
		code = ExitFailed
	}
	return exitError(code)
}

// counter counts what is written, bytes.
type counter struct {
	to io.Writer
	n  int
}

func (w *counter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	w.n += n
	return n, err
}

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

// close closes the studio; what goes wrong is said whatever else happened. A
// guest's is its host's.
func (c *command) close(err *error) {
	if c.studio == nil || c.guest != nil {
		return
	}
	if closing := c.studio.Close(); closing != nil {
		fmt.Fprintln(c.Err, "maquette: closing:", closing)
		*err = cmp.Or(*err, error(exitError(ExitFailed)))
	}
	for _, held := range c.studio.Jobs.Unwritten() {
		fmt.Fprintln(c.Err, "maquette:", held.Sentence())
		fmt.Fprintf(c.Err, "  Note the id. When the disk has room: maquette jobs resume %s, which asks; then maquette jobs resolve %s --adopt %s\n", held.Job, held.Job, providers.Shown(held.ID))
		// More than that the command was interrupted.
		if said := exitError(0); *err == nil || errors.As(*err, &said) {
			*err = exitError(ExitNeedsYou)
		}
	}
}
