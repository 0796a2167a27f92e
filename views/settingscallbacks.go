// Callbacks: where services may tell that a job has moved on.

package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/callbacks"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/views/kit"
)

// callbackSection is the card of the callback receiver.
type callbackSection struct {
	desk
	card *settingsCard

	listen, public *widget.Entry
	save           *widget.Button
	note           *kit.MutedText
	result         *settingsResult

	edited  bool // what is typed is not saved yet
	filling bool
}

func newCallbackSection(w desk) *callbackSection {
	s := &callbackSection{desk: w, note: kit.NewMutedText(""), result: newSettingsResult()}
	s.listen = s.input("127.0.0.1:8710")
	s.public = s.input("https://studio.example.com/hooks")
	s.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), s.saveCallbacks)
	s.card = newSettingsCard(
		kit.NewMutedText(lang.L("For computers that services can reach: they then say at once when a job has moved on, and nothing that they say is believed without asking them. Empty means off; jobs go on all the same.")),
		labelled(lang.L("Listen at"), s.listen), labelled(lang.L("Public URL"), s.public),
		container.NewBorder(nil, nil, nil, container.NewHBox(s.result.spinner(), s.save), s.note),
		s.result,
	)
	s.refresh()
	return s
}

func (s *callbackSection) input(placeholder string) *widget.Entry {
	entry := widget.NewEntry()
	entry.SetPlaceHolder(placeholder)
	entry.OnChanged = func(string) { s.changed() }
	entry.OnSubmitted = func(string) { s.saveCallbacks() }
	return entry
}

// refresh shows what is in use.
func (s *callbackSection) refresh() {
	if s.edited {
		return
	}
	studio := s.studio
	set := studio.Settings.Now()
	listen, public := studio.Callbacks.Settings()
	fixed := listen != set.CallbackListen || public != set.CallbackURL
	s.note.SetText("")
	if fixed {
		s.note.SetText(lang.L("Taken from the environment."))
	}
	s.filling = true
	s.listen.SetText(listen)
	s.public.SetText(public)
	s.filling = false
	kit.SetEnabled(!fixed, s.listen)
	kit.SetEnabled(!fixed, s.public)
	s.save.Disable()
}

func (s *callbackSection) typed() (listen, public string) {
	return strings.TrimSpace(s.listen.Text), strings.TrimSpace(s.public.Text)
}

func (s *callbackSection) changed() {
	if s.filling {
		return
	}
	s.edited = true
	err := callbacks.Check(s.typed())
	s.result.end("", err)
	kit.SetEnabled(err == nil, s.save)
	s.card.Refresh()
}

func (s *callbackSection) saveCallbacks() {
	if !s.edited || callbacks.Check(s.typed()) != nil {
		return
	}
	listen, public := s.typed()
	s.result.begin()
	s.save.Disable()
	kit.Do(s.work, func(context.Context) error {
		return s.studio.Settings.Change(func(set *settings.Settings) { set.CallbackListen, set.CallbackURL = listen, public })
	}, func(err error) {
		s.edited = err != nil
		s.result.end(lang.L("Saved."), err)
		kit.SetEnabled(err != nil, s.save)
		s.card.Refresh()
	})
}
