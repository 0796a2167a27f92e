// A rounded area behind other things.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Plate is a rounded area in colours of the theme, behind other things.
type Plate struct {
	widget.BaseWidget

	fill, stroke fyne.ThemeColorName // stroke "" for none
	area         *canvas.Rectangle
}

// NewPlate has corners of a radius; stroke "" is for none.
func NewPlate(fill, stroke fyne.ThemeColorName, radius float32) *Plate {
	p := &Plate{fill: fill, stroke: stroke, area: canvas.NewRectangle(nil)}
	p.area.CornerRadius = radius
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer shows the area alone.
func (p *Plate) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return widget.NewSimpleRenderer(p.area)
}

// Refresh follows a change of theme.
func (p *Plate) Refresh() {
	p.paint()
	p.BaseWidget.Refresh()
}

func (p *Plate) paint() {
	p.area.FillColor = theme.Color(p.fill)
	if p.stroke != "" {
		p.area.StrokeColor, p.area.StrokeWidth = theme.Color(p.stroke), 1
	}
}
