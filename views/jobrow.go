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
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// jobThumb is the edge of a job's picture in its row, in density-independent
// pixels.
const jobThumb float32 = 56

// jobRow is reused for many jobs.
type jobRow struct {
	widget.BaseWidget

	thumb   *picture.Thumb
	icon    *widget.Icon
	title   *widget.Label
	when    *kit.MutedText
	task    *kit.MutedText
	state   *widget.Label
	about   *kit.MutedText
	bar     *thinBar
	content fyne.CanvasObject
}

func newJobRow(loader *picture.Loader) *jobRow {
	r := &jobRow{thumb: picture.NewThumb(loader, jobThumb), icon: widget.NewIcon(nil), bar: newThinBar()}
	r.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.title.Truncation = fyne.TextTruncateEllipsis
	r.when = kit.NewMutedText("")
	r.when.Wrapping = fyne.TextWrapOff
	r.task = kit.NewMutedLine("")
	r.state = widget.NewLabel("")
	r.about = kit.NewMutedLine("")
	mark := container.New(layout.NewCustomPaddedLayout(0, 0, theme.InnerPadding(), 0), container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(16), r.icon)))
	text := container.New(
		layout.NewCustomPaddedVBoxLayout(-14),
		container.NewBorder(nil, nil, nil, r.when, r.title),
		r.task,
		container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedHBoxLayout(-4), mark, r.state), nil, r.about),
	)
	left := container.New(layout.NewCustomPaddedLayout(6, 6, 6, 0), middle(r.thumb))
	r.content = container.NewBorder(nil, r.bar, left, nil, text)
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer lays the row out.
func (r *jobRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }

func (r *jobRow) show(studio *app.Studio, job jobs.Job) {
	icon, importance := stateMark(job.State)
	r.icon.SetResource(icon)
	r.thumb.SetPicture(jobPicture(studio, job), jobSign(studio, job))
	r.title.SetText(jobSubject(studio, job))
	r.task.SetText(jobTitle(studio, job))
	r.when.SetText(kit.Moment(job.Created, time.Now()))
	r.state.Importance = importance
	r.state.SetText(stateWords(job))
	r.about.SetText(jobYield(job))
	r.bar.set(job)
}

// jobPicture is what a job is known by: the first of its pictures that isn't in
// the trash, or the first photo it trains on; "" for neither.
func jobPicture(studio *app.Studio, job jobs.Job) string {
	for _, id := range job.Images {
		if p, here := studio.Library.Picture(id); here && p.Trashed.IsZero() {
			return id
		}
	}
	if len(job.Photos) > 0 {
		return job.Photos[0].EditedRef()
	}
	return ""
}

// jobSign stands for a job that has no picture.
func jobSign(studio *app.Studio, job jobs.Job) fyne.Resource {
	if generates(studio, job) {
		return assets.Generate
	}
	return assets.Train
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
