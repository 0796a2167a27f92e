// Adding pictures to a dataset at Bria: the photos of the dataset here, or
// files.

package views

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

// chooseSource offers both.
func (v *briaDatasetView) chooseSource() {
	w := v.pane.window
	here := w.studio.Dataset()
	photos := iconItem(fmt.Sprintf(lang.L("The photos of “%s” (%d)"), here.Name, len(here.Photos)), theme.MediaPhotoIcon(), func() {
		v.upload(func(context.Context) ([]app.DatasetPhoto, []app.Rejected, error) { return here.Photos, nil, nil })
	})
	photos.Disabled = len(here.Photos) == 0
	files := iconItem(lang.L("Choose files…"), theme.FolderOpenIcon(), v.chooseFiles)
	menu := widget.NewPopUpMenu(fyne.NewMenu("", photos, files), w.Canvas())
	menu.ShowAtRelativePosition(fyne.NewPos(0, v.add.Size().Height), v.add)
}

func (v *briaDatasetView) chooseFiles() {
	w := v.pane.window
	start := w.studio.Settings().LastFolder
	if start == "" && w.studio.Demo() {
		start = w.studio.SampleFolder()
	}
	showPicturePicker(w.Window, start, w.studio.PreviewFile, func(paths []string) { v.uploadFiles(paths) })
}

func (v *briaDatasetView) uploadFiles(paths []string) {
	v.upload(func(ctx context.Context) ([]app.DatasetPhoto, []app.Rejected, error) {
		return v.pane.window.studio.TakeIn(ctx, paths)
	})
}

// briaUploaded counts what became of the pictures.
type briaUploaded struct {
	added, there int
	unfit        []string // why, with the picture's name
}

func (u briaUploaded) words() string {
	parts := []string{countOf(u.added, lang.L("1 picture added"), lang.L("%d pictures added"))}
	if u.there > 0 {
		parts = append(parts, countOf(u.there, lang.L("1 was there already"), lang.L("%d were there already")))
	}
	if len(u.unfit) > 0 {
		parts = append(parts, countOf(len(u.unfit), lang.L("1 left out"), lang.L("%d left out")))
	}
	lines := []string{strings.Join(parts, ", ") + "."}
	return strings.Join(append(lines, u.unfit[:min(len(u.unfit), 6)]...), "\n")
}

// upload adds pictures one by one. What was added stays when it is cancelled
// or fails; adding the same again leaves out what is there.
func (v *briaDatasetView) upload(gather func(ctx context.Context) ([]app.DatasetPhoto, []app.Rejected, error)) {
	asker, dataset := v.pane.asker, v.shown.ID
	v.pane.change(lang.L("Adding pictures…"), func(ctx context.Context, say func(string)) (func(), error) {
		done, err := uploadPhotos(ctx, asker, dataset, gather, say)
		return func() {
			v.pane.say(done.words())
			if v.shown.ID == dataset {
				v.read(0)
			}
		}, err
	})
}

func uploadPhotos(
	ctx context.Context, asker briaAsker, dataset briaID,
	gather func(ctx context.Context) ([]app.DatasetPhoto, []app.Rejected, error), say func(string),
) (done briaUploaded, err error) {
	photos, rejected, err := gather(ctx)
	if err != nil {
		return done, err
	}
	for _, r := range rejected {
		done.unfit = append(done.unfit, r.Name+": "+r.Reason)
	}
	now, err := asker.dataset(ctx, dataset)
	if err != nil {
		return done, err
	}
	there := map[string]bool{}
	for _, img := range now.Images {
		there[img.Name] = true
	}
	for i, photo := range photos {
		say(fmt.Sprintf(lang.L("Adding picture %d of %d…"), i+1, len(photos)))
		if name := uploadName(photo); there[name] {
			done.there++
			continue
		}
		err := uploadPhoto(ctx, asker, dataset, photo)
		if f, ok := errors.AsType[*providers.Failure](err); ok && f.Kind == providers.InvalidInput && f.Status == 0 {
			done.unfit = append(done.unfit, photo.Name+": "+f.Message)
			continue
		}
		if err != nil {
			return done, err
		}
		done.added++
	}
	return done, nil
}

// uploadPhoto sends a photo as it leaves this computer, and then its caption
// where it has one.
func uploadPhoto(ctx context.Context, asker briaAsker, dataset briaID, photo app.DatasetPhoto) error {
	var made briaImage
	values := map[string]any{"dataset_id": string(dataset), "file": photo.EditedRef(), "image_name": uploadName(photo)}
	if err := asker.ask(ctx, "image-upload", values, &made); err != nil {
		return err
	}
	caption := strings.TrimSpace(photo.Caption)
	if caption == "" || made.ID == "" {
		return nil
	}
	return asker.ask(ctx, "image-caption", map[string]any{"dataset_id": string(dataset), "image_id": string(made.ID), "caption": caption}, nil)
}

// uploadName says which photo it is without the file's own name, which stays
// here.
func uploadName(photo app.DatasetPhoto) string {
	sum := sha256.Sum256([]byte(photo.EditedRef()))
	return "maquette-" + hex.EncodeToString(sum[:6])
}
