// What lies at Bria, in the Models tab: projects with their datasets and
// models at the left, what is selected at the right.

package views

import (
	"context"
	"image"
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// briaThumbBytes bounds the images of datasets held in memory.
const briaThumbBytes = 48 << 20

// briaPane belongs to the UI goroutine.
type briaPane struct {
	desk
	host    modelsHost
	content fyne.CanvasObject
	asker   briaAsker
	loader  *picture.Loader

	holdings briaHoldings
	counts   map[briaID]int // images of a dataset, where known
	loaded   bool
	picked   briaKey
	wanted   briaKey            // is picked once it is listed
	stop     context.CancelFunc // of the change under way, else nil
	next     []func()           // changes that wait for it
	drafts   *briaDrafts
	starting map[briaID]bool // models whose training was asked for and not read since; true while no answer came

	tree    *widget.Tree
	split   *container.Split
	create  *widget.Button
	again   *widget.Button
	detail  *fyne.Container
	dataset *briaDatasetView
	failure *failureCard
	notice  *briaNotice
	busy    *briaBusy
	nothing *kit.EmptyState
}

// briaKey names a thing at Bria: its kind, "/", its id. Ids of different kinds
// overlap.
type briaKey string

const (
	kindProject = "project"
	kindDataset = "dataset"
	kindModel   = "model"
)

func keyFor(kind string, id briaID) briaKey { return briaKey(kind + "/" + string(id)) }

func (k briaKey) parts() (kind string, id briaID) {
	kind, text, _ := strings.Cut(string(k), "/")
	return kind, briaID(text)
}

func newBriaPane(w desk, host modelsHost) *briaPane {
	p := &briaPane{desk: w, host: host, asker: briaAsker{w.studio}, counts: map[briaID]int{}, drafts: newBriaDrafts(w.studio), starting: map[briaID]bool{}}
	p.loader = picture.NewLoader(p.picture, briaThumbBytes)
	p.tree = p.newTree()
	p.create = widget.NewButtonWithIcon(lang.L("New project…"), theme.ContentAddIcon(), p.newProject)
	p.again = widget.NewButtonWithIcon(lang.L("Refresh"), theme.ViewRefreshIcon(), func() {
		clear(p.counts)
		p.retry()
	})
	p.detail = container.NewStack()
	p.dataset = newBriaDatasetView(p)
	p.failure = newFailureCard(w, host)
	p.notice = newBriaNotice()
	p.busy = newBriaBusy(func() { kit.Call(p.stop) })
	p.nothing = kit.NewEmptyState(assets.Models)
	p.content = p.layOut()
	return p
}

// briaTreeWidth is what the tree needs, in density-independent pixels.
const briaTreeWidth float32 = 330

// briaColumns gives the tree a third of the width, and no more than it needs,
// until a person moves the split.
type briaColumns struct {
	split *container.Split
	given float64 // the offset given last
}

// MinSize is the split's.
func (l *briaColumns) MinSize([]fyne.CanvasObject) fyne.Size { return l.split.MinSize() }

// Layout fills the space.
func (l *briaColumns) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	if size.Width > 0 && (l.given == 0 || l.split.Offset == l.given) {
		l.given = min(0.32, float64(briaTreeWidth/size.Width))
		l.split.Offset = l.given
	}
	kit.Place(l.split, fyne.Position{}, size)
}

// picture fetches a picture that Bria links to.
func (p *briaPane) picture(ctx context.Context, link string, px int) (image.Image, error) {
	return p.studio.RemotePicture(ctx, briaService, link, px)
}

func (p *briaPane) layOut() fyne.CanvasObject {
	buttons := container.NewBorder(nil, nil, nil, p.again, p.create)
	left := container.New(layout.NewCustomPaddedLayout(4, 6, 6, 6), container.NewBorder(buttons, nil, nil, nil, p.tree))
	p.split = container.NewHSplit(left, p.detail)
	top := container.New(layout.NewCustomPaddedLayout(0, 0, 10, 10), container.NewVBox(p.failure, p.notice.content, p.busy.content))
	content := container.NewBorder(top, nil, nil, nil, container.NewStack(container.New(&briaColumns{split: p.split}, p.split), p.nothing))
	return p.drops.Zone(content, kit.DropFunc(p.dropped))
}

// inSight reports whether a person sees the pane.
func (p *briaPane) inSight() bool {
	return p.content.Visible() && p.host.inSight(tabModels)
}

// open is called when the pane comes into view.
func (p *briaPane) open() {
	if !p.loaded {
		p.reload()
	}
}

func (p *briaPane) close() {
	p.dataset.close()
	p.loader.Close()
}

