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
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// orderNotice is hidden while nothing is lacking.
type orderNotice struct {
	widget.BaseWidget

	desk
	host    failureHost
	service string // whose key is lacking

	key, place *lacking
	serves     *kit.MutedText // what to know where this computer serves the photos
	content    fyne.CanvasObject
}

func newOrderNotice(w desk, host failureHost) *orderNotice {
	n := &orderNotice{desk: w, host: host}
	n.key = newLacking(leading(lang.L("Add the key…"), func() { host.showSettings(n.service) }))
	n.place = newLacking(placeButtons(host.showSettings)...)
	n.serves = kit.NewMutedText(lang.L("This computer serves the photos: keep Maquette open until the service has fetched them."))
	n.content = container.New(layout.NewCustomPaddedVBoxLayout(6), n.key, n.place, n.serves)
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
	n.service = service.ID
	keyWords := ""
	if n.keyless(service) {
		keyWords = fmt.Sprintf(lang.L("There is no key for %s yet. Nothing can be sent before there is one."), service.Title)
	}
	n.key.say(keyWords)
	n.place.say(n.placeWords(task, service, values))
	kit.SetVisible(n.studio.Computer.Chosen() && n.studio.Jobs.NeedsPlace(jobs.Order{Task: task.ID, Values: values}), n.serves)
	kit.SetVisible(n.key.Visible() || n.place.Visible() || n.serves.Visible(), n)
}

// placeWords say that photos need a place; "" where there is one, or none is
// needed.
func (n *orderNotice) placeWords(task *providers.Task, service *providers.Service, values providers.Values) string {
	switch {
	case n.studio.Place.Named() || !service.Bucket.FetchesPhotos():
		return ""
	case task.Hosted != nil && !task.Hosted(values):
		return ""
	case task.Photos != nil || task.Hosted != nil:
		return fmt.Sprintf(lang.L("%s fetches your photos by link. While a job needs them they can lie in a bucket of yours, or be served by this computer."), service.Title)
	case takesPictures(task.Fields):
		return fmt.Sprintf(lang.L("%s fetches pictures by link. Those from this computer can lie in a bucket of yours, or be served from here. A picture given as a web link needs neither."), service.Title)
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

// placeButtons lead to the two places for photos.
func placeButtons(showSettings func(account string)) []*widget.Button {
	return []*widget.Button{
		leading(lang.L("Use a bucket…"), func() { showSettings(access.BucketAccount) }),
		leading(lang.L("From this computer…"), func() { showSettings(computerAccount) }),
	}
}

func leading(text string, where func()) *widget.Button {
	return widget.NewButtonWithIcon(text, theme.SettingsIcon(), where)
}

// lacking is one thing that is missing, and the buttons that lead to it.
type lacking struct {
	widget.BaseWidget

	words   *widget.Label
	content fyne.CanvasObject
}

func newLacking(buttons ...*widget.Button) *lacking {
	l := &lacking{words: kit.WrappedLabel()}
	below := container.New(layout.NewCustomPaddedVBoxLayout(2), l.words)
	for _, button := range buttons {
		below.Add(container.NewHBox(button))
	}
	icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	sign := container.NewVBox(container.NewPadded(container.NewGridWrap(fyne.NewSquareSize(20), icon)))
	l.content = container.NewStack(
		kit.NewPlate(kit.ColorMat, theme.ColorNameWarning, 6),
		container.New(layout.NewCustomPaddedLayout(4, 8, 6, 6), container.NewBorder(nil, nil, sign, nil, below)))
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
