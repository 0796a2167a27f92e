// The photos of the Train tab: taken in, judged for the chosen task, removed, put back.

package views

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picker"
	"github.com/maquette-studio/maquette/views/picture"
)

// photoEdge is the longest edge of a photo in the grid, in density-independent
// pixels: three stand beside each other in a small window.
const photoEdge float32 = 144

// datasetPane shows the dataset being gathered.
type datasetPane struct {
	desk
	host    trainHost
	rules   func() *providers.PhotoRules
	content fyne.CanvasObject
	frame   *fyne.Container // the photos with what stands over and under them

	id       string // of the dataset shown
	photos   []photo.Photo
	verdicts map[string]datasets.Verdict // by hash
	judged   *providers.PhotoRules       // what the photos were judged by last

	chooser  *datasetChooser
	best     *widget.Button
	grid     *picture.Grid
	hint     *kit.DropHint
	summary  *kit.MutedText
	advice   *kit.MutedText
	remove   *widget.Button
	problem  *kit.ProblemLine
	failure  *failureCard
	notice   *kit.NoticeBar
	intake   *photoIntake
	captions *captionPane
}

func newDatasetPane(w desk, host trainHost, rules func() *providers.PhotoRules) *datasetPane {
	d := &datasetPane{desk: w, host: host, rules: rules, verdicts: map[string]datasets.Verdict{}}
	d.grid = picture.NewGrid(w.loader)
	d.grid.SetCellSize(photoEdge)
	d.chooser = newDatasetChooser(d)
	d.captions = newCaptionPane(w, d)
	d.grid.OnSelect = d.selected
	d.grid.OnDelete = d.removePhotos
	d.grid.OnOpen = d.open
	d.grid.OnKey = d.key
	d.grid.OnMenu = d.menu
	d.hint = kit.NewDropHint(lang.L("Drop photos or a folder here, anywhere in the window. JPEG, PNG, WebP, HEIC, AVIF and TIFF."), d.choose)
	d.summary = kit.NewMutedLine("")
	d.advice = kit.NewMutedText("")
	d.problem = kit.NewProblemLine()
	d.failure = newFailureCard(w, host)
	d.notice = kit.NewNoticeBar()
	d.intake = newPhotoIntake(w, d.failure, func() error { return d.captions.saver.save() }, d.notice.Say)
	d.content = d.layOut()
	return d
}

func (d *datasetPane) layOut() fyne.CanvasObject {
	add := widget.NewButtonWithIcon(lang.L("Add photos…"), theme.ContentAddIcon(), d.choose)
	d.remove = widget.NewButtonWithIcon(lang.L("Remove"), theme.DeleteIcon(), func() { d.removePhotos(d.grid.Selected()) })
	d.remove.Disable()
	d.best = widget.NewButton("", d.pickBest)
	d.best.Hide()
	bar := kit.Border(nil, nil, nil, container.NewHBox(d.remove, add), d.chooser.content)
	summary := container.NewBorder(nil, nil, nil, d.best, d.summary)
	top := container.New(layout.NewCustomPaddedVBoxLayout(4), bar, summary, d.advice, d.problem, d.failure, d.intake)
	d.frame = kit.Border(top, d.captions, nil, nil, container.NewStack(d.grid, d.hint))
	return kit.Inset(d.notice.Below(d.frame))
}

// AcceptDrop takes files dropped anywhere on the tab.
func (d *datasetPane) AcceptDrop(_ fyne.Position, uris []fyne.URI) bool {
	d.intake.addURIs(uris)
	return true
}

// choose opens the picture picker where photos were chosen last.
func (d *datasetPane) choose() {
	start := d.studio.Settings.Now().LastFolder
	if start == "" && d.studio.Demo() {
		start = d.studio.SampleFolder()
	}
	picker.ChoosePictures(d.window, d.work, start, d.studio.Library.PreviewFile, func(paths []string) {
		d.intake.add(paths)
		d.intake.rememberPlace(paths)
	})
}

// refresh shows the dataset as it is, judged for the chosen task in a worker.
func (d *datasetPane) refresh() {
	dataset := d.studio.Datasets.Current()
	photos := dataset.Photos
	rules := d.rules()
	d.judged = rules
	type judged struct {
		verdicts []datasets.Verdict
		overall  []providers.Sentence
	}
	kit.Begin(d.work, "judge", func(context.Context) judged {
		if rules == nil {
			return judged{}
		}
		verdicts, overall := datasets.Fitness(*rules, photos)
		return judged{verdicts, overall}
	}, func(j judged) {
		d.id = dataset.ID
		d.show(photos, j.verdicts, j.overall)
	})
}

// follow judges the photos anew when the task, or a value in its form, asks
// something else of them.
func (d *datasetPane) follow() {
	rules := d.rules()
	if rules == d.judged || rules != nil && d.judged != nil && *rules == *d.judged {
		return
	}
	d.refresh()
}

func (d *datasetPane) show(photos []photo.Photo, verdicts []datasets.Verdict, overall []providers.Sentence) {
	d.photos = photos
	clear(d.verdicts)
	for _, v := range verdicts {
		d.verdicts[v.Hash] = v
	}
	d.chooser.refresh()
	d.grid.SetItems(photoItems(photos, d.verdicts))
	kit.SetVisible(len(photos) == 0, d.hint)
	kit.SetVisible(len(photos) > 0, d.grid)
	d.summary.SetText(datasetSummary(len(photos), verdicts))
	d.showAdvice(overall, len(photos))
	most := d.most()
	d.best.SetText(fmt.Sprintf(lang.L("Pick best %d…"), most))
	kit.SetVisible(most > 0 && len(photos) > most, d.best)
	d.captions.refresh()
}

