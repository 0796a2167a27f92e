// The picture picker: folders at the left, the pictures in them as thumbnails, several chosen at once.

package views

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// pickerFolderKey remembers the last folder in the app's preferences.
const pickerFolderKey = "picker.folder"

// picturePicker lies over a window until something is chosen or Escape pressed. It belongs to the UI goroutine.
type picturePicker struct {
	window fyne.Window
	onDone func(paths []string)
	loader *thumbLoader
	parts  pickerParts

	listing  folderListing
	places   []folderPlace
	arriving string // the folder being read, or shown
	reading  context.CancelFunc
	jobs     sync.WaitGroup
	ended    chan struct{} // closed when the picker is and all its goroutines have ended
	closed   bool
	keys     func(*fyne.KeyEvent) // the window's own, while the picker has them
}

// showPicturePicker lets a person choose pictures. start is the first folder shown; "" means the last one, else the
// pictures folder. source makes thumbnails from file paths. onDone gets the paths of the chosen pictures, or that of one
// whole folder, on the UI goroutine; it isn't called when the choice is cancelled.
func showPicturePicker(window fyne.Window, start string, source thumbSource, onDone func(paths []string)) *picturePicker {
	p := &picturePicker{
		window: window, onDone: onDone, loader: newThumbLoader(source, defaultThumbBytes/2), ended: make(chan struct{}),
	}
	p.build()
	canvas := window.Canvas()
	p.keys = canvas.OnTypedKey()
	canvas.SetOnTypedKey(func(event *fyne.KeyEvent) { p.commonKey(event) })
	canvas.Overlays().Add(p.parts.overlay)
	canvas.Focus(p.parts.grid)

	remembered := fyne.CurrentApp().Preferences().String(pickerFolderKey)
	p.jobs.Go(func() {
		places := folderPlaces()
		onUI(func() { p.arrive(places, start, remembered) })
	})
	return p
}

// arrive begins with the first folder there is.
func (p *picturePicker) arrive(places []folderPlace, start, remembered string) {
	if p.closed {
		return
	}
	p.places = places
	p.parts.places.Refresh()
	p.parts.sizePlaces(len(places))
	for _, folder := range []string{start, remembered} {
		if folder != "" {
			p.open(folder)
			return
		}
	}
	usual := slices.IndexFunc(places, func(place folderPlace) bool { return place.title == lang.L("Pictures") })
	if usual < 0 {
		usual = 0
	}
	if usual < len(places) {
		p.open(places[usual].path)
		return
	}
	p.open(string(filepath.Separator))
}

// open reads a folder in a worker and shows it; the one being read before is given up.
func (p *picturePicker) open(folder string) {
	if p.closed {
		return
	}
	if p.reading != nil {
		p.reading()
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.reading = cancel
	p.arriving = folder
	p.show(folderListing{path: folder})
	p.parts.busy(true)
	p.jobs.Go(func() {
		folder := tidyPath(folder)
		listing, err := readFolder(ctx, folder)
		items := pickerItems(listing)
		onUI(func() {
			if ctx.Err() == nil {
				p.arrived(listing, items, err)
			}
		})
	})
}

func (p *picturePicker) arrived(listing folderListing, items []gridItem, err error) {
	p.parts.busy(false)
	p.show(listing)
	p.parts.grid.SetItems(items)
	if err != nil {
		p.parts.say(err.Error())
		return
	}
	if len(items) == 0 {
		p.parts.say(lang.L("No JPEG, PNG or WebP pictures in this folder"))
	}
	fyne.CurrentApp().Preferences().SetString(pickerFolderKey, listing.path)
}

func (p *picturePicker) show(listing folderListing) {
	p.listing = listing
	p.arriving = listing.path
	p.parts.say("")
	p.parts.path.SetText(listing.path)
	p.parts.folders.UnselectAll()
	p.parts.folders.ScrollToTop()
	p.parts.folders.Refresh()
	p.parts.places.UnselectAll()
	p.parts.grid.Select()
	p.parts.grid.SetItems(nil)
	p.parts.grid.ScrollToTop()
	p.count(nil)
}

func pickerItems(listing folderListing) []gridItem {
	items := make([]gridItem, len(listing.pictures))
	for i, name := range listing.pictures {
		items[i] = gridItem{ID: filepath.Join(listing.path, name), Title: name}
	}
	return items
}

// tidyPath makes what a person typed a clean absolute path; ~ is the home folder.
func tidyPath(typed string) string {
	typed = strings.TrimSpace(typed)
	if rest, ok := strings.CutPrefix(typed, "~"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			typed = filepath.Join(home, rest)
		}
	}
	if absolute, err := filepath.Abs(typed); err == nil {
		return absolute
	}
	return typed
}

func (p *picturePicker) up() { p.open(filepath.Dir(tidyPath(p.arriving))) }

func (p *picturePicker) count(selected []string) {
	p.parts.offer(len(selected), len(p.listing.pictures), len(p.listing.folders))
}

func setEnabled(enabled bool, b fyne.Disableable) {
	switch {
	case enabled && b.Disabled():
		b.Enable()
	case !enabled && !b.Disabled():
		b.Disable()
	}
}

func (p *picturePicker) chooseSelected() {
	if paths := p.parts.grid.Selected(); len(paths) > 0 {
		p.finish(paths)
	}
}

func (p *picturePicker) chooseFolder() { p.finish([]string{p.listing.path}) }

func (p *picturePicker) finish(paths []string) {
	if p.closed {
		return
	}
	p.Close()
	p.onDone(paths)
}

// Close takes the picker away with nothing chosen.
func (p *picturePicker) Close() {
	if p.closed {
		return
	}
	p.closed = true
	if p.reading != nil {
		p.reading()
	}
	canvas := p.window.Canvas()
	canvas.SetOnTypedKey(p.keys)
	canvas.Overlays().Remove(p.parts.overlay)
	// A disk that hangs may hold a reader for long: the window doesn't wait for it.
	go func() {
		p.loader.Close()
		p.jobs.Wait()
		close(p.ended)
	}()
}

// commonKey is what keys do wherever the focus is in the picker.
func (p *picturePicker) commonKey(event *fyne.KeyEvent) bool {
	switch event.Name {
	case fyne.KeyEscape:
		p.Close()
	case fyne.KeyBackspace:
		p.up()
	default:
		return false
	}
	return true
}

// openFolder opens the folder at a row of the list.
func (p *picturePicker) openFolder(row widget.ListItemID) {
	if row >= 0 && row < len(p.listing.folders) {
		p.open(filepath.Join(p.listing.path, p.listing.folders[row]))
	}
}

func (p *picturePicker) openPlace(row widget.ListItemID) {
	if row >= 0 && row < len(p.places) {
		p.open(p.places[row].path)
	}
}
