// The Gallery tab: every picture, newest first; search, look, keep, throw away.

package views

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// searchWidth is the width of a search, in density-independent pixels.
const searchWidth float32 = 340

// galleryHost is what the Gallery tab asks of the others.
type galleryHost interface {
	failureHost
	openTab(tab int)
	showJob(id string)
	showPicture(ids []string, at int)
	useAsReference(ref string)
	modify(ref string)
}

type galleryTab struct {
	desk
	host galleryHost

	content fyne.CanvasObject

	search  *searchEntry
	count   *kit.MutedText
	bin     *widget.Button // leads to the trash and back
	empty   *widget.Button // empties the trash
	grid    *picture.Grid
	nothing *kit.EmptyState
	details *galleryDetails
	notice  *kit.NoticeBar
	failure *failureCard

	trash bool
	shown galleryList
}

func newGalleryTab(w desk, host galleryHost) *galleryTab {
	t := &galleryTab{desk: w, host: host}
	t.search = newSearchEntry(lang.L("Search pictures"), t.list, t.enterGrid)
	t.count = kit.NewMutedText("")
	t.count.Wrapping = fyne.TextWrapOff
	t.bin = widget.NewButtonWithIcon(lang.L("Trash"), theme.DeleteIcon(), t.toggleTrash)
	t.empty = widget.NewButton(lang.L("Empty the trash…"), t.askEmptyTrash)
	t.empty.Importance = widget.DangerImportance
	t.grid = picture.NewGrid(w.loader)
	t.grid.OnOpen = t.open
	t.grid.OnDelete = t.deleteKey
	t.grid.OnSelect = func([]string) { t.details.show() }
	t.grid.OnMenu = t.menu
	t.grid.OnKey = t.gridKey
	t.nothing = kit.NewEmptyState(assets.Gallery)
	t.notice = kit.NewNoticeBar()
	t.failure = newFailureCard(w, host)
	t.details = newGalleryDetails(t)
	t.content = container.NewPadded(t.notice.Below(kit.Border(
		container.NewVBox(t.bar(), t.failure), nil, nil,
		t.details, container.NewStack(t.grid, t.nothing),
	)))
	t.list()
	return t
}

// galleryCell is the size of the gallery's thumbnails in the state of the window.
const galleryCell = "gallery"

// bar is the line above the pictures.
func (t *galleryTab) bar() fyne.CanvasObject {
	size := widget.NewSlider(0, 2)
	edges := []float32{picture.CellSmall, picture.CellMedium, picture.CellLarge}
	size.Step, size.Value = 1, 1
	if at := slices.Index(edges, t.state.Now().Sizes[galleryCell]); at >= 0 {
		size.Value = float64(at)
		t.grid.SetCellSize(edges[at])
	}
	size.OnChanged = func(step float64) {
		edge := edges[int(step)]
		t.grid.SetCellSize(edge)
		t.state.Change(func(state *windowstate.State) { state.Sizes[galleryCell] = edge })
	}
	slider := container.NewHBox(
		container.NewCenter(newSmallIcon(theme.GridIcon(), 14)),
		container.NewGridWrap(fyne.NewSize(84, size.MinSize().Height), size),
		container.NewCenter(newSmallIcon(theme.GridIcon(), 20)),
	)
	t.empty.Hide()
	right := container.NewHBox(slider, newGap(10), t.empty, t.bin)
	field := searchBar(t.search, t.count)
	return container.New(layout.NewCustomPaddedLayout(6, 4, 6, 6), container.NewBorder(nil, nil, nil, right, field))
}

// searchBar is a search with what it found beside it.
func searchBar(search, found fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHBox(
		container.New(&kit.FixedWidth{Width: searchWidth}, search),
		container.NewVBox(layout.NewSpacer(), found, layout.NewSpacer()),
	)
}

// newGap is empty space of a fixed width.
func newGap(width float32) fyne.CanvasObject {
	return container.New(&kit.FixedWidth{Width: width}, layout.NewSpacer())
}

func newSmallIcon(icon fyne.Resource, edge float32) fyne.CanvasObject {
	return container.NewGridWrap(fyne.NewSquareSize(edge), widget.NewIcon(theme.NewDisabledResource(icon)))
}

func (t *galleryTab) close() {
	t.details.close()
}

// refresh follows a change of the library.
func (t *galleryTab) refresh() { t.list() }

