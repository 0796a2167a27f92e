// Where photos lie for services to fetch them: in a bucket, or on this computer.

package views

import (
	"context"
	"fmt"
	"net"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/views/kit"
)

// cloudflaredPage is where cloudflared is to be had (Cloudflare One docs,
// Downloads).
const cloudflaredPage = "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/"

// placeSection is the card of the three ways.
type placeSection struct {
	desk
	card *settingsCard

	ways, door    *widget.RadioGroup
	computer      fyne.CanvasObject // what belongs to that way
	own, quick    fyne.CanvasObject // its two doors
	address, port *widget.Entry
	installed     *kit.MutedText
	save, check   *widget.Button
	result        *settingsResult

	edited  bool // what is typed is not saved yet
	filling bool
	working bool
}

// The choices, in their order.
const (
	wayBucket = iota
	wayComputer
)

const (
	doorCloudflared = iota
	doorOwn
)

func newPlaceSection(w desk) *placeSection {
	s := &placeSection{desk: w.part(), installed: kit.NewMutedText(""), result: newSettingsResult()}
	s.ways = widget.NewRadioGroup([]string{lang.L("In a bucket of mine"), lang.L("On this computer")}, func(string) { s.changed() })
	s.door = widget.NewRadioGroup([]string{lang.L("cloudflared gives it an address, without an account"), lang.L("It has an address: reverse proxy, Tailscale Funnel, ngrok")}, func(string) { s.changed() })
	s.ways.Required, s.door.Required = true, true
	s.address, s.port = s.input("https://me.example.com"), s.input("8711")
	page := widget.NewHyperlink(lang.L("Get cloudflared"), nil)
	page.OnTapped = func() { s.openSite(cloudflaredPage) }
	s.quick = container.NewBorder(nil, nil, nil, page, s.installed)
	s.own = container.NewVBox(
		labelled(lang.L("Public address"), s.address), labelled(lang.L("Port here"), s.port),
		kit.NewMutedText(lang.L("What leads here has to hand requests on to that port. Where it runs on another computer, write 0.0.0.0:8711.")),
	)
	s.computer = container.NewVBox(
		kit.NewMutedText(lang.L("Maquette serves the copies itself, while a job needs them and Maquette is open. Nothing else on this computer can be reached, and services can say at once when a job has moved on.")),
		s.door, s.quick, s.own,
	)
	s.save = widget.NewButtonWithIcon(lang.L("Save"), theme.DocumentSaveIcon(), s.savePlace)
	s.check = widget.NewButtonWithIcon(lang.L("Check"), theme.ConfirmIcon(), s.checkPlace)
	s.card = newSettingsCard(
		kit.NewMutedText(lang.L("Services fetch your photos by link. Copies without metadata, under unguessable names, lie where you choose while a job needs them, and are removed afterwards. A picture given as a web link needs no place.")),
		s.ways, s.computer,
		container.NewBorder(nil, nil, nil, container.NewHBox(s.result.spinner(), s.save, s.check), nil),
		s.result,
	)
	s.fill()
	return s
}

func (s *placeSection) input(hint string) *widget.Entry {
	entry := widget.NewEntry()
	entry.SetPlaceHolder(hint)
	entry.OnChanged = func(string) { s.changed() }
	entry.OnSubmitted = func(string) { s.savePlace() }
	return entry
}

func (s *placeSection) object() fyne.CanvasObject { return s.card }

func (s *placeSection) field() fyne.Focusable { return nil }

// refresh shows what is stored, unless somebody is choosing something else, and
// looks whether cloudflared is there.
func (s *placeSection) refresh() {
	if !s.edited {
		s.fill()
	}
	studio := s.studio
	kit.Begin(s.work, "look", func(context.Context) bool { return studio.Computer.HasCloudflared() }, func(there bool) {
		words := lang.L("cloudflared is installed. Its address is another one at each start, and Cloudflare promises nothing for it.")
		if !there {
			words = lang.L("cloudflared isn't installed, or not where programs are looked for.")
		}
		s.installed.SetText(words)
		s.card.Refresh()
	})
}

