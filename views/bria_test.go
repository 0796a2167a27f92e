package views

import (
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/zalando/go-keyring"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// openBria shows what lies at Bria.
func openBria(t *testing.T, w *Window) *briaPane {
	t.Helper()
	w.Resize(fyne.NewSize(1200, 800))
	w.tabs.SelectIndex(tabModels)
	w.models.bria.dataset.faster = 500
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
	img := viewtest.Plain(1024, 1024, c)
	img.Set(3, 3, color.White)
	if err := png.Encode(file, image.Image(img)); err != nil {
		t.Fatal(err)
	}
	return path
}

type briaIDs struct{ project, dataset, image string }

// fillBria makes a project with a draft dataset of one image.
func fillBria(t *testing.T, w *Window) briaIDs {
	t.Helper()
	var ids briaIDs
	ids.project = atBria(t, w, "project-create", map[string]any{
		"project_name": "Foxes", "ip_type": "defined_character", "ip_medium": "illustration", "ip_name": "Vix", "ip_description": "a red fox",
	})
	ids.dataset = atBria(t, w, "dataset-create", map[string]any{"project_id": ids.project, "name": "First drawings"})
	ids.image = atBria(t, w, "image-upload", map[string]any{"dataset_id": ids.dataset, "file": bigPicture(t, "a.png", color.RGBA{200, 40, 30, 255})})
	return ids
}

// openDataset shows a dataset of one image with its captions.
func openDataset(t *testing.T) (*viewtest.UI, *Window, *briaPane, briaIDs) {
	t.Helper()
	ui, w := openDemo(t)
	ids := fillBria(t, w)
	p := openBria(t, w)
	ui.Until("the dataset is listed", func() bool { return viewtest.Says(p.tree, "First drawings") })
	p.tree.Select("dataset/" + ids.dataset)
	ui.Until("the caption is there", func() bool { return viewtest.Says(p.detail, "Written by Bria") })
	return ui, w, p, ids
}

func tapDialog(t *testing.T, w *Window, text string) {
	t.Helper()
	viewtest.TapPanelButton(t, w.Canvas().Overlays().Top(), text)
}

// agree ticks the statement of consent in the question that is open, and says yes to it.
func agree(t *testing.T, w *Window, yes string) {
	t.Helper()
	asked := w.Canvas().Overlays().Top()
	boxes := viewtest.Find[*kit.ConsentBox](asked)
	if len(boxes) != 1 {
		t.Fatalf("%d statements of consent are asked for: %q", len(boxes), viewtest.LabelTexts(asked))
	}
	boxes[0].SetChecked(true)
	tapDialog(t, w, yes)
}

func TestWithoutProjectsBriaSaysHowToBegin(t *testing.T) {
	ui, w := openDemo(t)
	p := openBria(t, w)
	ui.Until("it says that there is nothing", func() bool { return viewtest.Says(p.content, "No projects at Bria yet") })
	viewtest.TapButton(t, p.content, "New project…")
	form := w.Canvas().Overlays().Top()
	tapDialog(t, w, "Create")
	ui.Until("the form says what is missing", func() bool { return viewtest.Says(form, "is required") })
	for i, text := range []string{"Badgers", "Old Bill", "a grey badger"} {
		viewtest.Find[*kit.Entry](form)[i].SetText(text)
	}
	tapDialog(t, w, "Create")
	ui.Until("the project is there", func() bool { return viewtest.Says(p.tree, "Badgers") && viewtest.Says(p.detail, "a grey badger") })
	if top := w.Canvas().Overlays().Top(); top != nil {
		t.Errorf("the form is still there: %q", viewtest.LabelTexts(top))
	}
}

func TestWhatLiesAtBriaIsListedAndChanged(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	if !viewtest.Says(p.tree, "Foxes") || !viewtest.Says(p.tree, "Defined character · Illustration") {
		t.Errorf("the tree says %q", viewtest.LabelTexts(p.tree))
	}
	ui.Until("the images are counted", func() bool { return viewtest.Says(p.tree, "Draft · 1 picture") })
	ui.Until("the picture arrives", func() bool {
		return slices.ContainsFunc(viewtest.Find[*remoteThumb](p.detail), func(r *remoteThumb) bool { return r.picture.Image != nil })
	})

	row := viewtest.Find[*briaImageRow](p.detail)[0]
	row.caption.SetText("sits on a red chair")
	viewtest.TapButton(t, row, "Save")
	ui.Until("the caption is by hand", func() bool { return viewtest.Says(p.detail, "Written by hand") && p.stop == nil })
	if got := bodyOf(t, w, "images", map[string]any{"dataset_id": ids.dataset}); !strings.Contains(got, "sits on a red chair") {
		t.Errorf("at Bria there is %s", got)
	}

	viewtest.TapButton(t, p.detail, "Rename…")
	entry := viewtest.Find[*kit.Entry](w.Canvas().Overlays().Top())[0]
	entry.SetText("Second drawings")
	tapDialog(t, w, "Rename")
	ui.Until("the new name is listed", func() bool { return viewtest.Says(p.tree, "Second drawings") })

	viewtest.TapButton(t, p.detail, "Complete…")
	if !viewtest.Says(w.Canvas().Overlays().Top(), "nothing in it can be changed any more") {
		t.Errorf("the question is %q", viewtest.LabelTexts(w.Canvas().Overlays().Top()))
	}
	tapDialog(t, w, "Complete")
	ui.Until("the dataset is completed", func() bool { return viewtest.Says(p.detail, "Completed: pictures and captions stay") })

	viewtest.TapButton(t, p.detail, "Clone…")
	viewtest.Find[*kit.Entry](w.Canvas().Overlays().Top())[0].SetText("Third drawings")
	tapDialog(t, w, "Clone")
	ui.Until("the clone is open as a draft", func() bool {
		return p.dataset.shown.Name == "Third drawings" && viewtest.Says(p.detail, "Draft · 1 picture")
	})
}

// bodyOf is what a call answers.
func bodyOf(t *testing.T, w *Window, call string, values map[string]any) string {
	t.Helper()
	order := jobs.NewOrder(w.studio.Services(), "bria/"+call, values)
	order.Consent = true
	answer, problems, err := w.studio.Call(t.Context(), order)
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
	if _, err := w.studio.Datasets.AddPhotos(t.Context(), []string{file}, nil); err != nil {
		t.Fatal(err)
	}
	added := w.studio.Datasets.Photos()[len(w.studio.Datasets.Photos())-1]
	if err := w.studio.Datasets.SetCaption(w.studio.Datasets.Current().ID, added.Hash, "swims at night"); err != nil {
		t.Fatal(err)
	}
	photos := w.studio.Datasets.Current().Photos
	add := func() {
		p.dataset.upload(func(context.Context) ([]photo.Photo, []intake.Rejected, error) {
			return photos[len(photos)-1:], nil, nil
		})
		agree(t, w, "Add pictures")
	}
	add()
	ui.Until("the picture is there", func() bool { return viewtest.Says(p.content, "1 picture added") && len(p.dataset.shown.Images) == 2 })
	ui.Until("its caption is saved", func() bool { return p.dataset.shown.Images[1].Source == "manual" })
	got := bodyOf(t, w, "images", map[string]any{"dataset_id": ids.dataset})
	if !strings.Contains(got, "swims at night") || strings.Contains(got, "private") {
		t.Errorf("at Bria there is %s", got)
	}
	add()
	ui.Until("it isn't added twice", func() bool { return viewtest.Says(p.content, "1 was there already") })
}

func TestDeletingSaysWhatGoesWithIt(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	atBria(t, w, "model-create", map[string]any{"dataset_id": ids.dataset, "name": "Vix light"})
	atBria(t, w, "dataset-clone", map[string]any{"dataset_id": ids.dataset, "name": "Copy"})
	viewtest.TapButton(t, p.content, "Refresh")
	ui.Until("the model is listed", func() bool { return viewtest.Says(p.tree, "Vix light") })

	p.tree.Select("project/" + ids.project)
	viewtest.TapButton(t, p.detail, "Delete…")
	ui.Until("it asks", func() bool { return w.Canvas().Overlays().Top() != nil })
	if !viewtest.Says(w.Canvas().Overlays().Top(), "This deletes 2 datasets, 2 pictures and 1 model at Bria, for good.") {
		t.Errorf("the question is %q", viewtest.LabelTexts(w.Canvas().Overlays().Top()))
	}
	tapDialog(t, w, "Delete")
	ui.Until("nothing is left", func() bool { return viewtest.Says(p.content, "No projects at Bria yet") })
}

func TestAConflictSaysWhatToDoFirst(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	row := viewtest.Find[*briaImageRow](p.detail)[0]
	row.askRemove()
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	tapDialog(t, w, "Delete")
	ui.Until("it says what to do", func() bool { return viewtest.Says(p.failure, "Clone it as a draft and change the clone.") })
	if !viewtest.Says(p.failure, "Cannot delete") {
		t.Errorf("Bria's own words are missing: %q", viewtest.LabelTexts(p.failure))
	}
	ui.Until("it is shown as it is", func() bool { return viewtest.Says(p.detail, "Completed: pictures and captions stay") })
	if len(p.dataset.shown.Images) != 1 {
		t.Errorf("there are %d images", len(p.dataset.shown.Images))
	}
}

func TestAModelLeadsToGenerateAndItsDatasetToTrain(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	model := atBria(t, w, "model-create", map[string]any{"dataset_id": ids.dataset, "name": "Vix light"})
	viewtest.TapButton(t, p.content, "Refresh")
	ui.Until("the model is listed", func() bool { return viewtest.Says(p.tree, "Vix light") })
	p.tree.Select("model/" + model)
	if !viewtest.Says(p.detail, "Not trained yet") || !viewtest.Says(p.detail, "watches it to the end") {
		t.Errorf("the model's page says %q", viewtest.LabelTexts(p.detail))
	}
	viewtest.TapButton(t, p.detail, "Train with this dataset…")
	if got := w.train.order.form.Raw()["dataset_id"]; w.tabs.SelectedIndex() != tabTrain || got != ids.dataset {
		t.Errorf("in tab %d the dataset is %v", w.tabs.SelectedIndex(), got)
	}

	atBria(t, w, "model-start", map[string]any{"model_id": model})
	w.tabs.SelectIndex(tabModels)
	viewtest.TapButton(t, p.content, "Refresh")
	ui.Until("the training has begun", func() bool { return viewtest.Says(p.detail, "In training") || viewtest.Says(p.detail, "Trained") })
	ui.Until("it is trained", func() bool {
		if !p.again.Disabled() {
			p.reload()
		}
		return slices.Contains(viewtest.ButtonTexts(p.detail), "Generate with this")
	})
	viewtest.TapButton(t, p.detail, "Generate with this")
	if got := w.generate.form.Raw()["model_id"]; w.tabs.SelectedIndex() != tabGenerate || got != model {
		t.Errorf("in tab %d the model is %v", w.tabs.SelectedIndex(), got)
	}
}

func TestWithoutAKeyBriaLeadsToSettings(t *testing.T) {
	keyring.MockInit()
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Env: func(string) string { return "" }})
	p := openBria(t, w)
	ui.Until("it says that the key is missing", func() bool { return viewtest.Says(p.content, "There is no key for Bria") })
	viewtest.TapButton(t, p.failure, "Open Settings")
	if got := w.tabs.SelectedIndex(); got != tabSettings {
		t.Errorf("the button leads to tab %d", got)
	}
}

