package views

import (
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/zalando/go-keyring"

	"github.com/maquette-studio/maquette/app"
)

// openBria shows what lies at Bria.
func openBria(t *testing.T, w *Window) *briaPane {
	t.Helper()
	w.Resize(fyne.NewSize(1200, 800))
	w.tabs.SelectIndex(tabModels)
	w.models.bria.dataset.pace = 20 * time.Millisecond
	w.models.where.SetSelected("At Bria")
	return w.models.bria
}

// atBria makes a call behind the window's back and returns the answer's id.
func atBria(t *testing.T, w *Window, call string, values map[string]any) string {
	t.Helper()
	var made struct{ ID json.Number }
	_ = json.Unmarshal([]byte(bodyOf(t, w, call, values)), &made) // a list has no id
	return made.ID.String()
}

// bigPicture writes a picture that Bria takes.
func bigPicture(t *testing.T, name string, c color.Color) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img := plain(1024, 1024, c)
	img.Set(3, 3, color.White)
	if err := png.Encode(file, image.Image(img)); err != nil {
		t.Fatal(err)
	}
	return path
}

type briaIDs struct{ project, dataset, image string }

// furnishBria makes a project with a draft dataset of one image.
func furnishBria(t *testing.T, w *Window) briaIDs {
	t.Helper()
	var ids briaIDs
	ids.project = atBria(t, w, "project-create", map[string]any{
		"project_name": "Foxes", "ip_type": "defined_character", "ip_medium": "illustration", "ip_name": "Vix", "ip_description": "a red fox",
	})
	ids.dataset = atBria(t, w, "dataset-create", map[string]any{"project_id": ids.project, "name": "First drawings"})
	ids.image = atBria(t, w, "image-upload", map[string]any{"dataset_id": ids.dataset, "file": bigPicture(t, "a.png", color.RGBA{200, 40, 30, 255})})
	return ids
}

// openDataset shows the furnished dataset with its captions.
func openDataset(t *testing.T) (*testUI, *Window, *briaPane, briaIDs) {
	t.Helper()
	ui, w := openDemo(t)
	ids := furnishBria(t, w)
	p := openBria(t, w)
	ui.until("the dataset is listed", func() bool { return says(p.tree, "First drawings") })
	p.tree.Select("dataset/" + ids.dataset)
	ui.until("the caption is there", func() bool { return says(p.detail, "Written by Bria") })
	return ui, w, p, ids
}

func tapDialog(t *testing.T, w *Window, text string) {
	t.Helper()
	tapPickerButton(t, w.Canvas().Overlays().Top(), text)
}

func TestWithoutProjectsBriaSaysHowToBegin(t *testing.T) {
	ui, w := openDemo(t)
	p := openBria(t, w)
	ui.until("it says that there is nothing", func() bool { return says(p.content, "No projects at Bria yet") })
	tapButton(t, p.content, "New project…")
	form := w.Canvas().Overlays().Top()
	tapDialog(t, w, "Create")
	ui.until("the form says what is missing", func() bool { return says(form, "is required") })
	for i, text := range []string{"Badgers", "Old Bill", "a grey badger"} {
		find[*pickerEntry](form)[i].SetText(text)
	}
	tapDialog(t, w, "Create")
	ui.until("the project is there", func() bool { return says(p.tree, "Badgers") && says(p.detail, "a grey badger") })
	if top := w.Canvas().Overlays().Top(); top != nil {
		t.Errorf("the form is still there: %q", labelTexts(top))
	}
}

