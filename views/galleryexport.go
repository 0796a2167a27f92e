// How far an export is.

package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// exportProgress is a dialog with a bar and a way out.
type exportProgress struct {
	of     int
	bar    *widget.ProgressBar
	text   *widget.Label
	dialog *dialog.CustomDialog
}

func newExportProgress(w fyne.Window, of int) *exportProgress {
	p := &exportProgress{of: of, bar: widget.NewProgressBar(), text: widget.NewLabel("")}
	p.bar.Max = float64(of)
	p.dialog = dialog.NewCustom(lang.L("Exporting"), lang.L("Cancel"), container.NewVBox(p.text, p.bar), w)
	p.step(0)
	return p
}

func (p *exportProgress) show(cancel context.CancelFunc) {
	p.dialog.SetOnClosed(cancel)
	p.dialog.Show()
}

func (p *exportProgress) step(done int) {
	p.text.SetText(fmt.Sprintf(lang.L("%d of %d pictures"), done, p.of))
	p.bar.SetValue(float64(done))
}

func (p *exportProgress) hide() { p.dialog.Hide() }
