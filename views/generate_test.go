package views

import (
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// openGenerate shows the Generate tab with Luma's images chosen.
func openGenerate(t *testing.T) (*viewtest.UI, *Window) {
	t.Helper()
	ui, w := openDemo(t)
	w.Resize(fyne.NewSize(1000, 700))
	w.tabs.SelectIndex(tabGenerate)
	w.generate.choice.SetSelected("Luma Dream Machine · Picture")
	return ui, w
}

// references are what a list of pictures in the form holds.
func references(value any) []map[string]any {
	list, _ := value.([]map[string]any)
	return list
}

// typePrompt types into the prompt of the form.
func typePrompt(w *Window, text string) {
	w.generate.form.Input("prompt").(interface{ SetText(string) }).SetText(text)
}

func TestAPromptBecomesPicturesThatCanGuideTheNext(t *testing.T) {
	ui, w := openGenerate(t)
	typePrompt(w, "a paper fox in the snow")
	w.generate.form.SetValue("count", int64(2))
	if !viewtest.Says(w.generate.content, "a paper fox") && w.generate.estimate.String() != "About $0.03, an estimate" {
		t.Errorf("the estimate says %q", w.generate.estimate.String())
	}
	viewtest.TapButton(t, w.generate.content, "Generate")
	ui.Until("a card for the job", func() bool { return len(w.generate.results.cards) == 1 })
	card := w.generate.results.cards[0]
	if len(card.cells) != 2 {
		t.Errorf("%d places for 2 pictures", len(card.cells))
	}
	ui.Until("both pictures", func() bool {
		return len(card.images) == 2 && card.cells[0].picture.Image != nil && card.cells[1].picture.Image != nil
	})
	ui.Until("the end", func() bool { return card.job.State == providers.Done })
	if !viewtest.Says(card.content, "a paper fox in the snow") || card.progress.Visible() || card.cancel.Visible() {
		t.Errorf("a finished card says %q", viewtest.LabelTexts(card.content))
	}

	card.cells[1].TypedKey(viewtest.Key(fyne.KeyReturn))
	if w.page == nil || !viewtest.Says(w.page.Object(), "2 of 2") {
		t.Fatal("Enter doesn't open the picture")
	}
	for _, button := range viewtest.Find[*kit.Button](w.page.Object()) {
		if button.Text == "Use as reference" {
			button.OnTapped()
		}
	}
	refs := references(w.generate.form.Raw()["image_ref"])
	if w.page != nil || len(refs) != 1 || refs[0]["image"] != card.images[1] {
		t.Errorf("the references are %v", refs)
	}
}

func TestAFieldOutOfRangeIsMarkedAndNothingIsSent(t *testing.T) {
	ui, w := openGenerate(t)
	typePrompt(w, "a fox")
	w.generate.form.SetValue("count", int64(0))
	viewtest.TapButton(t, w.generate.content, "Generate")
	ui.Until("the answer", func() bool { return !w.generate.button.Disabled() })
	if !viewtest.Says(w.generate.content, "must be 1 to 10000, not 0") || w.generate.problem.Text() != "One field needs a look. Nothing was sent." {
		t.Errorf("the tab says %q", viewtest.LabelTexts(w.generate.content))
	}
	if jobs := w.studio.Jobs.List(); len(jobs) != 0 {
		t.Errorf("there are jobs: %v", jobs)
	}
}

func TestCancellingSaysFirstWhatItDoes(t *testing.T) {
	ui, w := openSlowly(t)
	typePrompt(w, "a fox")
	viewtest.TapButton(t, w.generate.content, "Generate")
	ui.Until("a card for the job", func() bool { return len(w.generate.results.cards) == 1 })
	card := w.generate.results.cards[0]
	test.Tap(card.cancel)
	if !viewtest.Says(dialogOf(t, w), say(w.studio.Jobs.CancelConsequence(card.job))) {
		t.Errorf("asked is %q", viewtest.LabelTexts(dialogOf(t, w)))
	}
	viewtest.TapPanelButton(t, dialogOf(t, w), "Cancel the job")
	ui.Until("the end", func() bool { return card.job.State.Ended() && !card.cancel.Visible() })
	if job, _ := w.studio.Jobs.Job(card.job.ID); job.State != providers.Cancelled || len(job.Images) != 0 {
		t.Errorf("the cancelled job is %s with %d pictures", job.State, len(job.Images))
	}
	if !viewtest.Says(card.content, "Cancelled") || !card.again.Visible() {
		t.Errorf("the card says %q", viewtest.LabelTexts(card.content))
	}
}

func TestAFailedJobSaysWhyAndGoesOnWithTheSameRequest(t *testing.T) {
	_, config := viewtest.Sandboxed(t, "luma POST /generations/image: status 401 x1")
	ui, w := openStudio(t, config())
	w.Resize(fyne.NewSize(1000, 700))
	w.tabs.SelectIndex(tabGenerate)
	w.generate.choice.SetSelected("Luma Dream Machine · Picture")
	typePrompt(w, "a paper fox")
	viewtest.TapButton(t, w.generate.content, "Generate")
	ui.Until("the failure", func() bool {
		return len(w.generate.results.cards) == 1 && w.generate.results.cards[0].failure.Visible()
	})
	card := w.generate.results.cards[0]
	if !viewtest.Says(card.content, "Failed") || !viewtest.ContainsAll(viewtest.ButtonTexts(card.content), []string{"Open Settings", "Retry", "Use these settings"}) {
		t.Errorf("the card says %q with buttons %q", viewtest.LabelTexts(card.content), viewtest.ButtonTexts(card.content))
	}
	viewtest.TapButton(t, card.content, "Retry")
	ui.Until("the picture", func() bool { return card.job.State == providers.Done && !card.failure.Visible() })
	if jobs := w.studio.Jobs.List(); len(jobs) != 1 || len(card.images) != 1 {
		t.Errorf("there are %d jobs and %d pictures", len(jobs), len(card.images))
	}
}

func TestAJobThatNeedsThePersonLeadsToItsQuestion(t *testing.T) {
	ui, w, job := openUnanswered(t)
	w.tabs.SelectIndex(tabGenerate)
	ui.Until("the card", func() bool { return w.generate.results.card(job.ID) != nil })
	card := w.generate.results.card(job.ID)
	ui.Until("the question", card.failure.Visible)
	if !viewtest.Says(card.content, "Needs you") || !viewtest.Says(card.failure, say(job.Ask.Message)) {
		t.Errorf("the card says %q", viewtest.LabelTexts(card.content))
	}
	viewtest.TapButton(t, card.content, "Decide")
	if w.tabs.SelectedIndex() != tabJobs || w.jobs.details.job.ID != job.ID || !w.jobs.details.question.Visible() {
		t.Error("Decide doesn't lead to the question")
	}
}

// openSlowly is openGenerate with a sandbox that takes its time.
func openSlowly(t *testing.T) (*viewtest.UI, *Window) {
	t.Helper()
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 20, Tempo: 0.05})
	w.Resize(fyne.NewSize(1000, 700))
	w.tabs.SelectIndex(tabGenerate)
	w.generate.choice.SetSelected("Luma Dream Machine · Picture")
	return ui, w
}