func TestWhatLiesAtBriaIsListedAndChanged(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	if !says(p.tree, "Foxes") || !says(p.tree, "Defined character · Illustration") {
		t.Errorf("the tree says %q", labelTexts(p.tree))
	}
	ui.until("the images are counted", func() bool { return says(p.tree, "Draft · 1 image") })
	ui.until("the picture arrives", func() bool {
		return slices.ContainsFunc(find[*remoteThumb](p.detail), func(r *remoteThumb) bool { return r.picture.Image != nil })
	})

	row := find[*briaImageRow](p.detail)[0]
	row.caption.SetText("sits on a red chair")
	tapButton(t, row, "Save")
	ui.until("the caption is by hand", func() bool { return says(p.detail, "Written by hand") && p.stop == nil })
	if got := bodyOf(t, w, "images", map[string]any{"dataset_id": ids.dataset}); !strings.Contains(got, "sits on a red chair") {
		t.Errorf("at Bria there is %s", got)
	}

	tapButton(t, p.detail, "Rename…")
	entry := find[*pickerEntry](w.Canvas().Overlays().Top())[0]
	entry.SetText("Second drawings")
	tapDialog(t, w, "Rename")
	ui.until("the new name is listed", func() bool { return says(p.tree, "Second drawings") })

	tapButton(t, p.detail, "Complete…")
	if !says(w.Canvas().Overlays().Top(), "nothing in it can be changed any more") {
		t.Errorf("the question is %q", labelTexts(w.Canvas().Overlays().Top()))
	}
	tapDialog(t, w, "Complete")
	ui.until("the dataset is completed", func() bool { return says(p.detail, "Completed: images and captions stay") })

	tapButton(t, p.detail, "Clone…")
	find[*pickerEntry](w.Canvas().Overlays().Top())[0].SetText("Third drawings")
	tapDialog(t, w, "Clone")
	ui.until("the clone is open as a draft", func() bool {
		return p.dataset.shown.Name == "Third drawings" && says(p.detail, "Draft · 1 image")
	})
}

