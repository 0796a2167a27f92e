// A dataset at Bria: its images with their captions, and what can be done with
// them while it is a draft.

package views

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// briaDatasetView stays while one dataset is looked at, so that what is typed
// outlives each look at Bria.
type briaDatasetView struct {
	pane   *briaPane
	bria   *remote.Remote
	work   *kit.Work
	shown  remote.Dataset
	read   bool          // with its images
	pace   remote.Pace   // of looking for captions
	faster time.Duration // how many times faster that is: 1, but in tests
	large  *briaLarge    // the image shown large last, nil for none

	title    *briaTitle
	train    *widget.Button
	add      *widget.Button
	complete *widget.Button
	note     *kit.MutedText
	entry    *widget.Entry
	keep     *widget.Button
	recap    *widget.Button
	editing  *fyne.Container
	captions *briaWriting
	unsent   *briaUnsentCard
	images   *briaImageList
	nothing  *kit.EmptyState
	content  fyne.CanvasObject
}

func newBriaDatasetView(p *briaPane) *briaDatasetView {
	v := &briaDatasetView{pane: p, bria: p.bria, work: p.work.Part(), faster: 1, title: newBriaTitle(p.desk, "", "", ""), note: kit.NewMutedText("")}
	v.train = widget.NewButton(lang.L("Train with this…"), func() { p.train(v.shown) })
	v.train.Importance = widget.HighImportance
	v.add = widget.NewButtonWithIcon(lang.L("Add pictures…"), theme.ContentAddIcon(), v.chooseSource)
	v.complete = widget.NewButton(lang.L("Complete…"), v.askComplete)
	clone := widget.NewButton(lang.L("Clone…"), v.clone)
	rename := widget.NewButton(lang.L("Rename…"), v.rename)
	remove := widget.NewButtonWithIcon(lang.L("Delete…"), theme.DeleteIcon(), v.askRemove)
	v.entry = widget.NewMultiLineEntry()
	v.entry.Wrapping = fyne.TextWrapWord
	v.entry.SetMinRowsVisible(2)
	v.entry.SetPlaceHolder(lang.L("How every caption begins"))
	v.entry.OnChanged = func(string) { v.offerPrefix() }
	v.entry.OnSubmitted = func(string) { v.savePrefix() }
	v.keep = widget.NewButton(lang.L("Save prefix"), v.savePrefix)
	v.recap = widget.NewButton(lang.L("Caption all again…"), v.askRecaption)
	prefix := container.NewBorder(nil, nil, nil, container.NewVBox(v.keep, v.recap), v.entry)
	v.editing = container.New(layout.NewCustomPaddedLayout(0, 6, 4, 4), container.NewBorder(kit.NewMutedLine(lang.L("Caption prefix")), nil, nil, nil, prefix))
	v.captions = newBriaWriting()
	v.unsent = newBriaUnsentCard(v)
	v.images = newBriaImageList(v)
	v.nothing = kit.NewEmptyState(assets.Gallery)
	top := container.New(layout.NewCustomPaddedVBoxLayout(0), v.title.content,
		briaButtons(v.train, v.add, v.complete, clone, rename, remove), v.note, v.editing, v.unsent, v.captions.content)
	v.content = container.New(layout.NewCustomPaddedLayout(2, 4, 8, 10), container.NewBorder(top, nil, nil, nil, container.NewStack(v.images, v.nothing)))
	return v
}

func (v *briaDatasetView) id() providers.Values {
	return providers.Values{"dataset_id": string(v.shown.ID)}
}

// open shows a dataset as it is listed, and then reads its images.
func (v *briaDatasetView) open(d remote.Dataset) {
	if d.ID != v.shown.ID {
		v.images.ScrollTo(0)
		v.shown, v.read = remote.Dataset{}, false
		v.entry.SetText("")
	}
	d.Images = v.shown.Images
	v.update(d)
	if len(d.Images) == 0 {
		v.nothing.Say(lang.L("Looking at Bria…"), "", "", nil)
	}
	v.look()
}

func (v *briaDatasetView) update(d remote.Dataset) {
	typed := v.entry.Text != v.shown.Prefix
	v.shown = d
	if !typed {
		v.entry.SetText(d.Prefix)
	}
	v.title.name.SetText(d.Name)
	v.title.id.show(string(d.ID))
	size, _ := d.Size()
	v.title.state.SetText(kit.Dotted(statusWord(d.Status), kit.CountOf(size, lang.L("1 picture"), lang.L("%d pictures"))))
	v.captions.show(d.Writing())
	v.note.SetText(lang.L("Completed: pictures and captions stay as they are. Clone it to change the copy."))
	v.offer()
	v.nothing.Hide()
	if len(d.Images) == 0 {
		v.nothing.Say(lang.L("No pictures yet"), v.invitation(), lang.L("Add pictures…"), v.chooseSource)
	}
	v.redraw()
}

