// The welcome of a first start: try it in the demo, or set up the services one
// has an account with. It can be left, and comes back by Help → Set up.

package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// welcomePage is all that the window shows until it is left.
type welcomePage struct {
	desk
	leads welcomeLeads

	keys    []*welcomeRow
	place   *lacking
	leave   *widget.Button
	content fyne.CanvasObject
	unhear  func()
}

// welcomeLeads are the ways on.
type welcomeLeads struct {
	try   func()               // opens the demo
	work  func()               // opens the studio
	place func(account string) // opens it at the settings of a place for photos
}

// welcomeRow is a service of the table, and where its key is pasted.
type welcomeRow struct {
	service *providers.Service
	choice  *widget.Check
	state   *kit.MutedText // whether it has a key
	section *keySection
}

func newWelcomePage(w desk, leads welcomeLeads) *welcomePage {
	p := &welcomePage{desk: w, leads: leads, leave: widget.NewButton("", leads.work)}
	p.place = newLacking(placeButtons(leads.place)...)
	icon := canvas.NewImageFromResource(assets.Icon)
	icon.FillMode = canvas.ImageFillContain
	title := widget.NewLabelWithStyle(lang.L("Welcome to Maquette"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameHeadingText
	head := container.NewBorder(nil, nil, container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(56), icon)), nil, container.NewVBox(
		title, kit.NewMutedText(lang.L("A studio for training and using your own image models at paid services, with your own accounts.")),
	))
	column := container.New(kit.Column{Most: settingsWidth, Gap: 14, Centred: true}, head, p.tryCard(), p.setUpCard())
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(28, 20, 18, 18), column))
	read := widget.NewButtonWithIcon(lang.L("Guide"), theme.HelpIcon(), func() { showGuide(p.desk, "first-hour.md") })
	foot := container.New(kit.Column{Most: settingsWidth, Centred: true}, container.NewBorder(nil, nil, nil, container.NewHBox(read, p.leave),
		kit.NewMutedText(lang.L("You find this page again in the menu: Help, Set up."))))
	p.content = container.NewBorder(nil, container.NewVBox(widget.NewSeparator(), container.New(layout.NewCustomPaddedLayout(6, 10, 18, 18), foot)),
		nil, nil, kit.ScrolledAsOne(scroll))
	p.unhear = hear(w.studio, w.work, func(kind app.EventKind, _ []string) {
		if kind == app.SettingsChanged {
			p.follow()
		}
	})
	p.follow()
	return p
}

// close ends the page's work.
func (p *welcomePage) close() {
	p.unhear()
	p.work.End()
}

func (p *welcomePage) tryCard() fyne.CanvasObject {
	try := widget.NewButtonWithIcon(lang.L("Try the demo"), theme.MediaPlayIcon(), p.leads.try)
	try.Importance = widget.HighImportance
	return newSettingsCard(
		widget.NewLabelWithStyle(lang.L("Try it"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true}),
		container.NewBorder(nil, nil, nil, container.NewCenter(try),
			kit.NewMutedText(lang.L("Everything works, with sample photos and simulated services: no account, no key, nothing is sent and nothing costs anything."))),
	)
}

func (p *welcomePage) setUpCard() fyne.CanvasObject {
	objects := []fyne.CanvasObject{
		widget.NewLabelWithStyle(lang.L("Set up"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true}),
		kit.NewMutedText(lang.L("Choose the services you have an account with, and paste the key of each. It is kept in the system's keyring and checked at once.")),
		tableLine(tableHead(lang.L("Service")), tableHead(lang.L("For")), tableHead(lang.L("Key")), tableHead(lang.L("Links to your photos"))),
		widget.NewSeparator(),
	}
	for _, service := range p.studio.Services() {
		row := p.newRow(service)
		p.keys = append(p.keys, row)
		objects = append(objects, tableLine(container.NewVBox(row.choice), kit.NewMutedText(serviceWork(service)), row.state, kit.NewMutedText(linksWords(service))), row.section.object())
	}
	objects = append(objects, kit.NewMutedText(p.aloneWords()), p.place)
	return newSettingsCard(objects...)
}

func (p *welcomePage) newRow(service *providers.Service) *welcomeRow {
	row := &welcomeRow{service: service, section: newKeySection(p.desk, service), state: kit.NewMutedText("")}
	row.section.checkAtOnce()
	row.section.object().Hide()
	row.choice = widget.NewCheck(service.Title, func(chosen bool) {
		kit.SetVisible(chosen, row.section.object())
		if chosen {
			row.section.refresh()
			if field := row.section.field(); field != nil {
				p.window.Canvas().Focus(field)
			}
		}
		p.follow()
	})
	return row
}

