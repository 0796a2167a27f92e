// The Models tab: what was trained, how long it is still at its service, and its file here.

package views

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/app/models"
	"github.com/maquette-studio/maquette/app/search"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// modelsHost is what the Models tab asks of the others.
type modelsHost interface {
	failureHost
	openTab(tab int)
	inSight(tab int) bool
	showJob(id string)
	generateWith(modelID string)
	showLarge(page *picture.Page, side fyne.CanvasObject)
}

type modelsTab struct {
	desk
	host modelsHost

	content fyne.CanvasObject
	where   *widget.RadioGroup // trained here, or at Bria; nil where there is no Bria
	bria    *briaPane

	search  *searchEntry
	count   *kit.MutedText
	list    *modelList
	nothing *kit.EmptyState
	failure *failureCard

	shown    []modelEntry
	loading  map[string]*modelDownload // downloads begun here, by model id
	failures map[string]error          // by model id, until tried again
	now      func() time.Time
}

// modelEntry is a model as its row shows it.
type modelEntry struct {
	models.Model
	service string // its title
	cover   string // a picture that it made, or a photo that it was trained on; "" for neither
	here    bool   // the file is on this computer
}

// modelDownload is a download begun here.
type modelDownload struct {
	cancel context.CancelFunc
	pace   downloadPace
}

func newModelsTab(w desk, host modelsHost) *modelsTab {
	t := &modelsTab{
		desk: w, host: host, loading: map[string]*modelDownload{}, failures: map[string]error{},
		now: time.Now,
	}
	t.search = newSearchEntry(lang.L("Search models"), t.refresh, func() { w.window.Canvas().Focus(t.list) })
	t.count = kit.NewMutedText("")
	t.count.Wrapping = fyne.TextWrapOff
	t.list = newModelList(t)
	t.nothing = kit.NewEmptyState(assets.Models)
	t.failure = newFailureCard(w, host)
	field := searchBar(t.search, t.count)
	bar := container.New(layout.NewCustomPaddedLayout(6, 4, 6, 6), field)
	t.content = t.withBria(kit.Border(
		container.NewVBox(bar, t.failure), nil, nil, nil,
		container.NewStack(t.list, t.nothing),
	))
	t.refresh()
	t.work.Every(time.Minute, t.list.Refresh) // brings the countdowns forward
	return t
}

func (t *modelsTab) close() {
	if t.bria != nil {
		t.bria.close()
	}
}

// onRemote follows a change of what waits to be sent to Bria.
func (t *modelsTab) onRemote(datasets []string) {
	if t.bria != nil {
		t.bria.onRemote(datasets)
	}
}

// refresh follows a change of the models, or of the search.
func (t *modelsTab) refresh() {
	studio, words := t.studio, t.search.Text
	kit.Begin(t.work, "list", func(context.Context) modelListing { return listModels(studio, words) }, t.show)
}

// modelListing is what a search found.
type modelListing struct {
	entries []modelEntry
	words   string
	total   int
}

// listModels looks at the disk: a file may have been taken away.
func listModels(studio *app.Studio, words string) modelListing {
	models := studio.Models.List()
	listing := modelListing{words: strings.TrimSpace(words), total: len(models)}
	made := studio.Library.LastOf()
	for _, m := range models {
		entry := modelEntry{Model: m, service: m.Service}
		if service, ok := studio.Services().Service(m.Service); ok {
			entry.service = service.Title
		}
		if !search.Parse(words).In(entry.text()) {
			continue
		}
		if path := studio.Models.Path(m); path != "" {
			_, err := os.Stat(path)
			entry.here = err == nil
		}
		entry.cover = cmp.Or(made[library.Maker{Service: m.Service, Model: m.ID}], made[library.Maker{Service: m.Service, Model: m.RemoteID}], trainedOn(studio, m))
		listing.entries = append(listing.entries, entry)
	}
	return listing
}

// trainedOn is the first photo that a model was trained on, "" where that isn't
// known.
func trainedOn(studio *app.Studio, m models.Model) string {
	job, _ := studio.Jobs.Job(m.Job)
	if len(job.Photos) == 0 {
		return ""
	}
	return job.Photos[0].EditedRef()
}

// text is what a search looks into.
func (e modelEntry) text() string {
	return search.Text(e.Title, e.service, e.Type, e.Family, e.Base, e.RemoteID)
}

func (t *modelsTab) show(listing modelListing) {
	t.shown = listing.entries
	for _, entry := range t.shown {
		if d := t.loading[entry.ID]; d != nil && entry.Downloading {
			d.pace.note(t.now(), entry.Downloaded)
		}
	}
	count := len(listing.entries)
	text := kit.CountOf(count, lang.L("1 model"), lang.L("%d models"))
	if listing.words != "" {
		text = ofTotal(count, listing.total, lang.L("%s of 1 model"), lang.L("%s of %s models"))
	}
	t.count.SetText(text)
	t.list.Refresh()
	t.showNothing(listing)
}

func (t *modelsTab) showNothing(listing modelListing) {
	kit.SetVisible(len(listing.entries) > 0, t.list)
	switch {
	case len(listing.entries) > 0:
		t.nothing.Hide()
	case listing.total > 0:
		t.nothing.Say(
			fmt.Sprintf(lang.L("No model matches “%s”"), listing.words),
			lang.L("Every word is looked for in titles, services and types."),
			lang.L("Clear the search"), func() { t.search.SetText("") })
	default:
		t.nothing.Say(
			lang.L("No models yet"),
			lang.L("Models you train appear here, with the time left until their service deletes them."),
			lang.L("Train a model"), func() { t.host.openTab(tabTrain) })
	}
}

// modelList is the list, with keys for what can be done with the selected
// model: Enter generates with it, Delete forgets it, Menu shows everything.
type modelList struct {
	widget.List

	tab      *modelsTab
	selected int
}

func newModelList(tab *modelsTab) *modelList {
	l := &modelList{tab: tab, selected: -1}
	l.Length = func() int { return len(tab.shown) }
	l.CreateItem = func() fyne.CanvasObject { return newModelRow(tab) }
	l.UpdateItem = func(i widget.ListItemID, object fyne.CanvasObject) {
		if i < len(tab.shown) {
			object.(*modelRow).show(tab.shown[i])
		}
	}
	l.OnSelected = func(i widget.ListItemID) { l.selected = i }
	l.OnUnselected = func(widget.ListItemID) { l.selected = -1 }
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey is the list by keyboard; arrows and Space select.
func (l *modelList) TypedKey(event *fyne.KeyEvent) {
	if l.selected < 0 || l.selected >= len(l.tab.shown) {
		l.List.TypedKey(event)
		return
	}
	entry := l.tab.shown[l.selected]
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		l.tab.host.generateWith(entry.ID)
	case fyne.KeyDelete:
		l.tab.askForget(entry)
	case desktop.KeyMenu, fyne.KeyF10:
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
		l.tab.menu(entry, at.AddXY(l.Size().Width/2, 40))
	default:
		l.List.TypedKey(event)
	}
}
