// The tabs: each declared once. The window, its menu, its shortcuts, its news and its end are read from here.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/assets"
)

// The tabs, in the order they stand.
const (
	tabTrain = iota
	tabGenerate
	tabGallery
	tabModels
	tabJobs
	tabSettings
)

// tabRow declares a tab.
type tabRow struct {
	name  string // in the state of the window
	title string
	icon  fyne.Resource
	build func(w *Window, d desk) tabParts
}

// tabParts are what the window uses of a tab that was built. What is nil is
// left out.
type tabParts struct {
	content fyne.CanvasObject
	hears   map[app.EventKind]func(ids []string) // at most a few times a second for each kind
	begin   func()                               // once all tabs are there
	start   func()                               // what the tab is for: Ctrl+Return
	find    func()                               // Ctrl+F; without it the gallery's search is meant
	save    func()                               // Ctrl+S
	close   func()                               // keeps what was typed last
	shown   func()                               // each time the tab is chosen
}

// declaredTabs are all tabs.
func declaredTabs() []tabRow {
	return []tabRow{
		tabTrain:    {"train", lang.L("Train"), assets.Train, buildTrain},
		tabGenerate: {"generate", lang.L("Generate"), assets.Generate, buildGenerate},
		tabGallery:  {"gallery", lang.L("Gallery"), assets.Gallery, buildGallery},
		tabModels:   {"models", lang.L("Models"), assets.Models, buildModels},
		tabJobs:     {"jobs", lang.L("Jobs"), assets.Jobs, buildJobs},
		tabSettings: {"settings", lang.L("Settings"), assets.Settings, buildSettings},
	}
}

func buildTrain(w *Window, d desk) tabParts {
	t := newTrainTab(d, w)
	w.train = t
	return tabParts{
		content: t.content, start: t.primary, close: t.close,
		hears: map[app.EventKind]func([]string){
			app.JobChanged:      t.onJobs,
			app.ModelsChanged:   func([]string) { t.onModels() },
			app.DatasetChanged:  func([]string) { t.onDataset() },
			app.SettingsChanged: func([]string) { t.order.onKeys() },
		},
	}
}

func buildGenerate(w *Window, d desk) tabParts {
	t := newGenerateTab(d, w)
	w.generate = t
	return tabParts{
		content: t.content, start: t.start, close: t.close,
		hears: map[app.EventKind]func([]string){
			app.JobChanged:      t.onJobs,
			app.PicturesChanged: t.onPictures,
			app.ModelsChanged:   func([]string) { t.onModels() },
			app.SettingsChanged: func([]string) { t.onKeys() },
		},
	}
}

func buildGallery(w *Window, d desk) tabParts {
	t := newGalleryTab(d, w)
	w.gallery = t
	return tabParts{
		content: t.content, find: t.find, save: t.save, close: t.close,
		hears: map[app.EventKind]func([]string){app.PicturesChanged: func([]string) { t.refresh() }},
	}
}

func buildModels(w *Window, d desk) tabParts {
	t := newModelsTab(d, w)
	w.models = t
	return tabParts{
		content: t.content, find: t.find, close: t.close,
		hears: map[app.EventKind]func([]string){
			app.ModelsChanged:   func([]string) { t.refresh() },
			app.PicturesChanged: func([]string) { t.refresh() },
			app.RemoteChanged:   t.onRemote,
		},
	}
}

func buildJobs(w *Window, d desk) tabParts {
	t := newJobsTab(d, w)
	w.jobs = t
	return tabParts{
		content: t.content, begin: t.reload,
		hears: map[app.EventKind]func([]string){
			app.JobChanged:      t.refresh,
			app.PicturesChanged: func([]string) { t.list.Refresh() },
		},
	}
}

func buildSettings(w *Window, d desk) tabParts {
	t := newSettingsTab(d, w)
	w.settings = t
	return tabParts{
		content: t.content,
		shown:   t.refresh,
		hears: map[app.EventKind]func([]string){
			// The keyring may ask to be unlocked, so it is left alone while nobody looks.
			app.SettingsChanged: func([]string) {
				if w.inSight(tabSettings) {
					t.refresh()
				}
			},
			app.TroubleChanged: func([]string) { t.onTroubles() },
		},
	}
}