// follow says which services have a key, and what is still needed.
func (p *welcomePage) follow() {
	some := false
	var fetching []string
	for _, row := range p.keys {
		words := lang.L("needed")
		if p.studio.Access.Presence(row.service.ID) == access.KeyPresent {
			words, some = lang.L("there is one"), true
		}
		row.state.SetText(words)
		if row.choice.Checked && row.service.Bucket.FetchesPhotos() {
			fetching = append(fetching, row.service.Title)
		}
	}
	need := ""
	if len(fetching) > 0 && !p.studio.Place.Named() {
		text := lang.L("Photos from this computer also need a place where %s can fetch them: a bucket of yours, or this computer itself.")
		if len(fetching) > 1 {
			text = lang.L("Photos from this computer also need a place where each of %s can fetch them: a bucket of yours, or this computer itself.")
		}
		need = fmt.Sprintf(text, kit.Listed(fetching...))
	}
	p.place.say(need)
	p.leave.SetText(lang.L("Later"))
	p.leave.Importance = widget.MediumImportance
	if some {
		p.leave.SetText(lang.L("Start working"))
		p.leave.Importance = widget.HighImportance
	}
	p.leave.Refresh()
	p.content.Refresh()
}

// aloneWords name the services that need nothing but a key.
func (p *welcomePage) aloneWords() string {
	var alone []string
	for _, service := range p.studio.Services() {
		if service.Bucket.None() {
			alone = append(alone, service.Title)
		}
	}
	if len(alone) == 0 {
		return ""
	}
	return fmt.Sprintf(lang.L("The shortest way: %s works with a key alone."), kit.Listed(alone...))
}

// serviceWork is what a service is for.
func serviceWork(service *providers.Service) string {
	trains, makes := false, false
	for _, task := range service.Tasks {
		trains = trains || task.Kind != providers.Generate
		makes = makes || task.Kind != providers.Train
	}
	var words []string
	if trains {
		words = append(words, lang.L("training models"))
	}
	if makes {
		words = append(words, lang.L("making pictures"))
	}
	return kit.Dotted(words...)
}

// linksWords say whether a service fetches photos by link.
func linksWords(service *providers.Service) string {
	if service.Bucket.FetchesPhotos() {
		return lang.L("needed: a place for photos")
	}
	return lang.L("not needed")
}

// tableLine is a line of the table.
func tableLine(cells ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewGridWithColumns(len(cells), cells...)
}

func tableHead(text string) fyne.CanvasObject {
	return widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
}

// welcome shows the page over the open studio.
func (s *start) welcome() {
	w := desk{window: s.window, studio: s.studio, work: kit.NewWork(), state: s.state}
	page := newWelcomePage(w, welcomeLeads{
		try: func() {
			s.endWelcome()
			s.tryDemo()
		},
		work:  func() { s.leaveWelcome(nil) },
		place: func(account string) { s.leaveWelcome(func() { s.built.showSettings(account) }) },
	})
	s.page = page
	s.window.SetMainMenu(fyne.NewMainMenu())
	s.window.SetContent(page.content)
}

// endWelcome takes the page away.
func (s *start) endWelcome() {
	s.page.close()
	s.page.work.Close()
	s.page = nil
}

// leaveWelcome opens the studio, and then does what then says.
func (s *start) leaveWelcome(then func()) {
	studio := s.studio
	s.endWelcome()
	kit.Do(s.work, func(context.Context) error { return studio.EndWelcome() }, func(err error) {
		if err != nil {
			fyne.LogError("Keeping that the welcome was left", err)
		}
	})
	s.build()
	kit.Call(then)
}

// setUp comes back to the welcome from the open window.
func (s *start) setUp() {
	s.built.Shutdown()
	s.built = nil
	s.welcome()
}

// tryDemo opens the demo in this window, in place of the studio.
func (s *start) tryDemo() { s.exchange(true) }

// leaveDemo comes back from the demo.
func (s *start) leaveDemo() {
	s.built.Shutdown()
	s.built = nil
	s.exchange(false)
}

// exchange closes the studio that is open and opens the demo, or the person's
// own again.
func (s *start) exchange(demo bool) {
	before := s.studio
	s.studio, s.demo = nil, demo
	s.window.SetTitle(windowTitle)
	s.window.SetMainMenu(fyne.NewMainMenu())
	s.window.SetContent(opening())
	s.opened.Go(func() {
		if err := before.Close(); err != nil {
			fyne.LogError("Closing the studio", err)
		}
		s.openStudio("")
	})
}
