// The window: its frame around the tabs, and what the tabs ask of each other.

package views

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// thumbMemoryBytes bounds the thumbnails held in memory.
const thumbMemoryBytes = 128 << 20

// Window is Maquette's one window.
type Window struct {
	fyne.Window
	desk

	tabs     *container.AppTabs
	parts    []tabParts // in the order of the tabs
	train    *trainTab
	generate *generateTab
	gallery  *galleryTab
	models   *modelsTab
	jobs     *jobsTab
	settings *settingsTab

	banner *troubleBanner
	pause  *pauseBar
	tray   *trayMenu
	place  *place // where the window is
	ring   *kit.FocusRing
	unhear func()        // ends the news of the studio
	leads  windowLeads   // out of this window
	large  *picture.Page // what is shown large, nil for nothing
	page   *picturePage  // the same, where it is of the library; else nil
}

// windowLeads are what the window offers that ends it.
type windowLeads struct {
	reopen    func() // builds the window anew, in another language
	setUp     func() // shows the welcome; nil where there is none
	leaveDemo func() // goes back to the person's own studio; nil where the demo was asked for
}

// demoBar says that the demo is shown in place of the studio, and leads back.
func (w *Window) demoBar() fyne.CanvasObject {
	if w.leads.leaveDemo == nil {
		return container.NewWithoutLayout()
	}
	text := widget.NewLabel(lang.L("This is the demo: services are simulated, nothing is sent and nothing costs anything."))
	text.Truncation = fyne.TextTruncateEllipsis
	back := widget.NewButtonWithIcon(lang.L("Leave the demo"), theme.NavigateBackIcon(), w.leads.leaveDemo)
	return container.NewStack(kit.NewPlate(theme.ColorNameHeaderBackground, "", 0), container.NewPadded(container.NewBorder(nil, nil, nil, back, text)))
}

const windowTitle = "Maquette"

// build fills a window with the tabs of an open studio, as state says it was
// left. Call Shutdown before the studio is closed.
func build(fyneApp fyne.App, window fyne.Window, studio *app.Studio, state *windowstate.Store, leads windowLeads) *Window {
	if studio.Demo() {
		window.SetTitle(lang.L("Maquette (demo)"))
	}
	fyneApp.Settings().SetTheme(kit.NewTheme(kit.Appearance(cmp.Or(studio.Settings.Now().Appearance, string(kit.AppearanceSystem)))))
	w := &Window{Window: window, desk: desk{
		window: window, studio: studio, loader: picture.NewLoader(libraryPictures(studio), thumbMemoryBytes),
		drops: kit.NewDrops(window), work: kit.NewWork(), state: state,
	}, leads: leads}
	var items []*container.TabItem
	for _, row := range declaredTabs() {
		parts := row.build(w, w.part())
		w.parts = append(w.parts, parts)
		items = append(items, container.NewTabItemWithIcon(row.title, theme.NewThemedResource(row.icon), kit.NewPage(parts.content, parts.shown)))
	}
	// All at once: each later change draws every tab anew.
	w.tabs = container.NewAppTabs(items...)
	w.tabs.SetTabLocation(container.TabLocationLeading)
	w.banner, w.pause, w.tray = newTroubleBanner(w.desk), newPauseBar(w.desk), newTrayMenu(w)
	for _, parts := range w.parts {
		kit.Call(parts.begin)
	}
	w.keepTab()
	w.place = newPlace(window, state, w.work.Part())
	w.ring = kit.NewFocusRing(nil)
	tabs := kit.Border(container.NewVBox(w.demoBar(), w.pause.shown, w.banner), nil, nil, nil, w.drops.Zone(w.tabs, kit.DropFunc(w.dropped)))
	w.SetContent(container.NewStack(container.New(w.place, tabs), w.ring))
	w.SetMainMenu(w.mainMenu())
	w.Canvas().SetOnTypedKey(w.typed)
	w.unhear = hear(studio, w.work, w.onChange)
	w.tray.follow()
	kit.Do(w.work, studio.Access.Look, nil) // what it finds is told as a change
	return w
}

// Shutdown stops what the window started and waits for it.
func (w *Window) Shutdown() {
	w.unhear()
	w.place.end()
	w.closePicture()
	for _, parts := range w.parts {
		kit.Call(parts.close)
	}
	w.work.Close()
	w.loader.Close()
}