// bodyOf is what a call answers.
func bodyOf(t *testing.T, w *Window, call string, values map[string]any) string {
	t.Helper()
	answer, problems, err := w.studio.Call(t.Context(), "bria/"+call, values)
	if err != nil || len(problems) > 0 {
		t.Fatal(call, problems, err)
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPicturesAreAddedOnceWithTheirCaptions(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	file := bigPicture(t, "private name.png", color.RGBA{20, 90, 200, 255})
	if _, err := w.studio.AddPhotos(t.Context(), []string{file}, nil); err != nil {
		t.Fatal(err)
	}
	photo := w.studio.Photos()[len(w.studio.Photos())-1]
	if err := w.studio.SetCaption(w.studio.Dataset().ID, photo.Hash, "swims at night"); err != nil {
		t.Fatal(err)
	}
	photos := w.studio.Dataset().Photos
	add := func() {
		p.dataset.upload(func(context.Context) ([]app.DatasetPhoto, []app.Rejected, error) {
			return photos[len(photos)-1:], nil, nil
		})
	}
	add()
	ui.until("the picture is there", func() bool { return says(p.content, "1 picture added") && len(p.dataset.shown.Images) == 2 })
	ui.until("its caption is saved", func() bool { return p.dataset.shown.Images[1].Source == "manual" })
	got := bodyOf(t, w, "images", map[string]any{"dataset_id": ids.dataset})
	if !strings.Contains(got, "swims at night") || strings.Contains(got, "private") {
		t.Errorf("at Bria there is %s", got)
	}
	add()
	ui.until("it isn't added twice", func() bool { return says(p.content, "1 was there already") })
}

func TestDeletingSaysWhatGoesWithIt(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	atBria(t, w, "model-create", map[string]any{"dataset_id": ids.dataset, "name": "Vix light"})
	atBria(t, w, "dataset-clone", map[string]any{"dataset_id": ids.dataset, "name": "Copy"})
	tapButton(t, p.content, "Refresh")
	ui.until("the model is listed", func() bool { return says(p.tree, "Vix light") })

	p.tree.Select("project/" + ids.project)
	tapButton(t, p.detail, "Delete…")
	ui.until("it asks", func() bool { return w.Canvas().Overlays().Top() != nil })
	if !says(w.Canvas().Overlays().Top(), "This deletes 2 datasets, 2 images and 1 model at Bria, for good.") {
		t.Errorf("the question is %q", labelTexts(w.Canvas().Overlays().Top()))
	}
	tapDialog(t, w, "Delete")
	ui.until("nothing is left", func() bool { return says(p.content, "No projects at Bria yet") })
}

func TestAConflictSaysWhatToDoFirst(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	row := find[*briaImageRow](p.detail)[0]
	row.askRemove()
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	tapDialog(t, w, "Delete")
	ui.until("it says what to do", func() bool { return says(p.failure, "Clone it as a draft and change the clone.") })
	if !says(p.failure, "Cannot delete") {
		t.Errorf("Bria's own words are missing: %q", labelTexts(p.failure))
	}
	ui.until("it is shown as it is", func() bool { return says(p.detail, "Completed: images and captions stay") })
	if len(p.dataset.shown.Images) != 1 {
		t.Errorf("there are %d images", len(p.dataset.shown.Images))
	}
}

func TestAModelLeadsToGenerateAndItsDatasetToTrain(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	model := atBria(t, w, "model-create", map[string]any{"dataset_id": ids.dataset, "name": "Vix light"})
	tapButton(t, p.content, "Refresh")
	ui.until("the model is listed", func() bool { return says(p.tree, "Vix light") })
	p.tree.Select("model/" + model)
	if !says(p.detail, "Not trained yet") || !says(p.detail, "watches it to the end") {
		t.Errorf("the model's page says %q", labelTexts(p.detail))
	}
	tapButton(t, p.detail, "Train with this dataset…")
	if got := w.train.order.form.Values()["dataset_id"]; w.tabs.SelectedIndex() != tabTrain || got != ids.dataset {
		t.Errorf("in tab %d the dataset is %v", w.tabs.SelectedIndex(), got)
	}

	atBria(t, w, "model-start", map[string]any{"model_id": model})
	w.tabs.SelectIndex(tabModels)
	tapButton(t, p.content, "Refresh")
	ui.until("the training has begun", func() bool { return says(p.detail, "In training") || says(p.detail, "Trained") })
	ui.until("it is trained", func() bool {
		if !p.again.Disabled() {
			p.reload()
		}
		return slices.Contains(buttonTexts(p.detail), "Generate with this")
	})
	tapButton(t, p.detail, "Generate with this")
	if got := w.generate.form.Values()["model_id"]; w.tabs.SelectedIndex() != tabGenerate || got != model {
		t.Errorf("in tab %d the model is %v", w.tabs.SelectedIndex(), got)
	}
}

func TestWithoutAKeyBriaLeadsToSettings(t *testing.T) {
	keyring.MockInit()
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Env: func(string) string { return "" }})
	p := openBria(t, w)
	ui.until("it says that the key is missing", func() bool { return says(p.content, "There is no key for Bria") })
	tapButton(t, p.failure, "Open Settings")
	if got := w.tabs.SelectedIndex(); got != tabSettings {
		t.Errorf("the button leads to tab %d", got)
	}
}

func TestWhatBriaAnswersIsReadWithoutTrust(t *testing.T) {
	for i, text := range []string{
		`{"id":null,"project_id":"7","name":null,"images":null,"images_count":null,"model_ids":null}`,
		`{"id":"12","project_id":7,"images":[{"id":null,"caption":null,"thumbnail_url":null}]}`,
		`{}`,
	} {
		var d briaDataset
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Errorf("%s: %v", strconv.Itoa(i), err)
		}
	}
}

