package views

import (
	"net/url"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/docs/guide"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// title is the title of the page in sight.
func (p *guidePanel) title() string { return p.pages[p.at.page].Title }

func TestTheGuideOpensInTheWindow(t *testing.T) {
	ui, w := openDemo(t)
	w.Resize(fyne.NewSize(1000, 700))
	w.tabs.SelectIndex(tabJobs)
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyF1))
	if w.Canvas().Overlays().Top() == nil {
		t.Fatal("F1 opens nothing")
	}
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyF1)) // within the guide: its contents, and not another guide
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyEscape))
	if w.Canvas().Overlays().Top() != nil {
		t.Fatal("Escape doesn't close it")
	}
	p := showGuide(w.desk, "jobs.md#cancel")
	if p.title() != "Jobs" || p.scroll.Offset.Y == 0 || !p.back.Disabled() {
		t.Errorf("it opens at %q, %v; Back is offered: %v", p.title(), p.scroll.Offset, !p.back.Disabled())
	}
	everyPage(t, ui, p)
	p.follow(&url.URL{Path: "first-hour.md"})
	p.follow(&url.URL{Fragment: "train"})
	if p.title() != "The first hour" || p.scroll.Offset.Y == 0 {
		t.Errorf("links lead to %q, %v", p.title(), p.scroll.Offset)
	}
	test.Tap(p.back)
	if p.scroll.Offset.Y != 0 {
		t.Error("Back doesn't lead to the top, where the link was")
	}
	p.search.SetText("keepassxc secret")
	if len(p.rows) == 0 || p.rows[0].title != "KeePassXC as the keyring" && p.rows[0].on != "Troubleshooting" {
		t.Errorf("the search finds %v", p.rows)
	}
	p.list.Select(0)
	if p.title() != "Troubleshooting" {
		t.Errorf("what was found leads to %q", p.title())
	}
	p.search.SetText("no such words anywhere")
	if !p.nothing.Visible() {
		t.Error("nothing says that nothing was found")
	}
	p.Close()
}

// everyPage opens each page: its pictures are there, and each of its links leads somewhere within the guide or to the web.
func everyPage(t *testing.T, ui *viewtest.UI, p *guidePanel) {
	t.Helper()
	for _, page := range guide.Pages() {
		p.open(page.File)
		if p.title() != page.Title || len(p.body.sections) != len(page.Sections) {
			t.Errorf("%s: %q is shown with %d of %d sections", page.File, p.title(), len(p.body.sections), len(page.Sections))
		}
		for _, picture := range viewtest.Find[*guidePicture](p.body) {
			ui.Until("a picture of "+page.File, func() bool { return picture.shown.Image != nil })
			if picture.Size().Height < 100 {
				t.Errorf("%s: a picture has the size %v", page.File, picture.Size())
			}
		}
		links := viewtest.Find[*widget.Hyperlink](p.body)
		if len(links) < len(page.Links()) {
			t.Errorf("%s: %d links are shown of %d", page.File, len(links), len(page.Links()))
		}
		for _, link := range links {
			if link.OnTapped == nil {
				t.Errorf("%s: %q leads nowhere", page.File, link.Text)
			}
		}
	}
}

func TestTroubleLeadsToItsPage(t *testing.T) {
	targets := []string{}
	for _, code := range []string{"keyring", "disk", "unwritten/j1", "hosted", "replaced", "shrunk", "backup", "records"} {
		targets = append(targets, guideOfTrouble(code))
	}
	for _, target := range guideOfFailure {
		targets = append(targets, target)
	}
	for tab := range declaredTabs() {
		targets = append(targets, guideOfTab[tab])
	}
	for _, target := range targets {
		if !guide.Leads(guide.Start, target) {
			t.Errorf("%q isn't in the guide", target)
		}
	}
}
