// How far an export is.

package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// exportWidth is the width of the bar, in density-independent pixels.
const exportWidth float32 = 320

// exportProgress is a panel with a bar and a way out.
type exportProgress struct {
	kit.Panel

	of   int
	bar  *widget.ProgressBar
	text *widget.Label
}

func newExportProgress(of int) *exportProgress {
	p := &exportProgress{of: of, bar: widget.NewProgressBar(), text: widget.NewLabel("")}
	p.bar.Max = float64(of)
	p.step(0)
	return p
}

// show lies over the window until the export is over or cancelled.
func (p *exportProgress) show(w fyne.Window, cancel context.CancelFunc) {
	p.OnClosed = cancel
	stop := kit.NewButton(lang.L("Cancel"), p.Escape, p.Close)
	progress := container.New(&kit.FixedWidth{Width: exportWidth}, container.NewVBox(p.text, p.bar))
	p.ShowFitting(w, container.NewVBox(kit.Heading(lang.L("Exporting")), progress, container.NewCenter(stop)), stop)
}

func (p *exportProgress) step(done int) {
	p.text.SetText(fmt.Sprintf(lang.L("%d of %d pictures"), done, p.of))
	p.bar.SetValue(float64(done))
}
