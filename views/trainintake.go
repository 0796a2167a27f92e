// Taking photos in: progress while they are checked, and by name what could not be used and why.

package views

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// rejectedHeight is the most that the list of rejected files takes, in
// density-independent pixels; longer ones scroll.
const rejectedHeight float32 = 112

// rejectedShown is how many rejected files are listed by name.
const rejectedShown = 500

// photoIntake takes files into the dataset, one lot after the other.
type photoIntake struct {
	widget.BaseWidget

	desk
	failure *failureCard
	typed   func() error // saves the captions that are being typed
	told    func(string) // what is worth knowing of what came in
	waiting []string     // paths that came while others were being checked
	cancel  context.CancelFunc

	rejected []intake.Rejected
	status   *widget.Label
	bar      *widget.ProgressBar
	busy     fyne.CanvasObject
	title    *widget.Label
	list     *widget.Label
	scroll   *container.Scroll
	frame    *kit.Plate
	refused  fyne.CanvasObject
	content  fyne.CanvasObject
}

func newPhotoIntake(w desk, failure *failureCard, typed func() error, told func(string)) *photoIntake {
	in := &photoIntake{desk: w, failure: failure, typed: typed, told: told}
	in.status = widget.NewLabel("")
	in.bar = widget.NewProgressBar()
	stop := widget.NewButtonWithIcon(lang.L("Stop"), theme.CancelIcon(), in.stop)
	in.busy = container.NewBorder(nil, nil, in.status, stop, in.bar)
	in.busy.Hide()

	in.title = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	in.title.Importance = widget.WarningImportance
	dismiss := widget.NewButtonWithIcon(lang.L("Dismiss"), theme.CancelIcon(), in.dismiss)
	dismiss.Importance = widget.LowImportance
	in.list = kit.WrappedLabel()
	in.scroll = container.NewVScroll(in.list)
	in.frame = kit.NewPlate(kit.ColorMat, theme.ColorNameWarning, 6)
	in.refused = container.NewStack(in.frame, container.NewPadded(
		container.NewBorder(container.NewBorder(nil, nil, nil, dismiss, in.title), nil, nil, nil, in.scroll),
	))
	in.refused.Hide()
	in.content = container.NewVBox(in.busy, in.refused)
	in.ExtendBaseWidget(in)
	return in
}

// addURIs takes in what was dropped.
func (in *photoIntake) addURIs(uris []fyne.URI) {
	var paths []string
	for _, uri := range uris {
		if uri.Scheme() == "file" {
			paths = append(paths, filepath.FromSlash(uri.Path()))
			continue
		}
		in.rejected = append(in.rejected, intake.Rejected{Name: uri.Name(), Reason: providers.Say("is not a file on this computer")})
	}
	in.showRejected()
	in.add(paths)
}

// add takes in files and folders.
func (in *photoIntake) add(paths []string) {
	if len(paths) == 0 {
		return
	}
	in.waiting = append(in.waiting, paths...)
	if in.cancel == nil {
		in.next()
	}
}

func (in *photoIntake) next() {
	paths := in.waiting
	in.waiting = nil
	in.run(func(ctx context.Context) ([]intake.Rejected, error) {
		return in.studio.Datasets.AddPhotos(ctx, paths, in.tellProgress())
	}, func() { in.add(paths) })
}

// importFolder makes a dataset of a folder, once what was typed for the dataset
// shown is saved.
func (in *photoIntake) importFolder(folder string) {
	if in.checking() {
		in.failure.SetFailure(errors.New(lang.L("Photos are still being checked: wait for them, or stop it")), "", nil)
		return
	}
	in.run(func(ctx context.Context) ([]intake.Rejected, error) {
		if err := in.typed(); err != nil {
			return nil, err
		}
		made, rejected, err := in.studio.Datasets.ImportFolder(ctx, folder, in.tellProgress())
		if err == nil && ctx.Err() == nil && len(made.Photos) == 0 {
			err = errors.New(lang.L("There is no photo in this folder that can be used"))
		}
		return rejected, errors.Join(err, in.rememberFolder(folder))
	}, func() { in.importFolder(folder) })
}

