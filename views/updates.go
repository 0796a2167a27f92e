// Help → Check for updates: asks when told to, and says what was asked.

package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/release"
	"github.com/maquette-studio/maquette/views/kit"
)

// updatesSize is in density-independent pixels.
var updatesSize = fyne.NewSize(480, 240)

// updatesPanel asks as it opens. Closing it stops the question.
type updatesPanel struct {
	kit.Panel
	text *widget.Label
	bar  *widget.ProgressBarInfinite
	page *kit.Button // leads to the newer release
}

func showUpdates(d desk) *updatesPanel {
	d = d.part()
	p := &updatesPanel{text: kit.WrappedLabel(), bar: widget.NewProgressBarInfinite()}
	p.Work = d.work
	p.text.SetText(lang.L("Asking the project's site for the newest release. Nothing about you or this computer is sent."))
	p.page = kit.NewButton(lang.L("Open the page of releases"), p.Escape, func() { d.openSite(site + "/releases") })
	p.page.Icon = theme.ComputerIcon()
	p.page.Hide()
	done := kit.NewButton(lang.L("Close"), p.Escape, p.Close)
	top := container.NewVBox(kit.Heading(lang.L("Check for updates")), p.text, p.bar)
	p.Show(d.window, container.NewBorder(top, container.NewHBox(layout.NewSpacer(), p.page, done), nil, nil), updatesSize, done)
	type outcome struct {
		found release.Found
		err   error
	}
	studio := d.studio
	kit.Do(p.Work, func(ctx context.Context) outcome {
		found, err := studio.LookForUpdates(ctx)
		return outcome{found, err}
	}, func(o outcome) {
		p.bar.Hide()
		if o.err != nil {
			p.text.SetText(sayError(o.err))
			return
		}
		p.text.SetText(say(o.found.Sentence()))
		kit.SetVisible(o.found.Newer, p.page)
	})
	return p
}
