package form

import (
	"encoding/json"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// briaTraining is the form that trains at Bria, set to train in a project that is there.
func briaTraining(t *testing.T, ui *viewtest.UI, cfg app.Config) (*Form, *listedInput) {
	t.Helper()
	form := openForm(t, ui, cfg)
	task, _, _ := form.host.Studio.Services().Task("bria/train")
	form.SetTask(task)
	form.SetValues(map[string]any{"start_from": "project"})
	form.host.Window.SetContent(form.Content)
	input, ok := form.group.row("project_id").input.(*listedInput)
	if !ok {
		t.Fatal("the project's id is only typed")
	}
	return form, input
}

func TestAProjectAtBriaIsChosenFromTheList(t *testing.T) {
	ui := viewtest.Start(t)
	form, input := briaTraining(t, ui, app.Config{Dir: t.TempDir(), Demo: true, SandboxPace: 0.05, SandboxMaxEdge: 96, Tempo: 0.05})
	made, problems, err := form.host.Studio.Call(t.Context(), jobs.NewOrder(form.host.Studio.Services(), "bria/project-create", map[string]any{
		"project_name": "Foxes", "ip_type": "defined_character", "ip_medium": "illustration", "ip_name": "Vix", "ip_description": "a red fox",
	}))
	if err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	var project struct{ ID json.Number }
	if text, err := json.Marshal(made); err != nil || json.Unmarshal(text, &project) != nil {
		t.Fatalf("made was %v, %v", made, err)
	}
	test.Tap(input.button)
	ui.Until("the list", func() bool { return ui.Canvas.Overlays().Top() != nil })
	viewtest.ChooseMenuItem(t, ui.Canvas, "Foxes · "+project.ID.String())
	if got := form.Raw()["project_id"]; got != project.ID.String() {
		t.Errorf("the form holds %v instead of %s", got, project.ID)
	}
	input.button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	ui.Until("the list again, by key", func() bool { return ui.Canvas.Overlays().Top() != nil })
}

func TestAnEmptyListAndARefusedOneSaySo(t *testing.T) {
	service, config := viewtest.Sandboxed(t)
	ui := viewtest.Start(t)
	form, input := briaTraining(t, ui, config())
	row := form.group.row("project_id")
	test.Tap(input.button)
	ui.Until("that there is none", func() bool { return strings.Contains(row.problem.Text, "none yet") })
	input.set("123")
	if err := service.AddFault("bria GET /tailored-gen/projects: status 401"); err != nil {
		t.Fatal(err)
	}
	test.Tap(input.button)
	ui.Until("the refusal", func() bool { return strings.Contains(row.problem.Text, "key") })
	if input.value() != "123" {
		t.Errorf("what was typed became %v", input.value())
	}
}
