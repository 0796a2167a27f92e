// What an order still lacks before anything is filled in: a key, or a place for
// photos. It is said at the top of the form, with where to get it.

package views

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// orderNotice is hidden while nothing is lacking.
type orderNotice struct {
	widget.BaseWidget

	desk
	host failureHost

	key, place *lacking
	content    fyne.CanvasObject
}

func newOrderNotice(w desk, host failureHost) *orderNotice {
	n := &orderNotice{desk: w, host: host}
	n.key = newLacking(lang.L("Add the key…"))
	n.place = newLacking(lang.L("Set up the bucket…"))
	n.place.button.OnTapped = func() { host.showSettings(access.BucketAccount) }
	n.content = container.New(layout.NewCustomPaddedVBoxLayout(6), n.key, n.place)
	n.ExtendBaseWidget(n)
	n.Hide()
	return n
}

// CreateRenderer shows what is lacking.
func (n *orderNotice) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(n.content)
}

// show says what a task lacks with these values.
func (n *orderNotice) show(task *providers.Task, values providers.Values) {
	_, service, _ := n.studio.Services().Task(task.ID)
	n.key.button.OnTapped = func() { n.host.showSettings(service.ID) }
	keyWords := ""
	if n.keyless(service) {
		keyWords = fmt.Sprintf(lang.L("There is no key for %s yet. Nothing can be sent before there is one."), service.Title)
	}
	n.key.say(keyWords)
	n.place.say(n.placeWords(task, service, values))
	kit.SetVisible(n.key.Visible() || n.place.Visible(), n)
}

// placeWords say that photos need a bucket; "" where there is one, or none is
// needed.
func (n *orderNotice) placeWords(task *providers.Task, service *providers.Service, values providers.Values) string {
	switch {
	case n.studio.Bucket.Named() || !service.Bucket.FetchesPhotos():
		return ""
	case task.Hosted != nil && !task.Hosted(values):
		return ""
	case task.Photos != nil || task.Hosted != nil:
		return fmt.Sprintf(lang.L("%s fetches your photos by link: set up a bucket of yours first, where they lie while a job needs them."), service.Title)
	case takesPictures(task.Fields):
		return fmt.Sprintf(lang.L("%s fetches pictures by link: those from this computer need a bucket of yours. A picture given as a web link needs none."), service.Title)
	}
	return ""
}

// takesPictures reports whether one of the fields, or of their items', takes a picture.
func takesPictures(fields []providers.Field) bool {
	for _, field := range fields {
		if field.Kind == providers.Image || takesPictures(field.Items) {
			return true
		}
	}
	return false
}

// lacking is one thing that is missing, and the button that leads to it.
type lacking struct {
	widget.BaseWidget

	words   *widget.Label
	button  *widget.Button
	content fyne.CanvasObject
}

func newLacking(button string) *lacking {
	l := &lacking{words: kit.WrappedLabel(), button: widget.NewButtonWithIcon(button, theme.SettingsIcon(), nil)}
	icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	sign := container.NewVBox(container.NewPadded(container.NewGridWrap(fyne.NewSquareSize(20), icon)))
	text := container.New(layout.NewCustomPaddedVBoxLayout(2), l.words, container.NewHBox(l.button))
	l.content = container.NewStack(
		kit.NewPlate(kit.ColorMat, theme.ColorNameWarning, 6),
		container.New(layout.NewCustomPaddedLayout(4, 8, 6, 6), container.NewBorder(nil, nil, sign, nil, text)))
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

// say shows the words, or nothing where there are none.
func (l *lacking) say(words string) {
	l.words.SetText(words)
	kit.SetVisible(words != "", l)
}

// CreateRenderer lays the words on a plate.
func (l *lacking) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.content) }

// keyless reports whether a service is known to have no key. It answers at once.
func (d desk) keyless(service *providers.Service) bool {
	return d.studio.Access.Presence(service.ID) == access.KeyMissing
}

// marked is a title from a service's list, marked where the service has no key.
func (d desk) marked(title string, service *providers.Service) string {
	if !d.keyless(service) {
		return title
	}
	return fmt.Sprintf(lang.L("%s (no key yet)"), title)
}