func (s *placeSection) fill() {
	set := s.studio.Computer.Settings()
	s.filling = true
	choose(s.ways, set.Computer)
	choose(s.door, set.Address != "")
	s.address.SetText(set.Address)
	port := set.Listen
	if host, number, err := net.SplitHostPort(port); err == nil && host == "127.0.0.1" {
		port = number
	}
	s.port.SetText(port)
	s.filling = false
	s.show()
}

// choose chooses the second of two, or the first.
func choose(group *widget.RadioGroup, second bool) {
	at := 0
	if second {
		at = 1
	}
	group.SetSelected(group.Options[at])
}

func isChosen(group *widget.RadioGroup, at int) bool { return group.Selected == group.Options[at] }

// chooseComputer is the way from where a place is lacking.
func (s *placeSection) chooseComputer() { choose(s.ways, true) }

// typed is what is chosen.
func (s *placeSection) typed() settings.Place {
	set := settings.Place{Computer: isChosen(s.ways, wayComputer), Address: strings.TrimSpace(s.address.Text), Listen: access.ListenAt(s.port.Text)}
	if isChosen(s.door, doorCloudflared) {
		set.Address, set.Listen = "", ""
	}
	return set
}

// show shows what belongs to what is chosen.
func (s *placeSection) show() {
	kit.SetVisible(isChosen(s.ways, wayComputer), s.computer)
	kit.SetVisible(isChosen(s.door, doorCloudflared), s.quick)
	kit.SetVisible(isChosen(s.door, doorOwn), s.own)
	set := s.typed()
	kit.SetEnabled(!s.working && s.edited && (!set.Computer || access.CheckComputer(set) == nil), s.save)
	kit.SetEnabled(!s.working && !s.edited, s.check)
	kit.SetVisible(set.Computer, s.check) // the bucket's card has its own
	if s.card != nil {
		s.card.Refresh()
	}
}

func (s *placeSection) changed() {
	if s.filling {
		return
	}
	s.edited = true
	s.work.Drop("ask")
	set := s.typed()
	var err error
	if set.Computer && (set.Address != "" || set.Listen != "") {
		err = access.CheckComputer(set)
	}
	s.result.end("", err)
	s.show()
}

func (s *placeSection) savePlace() {
	set := s.typed()
	if !s.edited || s.working || set.Computer && access.CheckComputer(set) != nil {
		return
	}
	s.working = true
	s.result.begin()
	s.show()
	studio := s.studio
	kit.Do(s.work, func(context.Context) error { return studio.Computer.Choose(set) }, func(err error) {
		s.working, s.edited = false, err != nil
		good := lang.L("Saved.")
		if set.Computer {
			good = lang.L("Saved. Check it to see whether this computer is reached.")
		}
		s.result.end(good, err)
		s.show()
	})
}

// checkPlace reads a small picture through the public address.
func (s *placeSection) checkPlace() {
	if s.working {
		return
	}
	s.working = true
	s.result.begin()
	s.show()
	studio := s.studio
	kit.Begin(s.work, "ask", func(ctx context.Context) reachedComputer {
		reached, err := studio.Place.CheckComputer(ctx)
		return reachedComputer{reached, err}
	}, func(r reachedComputer) {
		s.working = false
		s.result.end(r.words(), r.err)
		s.show()
	})
}

// reachedComputer is what a check found.
type reachedComputer struct {
	access.Reached
	err error
}

func (r reachedComputer) words() string {
	words := fmt.Sprintf(lang.L("A small picture was read through %s: services can fetch photos there."), r.Address)
	if !r.Note.IsZero() {
		words += "\n" + fullSentence(say(r.Note))
	}
	return words
}
