// Layouts that Fyne has not.

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// FixedWidth gives everything in it the same width and its own height.
type FixedWidth struct{ Width float32 }

// MinSize is the width, and the height of the highest object.
func (f *FixedWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(f.Width, 0)
	for _, object := range objects {
		size.Height = max(size.Height, object.MinSize().Height)
	}
	return size
}

// Layout fills the space.
func (f *FixedWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, object := range objects {
		Place(object, fyne.Position{}, size)
	}
}

// FixedHeight gives everything in it the same height.
type FixedHeight struct{ Height float32 }

// MinSize is the height, and room for a word.
func (f *FixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, f.Height) }

// Layout fills the space.
func (f *FixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, object := range objects {
		Place(object, fyne.Position{}, size)
	}
}

// Column stacks its objects in one column, no wider than most, so that
// lines stay readable in a wide window.
type Column struct {
	Most    float32
	Gap     float32
	Centred bool
}

// MinSize is as high as all objects together.
func (l Column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, object := range objects {
		if !object.Visible() {
			continue
		}
		least := object.MinSize()
		size.Width = max(size.Width, least.Width)
		size.Height += least.Height + l.Gap
	}
	size.Height = max(0, size.Height-l.Gap)
	return size
}

// Layout gives every object the column's width.
func (l Column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := min(size.Width, l.Most)
	at := fyne.Position{}
	if l.Centred {
		at.X = (size.Width - width) / 2
	}
	for _, object := range objects {
		if !object.Visible() {
			continue
		}
		object.Move(at)
		object.Resize(fyne.NewSize(width, object.MinSize().Height))
		height := object.MinSize().Height // wrapped text knows its height once it knows its width
		object.Resize(fyne.NewSize(width, height))
		at.Y += height + l.Gap
	}
}

// Border is Fyne's border, but with its parts in the order they are read, in which Tab goes through them.
func Border(top, bottom, left, right fyne.CanvasObject, middle ...fyne.CanvasObject) *fyne.Container {
	var parts []fyne.CanvasObject
	add := func(part fyne.CanvasObject) {
		if part != nil {
			parts = append(parts, part)
		}
	}
	add(top)
	add(left)
	parts = append(parts, middle...)
	add(right)
	add(bottom)
	return container.New(layout.NewBorderLayout(top, bottom, left, right), parts...)
}

// Inset leaves the margin around a part of a tab.
func Inset(content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(8, 8, 10, 10), content)
}
