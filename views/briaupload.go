// Adding pictures to a dataset at Bria: the photos of the dataset here, or
// files.

package views

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picker"
)

// chooseSource offers both.
func (v *briaDatasetView) chooseSource() {
	w := v.pane
	here := w.studio.Datasets.Current()
	photos := iconItem(fmt.Sprintf(lang.L("The photos of “%s” (%d)"), here.Name, len(here.Photos)), theme.MediaPhotoIcon(), func() {
		v.upload(func(context.Context) ([]photo.Photo, []intake.Rejected, error) { return here.Photos, nil, nil })
	})
	photos.Disabled = len(here.Photos) == 0
	files := iconItem(lang.L("Choose files…"), theme.FolderOpenIcon(), v.chooseFiles)
	menu := widget.NewPopUpMenu(fyne.NewMenu("", photos, files), w.window.Canvas())
	menu.ShowAtRelativePosition(fyne.NewPos(0, v.add.Size().Height), v.add)
}

func (v *briaDatasetView) chooseFiles() {
	w := v.pane
	start := w.studio.Settings.Now().LastFolder
	if start == "" && w.studio.Demo() {
		start = w.studio.SampleFolder()
	}
	picker.ChoosePictures(w.window, w.work, start, w.studio.Library.PreviewFile, func(paths []string) { v.uploadFiles(paths) })
}

func (v *briaDatasetView) uploadFiles(paths []string) {
	v.upload(func(ctx context.Context) ([]photo.Photo, []intake.Rejected, error) {
		return v.pane.studio.Intake.Photos(ctx, paths)
	})
}

// gatherPhotos brings photos in, and tells what can't be used. It runs in a
// worker.
type gatherPhotos func(ctx context.Context) ([]photo.Photo, []intake.Rejected, error)

// uploadAgain adds what is left of earlier uploads. Consent was given for it,
// unless that was before it was asked for here.
func (v *briaDatasetView) uploadAgain() {
	nothingMore := func(context.Context) ([]photo.Photo, []intake.Rejected, error) { return nil, nil, nil }
	if v.bria.Uploads.Agreed(v.shown.ID) {
		v.send(nothingMore, false)
		return
	}
	v.upload(nothingMore)
}

// upload adds pictures to the dataset shown, those left of earlier uploads
// first, once consent was given for all of them.
func (v *briaDatasetView) upload(gather gatherPhotos) {
	kit.Confirm(v.pane.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Add pictures to “%s”?"), v.shown.Name), Text: lang.L("Bria keeps copies of them, and models are trained on them."),
		Consent: consent.Statement, Yes: lang.L("Add pictures"), No: lang.L("Not now"),
	}, func() { v.send(gather, true) })
}

// send adds pictures to the dataset shown.
func (v *briaDatasetView) send(gather gatherPhotos, agreed bool) {
	dataset := v.shown.ID
	v.pane.change(lang.L("Adding pictures…"), func(ctx context.Context, tell tellChange) (func(), error) {
		v.pane.adding.Add(1)
		defer v.pane.adding.Add(-1)
		var done remote.Uploaded
		photos, rejected, err := gather(ctx)
		if err == nil {
			done, err = v.bria.Uploads.Add(ctx, dataset, photos, agreed, func(now remote.Uploading) {
				tell(uploadingWords(now), now.Done, now.Of)
			})
		}
		return func() {
			v.pane.say(uploadedWords(done, rejected))
			v.unsent.refresh()
			if v.shown.ID == dataset {
				v.look()
			}
		}, err
	})
	v.unsent.refresh()
}

// uploadingWords say how far an upload is.
func uploadingWords(now remote.Uploading) string {
	text := fmt.Sprintf(lang.L("Adding picture %d of %d…"), now.Done+1, now.Of)
	if now.Short {
		text += " " + fmt.Sprintf(lang.L("The dataset has room for %d more."), now.Room)
	}
	return text
}

// mostReasons is how many pictures are named that can't be used.
const mostReasons = 6

// uploadedWords say what became of the pictures, those too that can't be used.
func uploadedWords(done remote.Uploaded, unusable []intake.Rejected) string {
	var reasons []string
	for _, r := range unusable {
		reasons = append(reasons, r.Name+": "+say(r.Reason))
	}
	for _, r := range done.Rejected {
		reasons = append(reasons, r.Name+": "+say(r.Reason))
	}
	var parts []string
	if done.Added > 0 || done.There == 0 && len(reasons) == 0 && done.Left == 0 {
		parts = append(parts, kit.CountOf(done.Added, lang.L("1 picture added"), lang.L("%d pictures added")))
	}
	if done.There > 0 {
		parts = append(parts, kit.CountOf(done.There, lang.L("1 was there already"), lang.L("%d were there already")))
	}
	if len(reasons) > 0 {
		parts = append(parts, kit.CountOf(len(reasons), lang.L("1 left out"), lang.L("%d left out")))
	}
	var lines []string
	if len(parts) > 0 {
		lines = append(lines, kit.Ended(kit.Listed(parts...)))
	}
	if done.Over > 0 {
		lines = append(lines, fmt.Sprintf(lang.L("The dataset had room for %d more: %s."), done.Room,
			kit.CountOf(done.Over, lang.L("1 picture was not sent"), lang.L("%d pictures were not sent"))))
	}
	return strings.Join(append(lines, reasons[:min(len(reasons), mostReasons)]...), "\n")
}
