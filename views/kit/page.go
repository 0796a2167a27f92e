// A page: what one tab shows.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Page draws its content anew when it comes into sight and when the theme has changed. Fyne's tabs would do so with every
// tab's, each time one is chosen or one's title changes.
type Page struct {
	widget.BaseWidget
	content fyne.CanvasObject
	shown   func()
	drawn   themeInUse
}

// themeInUse is what all colours and sizes come from.
type themeInUse struct {
	theme   fyne.Theme
	variant fyne.ThemeVariant
}

// NewPage returns a hidden page. It calls shown, which may be nil, each time it comes into sight.
func NewPage(content fyne.CanvasObject, shown func()) *Page {
	p := &Page{content: content, shown: shown, drawn: currentTheme()}
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// Show is called when the tab is chosen.
func (p *Page) Show() {
	hidden := !p.Visible()
	p.BaseWidget.Show()
	if !hidden {
		return
	}
	Call(p.shown)
	p.draw()
}

func (p *Page) draw() {
	p.drawn = currentTheme()
	p.content.Refresh()
}

func currentTheme() themeInUse {
	settings := fyne.CurrentApp().Settings()
	return themeInUse{settings.Theme(), settings.ThemeVariant()}
}

// CreateRenderer shows the content alone.
func (p *Page) CreateRenderer() fyne.WidgetRenderer { return &pageRenderer{p} }

type pageRenderer struct{ p *Page }

func (r *pageRenderer) Layout(size fyne.Size)        { r.p.content.Resize(size) }
func (r *pageRenderer) MinSize() fyne.Size           { return r.p.content.MinSize() }
func (r *pageRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.p.content} }
func (r *pageRenderer) Destroy()                     {}

func (r *pageRenderer) Refresh() {
	if r.p.drawn != currentTheme() {
		r.p.draw()
	}
	canvas.Refresh(r.p)
}