// run takes photos in, in a worker; again tries it once more.
func (in *photoIntake) run(take func(ctx context.Context) ([]intake.Rejected, error), again func()) {
	in.status.SetText(lang.L("Looking for photos…"))
	in.bar.SetValue(0)
	in.busy.Show()
	in.Refresh()
	type outcome struct {
		rejected  []intake.Rejected
		converted string
		err       error
		stopped   bool
	}
	began := time.Now()
	in.cancel = kit.Do(in.work, func(ctx context.Context) outcome {
		rejected, err := take(ctx)
		return outcome{rejected, convertedSince(began, in.studio.Datasets.Photos()), err, ctx.Err() != nil}
	}, func(o outcome) {
		in.cancel = nil
		if o.converted != "" {
			in.told(o.converted)
		}
		in.rejected = append(in.rejected, o.rejected...)
		in.showRejected()
		if !o.stopped {
			in.failure.SetFailure(o.err, "", func() { in.failure.SetFailure(nil, "", nil); again() })
		}
		if len(in.waiting) > 0 {
			in.next()
			return
		}
		in.busy.Hide()
		in.Refresh()
	})
}

// convertedSince says which kinds of the photos added since then leave as
// another kind; "" where none does.
func convertedSince(began time.Time, photos []photo.Photo) string {
	kinds, counts := []string{}, map[string]int{}
	var sent []string
	for _, p := range photos {
		if p.Added.Before(began) || p.EditedExt() == p.Ext {
			continue
		}
		if kind := kit.FileKind(p.Ext); counts[kind] == 0 {
			kinds = append(kinds, kind)
		}
		counts[kit.FileKind(p.Ext)]++
		if kind := kit.FileKind(p.EditedExt()); !slices.Contains(sent, kind) {
			sent = append(sent, kind)
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%s (%s)", kind, kit.Number(counts[kind]))
	}
	return fmt.Sprintf(
		lang.L("%s: the originals stay here as they are. Services get %s copies, made as they are sent."), kit.Listed(kinds...), kit.Listed(sent...))
}

// tellProgress brings progress to the window as often as anybody reads it.
func (in *photoIntake) tellProgress() func(done, of int) {
	var last time.Time
	return func(done, of int) {
		if done != of && time.Since(last) < changeEvery {
			return
		}
		last = time.Now()
		kit.OnUI(func() {
			if in.cancel == nil {
				return
			}
			in.status.SetText(fmt.Sprintf(lang.L("Checking %d of %d"), min(done+1, of), of))
			in.bar.Max = float64(max(of, 1))
			in.bar.SetValue(float64(done))
		})
	}
}

// stop gives up what waits; of photos that are being added those stay that
// were checked, of a folder none.
func (in *photoIntake) stop() {
	in.waiting = nil
	if in.cancel != nil {
		in.cancel()
	}
}

// checking reports whether photos are still being taken in.
func (in *photoIntake) checking() bool { return in.cancel != nil }

func (in *photoIntake) dismiss() {
	in.rejected = nil
	in.showRejected()
}

func (in *photoIntake) showRejected() {
	lines := make([]string, 0, len(in.rejected))
	for _, r := range in.rejected[:min(len(in.rejected), rejectedShown)] {
		lines = append(lines, r.Name+": "+say(r.Reason))
	}
	if more := len(in.rejected) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf(lang.L("and %d more"), more))
	}
	in.list.SetText(strings.Join(lines, "\n"))
	in.scroll.SetMinSize(fyne.NewSize(0, min(rejectedHeight, in.list.MinSize().Height)))
	missing := 0
	for _, r := range in.rejected {
		if !r.Harmless {
			missing++
		}
	}
	title := lang.L("Worth knowing about what was added")
	if missing > 0 {
		title = kit.CountOf(missing, lang.L("1 file was not added"), lang.L("%d files were not added"))
	}
	in.title.SetText(title)
	kit.SetVisible(len(lines) > 0, in.refused)
	in.Refresh()
}

// rememberPlace makes the picker begin where photos came from.
func (in *photoIntake) rememberPlace(paths []string) {
	if len(paths) == 0 {
		return
	}
	folder := filepath.Dir(paths[0])
	kit.Do(in.work, func(context.Context) error {
		return in.rememberFolder(folder)
	}, func(err error) { in.failure.SetFailure(err, "", nil) })
}

// CreateRenderer stacks the progress and the list of what was refused.
func (in *photoIntake) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(in.content)
}
