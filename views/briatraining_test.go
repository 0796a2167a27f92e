package views

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// openCreatedModel shows a model that is not trained yet, of a completed dataset.
func openCreatedModel(t *testing.T) (*viewtest.UI, *Window, *briaPane, string, *sandbox.Sandbox) {
	t.Helper()
	ui, w, p, ids, service, _ := openOwnDataset(t)
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	model := atBria(t, w, "model-create", map[string]any{"dataset_id": ids.dataset, "name": "Vix light"})
	viewtest.TapButton(t, p.content, "Refresh")
	ui.Until("the model is listed", func() bool { return viewtest.Says(p.tree, "Vix light") })
	p.tree.Select("model/" + model)
	return ui, w, p, model, service
}

// startButton is the button on the page of a model that starts its training, nil for none.
func startButton(p *briaPane) *widget.Button {
	for _, button := range viewtest.Find[*widget.Button](p.detail) {
		if button.Text == "Start training…" {
			return button
		}
	}
	return nil
}

func TestAModelIsTrainedFromItsPageOnceItIsSaidThatItIsPaid(t *testing.T) {
	ui, w, p, model, _ := openCreatedModel(t)
	viewtest.TapButton(t, p.detail, "Start training…")
	if asked := w.Canvas().Overlays().Top(); !viewtest.Says(asked, "This is a paid request.") || !viewtest.Says(asked, "Bria charges for the training.") {
		t.Errorf("the question is %q", viewtest.LabelTexts(asked))
	}
	tapDialog(t, w, "Not now")
	if got := bodyOf(t, w, "model", map[string]any{"model_id": model}); !strings.Contains(got, "Created") {
		t.Errorf("after no, the model is %s", got)
	}
	viewtest.TapButton(t, p.detail, "Start training…")
	agree(t, w, "Start training")
	if button := startButton(p); button == nil || !button.Disabled() {
		t.Error("while the request is on its way, another can be sent")
	}
	ui.Until("the training has begun", func() bool {
		return startButton(p) == nil && (viewtest.Says(p.detail, "In training") || viewtest.Says(p.detail, "Trained"))
	})
}

func TestAfterALostAnswerAModelIsReadBeforeItCanBeStartedAgain(t *testing.T) {
	ui, w, p, _, service := openCreatedModel(t)
	// The training begins, and neither the answer comes nor the next list.
	for _, fault := range []string{"bria POST /tailored-gen/models/: lost x1", "bria GET /tailored-gen/projects: status 400 x1"} {
		if err := service.AddFault(fault); err != nil {
			t.Fatal(err)
		}
	}
	viewtest.TapButton(t, p.detail, "Start training…")
	agree(t, w, "Start training")
	ui.Until("the failure", func() bool { return p.stop == nil && p.failure.Visible() && !p.again.Disabled() })
	if button := startButton(p); button == nil || !button.Disabled() || !viewtest.Says(p.detail, "Refresh tries again") {
		t.Errorf("before the model was read the page says %q", viewtest.LabelTexts(p.detail))
	}
	viewtest.TapButton(t, p.content, "Refresh")
	ui.Until("the training is seen", func() bool {
		return startButton(p) == nil && (viewtest.Says(p.detail, "In training") || viewtest.Says(p.detail, "Trained"))
	})
	if paid := service.Submissions("bria"); paid != 1 {
		t.Errorf("%d trainings are paid", paid)
	}
}

func TestARefusedStartCanBeTriedAgain(t *testing.T) {
	ui, w, p, _, service := openCreatedModel(t)
	if err := service.AddFault("bria POST /tailored-gen/models/: status 402 x1"); err != nil {
		t.Fatal(err)
	}
	viewtest.TapButton(t, p.detail, "Start training…")
	agree(t, w, "Start training")
	ui.Until("the failure", func() bool { return p.stop == nil && p.failure.Visible() })
	ui.Until("the button", func() bool { b := startButton(p); return b != nil && !b.Disabled() })
}

