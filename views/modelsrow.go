// One model's row.

package views

import (
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

// Widths of a row's columns, in density-independent pixels.
const (
	modelExpiryWidth = 92
	modelStateWidth  = 168
	modelFileWidth   = 112
)

// modelCover is the edge of a model's picture in its row, in density-independent
// pixels.
const modelCover float32 = 48

// modelRow shows one model, and is reused for others.
type modelRow struct {
	widget.BaseWidget

	tab      *modelsTab
	entry    modelEntry
	cover    *picture.Thumb
	title    *widget.Label
	about    *kit.Caption
	expiry   *widget.Label
	state    *widget.Label
	bar      *widget.ProgressBar
	generate *widget.Button
	file     *widget.Button
	more     *widget.Button
	content  fyne.CanvasObject
}

func newModelRow(tab *modelsTab) *modelRow {
	r := &modelRow{tab: tab, cover: picture.NewThumb(tab.loader, modelCover), about: kit.NewCaptionLine("")}
	r.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.title.Truncation = fyne.TextTruncateEllipsis
	r.expiry = widget.NewLabel("")
	r.expiry.Alignment = fyne.TextAlignTrailing
	r.state = widget.NewLabel("")
	r.state.Truncation = fyne.TextTruncateEllipsis
	r.bar = widget.NewProgressBar()
	r.bar.TextFormatter = func() string { return "" }
	r.generate = widget.NewButtonWithIcon(lang.L("Generate"), theme.NewThemedResource(assets.Generate), func() { tab.host.generateWith(r.entry.ID) })
	r.file = widget.NewButton("", nil)
	r.more = widget.NewButtonWithIcon("", theme.MoreVerticalIcon(), func() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.more)
		tab.menu(r.entry, at.AddXY(0, r.more.Size().Height))
	})
	r.more.Importance = widget.LowImportance
	thin := container.New(layout.NewCustomPaddedLayout(0, 0, 7, 7), container.New(barHeight(4), r.bar))
	columns := container.NewHBox(
		middle(container.New(&kit.FixedWidth{Width: modelExpiryWidth}, r.expiry)),
		middle(container.New(&kit.FixedWidth{Width: modelStateWidth}, container.New(layout.NewCustomPaddedVBoxLayout(-4), r.state, thin))),
		middle(container.New(&kit.FixedWidth{Width: modelFileWidth}, r.file)),
		middle(r.generate), middle(r.more),
	)
	names := middle(container.New(layout.NewCustomPaddedVBoxLayout(-14), r.title, r.about))
	r.content = container.New(layout.NewCustomPaddedLayout(3, 3, 6, 6), container.NewBorder(nil, nil, middle(r.cover), columns, names))
	r.ExtendBaseWidget(r)
	return r
}

// middle centres an object vertically and gives it the whole width.
func middle(object fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(layout.NewSpacer(), object, layout.NewSpacer())
}

// barHeight is a layout of one fixed height.
type barHeight float32

// MinSize is the height alone.
func (h barHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, float32(h)) }

// Layout fills the width.
func (h barHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, object := range objects {
		object.Resize(fyne.NewSize(size.Width, float32(h)))
	}
}

// CreateRenderer lays the row out.
func (r *modelRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

// TappedSecondary shows what can be done with the model.
func (r *modelRow) TappedSecondary(event *fyne.PointEvent) {
	r.tab.menu(r.entry, event.AbsolutePosition)
}

// Tapped selects the row, as tapping beside its buttons does.
func (r *modelRow) Tapped(*fyne.PointEvent) {
	for i, entry := range r.tab.shown {
		if entry.ID == r.entry.ID {
			r.tab.list.Select(i)
		}
	}
}

func (r *modelRow) show(entry modelEntry) {
	r.entry = entry
	r.cover.SetPicture(entry.cover, assets.Models)
	r.title.SetText(entry.Title)
	r.about.SetText(aboutModel(entry))
	words, importance := expiryWords(entry.Expires, r.tab.now(), entry.here)
	r.expiry.Importance = importance
	r.expiry.SetText(words)
	r.showState()
	r.showFile()
}

// showState says where the model's file is.
func (r *modelRow) showState() {
	text, importance := lang.L("Not on this computer"), widget.MediumImportance
	switch failure := r.tab.failures[r.entry.ID]; {
	case r.entry.Downloading:
		left := downloadPace{}
		if d := r.tab.loading[r.entry.ID]; d != nil {
			left = d.pace
		}
		text = downloadWords(r.entry.Downloaded, r.entry.Size, left.left(r.entry.Size))
		r.bar.Max = float64(max(1, r.entry.Size))
		r.bar.SetValue(float64(r.entry.Downloaded))
	case r.tab.loading[r.entry.ID] != nil:
		text = lang.L("Starting the download")
	case r.entry.here:
		text, importance = lang.L("On this computer"), widget.SuccessImportance
	case failure != nil:
		text, importance = sayError(failure), widget.DangerImportance
	}
	r.state.Importance = importance
	r.state.SetText(text)
	kit.SetVisible(r.entry.Downloading, r.bar)
}

// showFile makes the button that brings the file here, or leads to it.
func (r *modelRow) showFile() {
	id := r.entry.ID
	text, do := lang.L("Download"), func() { r.tab.download(id) }
	switch {
	case r.tab.loading[id] != nil:
		text, do = lang.L("Cancel"), r.tab.loading[id].cancel
	case r.entry.here:
		entry := r.entry
		text, do = lang.L("Show file"), func() { r.tab.showFile(entry) }
	case r.tab.failures[id] != nil:
		text = lang.L("Retry")
	}
	r.file.SetText(text)
	r.file.OnTapped = do
	fetched := r.entry.Downloading && r.tab.loading[id] == nil // by the job that trained it
	kit.SetEnabled(!fetched && (r.entry.here || r.entry.Downloadable() || r.tab.loading[id] != nil), r.file)
}
