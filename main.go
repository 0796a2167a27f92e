// Maquette is a desktop studio for people who train and use their own image
// models at paid services. Without a command it opens the window; with one it
// runs that command on the same engine and ends.
package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"runtime/debug"

	fyneapp "fyne.io/fyne/v2/app"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/views"
)

// appID is the same in FyneApp.toml and the desktop file.
const appID = "studio.maquette.app"

// Pictures are large and soon forgotten, so memory is looked through earlier
// than Go would by itself: when so many percent were added, and harder beyond so
// many bytes. Neither limits what may be used.
const (
	memoryGrowth = 30
	memoryMost   = 160 << 20
)

func main() {
	cli.UseConsole()
	env := app.TakeEnvironment()
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(memoryGrowth)
		debug.SetMemoryLimit(memoryMost)
	}
	os.Exit(run(os.Args[1:], env, os.Stdin, os.Stdout, os.Stderr))
}

// openWindow shows the window until it is closed, with these files and folders
// in it. Commands that are given meanwhile are carried out in it; when the
// program is started again it comes to the front.
func openWindow(cfg app.Config, paths []string) error {
	arrivals := make(chan []string, 1)
	if len(paths) > 0 {
		arrivals <- paths
	}
	raise := func(ctx context.Context, paths []string) error {
		if views.Ends() {
			return errors.New("the window closes just now")
		}
		select {
		case arrivals <- paths:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return views.Run(fyneapp.NewWithID(appID), cfg.Dir, arrivals, func(o views.Opening) (*app.Studio, error) {
		cfg.Dir = cmp.Or(o.Dir, cfg.Dir)
		chosen := cfg
		chosen.Demo = cfg.Demo || o.Demo
		studio, err := cli.OpenWindow(context.Background(), chosen, paths, raise)
		if errors.Is(err, cli.ErrRaised) {
			return studio, views.ErrElsewhere
		}
		return studio, err
	})
}
