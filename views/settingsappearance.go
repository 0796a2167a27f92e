// Appearance: light, dark, or as the system has it.

package views

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/views/kit"
)

// appearanceSection is the card of the palettes.
type appearanceSection struct {
	desk
	card   *settingsCard
	choice *widget.RadioGroup
	result *settingsResult
}

var appearances = []kit.Appearance{kit.AppearanceSystem, kit.AppearanceLight, kit.AppearanceDark}

func newAppearanceSection(w desk) *appearanceSection {
	s := &appearanceSection{desk: w, result: newSettingsResult()}
	s.choice = widget.NewRadioGroup([]string{lang.L("As the system"), lang.L("Light"), lang.L("Dark")}, nil)
	s.choice.Horizontal, s.choice.Required = true, true
	s.refresh()
	s.choice.OnChanged = s.choose
	s.card = newSettingsCard(s.choice, s.result)
	return s
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
