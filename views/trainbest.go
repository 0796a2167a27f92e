// Picking the best of many photos: the sharpest that differ most, as a proposal.

package views

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// bestPanel shows which photos would stay; a person may choose others.
type bestPanel struct {
	kit.Panel

	dataset *datasetPane
	photos  []photo.Photo

	count *kit.Entry
	grid  *picture.Grid
	said  *kit.MutedText
	keep  *kit.Button
}

// pickBest opens the panel.
func (d *datasetPane) pickBest() {
	p := &bestPanel{dataset: d, photos: d.photos}
	if len(p.photos) == 0 {
		return
	}
	p.Work = d.work.Part()
	p.count = kit.NewEntry(p.Escape)
	p.grid = picture.NewGrid(d.loader)
	p.grid.SetCellSize(picture.CellSmall)
	p.grid.OnSelect = p.selected
	p.grid.OnKey = func(event *fyne.KeyEvent) { p.Key(event) }
	p.said = kit.NewMutedLine("")
	p.keep = kit.NewButton("", p.Escape, p.apply)
	p.keep.Importance = widget.HighImportance
	cancel := kit.NewButton(lang.L("Cancel"), p.Escape, p.Close)
	p.grid.SetItems(photoItems(p.photos, d.verdicts))
	p.count.OnChanged = func(string) { p.propose() }
	p.count.OnSubmitted = func(string) { p.apply() }
	number := container.NewHBox(widget.NewLabel(lang.L("How many")), container.New(&kit.FixedWidth{Width: 64}, p.count))
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(lang.L("Pick the best")), number),
		kit.NewCaption(lang.L("The sharpest photos that differ most from each other are marked. Space or a click with Ctrl changes the choice.")),
	)
	bottom := container.NewBorder(nil, nil, nil, container.NewHBox(cancel, p.keep), p.said)
	p.Show(d.window, container.NewBorder(top, bottom, nil, nil, p.grid), fyne.Size{}, p.grid)
	p.count.SetText(strconv.Itoa(d.wanted()))
}

// wanted is how many photos the task takes at most, else about half of them.
func (d *datasetPane) wanted() int {
	if most := d.most(); most > 0 && most < len(d.photos) {
		return most
	}
	return max(1, len(d.photos)/2)
}

// most is how many photos the task takes or is advised to; 0 for no limit.
func (d *datasetPane) most() int {
	rules := d.rules()
	switch {
	case rules == nil:
		return 0
	case rules.Max > 0:
		return rules.Max
	}
	return rules.AdvisedMax
}

// propose marks the best, found in a worker.
func (p *bestPanel) propose() {
	n, err := strconv.Atoi(strings.TrimSpace(p.count.Text))
	if err != nil || n < 1 {
		p.grid.Select()
		return
	}
	photos := p.photos
	kit.Begin(p.Work, "pick", func(context.Context) []string {
		best := datasets.PickBest(photos, n)
		var refs []string
		for _, photo := range photos {
			if slices.Contains(best, photo.Hash) {
				refs = append(refs, photo.Ref())
			}
		}
		return refs
	}, func(refs []string) { p.grid.Select(refs...) })
}

// selected says what would be done.
func (p *bestPanel) selected(refs []string) {
	p.said.SetText(fmt.Sprintf(lang.L("%d of %d photos stay. The others are removed, which can be undone."), len(refs), len(p.photos)))
	p.keep.SetText(kit.CountOf(len(refs), lang.L("Keep this one"), lang.L("Keep these %d")))
	kit.SetEnabled(len(refs) > 0 && len(refs) < len(p.photos), p.keep)
}

func (p *bestPanel) apply() {
	if p.Closed() || p.keep.Disabled() {
		return
	}
	kept := p.grid.Selected()
	p.Close()
	var others []string
	for _, photo := range p.photos {
		if !slices.Contains(kept, photo.Ref()) {
			others = append(others, photo.Ref())
		}
	}
	p.dataset.removePhotos(others)
}
