// Prices: what jobs are estimated with, since services change theirs without notice.

package views

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// priceMost is the largest price that is believed, US dollars.
const priceMost = 10_000

// priceSection is the card of the estimates.
type priceSection struct {
	desk
	card    *settingsCard
	entries map[string]*widget.Entry // by price key
	save    *widget.Button
	result  *settingsResult
	edited  bool
	filling bool
}

func newPriceSection(w desk) *priceSection {
	s := &priceSection{desk: w, entries: map[string]*widget.Entry{}, result: newSettingsResult()}
	objects := []fyne.CanvasObject{
		kit.NewMutedText(lang.L("Estimates of a job's cost are made with these, in US dollars. An empty price is the one known to this program.")),
	}
	for _, service := range w.studio.Services() {
		for _, price := range service.Prices {
			objects = append(objects, s.row(service, price))
		}
	}
	s.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), s.savePrices)
	objects = append(objects, container.NewBorder(nil, nil, nil, container.NewHBox(s.result.spinner(), s.save), nil), s.result)
	s.card = newSettingsCard(objects...)
	s.refresh()
	return s
}

func (s *priceSection) row(service *providers.Service, price providers.Price) fyne.CanvasObject {
	entry := widget.NewEntry()
	entry.SetPlaceHolder(priceText(price.USD))
	entry.OnChanged = func(string) { s.changed() }
	entry.Validator = func(text string) error {
		_, err := parsePrice(text)
		return err
	}
	s.entries[price.Key] = entry
	label := widget.NewLabel(kit.Local(price.Label))
	label.Truncation = fyne.TextTruncateEllipsis
	return container.NewBorder(nil, nil, nil, container.New(&kit.FixedWidth{Width: 110}, entry),
		container.NewGridWithColumns(2, label, kit.NewMutedLine(service.Title)))
}

func priceText(usd float64) string { return strconv.FormatFloat(usd, 'f', -1, 64) }

// parsePrice reads a price; none is nil. A comma is a decimal point too.
func parsePrice(text string) (*float64, error) {
	text = strings.TrimSpace(strings.Replace(text, ",", ".", 1))
	if text == "" {
		return nil, nil
	}
	usd, err := strconv.ParseFloat(text, 64)
	if err != nil || !(usd >= 0 && usd <= priceMost) {
		return nil, fmt.Errorf(lang.L("a price is a number from 0 to %d, such as 0.015"), priceMost)
	}
	return &usd, nil
}

func (s *priceSection) refresh() {
	if s.edited {
		return
	}
	s.filling = true
	set := s.studio.Settings.Now().Prices
	for key, entry := range s.entries {
		text := ""
		if usd, own := set[key]; own {
			text = priceText(usd)
		}
		entry.SetText(text)
	}
	s.filling = false
	kit.SetEnabled(false, s.save)
}

func (s *priceSection) changed() {
	if s.filling {
		return
	}
	s.edited = true
	_, err := s.prices()
	s.result.end("", err)
	kit.SetEnabled(err == nil, s.save)
	s.card.Refresh()
}

// prices are those that were typed.
func (s *priceSection) prices() (map[string]float64, error) {
	prices := map[string]float64{}
	for key, entry := range s.entries {
		usd, err := parsePrice(entry.Text)
		if err != nil {
			return nil, err
		}
		if usd != nil {
			prices[key] = *usd
		}
	}
	return prices, nil
}

func (s *priceSection) savePrices() {
	prices, err := s.prices()
	if err != nil {
		return
	}
	s.result.begin()
	s.save.Disable()
	studio := s.studio
	kit.Do(s.work, func(context.Context) error {
		return studio.Settings.Change(func(set *settings.Settings) { set.Prices = prices })
	}, func(err error) {
		s.edited = err != nil
		kit.SetEnabled(s.edited, s.save)
		s.result.end(lang.L("Saved."), err)
		s.card.Refresh()
	})
}
