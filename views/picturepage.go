// One picture large, over the whole window: looking at it, what made it, and what can be done with it.

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

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// pageSide is the width of the column beside the picture, in density-independent pixels.
const pageSide float32 = 272

// pageHost is what a large picture's buttons ask of the tabs.
type pageHost interface {
	failureHost
	inSight(tab int) bool
	useAsReference(ref string)
	modify(ref string)
	showInGallery(id string)
}

// picturePage lies over the window until it is closed. It belongs to the UI goroutine.
type picturePage struct {
	picture.Page
	desk

	host    pageHost
	prompt  *widget.Label
	facts   *fyne.Container
	flaw    *kit.ProblemLine
	reuse   []*kit.Button // need the job that made the picture
	use     []*kit.Button // need a picture without a flaw
	other   *kit.Button   // opens one that can't be shown here
	notice  *widget.Label
	failure *failureCard
}

// newPicturePage is over the library's picture ids[at]; the others are reached by the arrow keys. The slice is kept: don't
// change it afterwards.
func newPicturePage(w desk, host pageHost, ids []string, at int) (p *picturePage, side fyne.CanvasObject) {
	p = &picturePage{desk: w, host: host}
	p.Build(w.window, w.work, libraryPictures(w.studio), ids, at)
	p.Turned = p.describeShown
	return p, p.build()
}

// build makes what stands beside the picture.
func (p *picturePage) build() fyne.CanvasObject {
	p.prompt = kit.WrappedLabel()
	p.facts = container.New(layout.NewCustomPaddedVBoxLayout(-6))
	p.notice = widget.NewLabel("")
	p.notice.Wrapping = fyne.TextWrapWord
	p.notice.Importance = widget.SuccessImportance
	p.notice.Hide()
	p.failure = newFailureCard(p.desk, p.host)
	p.flaw = kit.NewProblemLine()
	details := container.NewVScroll(container.NewVBox(p.flaw, p.prompt, p.facts))
	side := container.New(&kit.FixedWidth{Width: pageSide}, container.New(layout.NewCustomPaddedLayout(8, 10, 8, 10), container.NewBorder(
		nil, container.NewVBox(p.notice, p.failure, widget.NewSeparator(), p.actions()), nil, nil, details)))
	return container.NewBorder(nil, nil, widget.NewSeparator(), nil, side)
}

// actions are the page's buttons; each leads on from the picture that is shown.
func (p *picturePage) actions() fyne.CanvasObject {
	save := p.button(lang.L("Save as…"), theme.DocumentSaveIcon(), p.saveAs)
	save.Importance = widget.HighImportance
	reference := p.button(lang.L("Use as reference"), theme.MediaPhotoIcon(), p.leave(p.host.useAsReference))
	modify := p.button(lang.L("Modify this"), theme.DocumentCreateIcon(), p.leave(p.host.modify))
	again := p.button(useSettings(), theme.DocumentCreateIcon(), p.leave(func(id string) {
		if job, ok := p.job(id); ok {
			p.host.fill(job.Task, job.Values)
		}
	}))
	gallery := p.button(lang.L("Show in gallery"), theme.GridIcon(), p.leave(p.host.showInGallery))
	kit.SetVisible(!p.host.inSight(tabGallery), gallery)
	p.other = p.button(lang.L("Open with another program"), theme.ComputerIcon(), func() { p.openFile(p.studio.Library.Path(p.Shown())) })
	p.reuse, p.use = []*kit.Button{again}, []*kit.Button{reference, modify}
	return container.NewVBox(save, p.other, reference, modify, again, gallery)
}

func (p *picturePage) button(text string, icon fyne.Resource, tapped func()) *kit.Button {
	b := kit.NewButton(text, p.key, tapped)
	b.Icon, b.Alignment = icon, widget.ButtonAlignLeading
	return b
}

// key keeps the viewer's keys working while a button has the keyboard.
func (p *picturePage) key(event *fyne.KeyEvent) bool {
	if event.Name == fyne.KeySpace {
		return false
	}
	p.TypedKey(event)
	return true
}

// leave closes the page and goes on with its picture.
func (p *picturePage) leave(then func(id string)) func() {
	return func() {
		id := p.Shown()
		p.Close()
		then(id)
	}
}

func (p *picturePage) job(id string) (jobs.Job, bool) {
	picture, _ := p.studio.Library.Picture(id)
	return p.studio.Jobs.Job(picture.Job)
}

// describeShown says what is known of the picture shown.
func (p *picturePage) describeShown() {
	id := p.Shown()
	picture, known := p.studio.Library.Picture(id)
	kit.SetText(p.prompt, providers.Shown(picture.Prompt))
	p.facts.Objects = nil
	if known {
		p.describe(picture)
	}
	_, made := p.job(id)
	for _, button := range p.reuse {
		kit.SetEnabled(made, button)
	}
	p.flaw.SetText(say(picture.Damaged))
	for _, button := range p.use {
		kit.SetEnabled(picture.Damaged.IsZero() && picture.Unreadable.IsZero(), button)
	}
	kit.SetVisible(!picture.Unreadable.IsZero(), p.other)
	p.say("")
	p.failure.SetFailure(nil, "", nil)
	p.facts.Refresh()
}

// describe lists what is known of the picture.
func (p *picturePage) describe(picture library.Picture) {
	p.fact(lang.L("Model"), p.modelTitle(picture))
	if picture.Seed != nil {
		p.fact(lang.L("Seed"), strconv.FormatInt(*picture.Seed, 10))
	}
	if picture.Width > 0 && picture.Height > 0 {
		p.fact(lang.L("Size"), fmt.Sprintf("%d × %d", picture.Width, picture.Height))
	}
	p.fact(lang.L("File"), kit.FileKind(picture.Ext)+", "+bytesInWords(picture.Bytes))
	p.fact(lang.L("Made"), kit.DayAndTime(picture.Created))
	if task, service, ok := p.studio.Services().Task(picture.Task); ok {
		p.fact(lang.L("By"), service.Title+" · "+kit.Local(task.Title))
	}
}

func (p *picturePage) fact(name, value string) {
	if value == "" {
		return
	}
	text := kit.WrappedLabel()
	text.SetText(value)
	p.facts.Add(container.NewBorder(nil, nil, container.New(&kit.FixedWidth{Width: 64}, container.NewVBox(kit.NewCaption(name))), nil, text))
}

// modelTitle is the name of a model trained here, or what the service calls it.
func (p *picturePage) modelTitle(picture library.Picture) string {
	if model, known := p.studio.Models.Model(picture.Model); known && picture.Model != "" {
		return model.Title
	}
	return picture.Model
}

func (p *picturePage) say(text string) { kit.SetText(p.notice, text) }