// onChange brings a change of the studio to the tabs that hear of it. It runs on
// the UI goroutine, at most a few times a second for each kind.
func (w *Window) onChange(kind app.EventKind, ids []string) {
	for _, parts := range w.parts {
		if hears := parts.hears[kind]; hears != nil {
			hears(ids)
		}
	}
	switch kind {
	case app.TroubleChanged:
		w.banner.refresh()
	case app.JobChanged, app.SettingsChanged:
		w.pause.refresh()
		w.tray.refresh()
	}
}

// selected are the parts of the tab in sight.
func (w *Window) selected() tabParts { return w.parts[w.tabs.SelectedIndex()] }

// keepTab opens the tab that was in sight last, and remembers the next ones.
func (w *Window) keepTab() {
	rows := declaredTabs()
	for i, row := range rows {
		if row.name == w.state.Now().Tab {
			w.tabs.SelectIndex(i)
		}
	}
	w.tabs.OnUnselected = func(*container.TabItem) {
		if !w.covered() { // a panel keeps the keyboard
			w.Canvas().Unfocus() // nothing is typed into what is out of sight
		}
	}
	w.tabs.OnSelected = func(*container.TabItem) {
		name := rows[w.tabs.SelectedIndex()].name
		w.state.Change(func(state *windowstate.State) { state.Tab = name })
	}
}

// What one tab asks of another.

func (w *Window) openTab(tab int) { w.tabs.SelectIndex(tab) }

func (w *Window) inSight(tab int) bool { return w.tabs.SelectedIndex() == tab }

// nameTab changes what stands on a tab.
func (w *Window) nameTab(tab int, title string) {
	if item := w.tabs.Items[tab]; item.Text != title {
		item.Text = title
		w.tabs.Refresh()
	}
}

// generateWith opens Generate with a trained model chosen.
func (w *Window) generateWith(modelID string) {
	w.openTab(tabGenerate)
	w.generate.useModel(modelID)
}

// useAsReference opens Generate with a picture as reference.
func (w *Window) useAsReference(ref string) {
	w.openTab(tabGenerate)
	w.generate.useReference(ref)
}

// modify opens Generate with a picture to be modified.
func (w *Window) modify(ref string) {
	w.openTab(tabGenerate)
	w.generate.useModify(ref)
}

// fill opens a task's form with these values.
func (w *Window) fill(task string, values map[string]any) {
	declared, _, ok := w.studio.Services().Task(task)
	if !ok {
		return
	}
	if declared.Kind == providers.Generate {
		w.openTab(tabGenerate)
		w.generate.fill(task, values)
		return
	}
	w.openTab(tabTrain)
	w.train.fill(task, values)
}

// showJob opens Jobs at a job.
func (w *Window) showJob(id string) {
	w.openTab(tabJobs)
	w.jobs.selectJob(id)
}

// showSettings opens Settings at an account's section: a service's id,
// access.BucketAccount, or one of the places for photos.
func (w *Window) showSettings(account string) {
	w.openTab(tabSettings)
	w.settings.selectAccount(account)
}

// showCall opens the form of the call that a remedy asks for.
func (w *Window) showCall(remedy providers.Remedy) {
	showCalls(w.desk, w).pickRemedy(remedy)
}

// showPicture opens the library's picture ids[at] large.
func (w *Window) showPicture(ids []string, at int) {
	w.closePicture()
	if at < 0 || at >= len(ids) {
		return
	}
	page, side := newPicturePage(w.desk, w, ids, at)
	w.showLarge(&page.Page, side)
	w.page = page
}

// showLarge shows a page as the one thing that is large; side is what stands
// beside the picture, nil for nothing.
func (w *Window) showLarge(page *picture.Page, side fyne.CanvasObject) {
	w.closePicture()
	w.large = page
	page.OnClosed = func() { w.large, w.page = nil, nil }
	page.Begin(side)
}

// closePicture takes the large picture away, if there is one.
func (w *Window) closePicture() {
	if w.large != nil {
		w.large.Close()
	}
}

// showInGallery opens the gallery with a picture selected.
func (w *Window) showInGallery(id string) {
	w.openTab(tabGallery)
	w.gallery.selectPicture(id)
}
