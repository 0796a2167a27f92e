// Maquette is a desktop studio for people who train and use their own image
// models at paid services. Without a command it opens the window; with one it
// runs that command on the same engine and ends.
package main

import (
	"cmp"
	"os"

	fyneapp "fyne.io/fyne/v2/app"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/views"
)

// appID is the same in FyneApp.toml and the desktop file.
const appID = "studio.maquette.app"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// openWindow shows the window until it is closed. Commands that are given
// meanwhile are carried out in it.
func openWindow(cfg app.Config) error {
	return views.Run(fyneapp.NewWithID(appID), func(dir string) (*app.Studio, error) {
		cfg.Dir = cmp.Or(dir, cfg.Dir)
		return cli.Open(cfg)
	})
}
