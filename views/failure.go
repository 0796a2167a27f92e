// Failures as a person meets them: what happened, what to do, whether it cost money, and the button that helps.

package views

import (
	"errors"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// failureHost is where a failure's buttons lead.
type failureHost interface {
	showSettings(account string)             // a service's id, access.BucketAccount, or one of the places for photos
	showCall(remedy providers.Remedy)        // opens the call's form; nothing is sent
	fill(task string, values map[string]any) // opens the task's form
}

// failureCard shows one failure beside what caused it. It is hidden while there
// is none.
type failureCard struct {
	widget.BaseWidget

	desk
	host    failureHost
	frame   *kit.Plate
	message *widget.Label
	advice  *widget.Label
	words   *widget.Label
	quote   fyne.CanvasObject
	money   *kit.MutedText
	guide   *guideLink
	buttons *fyne.Container
	content fyne.CanvasObject
}

func newFailureCard(w desk, host failureHost) *failureCard {
	c := &failureCard{desk: w, host: host, frame: kit.NewPlate(kit.ColorMat, theme.ColorNameError, 6), buttons: container.NewHBox()}
	c.message = kit.WrappedLabel()
	c.message.TextStyle.Bold = true
	c.message.Importance = widget.DangerImportance
	c.advice = kit.WrappedLabel()
	c.words = kit.WrappedLabel()
	c.quote = container.NewThemeOverride(c.words, &mutedTheme{fyne.CurrentApp().Settings().Theme()})
	c.money = kit.NewMutedText("")
	c.guide = newGuideLink(w, "")
	c.content = container.New(
		layout.NewCustomPaddedLayout(6, 6, 8, 8),
		container.New(layout.NewCustomPaddedVBoxLayout(0), c.message, c.advice, c.quote, c.money, c.guide.Hyperlink, c.buttons),
	)
	c.ExtendBaseWidget(c)
	c.Hide()
	return c
}

// SetFailure shows err, or nothing when it is nil. service is the id of the
// service it came from, "" when none had a part in it. retry may be nil.
func (c *failureCard) SetFailure(err error, service string, retry func()) {
	if err == nil {
		c.Hide()
		return
	}
	var f *providers.Failure
	if !errors.As(err, &f) {
		f = &providers.Failure{Message: providers.SentenceOf(err)}
	}
	c.message.SetText(say(f.Message))
	kit.SetText(c.advice, say(f.Advice))
	c.words.SetText("“" + f.Service + "”")
	kit.SetVisible(f.Service != "", c.quote)
	c.money.SetText(say(jobs.MoneyWords(f.Money)))
	kit.SetVisible(f.Money != "", c.money)
	c.guide.lead(guideOfFailure[f.Kind])
	c.buttons.Objects = c.remedies(f, service, retry)
	kit.SetVisible(len(c.buttons.Objects) > 0, c.buttons)
	c.Show()
	c.Refresh()
}

// remedies are the buttons that help against a failure, the likeliest first.
func (c *failureCard) remedies(f *providers.Failure, service string, retry func()) (buttons []fyne.CanvasObject) {
	if button := remedyButton(c.desk, c.host, remedyOf(f), service); button != nil {
		buttons = append(buttons, button)
	}
	if s, ok := c.studio.Services().Service(service); ok && f.Kind == providers.NoCredit {
		buttons = append(buttons, widget.NewButtonWithIcon(lang.L("Open the service's site"), theme.ComputerIcon(), func() { c.openSite(s.Site) }))
	}
	if retry != nil {
		buttons = append(buttons, widget.NewButtonWithIcon(lang.L("Retry"), theme.ViewRefreshIcon(), retry))
	}
	return buttons
}

// Parts are what it is made of.
func (c *failureCard) Parts() fyne.CanvasObject { return c.content }

// CreateRenderer draws a frame around the card.
func (c *failureCard) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(c.frame, c.content))
}

// mutedTheme writes in the muted colour, for labels whose text can be selected.
type mutedTheme struct{ fyne.Theme }

func (t *mutedTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameForeground {
		name = kit.ColorMuted
	}
	return fyne.CurrentApp().Settings().Theme().Color(name, variant)
}
