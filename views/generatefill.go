// Filling the Generate tab's form from elsewhere: a model, a picture, an earlier job, dropped files.

package views

import (
	"slices"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/providers"
)

// Luma's names for its references, which its tasks declare.
const (
	referenceField = "image_ref"
	modifyField    = "modify_image_ref"
)

// useModel shows the task that generates with a trained model, with that model chosen. An empty prompt begins as the
// words the model was trained on.
func (t *generateTab) useModel(modelID string) {
	model, known := t.studio.Models.Model(modelID)
	if !known {
		return
	}
	task, field := t.studio.Models.GeneratingWith(model)
	if task == nil {
		t.complain(lang.L("Nothing here generates with this model: download it and use it elsewhere."))
		return
	}
	t.choose(task)
	t.form.SetValue("base_model", nil)
	t.form.SetValue(field, modelID)
	if job, known := t.studio.Jobs.Job(model.Job); known && t.form.Raw()["prompt"] == nil {
		t.form.SetValue("prompt", job.Values.Text("instance_prompt"))
	}
}

// useReference adds a picture to those that guide the next one.
func (t *generateTab) useReference(ref string) {
	t.choose(t.taskWith(referenceField))
	if !t.form.AddPictureTo(referenceField, ref) {
		t.complain(lang.L("All places for reference pictures are taken. Remove one first."))
		return
	}
	t.forget()
}

// useModify makes a picture the one to be changed.
func (t *generateTab) useModify(ref string) {
	t.choose(t.taskWith(modifyField))
	t.form.SetValue(modifyField, nil)
	t.form.AddPictureTo(modifyField, ref)
	t.forget()
}

// taskWith is the task shown if it has the field, else the first that has.
func (t *generateTab) taskWith(key string) *providers.Task {
	has := func(task *providers.Task) bool {
		return slices.ContainsFunc(task.Fields, func(f providers.Field) bool { return f.Key == key })
	}
	if has(t.task) {
		return t.task
	}
	return t.find(has)
}