// retry lists everything anew, without what was said before.
func (p *briaPane) retry() {
	p.say("")
	p.failure.SetFailure(nil, "", nil)
	p.reload()
}

// briaListing is what came back.
type briaListing struct {
	holdings briaHoldings
	err      error
}

// reload lists everything anew and then reads what is selected.
func (p *briaPane) reload() {
	if !p.loaded {
		p.split.Hide()
		p.nothing.Say(lang.L("Looking at Bria…"), lang.L("Projects, datasets and models are being listed."), "", nil)
	}
	kit.SetEnabled(false, p.again)
	kit.Begin(p.work, "list", func(ctx context.Context) briaListing {
		h, err := p.asker.holdings(ctx)
		return briaListing{h, err}
	}, p.listed)
}

func (p *briaPane) listed(l briaListing) {
	kit.SetEnabled(true, p.again)
	if l.err != nil {
		if !p.failure.Visible() {
			p.fail(l.err, p.retry)
		}
		if !p.loaded {
			p.nothing.Hide()
		}
		return
	}
	p.loaded, p.holdings = true, l.holdings
	maps.DeleteFunc(p.starting, func(_ briaID, unanswered bool) bool { return !unanswered })
	empty := len(l.holdings.projects) == 0
	kit.SetVisible(!empty, p.split)
	p.nothing.Hide()
	if empty {
		p.nothing.Say(
			lang.L("No projects at Bria yet"),
			lang.L("A project holds one character, set or style: its datasets, and the models trained on them. Training with Bria makes one, too."),
			lang.L("New project…"), p.newProject)
	}
	p.pickWanted()
	p.tree.Refresh()
	p.show()
}

// pickWanted follows what was made, or away from what is gone.
func (p *briaPane) pickWanted() {
	if p.wanted != "" && p.known(p.wanted) {
		p.picked, p.wanted = p.wanted, ""
	}
	if !p.known(p.picked) {
		p.picked = ""
		if len(p.holdings.projects) > 0 {
			p.picked = keyFor(kindProject, p.holdings.projects[0].ID)
		}
	}
	if p.picked == "" {
		return
	}
	if project := p.projectOf(p.picked); project != "" {
		p.tree.OpenBranch(string(keyFor(kindProject, project)))
	}
	p.tree.Select(string(p.picked))
}

func (p *briaPane) known(key briaKey) bool {
	kind, id := key.parts()
	found := false
	switch kind {
	case kindProject:
		found = p.holdings.project(id).ID != ""
	case kindDataset:
		_, found = p.holdings.dataset(id)
	case kindModel:
		_, found = p.holdings.model(id)
	}
	return found
}

// projectOf is the project that a thing belongs to, or is.
func (p *briaPane) projectOf(key briaKey) briaID {
	kind, id := key.parts()
	switch kind {
	case kindDataset:
		d, _ := p.holdings.dataset(id)
		return d.Project
	case kindModel:
		m, _ := p.holdings.model(id)
		return m.Project
	}
	return id
}

// pick shows what is selected in the tree.
func (p *briaPane) pick(key briaKey) {
	if key == p.picked {
		return
	}
	p.picked = key
	p.say("")
	p.failure.SetFailure(nil, "", nil)
	p.show()
}

// show puts the selected thing's details at the right.
func (p *briaPane) show() {
	p.count()
	kind, id := p.picked.parts()
	if kind != kindDataset {
		p.dataset.leave()
	}
	var shown fyne.CanvasObject
	switch kind {
	case kindProject:
		shown = p.projectDetails(p.holdings.project(id))
	case kindDataset:
		d, _ := p.holdings.dataset(id)
		p.dataset.open(d)
		shown = p.dataset.content
	case kindModel:
		m, _ := p.holdings.model(id)
		shown = p.modelDetails(m)
	}
	p.detail.Objects = nil
	if shown != nil {
		p.detail.Objects = []fyne.CanvasObject{shown}
	}
	p.detail.Refresh()
}

// count asks how many images the selected project's datasets hold.
func (p *briaPane) count() {
	var ask []briaDataset
	project := p.projectOf(p.picked)
	for _, d := range p.holdings.datasets {
		if _, known := p.counts[d.ID]; !known && d.Project == project {
			ask = append(ask, d)
		}
	}
	if len(ask) == 0 {
		return
	}
	kit.Begin(p.work, "count", func(ctx context.Context) map[briaID]int {
		counts := map[briaID]int{}
		for _, d := range ask {
			// A count that can't be had is left out: the names say enough.
			if n, err := p.asker.images(ctx, d); err == nil {
				counts[d.ID] = n
			}
		}
		return counts
	}, func(counts map[briaID]int) {
		for id, n := range counts {
			p.counts[id] = n
		}
		p.tree.Refresh()
	})
}
