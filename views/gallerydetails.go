// What the gallery says about the selected picture, and what can be done with it.

package views

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// galleryDetails is the pane at the right of the grid.
type galleryDetails struct {
	widget.BaseWidget

	gallery *galleryTab
	preview *picture.Preview
	about   *kit.MutedText
	flaw    *kit.ProblemLine
	why     *kit.MutedText // it can't be shown
	prompt  *widget.Label
	copy    *widget.Button
	seed    *widget.Button
	facts   map[string]*widget.Label
	deleted fyne.CanvasObject // when it was; in the trash only
	job     *widget.Hyperlink
	body    *fyne.Container
	actions *fyne.Container
	foot    *fyne.Container // around the actions
	content fyne.CanvasObject
	acting  string // the ids that the buttons are for
}

func newGalleryDetails(gallery *galleryTab) *galleryDetails {
	d := &galleryDetails{gallery: gallery, facts: map[string]*widget.Label{}, about: kit.NewMutedText("")}
	d.preview = picture.NewPreview(gallery.loader, gallery.open)
	d.flaw, d.why = kit.NewProblemLine(), kit.NewMutedText("")
	d.prompt = kit.WrappedLabel()
	d.copy = widget.NewButtonWithIcon(lang.L("Copy prompt"), theme.ContentCopyIcon(), func() { d.toClipboard(d.prompt.Text) })
	d.seed = widget.NewButtonWithIcon("", theme.ContentCopyIcon(), func() { d.toClipboard(d.facts["seed"].Text) })
	d.copy.Importance, d.seed.Importance = widget.LowImportance, widget.LowImportance
	d.job = widget.NewHyperlink(lang.L("Show the job"), nil)
	d.actions = container.NewVBox()
	d.deleted = d.fact(lang.L("Deleted"), "deleted", nil)
	facts := container.New(
		layout.NewCustomPaddedVBoxLayout(-4),
		d.fact(lang.L("Model"), "model", nil),
		d.fact(lang.L("Seed"), "seed", d.seed),
		d.fact(lang.L("Service"), "service", nil),
		d.fact(lang.L("Size"), "size", nil),
		d.fact(lang.L("Made"), "made", nil),
		d.deleted,
	)
	d.body = container.New(
		layout.NewCustomPaddedVBoxLayout(2),
		d.preview, d.flaw, d.why, d.prompt, container.NewHBox(d.copy), widget.NewSeparator(), facts, container.NewHBox(d.job),
	)
	d.foot = container.NewVBox(widget.NewSeparator(), container.NewPadded(d.actions))
	d.content = kit.Border(
		container.NewPadded(d.about), d.foot, widget.NewSeparator(), nil,
		kit.FollowingFocus(container.NewVScroll(container.NewPadded(d.body))),
	)
	d.ExtendBaseWidget(d)
	return d
}

// fact is one line: what it is, the value, and a button that goes with it.
func (d *galleryDetails) fact(title, name string, button fyne.CanvasObject) fyne.CanvasObject {
	value := widget.NewLabel("")
	value.Truncation = fyne.TextTruncateEllipsis
	value.Selectable = true
	d.facts[name] = value
	caption := container.New(&kit.FixedWidth{Width: 58}, container.NewVBox(kit.NewCaptionLine(title)))
	return container.NewBorder(nil, nil, caption, button, value)
}

// CreateRenderer lays the pane out.
func (d *galleryDetails) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(d.content)
}

// MinSize leaves all further room to the grid.
func (d *galleryDetails) MinSize() fyne.Size { return fyne.NewSize(pageSide, 200) }

func (d *galleryDetails) close() { d.preview.SetPicture("") }

func (d *galleryDetails) toClipboard(text string) { d.gallery.toClipboard(text) }

// show follows the selection.
func (d *galleryDetails) show() {
	ids := d.gallery.grid.Selected()
	picture, known := library.Picture{}, false
	if len(ids) == 1 {
		picture, known = d.gallery.studio.Library.Picture(ids[0])
	}
	switch {
	case known:
		d.about.Hide()
		d.showPicture(picture)
	case len(ids) > 1:
		d.about.SetText(fmt.Sprintf(lang.L("%s selected"), pictureCount(len(ids))))
		d.about.Show()
	default:
		d.about.SetText(lang.L("Select a picture to see what made it."))
		d.about.Show()
	}
	kit.SetVisible(known, d.body)
	if !known {
		d.preview.SetPicture("")
	}
	d.showActions(ids)
	d.Refresh()
}

func (d *galleryDetails) showPicture(p library.Picture) {
	d.preview.SetPicture(p.ID)
	d.flaw.SetText(say(p.Damaged))
	d.why.SetText(say(p.Unreadable))
	kit.SetVisible(!p.Unreadable.IsZero(), d.why)
	kit.SetText(d.prompt, providers.Shown(p.Prompt))
	kit.SetVisible(p.Prompt != "", d.copy)
	d.facts["model"].SetText(orDash(p.Model))
	seed := ""
	if p.Seed != nil {
		seed = strconv.FormatInt(*p.Seed, 10)
	}
	d.facts["seed"].SetText(orDash(seed))
	kit.SetVisible(seed != "", d.seed)
	d.facts["service"].SetText(d.service(p))
	d.facts["size"].SetText(pictureSize(p))
	d.facts["made"].SetText(kit.DayAndTime(p.Created))
	d.facts["deleted"].SetText(kit.DayAndTime(p.Trashed))
	kit.SetVisible(!p.Trashed.IsZero(), d.deleted)
	_, known := d.gallery.studio.Jobs.Job(p.Job)
	kit.SetVisible(known, d.job)
	d.job.OnTapped = func() { d.gallery.host.showJob(p.Job) }
}

func (d *galleryDetails) service(p library.Picture) string {
	title := p.Service
	if service, ok := d.gallery.studio.Services().Service(p.Service); ok {
		title = service.Title
	}
	return title
}

func pictureSize(p library.Picture) string {
	format := kit.FileKind(p.Ext)
	if p.Width <= 0 || p.Height <= 0 {
		return bytesInWords(p.Bytes) + " " + format
	}
	return fmt.Sprintf("%d × %d, %s %s", p.Width, p.Height, bytesInWords(p.Bytes), format)
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// showActions makes the buttons for the selection; the first is the likeliest.
func (d *galleryDetails) showActions(ids []string) {
	about := fmt.Sprint(d.gallery.trash, ids)
	if about == d.acting {
		return
	}
	d.acting = about
	d.actions.RemoveAll()
	kit.SetVisible(len(ids) > 0, d.foot)
	var pair []fyne.CanvasObject
	for i, action := range d.gallery.actions(ids) {
		button := widget.NewButtonWithIcon(action.title, action.icon, action.do)
		button.Alignment = widget.ButtonAlignLeading
		if i == 0 {
			button.Importance = widget.HighImportance
		}
		if action.wide {
			d.actions.Add(button)
			continue
		}
		pair = append(pair, button)
	}
	d.actions.Add(container.NewGridWithColumns(2, pair...))
}
