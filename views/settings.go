// The Settings tab: keys, bucket, appearance, prices, addresses.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/views/kit"
)

// settingsWidth keeps lines readable in a wide window.
const settingsWidth float32 = 760

// Accounts that are none: where it is chosen where photos lie, and that with
// this computer chosen.
const (
	placeAccount    = "place"
	computerAccount = "computer"
)

type settingsTab struct {
	desk
	content fyne.CanvasObject

	scroll   *container.Scroll
	column   *fyne.Container
	troubles *fyne.Container
	sections map[string]settingsSection // by account
	others   []interface{ refresh() }
}

// settingsSection is the part about one account.
type settingsSection interface {
	refresh()
	object() fyne.CanvasObject
	field() fyne.Focusable // where typing begins
}

func newSettingsTab(w desk, host appearanceHost) *settingsTab {
	t := &settingsTab{desk: w, sections: map[string]settingsSection{}}
	t.troubles = container.NewVBox()
	t.column = container.New(kit.Column{Most: settingsWidth, Gap: 10, Centred: true}, t.troubles)
	if w.studio.Demo() {
		t.column.Add(newNotice(theme.InfoIcon(), lang.L("This is the demo"),
			lang.L("Services and bucket are simulated inside this program: no key is needed, nothing is sent and nothing costs anything. Start Maquette without --demo to use your own keys.")))
	}
	t.addHeading(lang.L("Services"))
	for _, service := range w.studio.Services() {
		t.addAccount(service.ID, newKeySection(w, service))
	}
	t.addHeading(lang.L("A place for photos"))
	t.addAccount(placeAccount, newPlaceSection(w))
	t.addHeading(lang.L("Bucket"))
	t.addAccount(access.BucketAccount, newBucketSection(w))
	t.addHeading(lang.L("Appearance"))
	look := newAppearanceSection(w, host)
	t.column.Add(look.card)
	t.addHeading(lang.L("Prices"))
	prices := newPriceSection(w)
	t.column.Add(prices.card)
	t.addHeading(lang.L("Advanced"))
	addresses := newAddressSection(w)
	t.column.Add(addresses.card)
	callbacks := newCallbackSection(w)
	t.addHeading(lang.L("Callbacks"))
	t.column.Add(callbacks.card)
	t.column.Add(newFolderCard(w))
	t.others = []interface{ refresh() }{look, prices, addresses, callbacks}
	t.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(12, 24, 14, 18), t.column))
	t.content = kit.ScrolledAsOne(t.scroll)
	t.onTroubles()
	return t
}

func (t *settingsTab) addHeading(text string) {
	heading := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	heading.SizeName = theme.SizeNameSubHeadingText
	t.column.Add(heading)
}

func (t *settingsTab) addAccount(account string, section settingsSection) {
	t.sections[account] = section
	t.column.Add(section.object())
}

// refresh follows a change of settings or keys.
func (t *settingsTab) refresh() {
	for _, section := range t.sections {
		section.refresh()
	}
	for _, section := range t.others {
		section.refresh()
	}
}

// onTroubles lists what is wrong with the studio as a whole.
func (t *settingsTab) onTroubles() {
	t.troubles.RemoveAll()
	for _, trouble := range t.studio.Troubles.List() {
		t.troubles.Add(newNotice(theme.NewWarningThemedResource(theme.WarningIcon()), say(trouble.Title), say(trouble.Text)))
	}
	kit.SetVisible(len(t.troubles.Objects) > 0, t.troubles)
	t.column.Refresh()
}

// selectAccount brings the section of an account into sight, ready for typing.
func (t *settingsTab) selectAccount(account string) {
	if account == computerAccount {
		t.sections[placeAccount].(*placeSection).chooseComputer()
		account = placeAccount
	}
	section, known := t.sections[account]
	if !known {
		return
	}
	t.scroll.ScrollToOffset(fyne.NewPos(0, section.object().Position().Y))
	if field := section.field(); field != nil {
		t.window.Canvas().Focus(field)
	}
}

// settingsCard is one framed section.
type settingsCard struct {
	widget.BaseWidget

	frame   *kit.Plate
	content fyne.CanvasObject
}

func newSettingsCard(objects ...fyne.CanvasObject) *settingsCard {
	c := &settingsCard{frame: kit.NewPlate(theme.ColorNameOverlayBackground, theme.ColorNameSeparator, 6)}
	c.content = container.New(
		layout.NewCustomPaddedLayout(8, 8, 8, 8),
		container.New(kit.Column{Most: settingsWidth, Gap: 4}, objects...))
	c.ExtendBaseWidget(c)
	return c
}

// Parts are what it is made of.
func (c *settingsCard) Parts() fyne.CanvasObject { return c.content }

// CreateRenderer draws the frame.
func (c *settingsCard) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(c.frame, c.content))
}

// newNotice is a card that tells something.
func newNotice(icon fyne.Resource, title, text string) *settingsCard {
	heading := widget.NewLabelWithStyle(title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	heading.Wrapping = fyne.TextWrapWord
	sign := container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(18), widget.NewIcon(icon)))
	return newSettingsCard(container.NewBorder(nil, nil, sign, nil, heading), kit.NewMutedText(text))
}
