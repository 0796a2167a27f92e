// What every tab works with.

package views

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// desk is what a tab, or a part of one, works with. What it asks of the other
// tabs it declares as an interface of its own.
type desk struct {
	window fyne.Window
	studio *app.Studio
	loader *picture.Loader
	drops  *kit.Drops
	work   *kit.Work
	state  *windowstate.Store // how a person has the window
}

// part is the desk of a part, whose work may end before the rest.
func (d desk) part() desk {
	d.work = d.work.Part()
	return d
}

// forms is what forms need of the window.
func (d desk) forms() form.Host {
	return form.Host{Window: d.window, Studio: d.studio, Loader: d.loader, Drops: d.drops, Work: d.work}
}

// covered reports whether something lies over the window.
func (d desk) covered() bool { return d.window.Canvas().Overlays().Top() != nil }

// toClipboard copies text.
func (d desk) toClipboard(text string) { fyne.CurrentApp().Clipboard().SetContent(text) }

// openDataFolder shows where everything lies in the system's file manager.
func (d desk) openDataFolder() { d.openFolder(d.studio.Dir()) }

// openFolder shows a folder in the system's file manager.
func (d desk) openFolder(folder string) { d.openFile(folder) }

// openFile opens a file or folder with the program that the system has for it.
func (d desk) openFile(path string) {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	d.open(&url.URL{Scheme: "file", Path: path})
}

// openSite opens a web page in the browser.
func (d desk) openSite(address string) {
	if u, err := url.Parse(address); err == nil && u.Scheme == "https" {
		d.open(u)
	}
}

func (d desk) open(u *url.URL) {
	kit.Do(d.work, func(context.Context) error { return fyne.CurrentApp().OpenURL(u) }, nil)
}
