package views

import (
	"fmt"
	"image/color"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/app/windowstate"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// dropOnBria drops files on the pane's middle.
func dropOnBria(t *testing.T, w *Window, p *briaPane, paths ...string) {
	t.Helper()
	var uris []fyne.URI
	for _, path := range paths {
		uris = append(uris, storage.NewFileURI(path))
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.split)
	if !w.drops.Dropped(at.AddXY(p.split.Size().Width*0.6, 200), uris) {
		t.Fatal("nobody took the drop")
	}
}

// addToBria drops files on the pane's middle and agrees to what they are for.
func addToBria(t *testing.T, w *Window, p *briaPane, paths ...string) {
	t.Helper()
	dropOnBria(t, w, p, paths...)
	agree(t, w, "Add pictures")
}

// foxPictures are files of pictures that Bria takes; each has a caption in a
// text file beside it.
func foxPictures(t *testing.T, n int) []string {
	t.Helper()
	var paths []string
	for i := range n {
		path := bigPicture(t, fmt.Sprintf("fox %d.png", i), color.RGBA{uint8(40 * i), 90, 200, 255})
		if err := os.WriteFile(strings.TrimSuffix(path, ".png")+".txt", fmt.Appendf(nil, "my fox %d", i), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// openOwnDataset shows a dataset of one image in services of one's own.
func openOwnDataset(t *testing.T) (*viewtest.UI, *Window, *briaPane, briaIDs, *sandbox.Sandbox, app.Config) {
	t.Helper()
	service, config := viewtest.Sandboxed(t)
	cfg := config()
	ui, w := openStudio(t, cfg)
	ids := fillBria(t, w)
	p := showDataset(t, ui, w, ids.dataset)
	ui.Until("the caption is there", func() bool { return viewtest.Says(p.detail, "Written by Bria") })
	return ui, w, p, ids, service, cfg
}

func showDataset(t *testing.T, ui *viewtest.UI, w *Window, dataset string) *briaPane {
	t.Helper()
	p := openBria(t, w)
	ui.Until("the dataset is listed", func() bool { return viewtest.Says(p.tree, "First drawings") })
	p.tree.Select("dataset/" + dataset)
	ui.Until("its images are there", func() bool { return len(p.dataset.shown.Images) > 0 })
	return p
}

// atDataset are the images that Bria has, by caption.
func atDataset(t *testing.T, w *Window, dataset string) []remote.Image {
	t.Helper()
	d, err := w.studio.Bria.Dataset(t.Context(), remote.ID(dataset))
	if err != nil {
		t.Fatal(err)
	}
	return d.Images
}

// captioned counts the images with a person's caption "my fox".
func captioned(images []remote.Image) int {
	n := 0
	for _, img := range images {
		if strings.HasPrefix(img.Caption, "my fox") && img.Source == remote.Manual {
			n++
		}
	}
	return n
}

func TestPicturesDroppedOnADraftAreAddedWithTheirCaptions(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	addToBria(t, w, p, foxPictures(t, 2)...)
	ui.Until("both are there", func() bool { return viewtest.Says(p.content, "2 pictures added") })
	ui.Until("their captions are saved once Bria has written its own", func() bool { return captioned(p.dataset.shown.Images) == 2 })
	if got := captioned(atDataset(t, w, ids.dataset)); got != 2 {
		t.Errorf("at Bria %d images have the captions from beside the files", got)
	}
}

func TestPicturesDroppedWhereTheyCantBeAddedSayWhy(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	p.tree.Select("project/" + ids.project)
	dropOnBria(t, w, p, foxPictures(t, 1)...)
	if !viewtest.Says(p.content, "Pictures are added to a dataset. Select a draft") {
		t.Errorf("on a project it says %q", viewtest.LabelTexts(p.content))
	}
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	p.tree.Select("dataset/" + ids.dataset)
	ui.Until("the dataset is completed", func() bool { return p.dataset.shown.Completed() })
	dropOnBria(t, w, p, foxPictures(t, 1)...)
	if !viewtest.Says(p.content, "is completed: nothing can be added to it") {
		t.Errorf("on a completed dataset it says %q", viewtest.LabelTexts(p.content))
	}
	viewtest.TapButton(t, p.notice.content, "Clone…")
	if !viewtest.Says(w.Canvas().Overlays().Top(), "Clone the dataset as a draft") {
		t.Errorf("the button leads to %q", viewtest.LabelTexts(w.Canvas().Overlays().Top()))
	}
}

func TestAFailedUploadKeepsTheRestAndAddsNothingTwice(t *testing.T) {
	ui, w, p, ids, service, _ := openOwnDataset(t)
	// The second picture arrives, but no answer comes.
	if err := service.AddFault("bria POST /tailored-gen/datasets/: lost x1 after1"); err != nil {
		t.Fatal(err)
	}
	addToBria(t, w, p, foxPictures(t, 4)...)
	ui.Until("it says what is left", func() bool { return viewtest.Says(p.detail, "3 pictures are not at Bria yet") })
	if !p.failure.Visible() || !viewtest.Says(p.detail, "fox 1.png, fox 2.png, fox 3.png") {
		t.Errorf("the page says %q", viewtest.LabelTexts(p.content))
	}
	viewtest.TapButton(t, p.detail, "Try again")
	ui.Until("all are there", func() bool { return viewtest.Says(p.content, "3 pictures added") && !p.dataset.unsent.Visible() })
	ui.Until("with their captions", func() bool { return captioned(p.dataset.shown.Images) == 4 })
	if got := atDataset(t, w, ids.dataset); len(got) != 5 || captioned(got) != 4 {
		t.Errorf("at Bria there are %+v", got)
	}
}

func TestACancelledUploadCanBeGivenUp(t *testing.T) {
	ui, w, p, ids, service, _ := openOwnDataset(t)
	if err := service.AddFault("bria POST /tailored-gen/datasets/: stall 30s x1 after1"); err != nil {
		t.Fatal(err)
	}
	addToBria(t, w, p, foxPictures(t, 3)...)
	ui.Until("it says how far it is", func() bool { return viewtest.Says(p.content, "Adding picture 2 of 3") && p.busy.bar.Value == 1 })
	viewtest.TapButton(t, p.busy.content, "Cancel")
	ui.Until("it says what is left", func() bool { return viewtest.Says(p.detail, "2 pictures are not at Bria yet") })
	if p.failure.Visible() {
		t.Errorf("cancelling is told as a failure: %q", viewtest.LabelTexts(p.failure))
	}
	viewtest.TapButton(t, p.detail, "Leave them out")
	ui.Until("nothing is left", func() bool { return !p.dataset.unsent.Visible() })
	if left := w.studio.Bria.Uploads.Waiting(remote.ID(ids.dataset)); len(left) != 0 {
		t.Errorf("%d are kept", len(left))
	}
}

func TestAnUploadCutByTheWindowsEndGoesOnAfterARestart(t *testing.T) {
	service, config := viewtest.Sandboxed(t)
	cfg := config()
	ui := viewtest.Start(t)
	w, closing := openAgain(t, cfg)
	ids := fillBria(t, w)
	p := showDataset(t, ui, w, ids.dataset)
	if err := service.AddFault("bria POST /tailored-gen/datasets/: stall 30s x1 after1"); err != nil {
		t.Fatal(err)
	}
	files := foxPictures(t, 3)
	addToBria(t, w, p, files...)
	ui.Until("the second is on its way", func() bool { return viewtest.Says(p.content, "Adding picture 2 of 3") })
	ui.Until("the first is there", func() bool { return len(atDataset(t, w, ids.dataset)) == 3 })
	closing()

	w, closing = openAgain(t, cfg)
	defer closing()
	p = showDataset(t, ui, w, ids.dataset)
	ui.Until("it says what is left", func() bool { return viewtest.Says(p.detail, "2 pictures are not at Bria yet") })
	addToBria(t, w, p, files...) // the same again
	ui.Until("all are there", func() bool {
		return viewtest.Says(p.content, "2 pictures added, 1 was there already") && captioned(p.dataset.shown.Images) == 3
	})
	if got := atDataset(t, w, ids.dataset); len(got) != 4 || captioned(got) != 3 {
		t.Errorf("at Bria there are %+v", got)
	}
}

func TestAPictureThatBriaCantUseDoesNotStopTheOthers(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	small := writeFile(t, "small.jpg", jpegOf(t, 500, color.White)).Path()
	addToBria(t, w, p, slices.Concat([]string{small}, foxPictures(t, 1))...)
	ui.Until("the other is there", func() bool {
		return viewtest.Says(p.content, "1 picture added, 1 left out") && viewtest.Says(p.content, "small.jpg: ")
	})
	if got := atDataset(t, w, ids.dataset); len(got) != 2 || p.dataset.unsent.Visible() {
		t.Errorf("at Bria there are %+v", got)
	}
}

// openAgain opens a window over a studio; the returned function closes both.
func openAgain(t *testing.T, cfg app.Config) (*Window, func()) {
	t.Helper()
	studio, err := app.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	fyneApp := test.NewTempApp(t)
	w := build(fyneApp, fyneApp.NewWindow(windowTitle), studio, windowstate.Open(t.TempDir()), windowLeads{reopen: func() {}})
	w.Show()
	return w, func() {
		w.Shutdown()
		if err := studio.Close(); err != nil {
			t.Error(err)
		}
		w.Close()
	}
}

func TestNothingIsSentBeyondWhatADatasetHolds(t *testing.T) {
	var held atomic.Int32 // images at Bria
	ui, w := openAt(t, map[string]func() string{
		"GET projects": func() string {
			return `[{"id":1,"project_name":"Foxes","ip_type":"defined_character","status":"active"}]`
		},
		"GET models":     func() string { return `[]` },
		"GET datasets":   func() string { return `[{"id":7,"project_id":1,"name":"First drawings","status":"draft"}]` },
		"GET datasets/7": func() string { return datasetOf(int(held.Load())) },
		"POST datasets/7/images": func() string {
			return fmt.Sprintf(`{"id":%d,"caption_source":"pending"}`, held.Add(1))
		},
	})
	most := w.studio.Bria.Limits().Max
	held.Store(int32(most - 2))
	p := showDataset(t, ui, w, "7")
	addToBria(t, w, p, foxPictures(t, 4)...)
	ui.Until("it says what had room", func() bool {
		return viewtest.Says(p.content, "2 pictures added.\nThe dataset had room for 2 more: 2 pictures were not sent.")
	})
	if got := int(held.Load()); got != most {
		t.Errorf("at Bria there are %d images", got)
	}
	ui.Until("the others stay at hand", func() bool { return viewtest.Says(p.detail, "2 pictures are not at Bria yet") })
	viewtest.TapButton(t, p.detail, "Try again")
	ui.Until("it says that there is no room", func() bool {
		return viewtest.Says(p.content, "The dataset had room for 0 more: 2 pictures were not sent.")
	})
}

// datasetOf is a draft as Bria answers it, with so many images.
func datasetOf(images int) string {
	all := make([]string, images)
	for i := range all {
		all[i] = fmt.Sprintf(`{"id":%d,"image_name":"drawing %d","caption":"sits","caption_source":"automatic"}`, i+1, i+1)
	}
	return fmt.Sprintf(`{"id":7,"project_id":1,"name":"First drawings","status":"draft","images_count":%d,"images":[%s]}`, images, strings.Join(all, ","))
}

func TestWordsOfAnUploadSayWhatBecameOfEachPicture(t *testing.T) {
	viewtest.Start(t)
	reason := providers.Say("it is too small")
	var unusable []intake.Rejected
	for i := range 8 {
		unusable = append(unusable, intake.Rejected{Name: fmt.Sprint(i), Reason: reason})
	}
	for _, row := range []struct {
		done     remote.Uploaded
		unusable []intake.Rejected
		want     string
	}{
		{remote.Uploaded{}, nil, "0 pictures added."},
		{remote.Uploaded{Left: 3}, nil, ""},
		{remote.Uploaded{Added: 1, There: 2, Rejected: []remote.Rejected{{Name: "a", Reason: reason}}}, nil, "1 picture added, 2 were there already, 1 left out.\na: it is too small"},
		{remote.Uploaded{}, unusable, "8 left out.\n0: it is too small\n1: it is too small\n2: it is too small\n3: it is too small\n4: it is too small\n5: it is too small"},
	} {
		if got := uploadedWords(row.done, row.unusable); got != row.want {
			t.Errorf("%+v: %q", row.done, got)
		}
	}
	if got := uploadingWords(remote.Uploading{Done: 1, Of: 4, Short: true, Room: 2}); got != "Adding picture 2 of 4… The dataset has room for 2 more." {
		t.Errorf("under way it says %q", got)
	}
}

func TestPicturesAreAddedOnceConsentWasGivenForTheBatch(t *testing.T) {
	ui, w, p, ids, service, _ := openOwnDataset(t)
	recorded := func() int {
		all, err := w.studio.Consents()
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	before := recorded()
	dropOnBria(t, w, p, foxPictures(t, 2)...)
	if asked := w.Canvas().Overlays().Top(); !viewtest.Says(asked, consent.Statement) {
		t.Fatalf("the question is %q", viewtest.LabelTexts(asked))
	}
	for _, button := range viewtest.Find[*kit.Button](w.Canvas().Overlays().Top()) {
		if button.Text == "Add pictures" && !button.Disabled() {
			t.Error("pictures can be added without consent")
		}
	}
	tapDialog(t, w, "Not now")
	if got := atDataset(t, w, ids.dataset); len(got) != 1 || recorded() != before {
		t.Errorf("after no, Bria has %d pictures, and %d consents were recorded", len(got), recorded()-before)
	}
	// The second picture gets no answer: what is left was agreed to.
	if err := service.AddFault("bria POST /tailored-gen/datasets/: reset x1 after1"); err != nil {
		t.Fatal(err)
	}
	addToBria(t, w, p, foxPictures(t, 2)...)
	ui.Until("it says what is left", func() bool { return viewtest.Says(p.detail, "1 picture is not at Bria yet") })
	viewtest.TapButton(t, p.detail, "Try again")
	ui.Until("all are there", func() bool {
		return !p.dataset.unsent.Visible() && p.stop == nil && len(atDataset(t, w, ids.dataset)) == 3
	})
	if recorded() != before+1 {
		t.Errorf("%d consents are recorded for the batch", recorded()-before)
	}
}
