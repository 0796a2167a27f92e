// Help → Check everything: how far it is, what was found, and the repair.

package views

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/views/kit"
)

// checkSize is in density-independent pixels.
var checkSize = fyne.NewSize(720, 520)

// checkPanel checks at once, and repairs when told to. Closing it stops either.
type checkPanel struct {
	kit.Panel
	desk

	findings []app.Finding
	cancel   context.CancelFunc // of what runs; nil for nothing

	text   *widget.Label
	about  *kit.MutedText
	bar    *widget.ProgressBar
	list   *widget.List
	repair *kit.Button
	stop   *kit.Button
}

// showCheck opens the panel and begins to check.
func showCheck(d desk) *checkPanel {
	p := &checkPanel{desk: d.part(), text: widget.NewLabel(""), about: kit.NewMutedText(""), bar: widget.NewProgressBar()}
	p.Work = p.work
	p.text.TextStyle.Bold = true
	p.list = widget.NewList(
		func() int { return len(p.findings) },
		func() fyne.CanvasObject { return newFindingRow() },
		func(row widget.ListItemID, object fyne.CanvasObject) {
			if row < len(p.findings) {
				shown := object.(*findingRow)
				shown.show(p.findings[row])
				p.list.SetItemHeight(row, shown.MinSize().Height)
			}
		},
	)
	p.list.HideSeparators = true
	p.list.OnSelected = p.list.Unselect
	p.repair = kit.NewButton(lang.L("Repair"), p.Escape, func() { p.begin(true) })
	p.repair.Importance = widget.HighImportance
	p.stop = kit.NewButton(lang.L("Stop"), p.Escape, func() { kit.Call(p.cancel) })
	done := kit.NewButton(lang.L("Close"), p.Escape, p.Close)
	top := container.NewVBox(
		kit.Heading(lang.L("Check everything")),
		kit.NewCaption(lang.L("Reads the database, every picture, photo, model and thumbnail, and the backups. Repairing takes them from the backups and, at no cost, from the services; what can't be mended is moved aside, never deleted.")),
		p.text, p.bar, p.about,
	)
	bottom := container.NewHBox(p.stop, layout.NewSpacer(), done, p.repair)
	p.Show(d.window, container.NewBorder(top, bottom, nil, nil, p.list), checkSize, done)
	p.begin(false)
	return p
}

// begin checks, or checks and repairs.
func (p *checkPanel) begin(repair bool) {
	p.findings = nil
	p.list.Refresh()
	p.bar.SetValue(0)
	p.bar.Show()
	p.about.SetText("")
	p.text.SetText(lang.L("Checking…"))
	if repair {
		p.text.SetText(lang.L("Repairing…"))
	}
	p.repair.Hide()
	p.stop.Show()
	type outcome struct {
		report  app.Report
		err     error
		stopped bool
	}
	studio := p.studio
	p.cancel = kit.Do(p.work, func(ctx context.Context) outcome {
		report, err := studio.Check(ctx, app.Checking{Repair: repair, Found: p.onUI, Tell: p.tell})
		return outcome{report, err, ctx.Err() != nil}
	}, func(o outcome) {
		p.cancel = nil
		p.bar.Hide()
		p.stop.Hide()
		p.ended(o.report, o.err, o.stopped, repair)
	})
}

func (p *checkPanel) onUI(f app.Finding) {
	kit.OnUI(func() {
		if p.cancel != nil && !p.Closed() {
			p.findings = append(p.findings, f)
			p.list.Refresh()
		}
	})
}

func (p *checkPanel) tell(progress app.CheckProgress) {
	kit.OnUI(func() {
		if p.cancel != nil && !p.Closed() && progress.Of > 0 {
			p.bar.SetValue(float64(progress.Done) / float64(progress.Of))
			p.about.SetText(fmt.Sprintf(lang.L("%s of %s read"), bytesInWords(progress.Done), bytesInWords(progress.Of)))
		}
	})
}

// ended says what came of it.
func (p *checkPanel) ended(report app.Report, err error, stopped, repair bool) {
	p.findings = report.Findings
	p.list.Refresh()
	remaining, repaired := len(report.Remaining()), report.Repaired()
	switch {
	case stopped || errors.Is(err, context.Canceled):
		p.text.SetText(lang.L("Stopped. What was found by then is below."))
	case err != nil:
		p.text.SetText(sayError(err))
	case remaining == 0 && repaired == 0:
		p.text.SetText(lang.L("Everything is whole."))
	case remaining == 0:
		p.text.SetText(kit.CountOf(repaired, lang.L("1 thing was repaired; everything is whole."), lang.L("%d things were repaired; everything is whole.")))
	case repair:
		p.text.SetText(kit.CountOf(remaining, lang.L("1 thing can't be repaired."), lang.L("%d things can't be repaired.")))
	default:
		p.text.SetText(kit.CountOf(remaining, lang.L("1 thing is damaged or missing."), lang.L("%d things are damaged or missing.")))
	}
	p.about.SetText(fmt.Sprintf(lang.L("Looked at %d records, %d pictures, %d photos, %d models, %d thumbnails and %d backups."),
		report.Records, report.Pictures, report.Photos, report.Models, report.Thumbnails, report.Backups))
	kit.SetVisible(remaining > 0 && !repair && err == nil && !stopped, p.repair)
}

// findingRow is reused for many findings.
type findingRow struct {
	widget.BaseWidget

	icon    *widget.Icon
	title   *widget.Label
	text    *kit.MutedText
	content fyne.CanvasObject
}

func newFindingRow() *findingRow {
	r := &findingRow{icon: widget.NewIcon(theme.WarningIcon()), text: kit.NewMutedText("")}
	r.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.title.Truncation = fyne.TextTruncateEllipsis
	mark := container.NewVBox(container.NewPadded(container.NewGridWrap(fyne.NewSquareSize(20), r.icon)))
	r.content = container.NewBorder(nil, nil, mark, nil, container.New(layout.NewCustomPaddedVBoxLayout(-9), r.title, r.text))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer lays the row out.
func (r *findingRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }

func (r *findingRow) show(f app.Finding) {
	icon, state := findingState(f.State)
	r.icon.SetResource(icon)
	r.title.SetText(kit.Dotted(state, findingKind(f.Kind), f.ID))
	r.text.SetText(say(f.Message))
}

func findingState(state app.FindingState) (fyne.Resource, string) {
	switch state {
	case app.Repaired:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon()), lang.L("Repaired")
	case app.Quarantined:
		return theme.NewWarningThemedResource(theme.WarningIcon()), lang.L("In quarantine")
	case app.Lost:
		return theme.NewErrorThemedResource(theme.ErrorIcon()), lang.L("Lost")
	case app.Unused:
		return theme.NewDisabledResource(theme.InfoIcon()), lang.L("Not used")
	}
	return theme.NewErrorThemedResource(theme.WarningIcon()), lang.L("Damaged")
}

func findingKind(kind string) string {
	switch kind {
	case app.KindDatabase:
		return lang.L("Database")
	case app.KindRecord:
		return lang.L("Record")
	case app.KindPicture:
		return lang.L("Picture")
	case app.KindPhoto:
		return lang.L("Photo")
	case app.KindModel:
		return lang.L("Model")
	case app.KindThumbnail:
		return lang.L("Thumbnail")
	case app.KindBackup:
		return lang.L("Backup")
	}
	return lang.L("File")
}
