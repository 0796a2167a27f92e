package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// briaTraining is Train's form for Bria, set to train in a project that is there.
func briaTraining(t *testing.T, w *Window) *listedInput {
	t.Helper()
	w.tabs.SelectIndex(tabTrain)
	w.train.fill("bria/train", map[string]any{"start_from": "project"})
	input, ok := w.train.order.form.group.row("project_id").input.(*listedInput)
	if !ok {
		t.Fatal("the project's id is only typed")
	}
	return input
}

func TestAProjectAtBriaIsChosenFromTheList(t *testing.T) {
	ui, w := openDemo(t)
	ids := furnishBria(t, w)
	input := briaTraining(t, w)
	test.Tap(input.button)
	ui.until("the list", func() bool { return w.Canvas().Overlays().Top() != nil })
	chooseCopy(t, w, "Foxes · "+ids.project)
	if got := w.train.order.form.Values()["project_id"]; got != ids.project {
		t.Errorf("the form holds %v instead of %s", got, ids.project)
	}
	input.button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	ui.until("the list again, by key", func() bool { return w.Canvas().Overlays().Top() != nil })
}

func TestAnEmptyListAndARefusedOneSaySo(t *testing.T) {
	service, config := sandboxed(t)
	ui, w := openStudio(t, config())
	input := briaTraining(t, w)
	row := w.train.order.form.group.row("project_id")
	test.Tap(input.button)
	ui.until("that there is none", func() bool { return strings.Contains(row.problem.Text, "none yet") })
	input.set("123")
	if err := service.AddFault("bria GET /tailored-gen/projects: status 401"); err != nil {
		t.Fatal(err)
	}
	test.Tap(input.button)
	ui.until("the refusal", func() bool { return strings.Contains(row.problem.Text, "key") })
	if input.value() != "123" {
		t.Errorf("what was typed became %v", input.value())
	}
}