func TestEscapeInAFieldClosesAFormOfBrias(t *testing.T) {
	_, w, p, ids := openDataset(t)
	opened := func() fyne.CanvasObject { return w.Canvas().Overlays().Top() }
	viewtest.TapButton(t, p.detail, "Rename…")
	w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
	if opened() != nil {
		t.Error("Escape in the name doesn't close the form")
	}
	p.tree.Select("project/" + ids.project)
	for name, field := range map[string]func() fyne.Focusable{
		"a text":      func() fyne.Focusable { return viewtest.Find[*kit.Entry](opened())[1] },
		"a choice":    func() fyne.Focusable { return viewtest.Find[*kit.Select](opened())[0] },
		"the buttons": func() fyne.Focusable { return viewtest.Find[*kit.Button](opened())[0] },
	} {
		viewtest.TapButton(t, p.content, "New project…")
		w.Canvas().Focus(field())
		w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
		if opened() != nil {
			t.Fatalf("Escape in %s doesn't close the form", name)
		}
	}
	windows := reflect.ValueOf(w.Canvas().OnTypedKey()).Pointer()
	viewtest.TapButton(t, p.content, "New project…")
	w.Canvas().Unfocus()
	w.Canvas().OnTypedKey()(viewtest.Key(fyne.KeyEscape))
	if opened() != nil {
		t.Error("Escape outside the fields doesn't close the form")
	}
	if reflect.ValueOf(w.Canvas().OnTypedKey()).Pointer() != windows {
		t.Error("the closed form keeps the keys")
	}
}

