// Adding pictures to a dataset at Bria: the photos of the dataset here, or
// files. What is to be added is on disk before the first leaves, and each is
// named by its content there: nothing is lost, and nothing is added twice.

package views

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
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

// briaUploaded counts what became of the pictures.
type briaUploaded struct {
	added, there, rest int
	room, over         int      // how many more the dataset could hold, and how many were too many
	rejected           []string // why, with the picture's name
}

// briaMostImages is how many images a dataset at Bria holds.
const briaMostImages = 200

func (u briaUploaded) words() string {
	var parts []string
	if u.added > 0 || u.there == 0 && len(u.rejected) == 0 && u.rest == 0 {
		parts = append(parts, kit.CountOf(u.added, lang.L("1 picture added"), lang.L("%d pictures added")))
	}
	if u.there > 0 {
		parts = append(parts, kit.CountOf(u.there, lang.L("1 was there already"), lang.L("%d were there already")))
	}
	if len(u.rejected) > 0 {
		parts = append(parts, kit.CountOf(len(u.rejected), lang.L("1 left out"), lang.L("%d left out")))
	}
	var lines []string
	if len(parts) > 0 {
		lines = append(lines, strings.Join(parts, ", ")+".")
	}
	if u.over > 0 {
		lines = append(lines, fmt.Sprintf(lang.L("The dataset had room for %d more: %s."), u.room,
			kit.CountOf(u.over, lang.L("1 picture was not sent"), lang.L("%d pictures were not sent"))))
	}
	return strings.Join(append(lines, u.rejected[:min(len(u.rejected), 6)]...), "\n")
}

// gatherPhotos brings photos in, and tells what can't be used. It runs in a
// worker.
type gatherPhotos func(ctx context.Context) ([]photo.Photo, []intake.Rejected, error)

// uploadAgain adds what is left of earlier uploads.
func (v *briaDatasetView) uploadAgain() {
	v.upload(func(context.Context) ([]photo.Photo, []intake.Rejected, error) { return nil, nil, nil })
}

// upload adds pictures one by one, those left of earlier uploads first.
func (v *briaDatasetView) upload(gather gatherPhotos) {
	u := &briaUpload{studio: v.pane.studio, asker: v.pane.asker, drafts: v.pane.drafts, dataset: v.shown.ID, most: v.most}
	v.pane.change(lang.L("Adding pictures…"), func(ctx context.Context, tell tellChange) (func(), error) {
		err := u.run(ctx, gather, tell)
		return func() {
			v.pane.say(u.done.words())
			v.unsent.refresh()
			if v.shown.ID == u.dataset {
				v.look()
			}
		}, err
	})
	v.unsent.refresh()
}

// briaUpload is one upload; it runs in a worker.
type briaUpload struct {
	studio  *app.Studio
	asker   briaAsker
	drafts  *briaDrafts
	dataset briaID
	most    int // images in a dataset
	sent    int // those that are there now and were not before
	done    briaUploaded
}

// unsentPhotos are the photos that are to be added to the dataset shown.
func (v *briaDatasetView) unsentPhotos() []remote.UnsentPhoto {
	return v.pane.studio.Waiting.Unsent(briaService).Photos[string(v.shown.ID)]
}

func (u *briaUpload) rest() []remote.UnsentPhoto {
	return u.studio.Waiting.Unsent(briaService).Photos[string(u.dataset)]
}

// change stores another list of the photos to be added.
func (u *briaUpload) change(do func([]remote.UnsentPhoto) []remote.UnsentPhoto) error {
	return u.studio.Waiting.Change(briaService, func(kept *remote.Unsent) {
		photos := do(slices.Clone(kept.Photos[string(u.dataset)]))
		if len(photos) == 0 {
			delete(kept.Photos, string(u.dataset))
			return
		}
		kept.Photos[string(u.dataset)] = photos
	})
}

func (u *briaUpload) run(ctx context.Context, gather gatherPhotos, tell tellChange) error {
	photos, rejected, err := gather(ctx)
	if err != nil {
		return err
	}
	for _, r := range rejected {
		u.done.rejected = append(u.done.rejected, r.Name+": "+r.Reason)
	}
	err = u.change(func(list []remote.UnsentPhoto) []remote.UnsentPhoto {
		for _, photo := range photos {
			if !slices.ContainsFunc(list, func(p remote.UnsentPhoto) bool {
				return uploadName(p) == uploadName(remote.UnsentPhoto{DatasetPhoto: photo})
			}) {
				list = append(list, remote.UnsentPhoto{DatasetPhoto: photo})
			}
		}
		return list
	})
	if err != nil {
		return err
	}
	err = u.addAll(ctx, tell)
	u.done.rest = len(u.rest())
	return err
}