func TestEscapeInAFieldClosesAFormOfBrias(t *testing.T) {
	_, w, p, ids := openDataset(t)
	opened := func() fyne.CanvasObject { return w.Canvas().Overlays().Top() }
	tapButton(t, p.detail, "Rename…")
	w.Canvas().Focused().TypedKey(key(fyne.KeyEscape))
	if opened() != nil {
		t.Error("Escape in the name doesn't close the form")
	}
	p.tree.Select("project/" + ids.project)
	for name, field := range map[string]func() fyne.Focusable{
		"a text":      func() fyne.Focusable { return find[*pickerEntry](opened())[1] },
		"a choice":    func() fyne.Focusable { return find[*choiceSelect](opened())[0] },
		"the buttons": func() fyne.Focusable { return find[*pickerButton](opened())[0] },
	} {
		tapButton(t, p.content, "New project…")
		w.Canvas().Focus(field())
		w.Canvas().Focused().TypedKey(key(fyne.KeyEscape))
		if opened() != nil {
			t.Fatalf("Escape in %s doesn't close the form", name)
		}
	}
	tapButton(t, p.content, "New project…")
	w.Canvas().Unfocus()
	w.Canvas().OnTypedKey()(key(fyne.KeyEscape))
	if opened() != nil {
		t.Error("Escape outside the fields doesn't close the form")
	}
	if w.Canvas().OnTypedKey() != nil {
		t.Error("the closed form keeps the keys")
	}
}

func TestAFieldSaysThatBriaKeepsWhatIsLeftEmpty(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	atBria(t, w, "project-update", map[string]any{"project_id": ids.project, "project_description": "for the book"})
	tapButton(t, p.content, "Refresh")
	p.tree.Select("project/" + ids.project)
	ui.until("the note is there", func() bool { return says(p.detail, "for the book") })
	tapButton(t, p.detail, "Edit…")
	note := find[*pickerEntry](w.Canvas().Overlays().Top())[1]
	if note.Text != "for the book" {
		t.Fatalf("the note's field holds %q", note.Text)
	}
	note.SetText("")
	if note.PlaceHolder != "Left empty, it stays “for the book”" {
		t.Errorf("the empty field says %q", note.PlaceHolder)
	}
}

func TestAFormOfBriasIsCopiedInsteadOfSent(t *testing.T) {
	ui, w := openDemo(t)
	p := openBria(t, w)
	ui.until("it says that there is nothing", func() bool { return says(p.content, "No projects at Bria yet") })
	tapButton(t, p.content, "New project…")
	form := w.Canvas().Overlays().Top()
	clipboard := w.app.Clipboard()
	clipboard.SetContent("as it was")
	tapDialog(t, w, "Copy as…")
	chooseCopy(t, w, "Maquette command, once this window is closed")
	ui.until("the form says what is missing", func() bool { return says(form, "is required") })
	for i, text := range []string{"Badgers", "Old Bill", "a grey badger"} {
		find[*pickerEntry](form)[i].SetText(text)
	}
	for choice, want := range map[string]string{
		"Maquette command, once this window is closed": "call bria/project-create --set project_name=Badgers", "API request (curl)": `"project_name":"Badgers"`,
	} {
		tapDialog(t, w, "Copy as…")
		chooseCopy(t, w, choice)
		ui.until("the copy as "+choice, func() bool { return strings.Contains(clipboard.Content(), want) })
		ui.until("the button rests", func() bool {
			return slices.ContainsFunc(find[*pickerButton](form), func(b *pickerButton) bool { return b.Text == "Copy as…" && !b.Disabled() })
		})
	}
	if says(form, "is required") {
		t.Error("what was missing is still told")
	}
	if made := atBria(t, w, "projects", nil); made != "" || says(p.tree, "Badgers") {
		t.Error("the copied project was made")
	}
}

func TestATreesArrowsAreOthersInEachPalette(t *testing.T) {
	startUI(t)
	light, dark := newTheme(appearanceLight), newTheme(appearanceDark)
	for _, name := range []fyne.ThemeIconName{theme.IconNameMoveDown, theme.IconNameNavigateNext} {
		if light.Icon(name) == dark.Icon(name) {
			t.Errorf("%s stays in the old colour when the palette changes", name)
		}
		if dark.Icon(name) != dark.Icon(name) {
			t.Errorf("%s is drawn anew at each look", name)
		}
	}
}