func TestAModelOfADraftSaysWhatToDoFirst(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	model := atBria(t, w, "model-create", map[string]any{"dataset_id": ids.dataset, "name": "Vix light"})
	viewtest.TapButton(t, p.content, "Refresh")
	ui.Until("the model is listed", func() bool { return viewtest.Says(p.tree, "Vix light") })
	p.tree.Select("model/" + model)
	if !startButton(p).Disabled() || !viewtest.Says(p.detail, "complete that first") {
		t.Errorf("the page says %q", viewtest.LabelTexts(p.detail))
	}
}

func TestAProjectLeadsToTrain(t *testing.T) {
	_, w, p, ids := openDataset(t)
	p.tree.Select("project/" + ids.project)
	viewtest.TapButton(t, p.detail, "Train in this project…")
	values := w.train.order.form.Raw()
	if w.tabs.SelectedIndex() != tabTrain || w.train.order.task.ID != "bria/train" || values["start_from"] != "project" || values["project_id"] != ids.project {
		t.Errorf("in tab %d the form holds %v", w.tabs.SelectedIndex(), values)
	}
}

func TestEveryPageAtBriaHasItsIdToCopy(t *testing.T) {
	ui, w, p, ids := openDataset(t)
	atBria(t, w, "dataset-update", map[string]any{"dataset_id": ids.dataset, "status": "completed"})
	model := atBria(t, w, "model-create", map[string]any{"dataset_id": ids.dataset, "name": "Vix light"})
	viewtest.TapButton(t, p.content, "Refresh")
	ui.Until("the model is listed", func() bool { return viewtest.Says(p.tree, "Vix light") })
	for key, id := range map[string]string{"project/" + ids.project: ids.project, "dataset/" + ids.dataset: ids.dataset, "model/" + model: model} {
		p.tree.Select(key)
		buttons := viewtest.Find[*widget.Button](p.detail)
		at := slices.IndexFunc(buttons, func(b *widget.Button) bool { return b.Icon == theme.ContentCopyIcon() })
		if at < 0 || !slices.Contains(viewtest.Labels(p.detail), id) {
			t.Errorf("the page of %s says %q", key, viewtest.LabelTexts(p.detail))
			continue
		}
		buttons[at].OnTapped()
		if got := fyne.CurrentApp().Clipboard().Content(); got != id {
			t.Errorf("on the page of %s %q is copied", key, got)
		}
	}
}

// openAt opens a window over a Bria that answers as told, by method and path.
func openAt(t *testing.T, answers map[string]func() string) (*viewtest.UI, *Window) {
	t.Helper()
	mux := http.NewServeMux()
	for request, answer := range answers {
		method, path, _ := strings.Cut(request, " ")
		mux.HandleFunc(method+" /tailored-gen/"+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(answer()))
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	env := map[string]string{"MAQUETTE_BRIA_URL": server.URL, "BRIA_API_TOKEN": "key"}
	return openStudio(t, app.Config{Dir: t.TempDir(), Env: func(name string) string { return env[name] }})
}

func TestImagesAreAskedForWhereADatasetOnlyCountsThem(t *testing.T) {
	answers := map[string]func() string{}
	for request, answer := range map[string]string{
		"GET projects":          `[{"id":1,"project_name":"Foxes","ip_type":"defined_character","status":"active"}]`,
		"GET models":            `[]`,
		"GET datasets":          `[{"id":7,"project_id":1,"name":"First drawings","status":"draft","images_count":2}]`,
		"GET datasets/7":        `{"id":7,"project_id":1,"name":"First drawings","status":"draft","images_count":2,"images":[]}`,
		"GET datasets/7/images": `[{"id":11,"caption":"sits"},{"id":12,"caption":"runs"}]`,
	} {
		answers[request] = func() string { return answer }
	}
	ui, w := openAt(t, answers)
	p := openBria(t, w)
	ui.Until("the dataset is listed", func() bool { return viewtest.Says(p.tree, "First drawings") })
	p.tree.Select("dataset/7")
	ui.Until("its images are there", func() bool { return len(p.dataset.shown.Images) == 2 && viewtest.Says(p.detail, "2 pictures") })
}