// invitation says what may be added.
func (v *briaDatasetView) invitation() string {
	limits := v.bria.Limits()
	return fmt.Sprintf(lang.L("Drop pictures here: %[1]d to %[2]d of at least %[3]d × %[3]d pixels. Bria captions each."),
		limits.Min, limits.Max, limits.MinEdge)
}

// offer shows the buttons of what can be done. What rests on the images waits
// until they are read.
func (v *briaDatasetView) offer() {
	can := v.bria.DatasetActions(v.shown).Can
	kit.SetVisible(v.shown.Completed(), v.note)
	kit.SetVisible(can(remote.EditCaptions), v.editing)
	kit.SetVisible(can(remote.AddPictures), v.add, v.complete)
	kit.SetEnabled(v.read && can(remote.Complete), v.complete)
	kit.SetEnabled(v.read && can(remote.RecaptionAll), v.recap)
	v.offerPrefix()
}

// redraw shows what waits to be sent as it is now, and the captions.
func (v *briaDatasetView) redraw() {
	v.unsent.refresh()
	v.images.Refresh()
	if v.large != nil && !v.large.Closed() {
		v.large.describe()
	}
}

func (v *briaDatasetView) offerPrefix() {
	kit.SetEnabled(remote.PrefixChanged(v.shown, v.entry.Text), v.keep)
}

func (v *briaDatasetView) savePrefix() {
	if v.keep.Disabled() {
		return
	}
	dataset, text := v.shown.ID, v.entry.Text
	v.pane.change(lang.L("Saving the caption prefix…"), func(ctx context.Context, _ tellChange) (func(), error) {
		prefix, err := v.bria.Drafts.SavePrefix(ctx, dataset, text)
		if err != nil {
			return nil, err
		}
		return func() { v.savedPrefix(dataset, prefix) }, nil
	})
}

func (v *briaDatasetView) savedPrefix(dataset remote.ID, prefix string) {
	if v.shown.ID != dataset {
		return
	}
	v.shown.Prefix = prefix
	v.entry.SetText(prefix)
	v.look()
	text := lang.L("The prefix is saved. The captions that are there were written to go on from the old one; Bria can write them anew.")
	if len(v.shown.Images) == 0 {
		v.pane.say(text)
		return
	}
	v.pane.notice.offer(text, lang.L("Caption all again…"), v.askRecaption)
}

func (v *briaDatasetView) askRecaption() {
	dataset := v.shown.ID
	kit.Confirm(v.pane.window, kit.Question{
		Title: lang.L("Have Bria write all captions again?"),
		Text:  lang.L("Captions that were saved by hand are replaced. What is typed and not saved stays, to be saved afterwards."),
		Yes:   lang.L("Caption all again"), No: lang.L("Keep the captions"),
	}, func() {
		v.pane.do(lang.L("Asking for new captions…"), func(ctx context.Context) error { return v.bria.Drafts.RecaptionAll(ctx, dataset) }, v.look)
	})
}

func (v *briaDatasetView) askComplete() {
	d := v.shown
	lines := []string{}
	for _, obstacle := range v.bria.Drafts.Obstacles(d) {
		lines = append(lines, obstacleWords(obstacle))
	}
	lines = append(lines, lang.L("Then models can be trained on it, and nothing in it can be changed any more: pictures and captions stay as they are. A clone of it can be changed."))
	kit.Confirm(v.pane.window, kit.Question{
		Title: lang.L("Complete the dataset?"), Text: strings.Join(lines, "\n"), Yes: lang.L("Complete"), No: lang.L("Leave it a draft"),
	}, func() {
		v.pane.do(lang.L("Completing the dataset…"), func(ctx context.Context) error { return v.bria.Drafts.Complete(ctx, d) }, v.pane.reload)
	})
}

// obstacleWords say what should be done before a dataset is completed.
func obstacleWords(obstacle remote.Obstacle) string {
	switch obstacle {
	case remote.PicturesWaiting:
		return lang.L("Some pictures are not at Bria yet. Add them first.")
	case remote.CaptionsPending:
		return lang.L("Bria is still writing captions. Wait for them first.")
	case remote.CaptionsMissing:
		return lang.L("Some pictures have no caption. Write one, or have Bria caption them again, first.")
	case remote.CaptionsUnsaved:
		return lang.L("Some captions are typed and not saved. Save them first, or they are lost.")
	}
	return ""
}

func (v *briaDatasetView) clone() {
	v.pane.ask(briaOrder{
		title: lang.L("Clone the dataset as a draft"), yes: lang.L("Clone"), call: "dataset-clone",
		fields: []string{"name", "description"}, fixed: v.id(), then: v.pane.made(remote.KindDataset),
	})
}

func (v *briaDatasetView) rename() {
	v.pane.ask(briaOrder{
		title: lang.L("Rename dataset"), yes: lang.L("Rename"), call: "dataset-update",
		fields: []string{"name"}, known: map[string]any{"name": v.shown.Name}, fixed: v.id(),
		then: func(remote.ID) { v.pane.reload() },
	})
}

func (v *briaDatasetView) askRemove() { v.pane.askDelete(v.shown.Key()) }
