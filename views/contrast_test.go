package views

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"github.com/maquette-studio/maquette/views/kit"
)

// contrast is as WCAG 2.2 defines it.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	linear := func(v uint32) float64 {
		s := float64(v) / 0xFFFF
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// ground is the colour that most of a part of a picture has.
func ground(drawn image.Image, part image.Rectangle) color.Color {
	count := map[color.Color]int{}
	var most color.Color
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			c := drawn.At(x, y)
			count[c]++
			if most == nil || count[c] > count[most] {
				most = c
			}
		}
	}
	return most
}

// drawnText is a text, and the part of the window in which it is drawn.
type drawnText struct {
	*canvas.Text
	at   fyne.Position
	from fyne.Position // of what shows it
	to   fyne.Position
}

// drawnTexts are the texts in sight under an object.
func drawnTexts(o fyne.CanvasObject, at, from, to fyne.Position, found *[]drawnText) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	switch o := o.(type) {
	case *canvas.Text:
		*found = append(*found, drawnText{o, at, from, to})
	case *container.Scroll:
		end := at.Add(o.Size())
		drawnTexts(o.Content, at, fyne.NewPos(max(at.X, from.X), max(at.Y, from.Y)), fyne.NewPos(min(end.X, to.X), min(end.Y, to.Y)), found)
	case *fyne.Container:
		for _, child := range o.Objects {
			drawnTexts(child, at, from, to, found)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			drawnTexts(child, at, from, to, found)
		}
	}
}

// laidOut reports whether all in sight has a size, without which the test's painter can't draw it.
func laidOut(o fyne.CanvasObject) bool {
	if !o.Visible() {
		return true
	}
	parts := []fyne.CanvasObject{}
	switch o := o.(type) {
	case *container.Scroll:
		parts = append(parts, o.Content)
	case *fyne.Container:
		parts = o.Objects
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	}
	return o.Size().Width >= 0 && o.Size().Height >= 0 && !slices.ContainsFunc(parts, func(part fyne.CanvasObject) bool { return !laidOut(part) })
}

// faint names the texts in sight that are hard to read as they are drawn; what is switched off may be.
func faint(c fyne.Canvas) []string {
	drawn, scale, off := c.Capture(), c.Scale(), theme.Color(theme.ColorNameDisabled)
	var texts []drawnText
	drawnTexts(c.Content(), fyne.Position{}, fyne.Position{}, fyne.Position{}.Add(c.Size()), &texts)
	var found []string
	for _, text := range texts {
		end := text.at.Add(text.MinSize())
		whole := text.at.X >= text.from.X && text.at.Y >= text.from.Y && end.X <= text.to.X+1 && end.Y <= text.to.Y
		if text.Text.Text == "" || !whole || text.Color == off {
			continue
		}
		part := image.Rect(int(text.at.X*scale), int(text.at.Y*scale), int(end.X*scale), int(end.Y*scale)).Intersect(drawn.Bounds())
		on := ground(drawn, part)
		if c := contrast(text.Color, on); c < 4.5 {
			found = append(found, fmt.Sprintf("%q has contrast %.1f, %v on %v", text.Text.Text, c, text.Color, on))
		}
	}
	return found
}

func TestAllTextIsReadableAsItIsDrawn(t *testing.T) {
	ui, w := openTrain(t)
	w.Resize(fyne.NewSize(860, 560))
	fillForLooking(t, ui, w)
	for _, look := range []kit.Appearance{kit.AppearanceLight, kit.AppearanceDark} {
		fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(look))
		for i, row := range declaredTabs() {
			w.openTab(i)
			ui.Until("all to be laid out", func() bool { return laidOut(w.Canvas().Content()) })
			for _, text := range faint(w.Canvas()) {
				t.Errorf("%s, %s: %s", row.title, look, text)
			}
		}
	}
}
