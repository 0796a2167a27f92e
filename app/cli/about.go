// About the program itself: which one it is, where everything lies, and
// whether there is a newer one.

package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/maquette-studio/maquette/app/release"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/storage"
)

func (c *command) sayVersion() error {
	if c.json {
		return c.printJSON(release.This())
	}
	_, err := fmt.Fprintln(c.Out, release.This())
	return err
}

// placeLine is where one thing lies, as scripts read it.
type placeLine struct {
	What string `json:"what"`
	// Place is a file or folder, or for keys the store of the system's.
	Place  string `json:"place"`
	Exists *bool  `json:"exists,omitempty"` // null for what is no file
	about  string
}

// whereAll says where everything lies.
func (c *command) whereAll(context.Context, []string) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	at := storage.LayoutAt(cfg.Root())
	places := []placeLine{
		{What: "data", Place: at.Root, about: "everything below, but for the keys"},
		{What: "database", Place: at.DB, about: "jobs, models, datasets, settings, what made each picture"},
		{What: "backups", Place: at.Backups, about: "the last days' databases"},
		{What: "library", Place: at.Library, about: "pictures and photos, the original bytes"},
		{What: "models", Place: at.Models, about: "downloaded models"},
		{What: "thumbnails", Place: at.Thumbs, about: "a cache: may be deleted"},
		{What: "hosted", Place: at.Hosted, about: "copies that this computer serves, while a job needs them"},
		{What: "copied", Place: at.Copied, about: "bodies of copied requests, for two days"},
		{What: "quarantine", Place: at.Quarantine, about: "damaged files that a repair moved aside"},
		{What: "window", Place: filepath.Join(cfg.Dir, windowstate.FileName), about: "how the window was left"},
		{What: "crashes", Place: at.Crashes, about: "reports of crashes; there is no other log"},
	}
	for i := range places {
		_, err := os.Stat(places[i].Place)
		exists := err == nil
		places[i].Exists = &exists
	}
	places = append(places, placeLine{What: "keys", Place: keyStore(), about: "under the name “" + storage.KeyringService + "”, or in environment variables"})
	for _, place := range places {
		if err := c.sayPlace(place); err != nil {
			return err
		}
	}
	return nil
}

func (c *command) sayPlace(place placeLine) error {
	if c.json {
		return c.printJSON(place)
	}
	missing := ""
	if place.Exists != nil && !*place.Exists {
		missing = "; not there yet"
	}
	_, err := fmt.Fprintf(c.Out, "%-11s %s\n            (%s%s)\n", place.What, place.Place, place.about, missing)
	return err
}

// keyStore is what keeps keys on this system.
func keyStore() string {
	switch runtime.GOOS {
	case "darwin":
		return "the login keychain"
	case "windows":
		return "the Credential Manager"
	}
	return "the system's keyring (Secret Service)"
}

// lookForUpdates asks whether there is a newer release.
func (c *command) lookForUpdates(ctx context.Context, _ []string) error {
	found, err := release.Look(ctx, c.Env)
	if err != nil {
		return err
	}
	if !c.json {
		_, err := fmt.Fprintln(c.Out, found.Sentence())
		return err
	}
	return c.printJSON(struct {
		Running string `json:"running"`
		Latest  string `json:"latest"` // "" where nothing was released yet
		Newer   bool   `json:"newer"`
		Page    string `json:"page"`
		Asked   string `json:"asked"`
	}{found.Running, found.Latest, found.Newer, found.Page, found.Asked})
}
