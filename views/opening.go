// Leaving the window: folders in the system's file manager, pages in the browser.

package views

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/maquette-studio/maquette/views/kit"
)

// openDataFolder shows where everything lies in the system's file manager.
func (w *Window) openDataFolder() { w.openFolder(w.studio.Dir()) }

// openFolder shows a folder in the system's file manager.
func (w *Window) openFolder(folder string) {
	path := filepath.ToSlash(folder)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	w.open(&url.URL{Scheme: "file", Path: path})
}

// openSite opens a web page in the browser.
func (w *Window) openSite(address string) {
	if u, err := url.Parse(address); err == nil && u.Scheme == "https" {
		w.open(u)
	}
}

func (w *Window) open(u *url.URL) {
	kit.Work(w.workers, func(context.Context) error { return w.app.OpenURL(u) }, nil)
}
