// Help → Guide: the pages of docs/guide, with their contents and a search beside them.

package views

import (
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/search"
	"github.com/maquette-studio/maquette/docs/guide"
	"github.com/maquette-studio/maquette/views/kit"
)

const (
	// guideContents and guideColumn are the widths of the contents and of a page's lines, in density-independent pixels.
	guideContents float32 = 236
	guideColumn   float32 = 720
)

// guidePanelSize is the panel's size where the window has room for it.
var guidePanelSize = fyne.NewSize(1080, 820)

// guidePlace is a page of the guide and a heading on it.
type guidePlace struct {
	page    int
	section int // 0 for the top
}

// guideRow is a line of the contents, or of what a search found.
type guideRow struct {
	guidePlace
	title, on string // what it is called, and on which page a section stands
}

// guidePanel lies over the window until it is closed.
type guidePanel struct {
	kit.Panel
	desk

	pages []guide.Page
	at    guidePlace
	past  []guidePlace // where Back leads, the last first to go

	rows    []guideRow
	search  *searchEntry
	list    *kit.List
	nothing *kit.MutedText
	back    *kit.Button
	body    *guideBody
	scroll  *container.Scroll
}

// showGuide opens the guide at a page, such as "jobs.md" or "jobs.md#cancel".
func showGuide(d desk, target string) *guidePanel {
	p := &guidePanel{desk: d.part(), pages: guide.Pages(), nothing: kit.NewMutedText("")}
	p.Work, p.OnKey = p.work, p.turn
	p.search = newSearchEntry(lang.L("Search the guide"), p.find, func() { p.Focus(p.list) })
	p.list = kit.NewList(theme.DocumentIcon(), p.Escape, func() int { return len(p.rows) }, func(row int) string { return p.rows[row].words() }, p.choose)
	p.body = newGuideBody(p.work, p.follow)
	p.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(2, 24, 12, 18), p.body))
	p.back = kit.NewButton(lang.L("Back"), p.Escape, p.goBack)
	p.back.Icon = theme.NavigateBackIcon()
	done := kit.NewButton(lang.L("Close"), p.Escape, p.Close)
	contents := container.New(&kit.FixedWidth{Width: guideContents}, kit.Border(container.NewVBox(p.search, p.nothing), nil, nil, nil, p.list))
	top := container.NewHBox(kit.Heading(lang.L("Guide")), layout.NewSpacer(), p.back)
	p.Show(d.window, kit.Border(top, container.NewHBox(layout.NewSpacer(), done), contents, nil, kit.ScrolledAsOne(p.scroll)), guidePanelSize, done)
	p.show(guidePlace{})
	p.find()
	p.open(target)
	p.past = nil
	p.back.Disable()
	return p
}

// words are what the row says.
func (r guideRow) words() string { return kit.Dotted(r.title, r.on) }

// find lists the pages, or the sections that hold all of the words.
func (p *guidePanel) find() {
	words := search.Parse(p.search.Text)
	p.rows = nil
	for i, page := range p.pages {
		if len(words) == 0 {
			p.rows = append(p.rows, guideRow{guidePlace{page: i}, page.Title, ""})
			continue
		}
		for j, section := range page.Sections {
			if !words.In(search.Text(page.Title, section.Title, section.Plain())) {
				continue
			}
			row := guideRow{guidePlace{i, j}, section.Title, page.Title}
			if j == 0 {
				row.on = ""
			}
			p.rows = append(p.rows, row)
		}
	}
	said := ""
	if len(p.rows) == 0 {
		said = kit.Sprintf(lang.L("Nothing matches “%s”"), p.search.Text)
	}
	p.nothing.SetText(said)
	kit.SetVisible(said != "", p.nothing)
	p.list.Refresh()
	p.mark()
}

// choose opens what a row is of.
func (p *guidePanel) choose(row int) {
	if row >= len(p.rows) || p.contents() && p.rows[row].page == p.at.page {
		return
	}
	p.goTo(p.rows[row].guidePlace)
	p.mark()
}

// contents reports whether the list shows all pages, and not what a search found.
func (p *guidePanel) contents() bool { return len(search.Parse(p.search.Text)) == 0 }

// mark shows in the contents which page is in sight.
func (p *guidePanel) mark() {
	if p.contents() {
		p.list.Select(p.at.page)
		return
	}
	p.list.UnselectAll()
}

// open goes to a page by its file's name, and the heading after a #.
func (p *guidePanel) open(target string) {
	file, anchor, _ := strings.Cut(target, "#")
	for i, page := range p.pages {
		if page.File == file || file == "" && i == p.at.page {
			p.goTo(guidePlace{i, max(0, page.Section(anchor))})
			return
		}
	}
}

// follow goes where a link leads: within the guide, or into the browser.
func (p *guidePanel) follow(link *url.URL) {
	if link.Scheme == "https" {
		p.openSite(link.String())
		return
	}
	target := link.Path
	if link.Fragment != "" {
		target += "#" + link.Fragment
	}
	p.open(target)
}

// goTo shows a place, and remembers the one before.
func (p *guidePanel) goTo(to guidePlace) {
	if to == p.at {
		return
	}
	p.past = append(p.past, p.at)
	p.show(to)
}

func (p *guidePanel) goBack() {
	if len(p.past) == 0 {
		return
	}
	to := p.past[len(p.past)-1]
	p.past = p.past[:len(p.past)-1]
	p.show(to)
}

// show shows a place. A link that had the keyboard is gone then.
func (p *guidePanel) show(to guidePlace) {
	if to.page != p.at.page || p.body.empty() {
		p.window.Canvas().Unfocus()
		p.body.show(p.pages[to.page])
	}
	p.at = to
	kit.SetEnabled(len(p.past) > 0, p.back)
	p.scroll.Refresh()
	p.scroll.ScrollToOffset(fyne.NewPos(0, p.body.top(to.section)))
	p.mark()
}

// turn is what keys do while nothing takes them.
func (p *guidePanel) turn(event *fyne.KeyEvent) bool {
	const line = 48
	offset, page := p.scroll.Offset.Y, p.scroll.Size().Height-line
	switch event.Name {
	case fyne.KeyUp:
		offset -= line
	case fyne.KeyDown:
		offset += line
	case fyne.KeyPageUp:
		offset -= page
	case fyne.KeyPageDown, fyne.KeySpace:
		offset += page
	case fyne.KeyHome:
		offset = 0
	case fyne.KeyEnd:
		offset = p.body.Size().Height
	case fyne.KeyBackspace:
		p.goBack()
		return true
	case fyne.KeyF1:
		p.open(guide.Start)
		return true
	default:
		return false
	}
	p.scroll.ScrollToOffset(fyne.NewPos(0, max(0, offset)))
	return true
}

// guideLink opens the guide where it explains what stands beside it. It is hidden where target is "".
type guideLink struct {
	*widget.Hyperlink
	desk
	target string
}

func newGuideLink(d desk, target string) *guideLink {
	l := &guideLink{widget.NewHyperlink(lang.L("Read about it"), nil), d, ""}
	l.OnTapped = func() { showGuide(l.desk, l.target) }
	l.lead(target)
	return l
}

// lead has it lead elsewhere.
func (l *guideLink) lead(target string) {
	l.target = target
	kit.SetVisible(target != "", l.Hyperlink)
}
