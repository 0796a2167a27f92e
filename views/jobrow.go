// One row of the job list.

package views

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// jobRow is reused for many jobs.
type jobRow struct {
	widget.BaseWidget

	icon    *widget.Icon
	title   *widget.Label
	when    *kit.MutedText
	state   *widget.Label
	about   *kit.MutedText
	bar     *thinBar
	content fyne.CanvasObject
}

func newJobRow() *jobRow {
	r := &jobRow{icon: widget.NewIcon(nil), bar: newThinBar()}
	r.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.title.Truncation = fyne.TextTruncateEllipsis
	r.when = kit.NewMutedText("")
	r.when.Wrapping = fyne.TextWrapOff
	r.state = widget.NewLabel("")
	r.about = kit.NewMutedLine("")
	mark := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(18), r.icon))
	first := container.NewBorder(nil, nil, nil, r.when, r.title)
	second := container.NewBorder(nil, nil, r.state, nil, r.about)
	text := container.New(layout.NewCustomPaddedVBoxLayout(-9), first, second)
	r.content = container.NewBorder(nil, r.bar, container.NewPadded(mark), nil, text)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer lays the row out.
func (r *jobRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }

func (r *jobRow) show(studio *app.Studio, job jobs.Job) {
	icon, importance := stateMark(job.State)
	r.icon.SetResource(icon)
	r.title.SetText(jobTitle(studio, job))
	r.when.SetText(kit.Moment(job.Created, time.Now()))
	r.state.Importance = importance
	r.state.SetText(stateWords(job))
	r.about.SetText(kit.Dotted(jobYield(job), strings.Join(strings.Fields(job.Values.Text("prompt")), " ")))
	r.bar.set(job)
}

// jobYield is what came of a job so far, in a few words.
func jobYield(job jobs.Job) string {
	var parts []string
	if note := jobNote(job); note != "" {
		parts = append(parts, note)
	}
	if n := len(job.Images); n > 0 {
		parts = append(parts, kit.CountOf(n, lang.L("1 picture"), lang.L("%d pictures")))
	}
	if n := len(job.Models); n > 0 {
		parts = append(parts, kit.CountOf(n, lang.L("1 model"), lang.L("%d models")))
	}
	if job.Paid {
		parts = append(parts, lang.L("paid"))
	}
	return strings.Join(parts, " · ")
}

// thinBar is a job's progress as a line; where it is unknown, an empty one.
type thinBar struct {
	widget.BaseWidget

	fraction   float64
	back, done *canvas.Rectangle
}

// thinBarHeight is in density-independent pixels.
const thinBarHeight float32 = 3

func newThinBar() *thinBar {
	b := &thinBar{back: canvas.NewRectangle(nil), done: canvas.NewRectangle(nil)}
	b.ExtendBaseWidget(b)
	return b
}

// set follows a job; an ended one has no bar, but keeps its room.
func (b *thinBar) set(job jobs.Job) {
	b.fraction = max(0, min(job.Progress(), 1))
	live := !job.State.Ended() && job.State != providers.Queued
	kit.SetVisible(live, b.back, b.done)
	b.Refresh()
}

// Resize keeps the done part in proportion.
func (b *thinBar) Resize(size fyne.Size) {
	b.BaseWidget.Resize(size)
	b.arrange()
}

func (b *thinBar) arrange() {
	size := b.Size()
	b.back.Resize(size)
	b.done.Resize(fyne.NewSize(size.Width*float32(b.fraction), size.Height))
}

// Refresh follows the progress and a change of theme.
func (b *thinBar) Refresh() {
	b.back.FillColor, b.done.FillColor = theme.Color(theme.ColorNameSeparator), theme.Color(theme.ColorNamePrimary)
	b.arrange()
	b.back.Refresh()
	b.done.Refresh()
	b.BaseWidget.Refresh()
}

// MinSize is the line's height.
func (b *thinBar) MinSize() fyne.Size { return fyne.NewSize(0, thinBarHeight) }

// CreateRenderer draws the line.
func (b *thinBar) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout(b.back, b.done))
}
