// Appearance: light, dark, or as the system has it; the language; the size.

package views

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/views/kit"
)

// appearanceSection is the card of the palettes.
type appearanceSection struct {
	desk
	card     *settingsCard
	choice   *widget.RadioGroup
	language *widget.Select
	scale    *widget.Select
	tray     *widget.Check
	host     appearanceHost
	result   *settingsResult
}

// appearanceHost is the window as its looks change.
type appearanceHost interface {
	reopenWindow() // builds it anew, in another language
	followTray()   // once it is to be in the tray, or no more
}

func (w *Window) reopenWindow() { kit.Call(w.leads.reopen) }

func (w *Window) followTray() { w.tray.follow() }

// languageWidth has room for the longest name.
const languageWidth float32 = 300

var appearances = []kit.Appearance{kit.AppearanceSystem, kit.AppearanceLight, kit.AppearanceDark}

func newAppearanceSection(w desk, host appearanceHost) *appearanceSection {
	s := &appearanceSection{desk: w, host: host, result: newSettingsResult()}
	s.choice = widget.NewRadioGroup([]string{lang.L("As the system"), lang.L("Light"), lang.L("Dark")}, nil)
	s.choice.Horizontal, s.choice.Required = true, true
	s.refresh()
	s.choice.OnChanged = s.choose
	s.language = s.newLanguage()
	s.scale = s.newScale()
	s.tray = s.newTray()
	rows := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Colours")), s.choice,
		widget.NewLabel(lang.L("Language")), container.NewHBox(container.New(&kit.FixedWidth{Width: languageWidth}, s.language)),
		widget.NewLabel(lang.L("Size of everything")), container.NewHBox(container.New(&kit.FixedWidth{Width: languageWidth}, s.scale)))
	hint := kit.NewMutedText(lang.L("Closing the window then hides it while jobs run. The tray shows how far they are, pauses them and quits. Where the desktop has no tray, closing ends Maquette as ever."))
	s.card = newSettingsCard(rows, s.tray, hint, s.result)
	if scaleGiven != "" {
		s.scale.Disable()
		s.card = newSettingsCard(rows, s.tray, hint, kit.NewMutedText(fmt.Sprintf(lang.L("FYNE_SCALE=%s was set when Maquette was started, and wins over this size."), scaleGiven)), s.result)
	}
	return s
}

func (s *appearanceSection) newTray() *widget.Check {
	tray := widget.NewCheck(lang.L("Keep running in the tray"), nil)
	tray.SetChecked(s.state.Now().Tray)
	tray.OnChanged = func(on bool) {
		s.state.Change(func(state *windowstate.State) { state.Tray = on })
		s.host.followTray()
	}
	return tray
}

// newLanguage offers the system's language and all that the window speaks, each
// by its own name.
func (s *appearanceSection) newLanguage() *widget.Select {
	options := []string{fmt.Sprintf(lang.L("As the system (%s)"), nameOf(spokenFor("", systemLocales())))}
	now := options[0]
	for _, tongue := range languages {
		options = append(options, tongue.name)
		if tongue.tag == s.state.Now().Language {
			now = tongue.name
		}
	}
	chosen := widget.NewSelect(options, nil)
	chosen.SetSelected(now)
	chosen.OnChanged = func(string) {
		tag := ""
		if at := chosen.SelectedIndex(); at > 0 {
			tag = languages[at-1].tag
		}
		if tag == s.state.Now().Language {
			return
		}
		s.state.Change(func(state *windowstate.State) { state.Language = tag })
		s.host.reopenWindow()
	}
	return chosen
}

// newScale offers the sizes in percent of the usual one.
func (s *appearanceSection) newScale() *widget.Select {
	options := []string{lang.L("As the system")}
	now := options[0]
	for _, scale := range scales {
		options = append(options, fmt.Sprintf(lang.L("%.0f %%"), scale*100))
		if scale == s.state.Now().Scale {
			now = options[len(options)-1]
		}
	}
	chosen := widget.NewSelect(options, nil)
	chosen.SetSelected(now)
	chosen.OnChanged = func(string) {
		var scale float32
		if at := chosen.SelectedIndex(); at > 0 {
			scale = scales[at-1]
		}
		s.state.Change(func(state *windowstate.State) { state.Scale = scale })
		s.result.end("", rescale(s.window, scale))
		s.card.Refresh()
	}
	return chosen
}

func (s *appearanceSection) refresh() {
	now := kit.Appearance(cmp.Or(s.studio.Settings.Now().Appearance, string(kit.AppearanceSystem)))
	if at := slices.Index(appearances, now); at >= 0 && s.choice.Selected != s.choice.Options[at] {
		s.choice.SetSelected(s.choice.Options[at])
	}
}

// choose applies at once, and then writes it down.
func (s *appearanceSection) choose(option string) {
	at := slices.Index(s.choice.Options, option)
	if at < 0 || string(appearances[at]) == cmp.Or(s.studio.Settings.Now().Appearance, string(kit.AppearanceSystem)) {
		return
	}
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(appearances[at]))
	studio := s.studio
	kit.Do(s.work, func(context.Context) error {
		return studio.Settings.Change(func(set *settings.Settings) { set.Appearance = string(appearances[at]) })
	}, func(err error) {
		s.result.end("", err)
		s.card.Refresh()
	})
}