// photoItems are photos as a grid shows them: as they leave, with what is wrong
// with them.
func photoItems(photos []photo.Photo, verdicts map[string]datasets.Verdict) []picture.Item {
	items := make([]picture.Item, len(photos))
	for i, p := range photos {
		width, height := p.Size()
		items[i] = picture.Item{ID: p.Ref(), Picture: p.EditedRef(), Title: p.Name, Badge: fmt.Sprintf("%d×%d", width, height)}
		if v := verdicts[p.Hash]; v.Level != datasets.OK {
			items[i].Warning = kit.Parted(sayAll(v.Reasons)...)
		}
	}
	return items
}

// showAdvice says what would make the dataset better: how many photos, and
// before there are any, which.
func (d *datasetPane) showAdvice(overall []providers.Sentence, count int) {
	rules := d.rules()
	switch {
	case rules == nil:
		d.advice.SetText("")
	case count == 0:
		d.advice.SetText(kit.Local(rules.Advice))
	default:
		d.advice.SetText(kit.Sentences(sayAll(overall)...))
	}
	kit.SetVisible(d.advice.Text() != "", d.advice)
}

// datasetSummary is one line: how many photos, and how well they fit.
func datasetSummary(count int, verdicts []datasets.Verdict) string {
	if count == 0 {
		return ""
	}
	warned, refused := 0, 0
	for _, v := range verdicts {
		switch v.Level {
		case datasets.Warning:
			warned++
		case datasets.Error:
			refused++
		}
	}
	parts := []string{kit.CountOf(count, lang.L("1 photo"), lang.L("%d photos"))}
	if refused > 0 {
		parts = append(parts, kit.CountOf(refused, lang.L("1 can't be used"), lang.L("%d can't be used")))
	}
	if warned > 0 {
		parts = append(parts, kit.CountOf(warned, lang.L("1 with a warning"), lang.L("%d with a warning")))
	}
	if len(parts) == 1 && len(verdicts) > 0 {
		parts = append(parts, lang.L("good"))
	}
	return strings.Join(parts, " · ")
}

func (d *datasetPane) selected(refs []string) {
	kit.SetEnabled(len(refs) > 0, d.remove)
	d.captions.show(refs)
	kit.Arrange(d.frame)
}

// open shows a photo large; closing it leaves the one shown last selected.
func (d *datasetPane) open(ref string) {
	refs := make([]string, len(d.photos))
	for i, p := range d.photos {
		refs[i] = p.Ref()
	}
	at := slices.Index(refs, ref)
	if at < 0 {
		return
	}
	page := &picture.Page{}
	page.Build(d.window, d.work, d.studio.Library.Thumbnail, refs, at)
	page.Name = func(ref string) string {
		photo, _ := d.photo(ref)
		return photo.Name
	}
	page.Turned = func() {
		d.grid.Select(page.Shown())
		d.grid.ScrollTo(slices.Index(refs, page.Shown()))
	}
	d.host.showLarge(page, nil)
}

// key is what the grid has no use for itself: F2 leads to the caption.
func (d *datasetPane) key(event *fyne.KeyEvent) {
	if event.Name == fyne.KeyF2 {
		d.captions.focus()
	}
}

func (d *datasetPane) menu(refs []string, pos fyne.Position) {
	open := fyne.NewMenuItem(lang.L("Open"), func() { d.open(refs[0]) })
	caption := fyne.NewMenuItem(lang.L("Edit caption"), d.captions.focus)
	remove := fyne.NewMenuItem(lang.L("Remove"), func() { d.removePhotos(refs) })
	items := slices.Concat([]*fyne.MenuItem{open, caption}, d.fixMenu(refs), []*fyne.MenuItem{fyne.NewMenuItemSeparator(), remove})
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), d.window.Canvas(), pos)
}

// photo finds a photo by its reference, with its position; -1 when it is gone.
func (d *datasetPane) photo(ref string) (photo.Photo, int) {
	i := slices.IndexFunc(d.photos, func(p photo.Photo) bool { return p.Ref() == ref })
	if i < 0 {
		return photo.Photo{}, -1
	}
	return d.photos[i], i
}

// removePhotos takes photos out, and offers to put them back.
func (d *datasetPane) removePhotos(refs []string) {
	var hashes []string
	for _, ref := range refs {
		if p, i := d.photo(ref); i >= 0 {
			hashes = append(hashes, p.Hash)
		}
	}
	if len(hashes) == 0 {
		return
	}
	studio := d.studio
	var before datasets.Dataset
	kit.Do(d.work, func(context.Context) error {
		if err := d.captions.saver.save(); err != nil {
			return err
		}
		before = studio.Datasets.Current()
		return studio.Datasets.RemovePhotos(hashes...)
	}, func(err error) {
		d.failure.SetFailure(err, "", nil)
		if err == nil {
			text := kit.CountOf(len(hashes), lang.L("1 photo removed."), lang.L("%d photos removed."))
			d.notice.OfferUndo(text, func() { d.putBack(before) })
		}
	})
}

func (d *datasetPane) putBack(before datasets.Dataset) {
	kit.Do(d.work, func(context.Context) error { return d.studio.Datasets.PutBack(before) }, func(err error) {
		d.failure.SetFailure(err, "", nil)
	})
}
