// The picture picker: folders at the left, the pictures in them as thumbnails, several chosen at once.

package picker

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// pickerFolderKey remembers the last folder in the app's preferences.
const pickerFolderKey = "picker.folder"

// PicturePicker lies over a window until something is chosen or Escape pressed. It belongs to the UI goroutine.
type PicturePicker struct {
	folderBrowser

	onDone func(paths []string)
	loader *picture.Loader
	parts  pickerParts
	wanted []string // pasted paths, to be selected once their folder is read
}

// ChoosePictures lets a person choose pictures. start is the first folder shown; "" means the last one, else the
// pictures folder. source makes thumbnails from file paths. onDone gets the paths of the chosen pictures, or that of one
// whole folder, on the UI goroutine; it isn't called when the choice is cancelled. Folders are read as a part of work.
func ChoosePictures(window fyne.Window, work *kit.Work, start string, source picture.Source, onDone func(paths []string)) *PicturePicker {
	p := &PicturePicker{onDone: onDone, loader: picture.NewLoader(source, picture.DefaultBytes/2)}
	p.buildBrowser(window, work, p.askSystem)
	p.build(window.Canvas().Size().Width)
	p.OnLeave = func() { p.showPictures(nil) }
	p.OnArrive = p.pictures
	p.OnEnter = p.chooseSelected
	// A disk that hangs may hold the loader for long: the window doesn't wait for it.
	p.OnClosed = func() {
		p.parts.keepSide()
		kit.Do(work, func(context.Context) struct{} {
			p.loader.Close()
			return struct{}{}
		}, nil)
	}
	remembered := fyne.CurrentApp().Preferences().String(pickerFolderKey)
	p.Show(window, p.parts.content, fyne.Size{}, p.parts.grid)
	p.begin([]string{start, remembered}, func() { p.parts.sizePlaces(p.places, len(p.usual)) })
	return p
}

// pictures shows those of the folder that was read.
func (p *PicturePicker) pictures(items []picture.Item, err error) {
	p.showPictures(items)
	if err != nil {
		return
	}
	if len(items) == 0 {
		p.say(lang.L("No pictures that can be read in this folder"))
	}
	p.selectWanted()
	fyne.CurrentApp().Preferences().SetString(pickerFolderKey, p.listing.path)
}

func (p *PicturePicker) showPictures(items []picture.Item) {
	p.parts.grid.Select()
	p.parts.grid.SetItems(items)
	p.parts.grid.ScrollToTop()
	p.count(nil)
}

func pickerItems(listing folderListing) []picture.Item {
	items := make([]picture.Item, len(listing.pictures))
	for i, name := range listing.pictures {
		items[i] = picture.Item{ID: filepath.Join(listing.path, name), Title: name}
	}
	return items
}

func (p *PicturePicker) count(selected []string) {
	p.parts.offer(len(selected), len(p.listing.pictures), len(p.listing.folders))
}

func (p *PicturePicker) chooseSelected() {
	if paths := p.parts.grid.Selected(); len(paths) > 0 {
		p.finish(paths)
	}
}

func (p *PicturePicker) chooseFolder() { p.finish([]string{p.listing.path}) }

func (p *PicturePicker) finish(paths []string) {
	if p.Closed() {
		return
	}
	p.Close()
	p.onDone(paths)
}