func TestWithoutAKeyTheWayToSettingsIsOffered(t *testing.T) {
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Env: func(string) string { return "" }})
	w.tabs.SelectIndex(tabGenerate)
	w.generate.choice.SetSelected("Luma Dream Machine · Picture")
	typePrompt(w, "a fox")
	viewtest.TapButton(t, w.generate.content, "Generate")
	ui.Until("the answer", func() bool { return !w.generate.button.Disabled() })
	if !w.generate.failure.Visible() || !viewtest.ContainsAll(viewtest.ButtonTexts(w.generate.failure), []string{"Open Settings"}) {
		t.Errorf("the tab says %q with buttons %q", viewtest.LabelTexts(w.generate.content), viewtest.ButtonTexts(w.generate.failure))
	}
	if len(w.studio.Jobs.List()) != 0 {
		t.Error("a job was made")
	}
}

func TestDroppedPicturesBecomeReferences(t *testing.T) {
	ui, w := openGenerate(t)
	var uris []fyne.URI
	for _, name := range []string{"a.png", "b.png"} {
		uris = append(uris, storage.NewFileURI(writePNG(t, name, color.NRGBA{uint8(len(uris)) * 90, 80, 60, 255})))
	}
	w.drops.Dropped(fyne.NewPos(800, 400), uris)
	ui.Until("the references", func() bool {
		list := references(w.generate.form.Raw()["image_ref"])
		return len(list) == 2 && list[0]["image"] != nil && list[1]["image"] != nil
	})
}

func TestDroppedPicturesFindAFormThatTakesThem(t *testing.T) {
	ui, w := openGenerate(t)
	var uris []fyne.URI
	for i := range 5 {
		uris = append(uris, storage.NewFileURI(writePNG(t, string(rune('a'+i))+".png", color.NRGBA{uint8(i) * 40, 80, 60, 255})))
	}
	w.drops.Dropped(fyne.NewPos(800, 400), uris)
	if !viewtest.Says(w.generate.content, "4 of 5 pictures were put into “Picture references”") {
		t.Errorf("of five it says %q", viewtest.LabelTexts(w.generate.said))
	}
	w.generate.choice.SetSelected("dreamlook.ai · Generate with Stable Diffusion")
	typePrompt(w, "a fox")
	w.generate.form.SetValue("image_ref", nil)
	w.drops.Dropped(fyne.NewPos(800, 400), uris[:1])
	if !form.TakesPictures(w.generate.task.Fields) || !viewtest.Says(w.generate.said, "“Generate with Stable Diffusion” takes no pictures") {
		t.Errorf("%s is shown and it says %q", w.generate.task.ID, viewtest.LabelTexts(w.generate.said))
	}
	viewtest.TapButton(t, w.generate.said, "Undo")
	if w.generate.task.ID != "dreamlook/image_gen" || w.generate.form.Raw()["prompt"] != "a fox" {
		t.Errorf("back is %s with %q", w.generate.task.ID, w.generate.form.Raw()["prompt"])
	}

	for _, tab := range []int{tabGallery, tabModels, tabJobs} {
		w.tabs.SelectIndex(tab)
		w.drops.Dropped(fyne.NewPos(500, 400), uris[:2])
		if !viewtest.Says(dialogOf(t, w), "What are these 2 files for?") {
			t.Errorf("on tab %d it is asked %q", tab, viewtest.LabelTexts(dialogOf(t, w)))
		}
		w.Canvas().Focused().TypedKey(viewtest.Key(fyne.KeyEscape))
	}
	w.drops.Dropped(fyne.NewPos(500, 400), uris[:2])
	viewtest.TapPanelButton(t, dialogOf(t, w), "Use as references")
	if w.tabs.SelectedIndex() != tabGenerate || !form.TakesPictures(w.generate.task.Fields) {
		t.Error("they don't lead to a form that takes them")
	}
	w.tabs.SelectIndex(tabModels)
	w.drops.Dropped(fyne.NewPos(500, 400), uris[:2])
	viewtest.TapPanelButton(t, dialogOf(t, w), "Add to the dataset")
	ui.Until("both in the dataset", func() bool { return len(w.studio.Datasets.Photos()) == 10 })
	if w.tabs.SelectedIndex() != tabTrain {
		t.Error("Train isn't shown")
	}
}

