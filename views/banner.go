// What is wrong with the studio as a whole, said at the top of the window until it is over or dismissed.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/views/kit"
)

// troubleBanner lists the studio's troubles.
type troubleBanner struct {
	widget.BaseWidget

	desk
	dismissed map[string]bool // what was said by those that were dismissed
	back      *kit.Plate
	rows      *fyne.Container
}

func newTroubleBanner(w desk) *troubleBanner {
	b := &troubleBanner{desk: w, dismissed: map[string]bool{}, back: kit.NewPlate(theme.ColorNameHeaderBackground, "", 0), rows: container.NewVBox()}
	b.ExtendBaseWidget(b)
	b.refresh()
	return b
}

// refresh shows the troubles there are now; one that was dismissed comes back
// only when it says something new.
func (b *troubleBanner) refresh() {
	b.rows.Objects = nil
	for _, trouble := range b.studio.Troubles.List() {
		if !b.dismissed[saidBy(trouble)] {
			b.rows.Add(b.row(trouble))
		}
	}
	kit.SetVisible(len(b.rows.Objects) > 0, b)
	b.Refresh()
}

func saidBy(trouble app.Trouble) string {
	return trouble.Code + "\n" + say(trouble.Title) + "\n" + say(trouble.Text)
}

func (b *troubleBanner) row(trouble app.Trouble) fyne.CanvasObject {
	title := widget.NewLabelWithStyle(say(trouble.Title), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.Importance = widget.WarningImportance
	text := kit.WrappedLabel()
	text.SetText(say(trouble.Text))
	dismiss := widget.NewButtonWithIcon("", theme.CancelIcon(), func() {
		b.dismissed[saidBy(trouble)] = true
		b.refresh()
	})
	dismiss.Importance = widget.LowImportance
	buttons := container.NewHBox(newGuideLink(b.desk, guideOfTrouble(trouble.Code)).Hyperlink, dismiss)
	if id := unwrittenBehind(b.studio, trouble); id != "" {
		buttons.Objects = append([]fyne.CanvasObject{copyButton(id)}, buttons.Objects...)
	}
	return container.NewBorder(nil, nil, container.NewVBox(title), container.NewVBox(buttons), text)
}

// CreateRenderer lays the troubles on a plate.
func (b *troubleBanner) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(b.back, container.NewPadded(b.rows)))
}

// Refresh shows the rows as they are now.
func (b *troubleBanner) Refresh() {
	b.rows.Refresh()
	b.BaseWidget.Refresh()
}
