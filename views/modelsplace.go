// The two places that the Models tab shows: what was trained here, and what
// lies at Bria.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// withBria puts the switch above the list of models.
func (t *modelsTab) withBria(trained fyne.CanvasObject) fyne.CanvasObject {
	if _, ok := t.studio.Services().Service(briaService); !ok {
		return trained
	}
	t.bria = newBriaPane(t.part(), t.host)
	t.bria.content.Hide()
	here, there := lang.L("Trained here"), lang.L("At Bria")
	t.where = widget.NewRadioGroup([]string{here, there}, nil)
	t.where.Horizontal, t.where.Required = true, true
	t.where.Selected = here
	t.where.OnChanged = func(place string) {
		kit.SetVisible(place == here, trained)
		kit.SetVisible(place == there, t.bria.content)
		if place == there {
			t.bria.open()
		}
	}
	bar := container.New(layout.NewCustomPaddedLayout(4, 0, 6, 6), t.where)
	return container.NewBorder(bar, nil, nil, nil, container.NewStack(trained, t.bria.content))
}

// showTrained shows what was trained here.
func (t *modelsTab) showTrained() {
	if t.where != nil {
		t.where.SetSelected(t.where.Options[0])
	}
}

// find leads to the search of what was trained here.
func (t *modelsTab) find() {
	t.showTrained()
	t.window.Canvas().Focus(t.search)
}
