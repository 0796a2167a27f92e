// An image of a dataset at Bria large, with its caption beside it.

package views

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// briaLarge lies over the window until it is closed.
type briaLarge struct {
	picture.Page

	view    *briaDatasetView
	images  []remote.ID // as ids, which are links
	prefix  *kit.MutedText
	caption *widget.Label
	state   *kit.MutedText
}

// enlarge shows an image large; the others are reached by the arrow keys.
func (v *briaDatasetView) enlarge(id remote.ID) {
	at := slices.IndexFunc(v.shown.Images, func(img remote.Image) bool { return img.ID == id })
	if at < 0 {
		return
	}
	p := &briaLarge{view: v, prefix: kit.NewMutedText(""), caption: widget.NewLabel(""), state: kit.NewMutedText("")}
	p.caption.Wrapping = fyne.TextWrapWord
	var links []string
	for _, img := range v.shown.Images {
		p.images = append(p.images, img.ID)
		links = append(links, img.Large())
	}
	p.Build(v.pane.window, v.pane.work, v.bria.Picture, links, at)
	p.Turned = p.describe
	text := container.NewVScroll(container.New(layout.NewCustomPaddedVBoxLayout(-4), kit.NewCaption(lang.L("Caption")), p.prefix, p.caption, p.state))
	side := container.New(&kit.FixedWidth{Width: pageSide}, container.New(layout.NewCustomPaddedLayout(8, 10, 8, 10), text))
	v.large = p
	v.pane.host.showLarge(&p.Page, container.NewBorder(nil, nil, widget.NewSeparator(), nil, side))
}

// describe shows the caption as it is now, and brings the image into view
// behind the page.
func (p *briaLarge) describe() {
	v := p.view
	i := slices.IndexFunc(v.shown.Images, func(img remote.Image) bool { return img.ID == p.images[p.Position()] })
	if i < 0 {
		p.caption.SetText("")
		p.state.SetText(lang.L("This picture isn't in the dataset any more."))
		return
	}
	img := v.shown.Images[i]
	p.prefix.SetText(providers.Shown(v.shown.Prefix))
	kit.SetVisible(v.shown.Prefix != "", p.prefix)
	p.caption.SetText(providers.Shown(v.bria.Captions.Text(img)))
	p.state.SetText(captionWords(v.bria.Captions.State(v.shown, img)))
	v.images.ScrollTo(i)
}

// briaImageList is the list of images: arrows go through it, Enter and Space
// open the one under the cursor.
type briaImageList struct {
	widget.List

	view    *briaDatasetView
	current widget.ListItemID
}

func newBriaImageList(v *briaDatasetView) *briaImageList {
	l := &briaImageList{view: v}
	l.Length = func() int { return len(v.shown.Images) }
	l.CreateItem = func() fyne.CanvasObject { return newBriaImageRow(v) }
	l.UpdateItem = func(i widget.ListItemID, row fyne.CanvasObject) {
		if i < len(v.shown.Images) {
			row.(*briaImageRow).show(v.shown.Images[i])
		}
	}
	l.OnSelected = l.Unselect
	l.OnHighlighted = func(i widget.ListItemID) { l.current = i }
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey opens the image under the cursor on Enter and Space.
func (l *briaImageList) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if l.current >= 0 && l.current < len(l.view.shown.Images) {
			l.view.enlarge(l.view.shown.Images[l.current].ID)
		}
	default:
		l.List.TypedKey(event)
	}
}
