// A dataset at Bria: its images with their captions, and what can be done with
// them while it is a draft.

package views

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
)

// briaDatasetView stays while one dataset is looked at, so that what is typed
// outlives each look at Bria.
type briaDatasetView struct {
	pane   *briaPane
	work   *kit.Work
	shown  briaDataset
	prefix string        // as it is at Bria
	pace   time.Duration // of looking for captions: captionPace, but in tests
	pause  time.Duration // until the next look
	stuck  bool          // captions that wait could not be sent
	most   int           // images in a dataset: briaMostImages, but in tests
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
	v := &briaDatasetView{pane: p, work: p.work.Part(), pace: captionPace, most: briaMostImages, title: newBriaTitle(p.desk, "", "", ""), note: kit.NewMutedText("")}
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

func (v *briaDatasetView) id() map[string]any {
	return map[string]any{"dataset_id": string(v.shown.ID)}
}

// open shows a dataset as it is listed, and then reads its images.
func (v *briaDatasetView) open(d briaDataset) {
	if d.ID != v.shown.ID {
		v.images.ScrollTo(0)
		v.shown, v.prefix, v.stuck = briaDataset{}, "", false
		v.entry.SetText("")
	}
	d.Images = v.shown.Images
	v.update(d)
	if len(d.Images) == 0 {
		v.nothing.Say(lang.L("Looking at Bria…"), "", "", nil)
	}
	v.look()
}

func (v *briaDatasetView) update(d briaDataset) {
	typed := v.entry.Text != v.prefix
	v.shown, v.prefix = d, d.Prefix
	if !typed {
		v.entry.SetText(d.Prefix)
	}
	v.title.name.SetText(d.Name)
	v.title.id.show(string(d.ID))
	v.title.state.SetText(kit.Dotted(briaWord(d.Status), kit.CountOf(len(d.Images), lang.L("1 image"), lang.L("%d images"))))
	v.captions.show(d.writing())
	v.unsent.refresh()
	v.note.SetText(lang.L("Completed: images and captions stay as they are. Clone it to change the copy."))
	kit.SetVisible(d.completed(), v.note)
	kit.SetVisible(!d.completed(), v.editing, v.add, v.complete)
	kit.SetEnabled(len(d.Images) > 0, v.complete)
	kit.SetEnabled(len(d.Images) > 0, v.recap)
	v.offerPrefix()
	v.nothing.Hide()
	if len(d.Images) == 0 {
		v.nothing.Say(lang.L("No images yet"), lang.L("Drop pictures here: 1 to 200 of at least 1024 × 1024 pixels. Bria captions each."), lang.L("Add pictures…"), v.chooseSource)
	}
	v.images.Refresh()
	if v.large != nil && !v.large.Closed() {
		v.large.describe()
	}
}

func (v *briaDatasetView) offerPrefix() {
	kit.SetEnabled(v.entry.Text != v.prefix && strings.TrimSpace(v.entry.Text) != "", v.keep)
}

func (v *briaDatasetView) savePrefix() {
	if v.keep.Disabled() {
		return
	}
	values, prefix := v.id(), strings.Join(strings.Fields(v.entry.Text), " ")
	values["caption_prefix"] = prefix
	v.pane.send(lang.L("Saving the caption prefix…"), briaRequest{"dataset-update", values}, func() {
		v.prefix = prefix
		v.entry.SetText(prefix)
		v.look()
		text := lang.L("The prefix is saved. The captions that are there were written to go on from the old one; Bria can write them anew.")
		if len(v.shown.Images) == 0 {
			v.pane.say(text)
			return
		}
		v.pane.notice.offer(text, lang.L("Caption all again…"), v.askRecaption)
	})
}

func (v *briaDatasetView) askRecaption() {
	kit.Confirm(v.pane.window, kit.Question{
		Title: lang.L("Have Bria write all captions again?"),
		Text:  lang.L("Captions that were saved by hand are replaced. What is typed and not saved stays, to be saved afterwards."),
		Yes:   lang.L("Caption all again"), No: lang.L("Keep the captions"),
	}, func() {
		v.pane.send(lang.L("Asking for new captions…"), briaRequest{"images-recaption", v.id()}, v.look)
	})
}

func (v *briaDatasetView) askComplete() {
	text := lang.L("Then models can be trained on it, and nothing in it can be changed any more: images and captions stay as they are. A clone of it can be changed.")
	if v.unsaved() {
		text = lang.L("Some captions are typed and not saved. Save them first, or they are lost.") + "\n" + text
	}
	if writing, _, _ := v.shown.writing(); writing {
		text = lang.L("Bria is still writing captions. Wait for them first.") + "\n" + text
	}
	if len(v.unsentPhotos()) > 0 {
		text = lang.L("Some pictures are not at Bria yet. Add them first.") + "\n" + text
	}
	kit.Confirm(v.pane.window, kit.Question{Title: lang.L("Complete the dataset?"), Text: text, Yes: lang.L("Complete"), No: lang.L("Leave it a draft")}, func() {
		values := v.id()
		values["status"] = "completed"
		v.pane.send(lang.L("Completing the dataset…"), briaRequest{"dataset-update", values}, func() {
			for _, img := range v.shown.Images {
				v.pane.drafts.drop(img.ID)
			}
			v.keepDrafts()
			v.pane.reload()
		})
	})
}

// unsaved reports whether a caption is typed and not saved.
func (v *briaDatasetView) unsaved() bool {
	return slices.ContainsFunc(v.shown.Images, func(img briaImage) bool {
		_, typed := v.pane.drafts.get(img.ID)
		return typed
	})
}

func (v *briaDatasetView) clone() {
	v.pane.ask(briaOrder{
		title: lang.L("Clone the dataset as a draft"), yes: lang.L("Clone"), call: "dataset-clone",
		fields: []string{"name", "description"}, fixed: v.id(), then: v.pane.made(kindDataset),
	})
}

func (v *briaDatasetView) rename() {
	v.pane.ask(briaOrder{
		title: lang.L("Rename dataset"), yes: lang.L("Rename"), call: "dataset-update",
		fields: []string{"name"}, known: map[string]any{"name": v.shown.Name}, fixed: v.id(),
		then: func(briaID) { v.pane.reload() },
	})
}

func (v *briaDatasetView) askRemove() {
	d := v.shown
	v.pane.askDelete(d.Name, "dataset-delete", v.id(), func(ctx context.Context) (briaLoss, error) {
		return v.pane.asker.loseDataset(ctx, d)
	})
}