func TestAFieldSaysThatBriaKeepsWhatIsLeftEmpty(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	atBria(t, w, "project-update", map[string]any{"project_id": ids.project, "project_description": "for the book"})
	viewtest.TapButton(t, p.content, "Refresh")
	p.tree.Select("project/" + ids.project)
	ui.Until("the note is there", func() bool { return viewtest.Says(p.detail, "for the book") })
	viewtest.TapButton(t, p.detail, "Edit…")
	note := viewtest.Find[*kit.Entry](w.Canvas().Overlays().Top())[1]
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
	ui.Until("it says that there is nothing", func() bool { return viewtest.Says(p.content, "No projects at Bria yet") })
	viewtest.TapButton(t, p.content, "New project…")
	form := w.Canvas().Overlays().Top()
	clipboard := fyne.CurrentApp().Clipboard()
	clipboard.SetContent("as it was")
	tapDialog(t, w, "Copy as…")
	viewtest.ChooseMenuItem(t, w.Canvas(), "Maquette command")
	ui.Until("the form says what is missing", func() bool { return viewtest.Says(form, "is required") })
	for i, text := range []string{"Badgers", "Old Bill", "a grey badger"} {
		viewtest.Find[*kit.Entry](form)[i].SetText(text)
	}
	for choice, want := range map[string]string{
		"Maquette command": "call bria/project-create --set project_name=Badgers", "API request (curl)": `"project_name":"Badgers"`,
	} {
		tapDialog(t, w, "Copy as…")
		viewtest.ChooseMenuItem(t, w.Canvas(), choice)
		ui.Until("the copy as "+choice, func() bool { return strings.Contains(clipboard.Content(), want) })
		ui.Until("the button rests", func() bool {
			return slices.ContainsFunc(viewtest.Find[*kit.Button](form), func(b *kit.Button) bool { return b.Text == "Copy as…" && !b.Disabled() })
		})
	}
	if viewtest.Says(form, "is required") {
		t.Error("what was missing is still told")
	}
	if made := atBria(t, w, "projects", nil); made != "" || viewtest.Says(p.tree, "Badgers") {
		t.Error("the copied project was made")
	}
}

func TestATreesArrowsAreOthersInEachPalette(t *testing.T) {
	viewtest.Start(t)
	light, dark := kit.NewTheme(kit.AppearanceLight), kit.NewTheme(kit.AppearanceDark)
	for _, name := range []fyne.ThemeIconName{theme.IconNameMoveDown, theme.IconNameNavigateNext} {
		if light.Icon(name) == dark.Icon(name) {
			t.Errorf("%s stays in the old colour when the palette changes", name)
		}
		if dark.Icon(name) != dark.Icon(name) {
			t.Errorf("%s is drawn anew at each look", name)
		}
	}
}
