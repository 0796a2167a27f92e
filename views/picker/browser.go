// Going from folder to folder, to choose pictures or a place for them: places, folders and a path.

package picker

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// folderBrowser lies over a window and reads one folder after another, in
// workers. Its owner lays the parts out. It belongs to the UI goroutine.
type folderBrowser struct {
	window   fyne.Window
	OnLeave  func()                                // another folder is being read
	OnArrive func(items []picture.Item, err error) // it is read; err says why it can't be
	OnEnter  func()                                // Enter where nothing has the keyboard
	OnClosed func()                                // waits, off the UI goroutine, for what the owner started

	listing  folderListing
	usual    []folderPlace
	arriving string // the folder being read, or shown
	reading  context.CancelFunc
	jobs     sync.WaitGroup
	ended    chan struct{} // closed when the browser is and all its goroutines have ended
	closed   bool
	keys     func(*fyne.KeyEvent) // the window's own, while the browser has them

	overlay  *kit.Overlay
	path     *kit.Entry
	above    *kit.Button
	places   *kit.List
	folders  *kit.List
	notice   *widget.Label
	activity *widget.Activity
}

// buildBrowser makes the parts that every browser has.
func (b *folderBrowser) buildBrowser(window fyne.Window) {
	b.window, b.ended = window, make(chan struct{})
	b.path = kit.NewEntry(b.commonKey)
	b.path.OnSubmitted = func(typed string) {
		b.open(tidyPath(typed))
		b.window.Canvas().Focus(b.folders)
	}
	b.above = kit.NewButton("", b.commonKey, b.up)
	b.above.Icon = theme.MoveUpIcon()
	b.places = kit.NewList(b.commonKey, func() int { return len(b.usual) },
		func(row int) string { return b.usual[row].title }, b.openPlace)
	b.folders = kit.NewList(b.commonKey, func() int { return len(b.listing.folders) },
		func(row int) string { return b.listing.folders[row] }, b.openFolder)
	b.notice = widget.NewLabel("")
	b.notice.Alignment, b.notice.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	b.activity = widget.NewActivity()
}

// begin shows the browser and reads the first folder there is. focus gets the
// keyboard; nil leaves Enter to OnEnter. then runs when the usual places are
// known.
func (b *folderBrowser) begin(overlay *kit.Overlay, focus fyne.Focusable, folders []string, then func()) {
	b.overlay = overlay
	canvas := b.window.Canvas()
	b.keys = canvas.OnTypedKey()
	canvas.SetOnTypedKey(func(event *fyne.KeyEvent) {
		if event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter {
			kit.Call(b.OnEnter)
			return
		}
		b.commonKey(event)
	})
	canvas.Overlays().Add(b.overlay)
	if focus != nil {
		canvas.Focus(focus)
	}
	b.jobs.Go(func() {
		places := folderPlaces()
		start := firstFolder(folders)
		kit.OnUI(func() { b.arrive(places, start, then) })
	})
}

// firstFolder is the first that is one; "" when none is.
func firstFolder(folders []string) string {
	at := slices.IndexFunc(folders, func(folder string) bool {
		info, err := os.Stat(folder)
		return folder != "" && err == nil && info.IsDir()
	})
	if at < 0 {
		return ""
	}
	return folders[at]
}

func (b *folderBrowser) arrive(places []folderPlace, start string, then func()) {
	if b.closed {
		return
	}
	b.usual = places
	b.places.Refresh()
	then()
	if start != "" {
		b.open(start)
		return
	}
	usual := max(0, slices.IndexFunc(places, func(place folderPlace) bool { return place.title == lang.L("Pictures") }))
	if usual < len(places) {
		b.open(places[usual].path)
		return
	}
	b.open(string(filepath.Separator))
}

// open reads a folder in a worker and shows it; the one being read before is given up.
func (b *folderBrowser) open(folder string) {
	if b.closed {
		return
	}
	if b.reading != nil {
		b.reading()
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.reading = cancel
	b.arriving = folder
	b.show(folderListing{path: folder})
	b.OnLeave()
	b.busy(true)
	b.jobs.Go(func() {
		listing, err := readFolder(ctx, tidyPath(folder))
		items := pickerItems(listing)
		kit.OnUI(func() {
			if ctx.Err() == nil {
				b.arrived(listing, items, err)
			}
		})
	})
}

func (b *folderBrowser) arrived(listing folderListing, items []picture.Item, err error) {
	b.busy(false)
	b.show(listing)
	if err != nil {
		b.say(err.Error())
	}
	b.OnArrive(items, err)
}

func (b *folderBrowser) show(listing folderListing) {
	b.listing = listing
	b.arriving = listing.path
	b.say("")
	b.path.SetText(listing.path)
	b.folders.UnselectAll()
	b.folders.ScrollToTop()
	b.folders.Refresh()
	b.places.UnselectAll()
}

// busy shows that a folder is being read.
func (b *folderBrowser) busy(reading bool) {
	kit.SetVisible(reading, b.activity)
	if reading {
		b.activity.Start()
		return
	}
	b.activity.Stop()
}

// say puts a sentence where the folder's content would be; "" takes it away.
func (b *folderBrowser) say(sentence string) { kit.SetText(b.notice, sentence) }

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

func (b *folderBrowser) up() { b.open(filepath.Dir(tidyPath(b.arriving))) }

// openFolder opens the folder at a row of the list.
func (b *folderBrowser) openFolder(row widget.ListItemID) {
	if row >= 0 && row < len(b.listing.folders) {
		b.open(filepath.Join(b.listing.path, b.listing.folders[row]))
	}
}

func (b *folderBrowser) openPlace(row widget.ListItemID) {
	if row >= 0 && row < len(b.usual) {
		b.open(b.usual[row].path)
	}
}

// commonKey is what keys do wherever the focus is in the browser.
func (b *folderBrowser) commonKey(event *fyne.KeyEvent) bool {
	switch event.Name {
	case fyne.KeyEscape:
		b.Close()
	case fyne.KeyBackspace:
		b.up()
	default:
		return false
	}
	return true
}

// Close takes the browser away with nothing chosen.
func (b *folderBrowser) Close() {
	if b.closed {
		return
	}
	b.closed = true
	if b.reading != nil {
		b.reading()
	}
	canvas := b.window.Canvas()
	canvas.SetOnTypedKey(b.keys)
	canvas.Overlays().Remove(b.overlay)
	// A disk that hangs may hold a reader for long: the window doesn't wait for it.
	go func() {
		kit.Call(b.OnClosed)
		b.jobs.Wait()
		close(b.ended)
	}()
}