func TestAFileThatIsNoPictureIsNamedAtItsSlot(t *testing.T) {
	ui, w := openGenerate(t)
	path := filepath.Join(t.TempDir(), "notes.png")
	if err := os.WriteFile(path, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.generate.form.AddPictureFiles([]string{path})
	ui.Until("the reason", func() bool {
		return slices.ContainsFunc(viewtest.Find[*widget.Label](w.generate.form.Content), func(l *widget.Label) bool {
			return l.Importance == widget.DangerImportance && l.Text != ""
		})
	})
	if list := references(w.generate.form.Raw()["image_ref"]); len(list) != 1 || list[0]["image"] != nil {
		t.Error("the slot holds something")
	}
}

func TestModifyTakesThePictureInPlaceOfTheOneBefore(t *testing.T) {
	_, w := openGenerate(t)
	w.modify("https://example.com/a.jpg")
	w.modify("https://example.com/b.jpg")
	list := references(w.generate.form.Raw()["modify_image_ref"])
	if len(list) != 1 || list[0]["image"] != "https://example.com/b.jpg" {
		t.Errorf("to be modified: %v", list)
	}
}

func TestTheFormIsAsItWasAtTheNextStart(t *testing.T) {
	dir := t.TempDir()
	first, w := openStudio(t, app.Config{Dir: dir, Demo: true, SandboxPace: 0.05, SandboxMaxEdge: 96, Tempo: 0.05})
	w.generate.choice.SetSelected("Luma Dream Machine · Reframe")
	typePrompt(w, "more snow")
	w.generate.close()
	first.Drain()
	settings := w.studio.Settings.Now()
	if settings.LastTasks["generate"] != "luma/reframe" || settings.LastForms["luma/reframe"].Text("prompt") != "more snow" {
		t.Fatalf("remembered are %v and %v", settings.LastTasks, settings.LastForms)
	}
	again := newGenerateTab(w.desk, w)
	if again.task.ID != "luma/reframe" || again.form.Raw()["prompt"] != "more snow" {
		t.Errorf("back are %s and %v", again.task.ID, again.form.Raw())
	}
	first.Drain()
}

func TestWhatIsTypedIsKeptWithoutGenerating(t *testing.T) {
	ui, w := openGenerate(t)
	typePrompt(w, "half a thought")
	ui.Until("the form on the disk", func() bool {
		return w.studio.Settings.Now().LastForms["luma/image"].Text("prompt") == "half a thought"
	})
}

func TestAJobCanBeFilledInAgain(t *testing.T) {
	ui, w := openGenerate(t)
	job := makePictures(t, ui, w, map[string]any{"prompt": "a paper fox", "model": "photon-flash-1"})
	typePrompt(w, "something else")
	w.fill(job.Task, job.Values)
	values := w.generate.form.Raw()
	if values["prompt"] != "a paper fox" || values["model"] != "photon-flash-1" {
		t.Errorf("the form holds %v", values)
	}
}

func writePNG(t *testing.T, name string, c color.Color) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, viewtest.Plain(640, 480, c)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheKeyboardReachesThePromptBeforeTheRestOfEveryForm(t *testing.T) {
	_, w := openBare(t)
	w.tabs.SelectIndex(tabGenerate)
	for _, task := range w.generate.tasks {
		w.generate.choose(task)
		w.Canvas().Focus(w.generate.choice)
		isField := func() bool {
			return slices.ContainsFunc(task.Fields, func(f providers.Field) bool { return w.generate.form.Input(f.Key) == w.Canvas().Focused() })
		}
		for range 12 { // what is said of the task, its key and its place lies between
			if w.Canvas().FocusNext(); isField() {
				break
			}
		}
		if w.Canvas().Focused() != w.generate.form.Input("prompt") {
			t.Errorf("%s: Tab leads from the choice of the task to %T", task.ID, w.Canvas().Focused())
		}
	}
}
