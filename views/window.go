// The window: one tab a workflow, and what the tabs ask of each other.

package views

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// picture.thumbMemory bounds the thumbnails held in memory, bytes.
const thumbMemoryBytes = 128 << 20

// Window is Maquette's one window.
type Window struct {
	fyne.Window

	app    fyne.App
	studio *app.Studio
	loader *picture.Loader
	drops  *kit.Drops
	tabs   *container.AppTabs

	train    *trainTab
	generate *generateTab
	gallery  *galleryTab
	models   *modelsTab
	jobs     *jobsTab
	settings *settingsTab

	changes *changeFeed
	workers *kit.Workers
	banner  *troubleBanner
	large   *picture.Page // what is shown large, nil for nothing
	page    *picturePage  // the same, where it is of the library; else nil
}

// NewWindow makes the window over an open studio. Show it with ShowAndRun, and
// call Shutdown before the studio is closed.
func NewWindow(fyneApp fyne.App, studio *app.Studio) *Window {
	return furnish(fyneApp, fyneApp.NewWindow(windowTitle), studio)
}

const windowTitle = "Maquette"

// furnish fills a window with the tabs of an open studio.
func furnish(fyneApp fyne.App, window fyne.Window, studio *app.Studio) *Window {
	if studio.Demo() {
		window.SetTitle(lang.L("Maquette (demo)"))
	}
	fyneApp.Settings().SetTheme(kit.NewTheme(kit.Appearance(cmp.Or(studio.Settings().Appearance, string(kit.AppearanceSystem)))))
	w := &Window{Window: window, app: fyneApp, studio: studio, workers: kit.NewWorkers()}
	w.loader = picture.NewLoader(studio.Thumbnail, thumbMemoryBytes)
	w.drops = kit.NewDrops(w.Window)
	w.train = newTrainTab(w)
	w.generate = newGenerateTab(w)
	w.gallery = newGalleryTab(w)
	w.models = newModelsTab(w)
	w.jobs = newJobsTab(w)
	w.settings = newSettingsTab(w)
	w.tabs = container.NewAppTabs(
		tabItem(lang.L("Train"), assets.Train, w.train.content),
		tabItem(lang.L("Generate"), assets.Generate, w.generate.content),
		tabItem(lang.L("Gallery"), assets.Gallery, w.gallery.content),
		tabItem(lang.L("Models"), assets.Models, w.models.content),
		tabItem(lang.L("Jobs"), assets.Jobs, w.jobs.content),
		tabItem(lang.L("Settings"), assets.Settings, w.settings.content),
	)
	w.tabs.SetTabLocation(container.TabLocationLeading)
	w.banner = newTroubleBanner(studio)
	w.jobs.reload()
	w.SetContent(container.NewBorder(w.banner, nil, nil, nil, w.tabs))
	w.SetMainMenu(w.mainMenu())
	w.changes = followChanges(studio, w.onChange)
	return w
}

func tabItem(title string, icon fyne.Resource, content fyne.CanvasObject) *container.TabItem {
	return container.NewTabItemWithIcon(title, theme.NewThemedResource(icon), content)
}

// formHost is what the window's forms need of it.
func (w *Window) formHost() form.Host {
	return form.Host{Window: w.Window, Studio: w.studio, Loader: w.loader, Drops: w.drops, Workers: w.workers}
}

// Shutdown stops what the window started and waits for it.
func (w *Window) Shutdown() {
	w.changes.stop()
	w.closePicture()
	w.train.close()
	w.generate.close()
	w.gallery.close()
	w.models.close()
	w.settings.close()
	w.workers.Close()
	w.loader.Close()
}

// onChange brings a change of the studio to the tabs that show it. It runs on
// the UI goroutine, at most a few times a second for each kind.
func (w *Window) onChange(kind app.EventKind, ids []string) {
	switch kind {
	case app.JobChanged:
		w.jobs.refresh(ids)
		w.generate.onJobs(ids)
		w.train.onJobs(ids)
	case app.PicturesChanged:
		w.gallery.refresh()
		w.generate.onPictures(ids)
	case app.ModelsChanged:
		w.models.refresh()
		w.generate.onModels()
		w.train.onModels()
	case app.DatasetChanged:
		w.train.onDataset()
	case app.SettingsChanged:
		w.settings.refresh()
	case app.TroubleChanged:
		w.banner.refresh()
		w.settings.onTroubles()
	}
}

// What one tab asks of another.

// generateWith opens Generate with a trained model chosen.
func (w *Window) generateWith(modelID string) {
	w.tabs.SelectIndex(tabGenerate)
	w.generate.useModel(modelID)
}

// useAsReference opens Generate with a picture as reference.
func (w *Window) useAsReference(ref string) {
	w.tabs.SelectIndex(tabGenerate)
	w.generate.useReference(ref)
}

// modify opens Generate with a picture to be modified.
func (w *Window) modify(ref string) {
	w.tabs.SelectIndex(tabGenerate)
	w.generate.useModify(ref)
}

// again opens the form that made a job, filled in as it was.
func (w *Window) again(job app.Job) {
	task, _, ok := w.studio.Task(job.Task)
	if !ok {
		return
	}
	if task.Kind == providers.Generate {
		w.tabs.SelectIndex(tabGenerate)
		w.generate.fill(job.Task, job.Values)
		return
	}
	w.tabs.SelectIndex(tabTrain)
	w.train.fill(job.Task, job.Values)
}

// showJob opens Jobs at a job.
func (w *Window) showJob(id string) {
	w.tabs.SelectIndex(tabJobs)
	w.jobs.selectJob(id)
}

// showSettings opens Settings at an account's section: a service's id, or
// app.BucketAccount.
func (w *Window) showSettings(account string) {
	w.tabs.SelectIndex(tabSettings)
	w.settings.selectAccount(account)
}

const (
	tabTrain = iota
	tabGenerate
	tabGallery
	tabModels
	tabJobs
	tabSettings
)
