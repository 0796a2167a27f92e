// The pause: said at the top of the window as long as it lasts, over restarts
// too, and ended there.

package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// pauseBar says that nothing new is sent, and ends that.
type pauseBar struct {
	desk
	shown fyne.CanvasObject
}

func newPauseBar(d desk) *pauseBar {
	b := &pauseBar{desk: d}
	title := widget.NewLabelWithStyle(lang.L("Paused"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	text := kit.WrappedLabel()
	text.SetText(lang.L("Nothing new is sent or uploaded, after a restart too. What services work on already is watched and fetched."))
	resume := widget.NewButtonWithIcon(lang.L("Resume"), theme.MediaPlayIcon(), func() { b.setPaused(false) })
	resume.Importance = widget.HighImportance
	row := container.NewBorder(nil, nil, container.NewVBox(title), container.NewVBox(resume), text)
	b.shown = container.NewStack(kit.NewPlate(theme.ColorNameHeaderBackground, "", 0), container.NewPadded(row))
	b.refresh()
	return b
}

func (b *pauseBar) refresh() { kit.SetVisible(b.studio.Paused(), b.shown) }

// setPaused begins or ends the pause at once; that it is written down is done in a
// worker.
func (d desk) setPaused(paused bool) {
	kit.Do(d.work, func(context.Context) error { return d.studio.SetPaused(paused) }, func(err error) {
		if err != nil {
			kit.Inform(d.window, lang.L("The pause couldn't be written down"), widget.NewLabel(sayError(err)))
		}
	})
}