func (u *briaUpload) addAll(ctx context.Context, tell tellChange) error {
	list := u.rest()
	if len(list) == 0 {
		return nil
	}
	now, err := u.asker.dataset(ctx, u.dataset)
	if err != nil {
		return err
	}
	there := map[string]briaImage{}
	for _, img := range now.Images {
		stem, _, _ := strings.Cut(img.Name, ".") // Bria may add an extension
		there[stem] = img
	}
	u.done.room = u.roomIn(now)
	text := lang.L("Adding picture %d of %d…")
	if fresh := len(list) - countIn(list, there); fresh > u.done.room {
		text += " " + fmt.Sprintf(lang.L("The dataset has room for %d more."), u.done.room)
	}
	for i, photo := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		tell(fmt.Sprintf(text, i+1, len(list)), i, len(list))
		img, found := there[uploadName(photo)]
		switch {
		case found:
			err = u.found(photo, img)
		case u.sent == u.done.room:
			u.done.over++
		default:
			err = u.add(ctx, photo)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// roomIn is how many more images a dataset can hold.
func (u *briaUpload) roomIn(d briaDataset) int {
	held := len(d.Images)
	if d.Count != nil {
		held = max(held, *d.Count)
	}
	return max(0, u.most-held)
}

// countIn counts the photos that Bria has.
func countIn(photos []remote.UnsentPhoto, there map[string]briaImage) int {
	n := 0
	for _, photo := range photos {
		if _, found := there[uploadName(photo)]; found {
			n++
		}
	}
	return n
}

// found takes a photo off the list that Bria has. Where that is by an upload
// that ended before its answer came, its caption is still to be sent.
func (u *briaUpload) found(photo remote.UnsentPhoto, img briaImage) error {
	if photo.Tried {
		u.done.added++
		return u.added(photo, img.ID)
	}
	u.done.there++
	return u.remove(photo)
}

// add sends a photo as it leaves this computer. One that Bria can't use is
// told, and taken off the list.
func (u *briaUpload) add(ctx context.Context, photo remote.UnsentPhoto) error {
	err := u.change(func(list []remote.UnsentPhoto) []remote.UnsentPhoto {
		for i := range list {
			list[i].Tried = list[i].Tried || uploadName(list[i]) == uploadName(photo)
		}
		return list
	})
	if err != nil {
		return err
	}
	var made briaImage
	values := map[string]any{"dataset_id": string(u.dataset), "file": photo.EditedRef(), "image_name": uploadName(photo)}
	err = u.asker.ask(ctx, "image-upload", values, &made)
	if why, rejected := rejectedPhoto(err); rejected {
		u.done.rejected = append(u.done.rejected, photo.Name+": "+why)
		return u.remove(photo)
	}
	if err != nil {
		return err
	}
	u.done.added++
	u.sent++
	return u.added(photo, made.ID)
}

// added takes a photo off the list once its caption waits for Bria's own,
// which would take its place.
func (u *briaUpload) added(photo remote.UnsentPhoto, image briaID) error {
	if caption := strings.TrimSpace(photo.Caption); caption != "" && image != "" {
		u.drafts.set(image, remote.UnsentCaption{Dataset: string(u.dataset), Text: caption, Send: true})
		if err := u.drafts.save(); err != nil {
			return err
		}
	}
	return u.remove(photo)
}

// remove takes a photo off the list.
func (u *briaUpload) remove(photo remote.UnsentPhoto) error {
	return u.change(func(list []remote.UnsentPhoto) []remote.UnsentPhoto {
		return slices.DeleteFunc(list, func(p remote.UnsentPhoto) bool { return uploadName(p) == uploadName(photo) })
	})
}

// rejectedPhoto reports whether an error is about the photo alone, and why it
// can't be used.
func rejectedPhoto(err error) (why string, rejected bool) {
	f, ok := errors.AsType[*providers.Failure](err)
	if !ok {
		return "", false
	}
	switch f.Status {
	case http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return f.Error(), true
	}
	return f.Message, f.Kind == providers.InvalidInput && f.Status == 0
}

// uploadName says which photo it is without the file's own name, which stays
// here.
func uploadName(photo remote.UnsentPhoto) string {
	sum := sha256.Sum256([]byte(photo.EditedRef()))
	return "maquette-" + hex.EncodeToString(sum[:6])
}
