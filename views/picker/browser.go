// Going from folder to folder, to choose pictures or a place for them: places, folders and a path.

package picker

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	kit.Panel

	OnLeave  func()                                // another folder is being read
	OnArrive func(items []picture.Item, err error) // it is read; err says why it can't be

	listing  folderListing
	usual    []folderPlace
	arriving string // the folder being read, or shown

	window   fyne.Window
	system   *kit.Button // the system's dialog
	path     *kit.Entry
	above    *kit.Button
	places   *kit.List
	folders  *kit.List
	notice   *widget.Label
	activity *widget.Activity
}

// buildBrowser makes the parts that every browser has.
func (b *folderBrowser) buildBrowser(window fyne.Window, work *kit.Work, system func()) {
	b.window = window
	b.system = kit.NewButton(lang.L("System dialog…"), b.Escape, system)
	b.system.Hide()
	b.Work, b.OnKey = work.Part(), b.furtherKey
	b.path = kit.NewEntry(b.Escape)
	b.path.OnSubmitted = func(typed string) {
		b.open(tidyPath(typed))
		b.Focus(b.folders)
	}
	b.above = kit.NewButton("", b.Escape, b.up)
	b.above.Icon = theme.MoveUpIcon()
	b.places = kit.NewList(theme.FolderIcon(), b.Escape, func() int { return len(b.usual) },
		func(row int) string { return b.usual[row].title }, b.openPlace)
	b.folders = kit.NewList(theme.FolderIcon(), b.Escape, func() int { return len(b.listing.folders) },
		func(row int) string { return b.listing.folders[row] }, b.openFolder)
	b.notice = widget.NewLabel("")
	b.notice.Alignment, b.notice.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	b.activity = widget.NewActivity()
}

// begin reads the first folder there is, once the browser is shown. then runs
// when the usual places are known.
func (b *folderBrowser) begin(folders []string, then func()) {
	b.offerSystem()
	type found struct {
		places []folderPlace
		start  string
	}
	kit.Do(b.Work, func(context.Context) found { return found{folderPlaces(), firstFolder(folders)} }, func(f found) {
		b.arrive(f.places, f.start, then)
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

// workRead is the reading of a folder.
const workRead = "read"

// open reads a folder in a worker and shows it; the one being read before is given up.
func (b *folderBrowser) open(folder string) {
	if b.Closed() {
		return
	}
	b.show(folderListing{path: folder})
	b.OnLeave()
	b.busy(true)
	type read struct {
		listing folderListing
		items   []picture.Item
		err     error
	}
	kit.Begin(b.Work, workRead, func(ctx context.Context) (r read) {
		r.listing, r.err = readFolder(ctx, tidyPath(folder))
		r.items = pickerItems(r.listing)
		return r
	}, func(r read) { b.arrived(r.listing, r.items, r.err) })
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

// furtherKey goes a folder up on Backspace.
func (b *folderBrowser) furtherKey(event *fyne.KeyEvent) bool {
	if event.Name != fyne.KeyBackspace {
		return false
	}
	b.up()
	return true
}
