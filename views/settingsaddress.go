// Advanced: where services are reached, and where everything lies.

package views

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// addressSection is the card of the services' base URLs.
type addressSection struct {
	card *settingsCard
	rows []*addressRow
}

// addressRow is one service's base URL.
type addressRow struct {
	desk
	service *providers.Service
	section *addressSection
	entry   *widget.Entry
	save    *widget.Button
	note    *kit.MutedText
	result  *settingsResult
	edited  bool
	filling bool
}

func newAddressSection(w desk) *addressSection {
	s := &addressSection{}
	objects := []fyne.CanvasObject{
		kit.NewMutedText(lang.L("Addresses of the services, for those who reach them through a gateway or a proxy. Empty means the service's own.")),
	}
	for _, service := range w.studio.Services() {
		row := newAddressRow(w, s, service)
		s.rows = append(s.rows, row)
		line := container.NewBorder(nil, nil, nil, container.NewHBox(row.result.spinner(), row.save), row.entry)
		objects = append(objects, labelled(service.Title, line), row.note, row.result)
	}
	s.card = newSettingsCard(objects...)
	s.refresh()
	return s
}

func newAddressRow(w desk, section *addressSection, service *providers.Service) *addressRow {
	r := &addressRow{desk: w, service: service, section: section, note: kit.NewMutedText(""), result: newSettingsResult()}
	r.entry = widget.NewEntry()
	r.entry.SetPlaceHolder(service.BaseURL)
	r.entry.OnChanged = func(string) { r.changed() }
	r.entry.OnSubmitted = func(string) { r.saveAddress() }
	r.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), r.saveAddress)
	return r
}

func (s *addressSection) refresh() {
	for _, row := range s.rows {
		row.refresh()
	}
}

func (r *addressRow) refresh() {
	if r.edited {
		return
	}
	studio := r.studio
	own := studio.Settings.Now().BaseURLs[r.service.ID]
	used := studio.Access.BaseURL(r.service)
	r.note.SetText("")
	fixed := studio.Demo()
	switch {
	case fixed:
		own = used
	case own == "" && used != r.service.BaseURL, own != "" && used != strings.TrimRight(own, "/"):
		own, fixed = used, true
		r.note.SetText(fmt.Sprintf(lang.L("Taken from %s."), r.service.URLEnv))
	}
	kit.SetVisible(r.note.Text() != "", r.note)
	r.filling = true
	r.entry.SetText(own)
	r.filling = false
	kit.SetEnabled(!fixed, r.entry)
	kit.SetEnabled(false, r.save)
}

func (r *addressRow) changed() {
	if r.filling {
		return
	}
	r.edited = true
	err := r.check()
	r.result.end("", err)
	kit.SetEnabled(err == nil, r.save)
	r.section.card.Refresh()
}

// check says at once what is wrong with the address.
func (r *addressRow) check() error {
	if address := strings.TrimSpace(r.entry.Text); address != "" {
		return access.CheckBaseURL(address)
	}
	return nil
}

func (r *addressRow) saveAddress() {
	if !r.edited || r.check() != nil {
		return
	}
	address := strings.TrimSpace(r.entry.Text)
	r.result.begin()
	r.save.Disable()
	studio, id := r.studio, r.service.ID
	kit.Do(r.work, func(context.Context) error {
		return studio.Settings.Change(func(set *settings.Settings) { setAddress(set, id, address) })
	}, func(err error) {
		r.edited = err != nil
		kit.SetEnabled(r.edited, r.save)
		r.result.end(lang.L("Saved."), err)
		r.section.card.Refresh()
	})
}

func setAddress(set *settings.Settings, service, address string) {
	if address == "" {
		delete(set.BaseURLs, service)
		return
	}
	if set.BaseURLs == nil {
		set.BaseURLs = map[string]string{}
	}
	set.BaseURLs[service] = address
}

// newFolderCard says where everything lies.
func newFolderCard(w desk) *settingsCard {
	path := widget.NewLabel(w.studio.Dir())
	path.Selectable = true
	path.Truncation = fyne.TextTruncateEllipsis
	open := widget.NewButtonWithIcon(lang.L("Open folder"), theme.FolderOpenIcon(), w.openDataFolder)
	return newSettingsCard(
		container.NewBorder(nil, nil, nil, open, labelled(lang.L("Data folder"), path)),
		kit.NewMutedText(lang.L("Photos, results, models and the history of jobs lie here. Keys don't.")),
	)
}
