// Choosing which of the jobs that only a service knows are imported.

package views

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
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

// unclaimedSize is in density-independent pixels.
var unclaimedSize = fyne.NewSize(640, 520)

// unclaimedPanel lists one service's jobs with a tick each, all ticked at first.
type unclaimedPanel struct {
	kit.Panel

	imports *jobsImport
	at      unclaimedAt
	left    map[string]bool // ids of those without a tick

	list  *unclaimedList
	count *kit.MutedText
	take  *kit.Button
}

func showUnclaimed(i *jobsImport, at unclaimedAt) {
	p := &unclaimedPanel{imports: i, at: at, left: map[string]bool{}, count: kit.NewMutedLine("")}
	p.list = newUnclaimedList(p)
	all := kit.NewButton(lang.L("All"), p.Escape, func() { p.tickAll(true) })
	none := kit.NewButton(lang.L("None"), p.Escape, func() { p.tickAll(false) })
	cancel := kit.NewButton(lang.L("Cancel"), p.Escape, p.Close)
	p.take = kit.NewButton(lang.L("Bring in"), p.Escape, p.apply)
	p.take.Importance = widget.HighImportance
	p.OnEnter = p.apply
	top := container.NewVBox(
		kit.Heading(fmt.Sprintf(lang.L("Bring in jobs from %s"), at.service.Title)),
		kit.NewCaption(lang.L("Their pictures and models are downloaded, as far as the service still has them. Nothing is paid and nothing changes at the service.")),
	)
	bottom := container.NewBorder(nil, nil, container.NewHBox(all, none), container.NewHBox(cancel, p.take), p.count)
	p.Show(i.window, container.NewBorder(top, bottom, nil, nil, p.list), unclaimedSize, p.list)
	p.tell()
}

// chosen are the ids with a tick.
func (p *unclaimedPanel) chosen() []string {
	var ids []string
	for _, job := range p.at.jobs {
		if !p.left[job.ID] {
			ids = append(ids, job.ID)
		}
	}
	return ids
}

// tell follows the ticks.
func (p *unclaimedPanel) tell() {
	n := len(p.chosen())
	p.count.SetText(fmt.Sprintf(lang.L("%d of %d chosen"), n, len(p.at.jobs)))
	kit.SetEnabled(n > 0, p.take)
	p.list.Refresh()
}

func (p *unclaimedPanel) tickAll(ticked bool) {
	for _, job := range p.at.jobs {
		p.left[job.ID] = !ticked
	}
	p.tell()
}

func (p *unclaimedPanel) turn(row widget.ListItemID) {
	if row >= 0 && row < len(p.at.jobs) {
		id := p.at.jobs[row].ID
		p.left[id] = !p.left[id]
		p.tell()
	}
}

func (p *unclaimedPanel) apply() {
	if ids := p.chosen(); len(ids) > 0 {
		p.Close()
		p.imports.take(p.at.service, ids)
	}
}

// unclaimedList turns a row's tick by a click or Space.
type unclaimedList struct {
	widget.List

	panel *unclaimedPanel
}

func newUnclaimedList(p *unclaimedPanel) *unclaimedList {
	l := &unclaimedList{panel: p}
	studio := p.imports.studio
	l.Length = func() int { return len(p.at.jobs) }
	l.CreateItem = func() fyne.CanvasObject { return newUnclaimedRow() }
	l.UpdateItem = func(row widget.ListItemID, object fyne.CanvasObject) {
		if row < len(p.at.jobs) {
			job := p.at.jobs[row]
			object.(*unclaimedRow).show(studio, job, !p.left[job.ID])
		}
	}
	l.OnSelected = func(row widget.ListItemID) {
		l.Unselect(row)
		p.turn(row)
	}
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey leaves Escape and Enter to the panel.
func (l *unclaimedList) TypedKey(event *fyne.KeyEvent) {
	if !l.panel.Key(event) {
		l.List.TypedKey(event)
	}
}

// unclaimedRow is reused for many jobs.
type unclaimedRow struct {
	widget.BaseWidget

	tick    *widget.Icon
	title   *widget.Label
	when    *kit.MutedText
	about   *kit.MutedText
	content fyne.CanvasObject
}

func newUnclaimedRow() *unclaimedRow {
	r := &unclaimedRow{tick: widget.NewIcon(theme.CheckButtonIcon()), about: kit.NewMutedLine(""), when: kit.NewMutedText("")}
	r.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.title.Truncation = fyne.TextTruncateEllipsis
	r.when.Wrapping = fyne.TextWrapOff
	mark := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(20), r.tick))
	first := container.NewBorder(nil, nil, nil, r.when, r.title)
	r.content = container.NewBorder(nil, nil, container.NewPadded(mark), nil, container.New(layout.NewCustomPaddedVBoxLayout(-9), first, r.about))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer lays the row out.
func (r *unclaimedRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

func (r *unclaimedRow) show(studio *app.Studio, remote providers.Remote, ticked bool) {
	icon := theme.CheckButtonIcon()
	if ticked {
		icon = theme.NewPrimaryThemedResource(theme.CheckButtonCheckedIcon())
	}
	r.tick.SetResource(icon)
	task := remote.Task
	if made, _, ok := studio.Services().Task(remote.Task); ok {
		task = kit.Local(made.Title)
	}
	r.title.SetText(firstLine(remote.Title, task))
	when := ""
	if !remote.Time.IsZero() {
		when = kit.Moment(remote.Time, time.Now())
	}
	r.when.SetText(when)
	state := jobs.Job{State: remote.State, Status: providers.Status{Fraction: -1}}
	r.about.SetText(kit.Dotted(stateWords(state), task, remote.ID))
}