// list looks up what is to be shown; a newer search gives up an older one.
func (t *galleryTab) list() {
	query := galleryQuery{words: t.search.Text, trash: t.trash}
	kit.Begin(t.work, "list", lister(t.studio, query), t.show)
}

func (t *galleryTab) show(list galleryList) {
	t.shown = list
	t.grid.SetItems(list.items)
	t.count.SetText(list.words())
	t.showBin()
	t.showNothing()
	t.details.show()
}

func (t *galleryTab) showBin() {
	switch {
	case t.trash:
		t.bin.SetText(lang.L("Back to the pictures"))
		t.bin.SetIcon(theme.NavigateBackIcon())
	case t.shown.trashed > 0:
		t.bin.SetText(fmt.Sprintf(lang.L("Trash (%s)"), kit.Number(t.shown.trashed)))
		t.bin.SetIcon(theme.DeleteIcon())
	default:
		t.bin.SetText(lang.L("Trash"))
		t.bin.SetIcon(theme.DeleteIcon())
	}
	kit.SetVisible(t.trash && t.shown.trashed > 0, t.empty)
}

// showNothing says why the grid is empty and what to do about it.
func (t *galleryTab) showNothing() {
	kit.SetVisible(len(t.shown.items) > 0, t.grid)
	bare := len(t.shown.items) == 0 && t.shown.query.words == ""
	kit.SetVisible(!bare, t.details)
	if len(t.shown.items) > 0 {
		t.nothing.Hide()
		return
	}
	switch {
	case t.shown.query.words != "":
		t.nothing.Say(
			fmt.Sprintf(lang.L("Nothing matches “%s”"), t.shown.query.words),
			lang.L("Every word is looked for in prompts, models and services."),
			lang.L("Clear the search"), func() { t.search.SetText("") })
	case t.shown.query.trash:
		t.nothing.Say(
			lang.L("The trash is empty"), lang.L("Pictures you delete wait here until you empty it."),
			lang.L("Back to the pictures"), t.toggleTrash)
	case t.shown.trashed > 0:
		t.nothing.Say(
			lang.L("The gallery is empty"),
			lang.L("What you deleted is in the trash, from where it can be restored."),
			lang.L("Open the trash"), t.toggleTrash)
	case t.shown.emptied:
		t.nothing.Say(
			lang.L("The gallery is empty"),
			lang.L("What was made here was deleted for good. Jobs still tells what made it."),
			lang.L("Generate a picture"), func() { t.host.openTab(tabGenerate) })
	default:
		t.nothing.Say(
			lang.L("No pictures yet"),
			lang.L("Everything you generate is kept here, with the prompt, model and seed that made it."),
			lang.L("Generate a picture"), func() { t.host.openTab(tabGenerate) })
	}
}

// find leads to the search.
func (t *galleryTab) find() { t.window.Canvas().Focus(t.search) }

// save saves the selected pictures.
func (t *galleryTab) save() {
	switch ids := t.grid.Selected(); len(ids) {
	case 0:
	case 1:
		t.saveAs(ids[0])
	default:
		t.export(ids)
	}
}

// selectPicture selects a picture; a search that leaves it out is cleared.
func (t *galleryTab) selectPicture(id string) {
	at := slices.IndexFunc(t.grid.Items(), func(item picture.Item) bool { return item.ID == id })
	if at < 0 {
		t.search.SetText("")
		return
	}
	t.grid.Select(id)
	t.grid.ScrollTo(at)
}

func (t *galleryTab) toggleTrash() {
	t.trash = !t.trash
	t.notice.Hide()
	t.failure.SetFailure(nil, "", nil)
	t.grid.Select()
	t.list()
}

// enterGrid leads from the search to what it found.
func (t *galleryTab) enterGrid() {
	if len(t.shown.items) > 0 {
		t.window.Canvas().Focus(t.grid)
	}
}

// gridKey takes the keys that the grid has no use for.
func (t *galleryTab) gridKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyEscape:
		t.grid.Select()
	case fyne.KeyBackspace:
		t.deleteKey(t.grid.Selected())
	}
}

// open shows a picture large, with its neighbours to turn to.
func (t *galleryTab) open(id string) {
	ids := make([]string, len(t.shown.items))
	for i, item := range t.shown.items {
		ids[i] = item.ID
	}
	if at := slices.Index(ids, id); at >= 0 {
		t.host.showPicture(ids, at)
	}
}
