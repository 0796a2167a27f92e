// What lies at Bria, in the Models tab: projects with their datasets and
// models at the left, what is selected at the right.

package views

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

const briaService = "bria"

// briaThumbBytes bounds the images of datasets held in memory.
const briaThumbBytes = 48 << 20

// briaPane belongs to the UI goroutine.
type briaPane struct {
	desk
	host    modelsHost
	bria    *remote.Remote
	content fyne.CanvasObject
	loader  *picture.Loader

	holdings remote.Holdings
	adding   atomic.Int32      // uploads under way
	counts   map[remote.ID]int // images of a dataset, where known
	loaded   bool
	picked   remote.Key
	wanted   remote.Key         // is picked once it is listed
	stop     context.CancelFunc // of the change under way, else nil
	next     []func()           // changes that wait for it

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

func newBriaPane(w desk, host modelsHost) *briaPane {
	p := &briaPane{desk: w, host: host, bria: w.studio.Bria, counts: map[remote.ID]int{}}
	p.loader = picture.NewLoader(p.bria.Picture, briaThumbBytes)
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
	if size.Width > 0 && l.split.Offset == l.given {
		l.given = min(0.32, float64(briaTreeWidth/size.Width))
		l.split.Offset = l.given
	}
	kit.Place(l.split, fyne.Position{}, size)
}

func (p *briaPane) layOut() fyne.CanvasObject {
	buttons := container.NewBorder(nil, nil, nil, p.again, p.create)
	left := container.New(layout.NewCustomPaddedLayout(4, 6, 6, 6), container.NewBorder(buttons, nil, nil, nil, p.tree))
	p.split = container.NewHSplit(left, p.detail)
	columns := &briaColumns{split: p.split, given: 0.32}
	p.keepSplit("bria", p.split, &columns.given)
	top := container.New(layout.NewCustomPaddedLayout(0, 0, 10, 10), container.NewVBox(p.failure, p.notice.content, p.busy.content))
	content := container.NewBorder(top, nil, nil, nil, container.NewStack(container.New(columns, p.split), p.nothing))
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
	p.hush()
	p.reload()
}

// briaListing is what came back.
type briaListing struct {
	holdings remote.Holdings
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
		h, err := p.bria.List(ctx)
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
	empty := len(l.holdings.Projects) == 0
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
	if p.holdings.Has(p.wanted) {
		p.picked, p.wanted = p.wanted, remote.Key{}
	}
	if !p.holdings.Has(p.picked) {
		p.picked = remote.Key{}
		if len(p.holdings.Projects) > 0 {
			p.picked = p.holdings.Projects[0].Key()
		}
	}
	if p.picked == (remote.Key{}) {
		return
	}
	if project, listed := p.holdings.Project(p.holdings.ProjectOf(p.picked)); listed {
		p.tree.OpenBranch(project.Key().String())
	}
	p.tree.Select(p.picked.String())
}

// pick shows what is selected in the tree.
func (p *briaPane) pick(key remote.Key) {
	if key == p.picked {
		return
	}
	p.picked = key
	p.hush()
	p.show()
}

// show puts the selected thing's details at the right.
func (p *briaPane) show() {
	p.count()
	if p.picked.Kind != remote.KindDataset {
		p.dataset.leave()
	}
	var shown fyne.CanvasObject
	switch p.picked.Kind {
	case remote.KindProject:
		project, _ := p.holdings.Project(p.picked.ID)
		shown = p.projectDetails(project)
	case remote.KindDataset:
		d, _ := p.holdings.Dataset(p.picked.ID)
		p.dataset.open(d)
		shown = p.dataset.content
	case remote.KindModel:
		m, _ := p.holdings.Model(p.picked.ID)
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
	uncounted := slices.DeleteFunc(p.holdings.DatasetsOf(p.holdings.ProjectOf(p.picked)), func(d remote.Dataset) bool {
		_, known := p.counts[d.ID]
		return known
	})
	if len(uncounted) == 0 {
		return
	}
	kit.Begin(p.work, "count", func(ctx context.Context) map[remote.ID]int {
		return p.bria.CountImages(ctx, uncounted)
	}, func(counts map[remote.ID]int) {
		maps.Copy(p.counts, counts)
		p.tree.Refresh()
	})
}

// onRemote follows a change of what waits to be sent to a dataset.
func (p *briaPane) onRemote(datasets []string) {
	if shown := p.dataset.shown.ID; slices.Contains(datasets, string(shown)) || slices.Contains(datasets, "") {
		p.dataset.redraw()
	}
}
