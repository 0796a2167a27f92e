// A service's key: paste it, save it, check it, delete it. It is never shown.

package views

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// keySection is the card of one service.
type keySection struct {
	desk
	service *providers.Service
	card    *settingsCard

	entry  *widget.Entry
	save   *widget.Button
	check  *widget.Button
	remove *widget.Button
	where  *kit.MutedText
	result *settingsResult

	saved   func() // after a key was kept; nil for nothing
	place   string // where the key is: "environment", "keyring", "session", "" for nowhere
	working bool
}

func newKeySection(w desk, service *providers.Service) *keySection {
	s := &keySection{desk: w.part(), service: service, where: kit.NewMutedText(""), result: newSettingsResult()}
	title := widget.NewLabelWithStyle(service.Title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.Truncation = fyne.TextTruncateEllipsis
	site := widget.NewHyperlink(lang.L("Site"), nil)
	site.OnTapped = func() { w.openSite(service.Site) }
	page := widget.NewHyperlink(lang.L("Get a key"), nil)
	page.OnTapped = func() { w.openSite(service.KeyPage) }

	s.entry = widget.NewPasswordEntry()
	s.entry.OnChanged = func(string) { s.edited() }
	s.entry.OnSubmitted = func(string) { s.saveKey() }
	s.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), s.saveKey)
	s.check = widget.NewButtonWithIcon(lang.L("Check"), theme.ConfirmIcon(), s.checkKey)
	s.remove = widget.NewButtonWithIcon(lang.L("Delete"), theme.DeleteIcon(), s.askDelete)
	s.remove.Importance = widget.LowImportance
	buttons := container.NewHBox(s.result.spinner(), s.save, s.check, s.remove)
	s.card = newSettingsCard(
		container.NewBorder(nil, nil, nil, container.NewHBox(site, page), title),
		container.NewBorder(nil, nil, nil, buttons, s.entry),
		s.where, s.result,
	)
	s.showPlace("", nil)
	return s
}

// checkAtOnce has each key checked as soon as it is kept.
func (s *keySection) checkAtOnce() {
	s.saved = s.checkKey
	s.save.SetText(lang.L("Save and check"))
}

func (s *keySection) object() fyne.CanvasObject { return s.card }

func (s *keySection) field() fyne.Focusable {
	if s.entry.Disabled() {
		return nil
	}
	return s.entry
}

// keyPlace is where a key was found.
type keyPlace struct {
	where string
	err   error
}

// refresh looks where the key is.
func (s *keySection) refresh() {
	studio, id := s.studio, s.service.ID
	kit.Begin(s.work, "look", func(ctx context.Context) keyPlace {
		where, err := studio.Access.KeyWhere(ctx, id)
		return keyPlace{string(where), err}
	}, func(p keyPlace) { s.showPlace(p.where, p.err) })
}

func (s *keySection) showPlace(where string, err error) {
	s.place = where
	s.where.SetText(keyPlaceWords(where, s.service.KeyEnv, s.studio.Demo(), err))
	s.enable()
	switch {
	case s.entry.Disabled():
		s.entry.SetPlaceHolder("")
	case where != "":
		s.entry.SetPlaceHolder(lang.L("There is a key; paste another to replace it"))
	default:
		s.entry.SetPlaceHolder(lang.L("Paste the key here"))
	}
	s.card.Refresh()
}

// keyPlaceWords say where a key is kept.
func keyPlaceWords(where, variable string, demo bool, err error) string {
	switch {
	case err != nil:
		return fullSentence(sayError(err))
	case demo:
		return lang.L("The sandbox's own key, for this demo.")
	}
	switch where {
	case "keyring":
		return lang.L("Kept in the system's keyring.")
	case "session":
		return lang.L("Kept for this session only: this system offers no keyring.")
	case "environment":
		return fmt.Sprintf(lang.L("Taken from %s; it wins over a saved key and is never stored."), variable)
	}
	return fmt.Sprintf(lang.L("No key yet. It will be kept in the system's keyring; %s works too."), variable)
}

// enable lets be done what makes sense now.
func (s *keySection) enable() {
	fixed := s.studio.Demo() || s.place == "environment"
	kit.SetEnabled(!fixed && !s.working, s.entry)
	kit.SetEnabled(!fixed && !s.working && strings.TrimSpace(s.entry.Text) != "", s.save)
	kit.SetEnabled(s.place != "" && !s.working, s.check)
	kit.SetEnabled(!fixed && s.place != "" && !s.working, s.remove)
}

// edited takes back what was said about another key.
func (s *keySection) edited() {
	if s.entry.Text != "" {
		s.work.Drop("ask")
		s.result.end("", nil)
	}
	s.enable()
	s.card.Refresh()
}

func (s *keySection) begin() {
	s.working = true
	s.result.begin()
	s.enable()
}

func (s *keySection) end(good string, err error) {
	s.working = false
	s.result.end(good, err)
	s.enable()
	s.card.Refresh()
}

func (s *keySection) saveKey() {
	key := strings.TrimSpace(s.entry.Text)
	if key == "" || s.working {
		return
	}
	s.work.Drop("ask")
	s.begin()
	studio, id := s.studio, s.service.ID
	kit.Do(s.work, func(ctx context.Context) keyPlace {
		where, err := studio.Access.SetKey(ctx, id, key)
		return keyPlace{string(where), err}
	}, func(p keyPlace) {
		if p.err == nil {
			s.entry.SetText("")
			s.showPlace(p.where, nil)
		}
		s.end(lang.L("Saved. Check it to see whether the service accepts it."), p.err)
		if p.err == nil {
			kit.Call(s.saved)
		}
	})
}

// keyCheck is a service's answer to a check.
type keyCheck struct {
	words string
	err   error
}

func (s *keySection) checkKey() {
	if s.working {
		return
	}
	s.result.begin()
	s.check.Disable()
	studio, id := s.studio, s.service.ID
	kit.Begin(s.work, "ask", func(ctx context.Context) keyCheck {
		words, err := studio.Access.CheckKey(ctx, id)
		return keyCheck{say(words), err}
	}, func(c keyCheck) { s.end(c.words, c.err) })
}

func (s *keySection) askDelete() {
	kit.Confirm(s.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Delete the key for %s?"), s.service.Title),
		Text:  lang.L("Jobs at this service stop until there is a key again. The key itself stays valid at the service."),
		Yes:   lang.L("Delete"), No: lang.L("Cancel"),
	}, s.deleteKey)
}

func (s *keySection) deleteKey() {
	s.work.Drop("ask")
	s.begin()
	studio, id := s.studio, s.service.ID
	kit.Do(s.work, func(ctx context.Context) error { return studio.Access.DeleteKey(ctx, id) }, func(err error) {
		s.end(lang.L("Deleted."), err)
		s.refresh()
	})
}

// labelled puts a caption before an input, in a column of its own.
func labelled(text string, input fyne.CanvasObject) fyne.CanvasObject {
	label := widget.NewLabel(text)
	return container.NewBorder(nil, nil, container.New(&kit.FixedWidth{Width: 158}, container.NewVBox(layout.NewSpacer(), label, layout.NewSpacer())), nil, input)
}
