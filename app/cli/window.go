// The window: opened here or, where another process has it, brought to the
// front there.

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/storage"
)

// ErrRaised is that another process has the window, which came to the front
// and took what was to be opened.
var ErrRaised = errors.New("the window is open already")

// window opens the window until it is closed. Where another process has it,
// that one is brought to the front and given the files and folders.
func (c *command) window(ctx context.Context, args []string) error {
	if c.version {
		return c.sayVersion()
	}
	paths, err := c.toOpen(args)
	if err != nil {
		return err
	}
	if c.guest != nil {
		return c.raise(ctx, paths)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if c.raiseElsewhere(ctx, cfg, paths) == nil {
		return nil
	}
	c.recordCrash(cfg)
	return c.Window(cfg, paths)
}

// raise brings this process's window to the front.
func (c *command) raise(ctx context.Context, paths []string) error {
	if c.Raise == nil {
		return &refusal{"the Maquette that has the data directory is a command, which has no window"}
	}
	if c.guest.host.Demo() != c.demo {
		return &refusal{"the Maquette that has the data directory is in demo mode, or this one is, and not both"}
	}
	return c.Raise(ctx, paths)
}

// raiseElsewhere brings the window of the process that has the data directory
// to the front. The error is why there is none. What is wrong there isn't
// printed: a window says it.
func (c *command) raiseElsewhere(ctx context.Context, cfg app.Config, paths []string) error {
	quiet := *c
	quiet.Out, quiet.Err = io.Discard, io.Discard
	quiet.args = []string{}
	if cfg.Demo {
		quiet.args = append(quiet.args, "--demo")
	}
	quiet.args = append(append(quiet.args, "--"), paths...)
	handed := quiet.handOver(ctx, cfg.Root())
	var exit exitError
	if errors.As(handed, &exit) && exit == ExitDone {
		return nil
	}
	return handed
}

// OpenWindow opens a data directory for a window. raise brings that window to
// the front and hands it files and folders, when the program is started again.
// Where another process has the directory, paths are handed to its window, and
// the error is ErrRaised. Other errors: those of app.Open.
func OpenWindow(ctx context.Context, cfg app.Config, paths []string, raise func(ctx context.Context, paths []string) error) (*app.Studio, error) {
	program := Program{Env: cfg.Env, Tempo: cfg.Tempo, Raise: raise}
	if program.Env == nil {
		program.Env = os.Getenv
	}
	until := time.Now().Add(freePatience)
	for {
		studio, err := program.open(cfg)
		if !errors.Is(err, storage.ErrInUse) {
			return studio, err
		}
		// One that starts or ends just now needs a moment to say so.
		second := &command{Program: program}
		handed := second.raiseElsewhere(ctx, cfg, paths)
		switch {
		case handed == nil:
			return nil, ErrRaised
		case isBusy(handed) || errors.Is(handed, exitError(ExitBusy)) || time.Now().After(until):
			return nil, err
		}
		if slept := retry.Sleep(ctx, busyWait); slept != nil {
			return nil, err
		}
	}
}

// toOpen are files and folders by their full names, as the window takes them.
func (c *command) toOpen(args []string) ([]string, error) {
	var paths []string
	for _, arg := range args {
		path := pathOf(arg)
		if !filepath.IsAbs(path) {
			path = filepath.Join(c.Dir, path)
		}
		path, err := filepath.Abs(path)
		if err != nil {
			return nil, fmt.Errorf("finding a file: %w", err)
		}
		if _, err := os.Stat(path); err != nil {
			return nil, usagef("there is no file or folder %q", arg)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// isPath reports whether the first word is a file or a folder, and so no
// command's name.
func isPath(arg string) bool {
	if strings.HasPrefix(arg, fileScheme) || strings.ContainsAny(arg, `/\`) {
		return true
	}
	_, err := os.Stat(arg)
	return err == nil
}

// fileScheme begins the addresses that a file manager may give.
const fileScheme = "file://"

// pathOf is the path that an argument names.
func pathOf(arg string) string {
	u, err := url.Parse(arg)
	if !strings.HasPrefix(arg, fileScheme) || err != nil {
		return arg
	}
	return filepath.FromSlash(u.Path)
}
