// Why an input can't be used as it is, said beside it.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ProblemLine says, beside an input, why it can't be used as it is.
type ProblemLine struct {
	widget.BaseWidget

	text    *widget.Label
	content fyne.CanvasObject
}

// NewProblemLine is hidden until there is a problem.
func NewProblemLine() *ProblemLine {
	p := &ProblemLine{text: widget.NewLabel("")}
	p.text.Wrapping = fyne.TextWrapWord
	p.text.Importance = widget.DangerImportance
	icon := container.NewGridWrap(fyne.NewSquareSize(18), widget.NewIcon(theme.NewErrorThemedResource(theme.WarningIcon())))
	p.content = container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(icon)), nil, p.text)
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// SetText says why; "" hides the line.
func (p *ProblemLine) SetText(text string) {
	p.text.SetText(text)
	SetVisible(text != "", p)
}

// Text is what the line says, "" when it is hidden.
func (p *ProblemLine) Text() string { return p.text.Text }

// CreateRenderer shows the mark and the text.
func (p *ProblemLine) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(p.content)
}
