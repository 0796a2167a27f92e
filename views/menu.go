// The main menu, which also carries every global shortcut: menu shortcuts work
// while a text field has the focus, canvas shortcuts don't.

package views

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/release"
	"github.com/maquette-studio/maquette/views/kit"
)

// site is where the project and its documentation live.
const site = release.Site

func (w *Window) mainMenu() *fyne.MainMenu {
	quit := kit.NewMenuItem(lang.L("Quit"), fyne.KeyQ, w.quit)
	quit.IsQuit = true
	file := fyne.NewMenu(
		lang.L("File"),
		kit.NewMenuItem(lang.L("Add photos…"), fyne.KeyO, w.addPhotos),
		kit.NewMenuItem(lang.L("Save picture as…"), fyne.KeyS, w.savePicture),
		fyne.NewMenuItemSeparator(), quit,
	)
	view := fyne.NewMenu(lang.L("View"))
	for i, row := range declaredTabs() {
		view.Items = append(view.Items, kit.NewMenuItem(row.title, fyne.KeyName(string(rune('1'+i))), w.unlessCovered(func() { w.openTab(i) })))
	}
	view.Items = append(view.Items, fyne.NewMenuItemSeparator(), kit.NewMenuItem(lang.L("Find"), fyne.KeyF, w.unlessCovered(w.find)))
	actions := fyne.NewMenu(
		lang.L("Actions"),
		kit.NewMenuItem(lang.L("Start"), fyne.KeyReturn, w.unlessCovered(w.start)),
		kit.NewMenuItem(lang.L("Ask a service…"), fyne.KeyK, w.unlessCovered(func() { showCalls(w.desk, w) })),
		fyne.NewMenuItem(lang.L("Pause or resume"), func() { w.setPaused(!w.studio.Paused()) }),
	)
	help := fyne.NewMenu(
		lang.L("Help"),
		kit.NewPlainMenuItem(lang.L("Guide"), fyne.KeyF1, w.unlessCovered(w.showGuide)),
		fyne.NewMenuItem(lang.L("Documentation"), func() { w.openSite(site + "#readme") }),
		fyne.NewMenuItem(lang.L("Set up…"), w.unlessCovered(w.setUp)),
		fyne.NewMenuItem(lang.L("Where the data lies"), w.showDataFolder),
		fyne.NewMenuItem(lang.L("Check everything…"), w.unlessCovered(func() { showCheck(w.desk) })),
		fyne.NewMenuItem(lang.L("Check for updates…"), w.unlessCovered(func() { showUpdates(w.desk) })),
		fyne.NewMenuItem(lang.L("About Maquette"), w.showAbout),
	)
	for _, menu := range []*fyne.Menu{file, view, actions, help} {
		kit.AlignMenu(menu)
	}
	return fyne.NewMainMenu(file, view, actions, help)
}

// setUp leads to where keys are entered: the welcome, or Settings in a demo that
// was asked for.
func (w *Window) setUp() {
	switch {
	case w.leads.leaveDemo != nil:
		w.leads.leaveDemo()
	case w.leads.setUp != nil && !w.studio.Demo():
		w.leads.setUp()
	default:
		w.openTab(tabSettings)
	}
}

// typed is a key that nothing else took.
func (w *Window) typed(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyF10:
		kit.ToggleMenu(w.Canvas())
	case fyne.KeyF1:
		w.showGuide()
	}
}

// showGuide opens the guide at the page about the tab in sight.
func (w *Window) showGuide() { showGuide(w.desk, guideOfTab[w.tabs.SelectedIndex()]) }

// unlessCovered leaves out what would happen behind a dialog: shortcuts work
// there too.
func (w *Window) unlessCovered(do func()) func() {
	return func() {
		if !w.covered() {
			do()
		}
	}
}

// addPhotos opens the picture picker for the dataset.
func (w *Window) addPhotos() {
	w.unlessCovered(func() {
		w.openTab(tabTrain)
		w.train.addPhotos()
	})()
}

// savePicture saves the picture that is shown large, or those selected in the
// gallery.
func (w *Window) savePicture() {
	if w.page != nil {
		w.page.saveAs()
		return
	}
	w.unlessCovered(func() { kit.Call(w.selected().save) })()
}

// start does what the visible tab is for.
func (w *Window) start() { kit.Call(w.selected().start) }

// find leads to the search of the tab shown, or to the gallery's where there is
// none.
func (w *Window) find() {
	if w.selected().find == nil {
		w.openTab(tabGallery)
	}
	w.selected().find()
}

func (w *Window) showDataFolder() {
	path := widget.NewLabel(w.studio.Dir())
	path.Selectable = true
	path.Wrapping = fyne.TextWrapBreak
	text := widget.NewLabel(lang.L("Photos, results, models and the history of jobs lie here. Keys don't: they are in the system's keyring."))
	text.Wrapping = fyne.TextWrapWord
	open := widget.NewButtonWithIcon(lang.L("Show the data folder"), theme.FolderOpenIcon(), w.openDataFolder)
	kit.Inform(w.window, lang.L("Where the data lies"), container.NewVBox(path, text, container.NewHBox(open)))
}

func (w *Window) showAbout() {
	version := widget.NewLabel(fmt.Sprintf(lang.L("Version %s"), release.Version))
	text := widget.NewLabel(lang.L("A desktop studio for people who train and use their own image models at paid services."))
	text.Wrapping = fyne.TextWrapWord
	link := widget.NewButtonWithIcon(lang.L("Open the project's site"), theme.ComputerIcon(), func() { w.openSite(site) })
	kit.Inform(w.window, lang.L("About Maquette"), container.NewVBox(version, text, container.NewHBox(link)))
}
