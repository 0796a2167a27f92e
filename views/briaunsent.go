// What is left of an upload to a dataset at Bria, and dropping pictures there.

package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
)

// unsentHeight is the most that the names take, in density-independent pixels;
// longer lists scroll.
const unsentHeight float32 = 84

// briaUnsentCard lists the pictures that are to be added to the dataset shown
// and aren't there. It is hidden while there are none, or they are being added.
type briaUnsentCard struct {
	widget.BaseWidget

	view    *briaDatasetView
	frame   *kit.Plate
	title   *widget.Label
	names   *widget.Label
	scroll  *container.Scroll
	content fyne.CanvasObject
}

func newBriaUnsentCard(v *briaDatasetView) *briaUnsentCard {
	c := &briaUnsentCard{view: v, frame: kit.NewPlate(kit.ColorMat, theme.ColorNameWarning, 6), names: kit.WrappedLabel()}
	c.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	c.title.Truncation, c.title.Importance = fyne.TextTruncateEllipsis, widget.WarningImportance
	c.scroll = container.NewVScroll(c.names)
	again := widget.NewButtonWithIcon(lang.L("Try again"), theme.ViewRefreshIcon(), v.uploadAgain)
	forget := widget.NewButton(lang.L("Leave them out"), v.forgetUnsent)
	forget.Importance = widget.LowImportance
	top := container.NewBorder(nil, nil, nil, container.NewHBox(again, forget), c.title)
	c.content = container.New(layout.NewCustomPaddedLayout(4, 4, 6, 6), container.NewBorder(top, nil, nil, nil, c.scroll))
	c.ExtendBaseWidget(c)
	c.Hide()
	return c
}

// refresh shows what is left now.
func (c *briaUnsentCard) refresh() {
	photos := c.view.bria.Uploads.Waiting(c.view.shown.ID)
	names := make([]string, len(photos))
	for i, p := range photos {
		names[i] = p.Name
	}
	c.title.SetText(kit.CountOf(len(photos), lang.L("1 picture is not at Bria yet"), lang.L("%d pictures are not at Bria yet")))
	c.names.SetText(kit.Listed(names...))
	c.scroll.SetMinSize(fyne.NewSize(0, min(unsentHeight, c.names.MinSize().Height)))
	kit.SetVisible(len(photos) > 0 && c.view.pane.stop == nil && !c.view.shown.Completed(), c)
	c.Refresh()
}

// forgetUnsent gives up what is left of uploads to the dataset shown.
func (v *briaDatasetView) forgetUnsent() {
	dataset := v.shown.ID
	kit.Do(v.pane.work, func(context.Context) error { return v.bria.Uploads.Forget(dataset) }, func(err error) {
		if err != nil {
			v.pane.fail(err, nil)
		}
		v.unsent.refresh()
	})
}

// CreateRenderer draws a frame around the card.
func (c *briaUnsentCard) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(c.frame, c.content))
}

// dropped adds pictures dropped anywhere on the pane to the dataset shown, or
// says why that can't be.
func (p *briaPane) dropped(_ fyne.Position, uris []fyne.URI) bool {
	paths := form.PathsOf(uris)
	switch {
	case len(paths) == 0:
		p.say(lang.L("What was dropped is not a file on this computer. Save it first, then drop the file."))
	case p.picked.Kind != remote.KindDataset || !p.loaded:
		p.say(lang.L("Pictures are added to a dataset. Select a draft at the left, or make one with “New dataset…”, then drop them again."))
	case p.dataset.shown.Completed():
		p.notice.offer(fmt.Sprintf(lang.L("“%s” is completed: nothing can be added to it. Clone it as a draft, and drop the pictures on the clone."), p.dataset.shown.Name),
			lang.L("Clone…"), p.dataset.clone)
	default:
		p.dataset.uploadFiles(paths)
	}
	return true
}
