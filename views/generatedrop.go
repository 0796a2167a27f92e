// Pictures let go over the Generate tab: a form that takes them is found, and what became of them is said.

package views

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
)

// dropped takes pictures let go anywhere on the tab.
func (t *generateTab) dropped(_ fyne.Position, uris []fyne.URI) bool {
	t.takeFiles(form.PathsOf(uris))
	return true
}

// takeFiles puts pictures into the first place that takes them: in the form shown, or else in that of a task that takes
// pictures, which is then shown.
func (t *generateTab) takeFiles(paths []string) {
	if len(paths) == 0 {
		return
	}
	t.forget()
	if form.TakesPictures(t.task.Fields) {
		t.putFiles(paths, "", nil)
		return
	}
	other := t.takingPictures()
	if other == nil {
		t.complain(lang.L("No task of yours takes pictures."))
		return
	}
	before := t.task
	t.choose(other)
	t.putFiles(paths, fmt.Sprintf(lang.L("“%s” takes no pictures, so this is another form."), kit.Local(before.Title)), func() { t.choose(before) })
}

// putFiles puts pictures into the form shown and says where they are; led says how that form came there, back undoes it.
func (t *generateTab) putFiles(paths []string, led string, back func()) {
	field, taken := t.form.AddPictureFiles(paths)
	var said string
	switch {
	case taken == 0:
		t.complain(lang.L("There is no free place for a picture in this form. Remove one first."))
		return
	case taken < len(paths):
		said = fmt.Sprintf(lang.L("%d of %d pictures were put into “%s”, which takes no more."), taken, len(paths), field)
	case taken == 1:
		said = fmt.Sprintf(lang.L("The picture was put into “%s”."), field)
	default:
		said = fmt.Sprintf(lang.L("%d pictures were put into “%s”."), taken, field)
	}
	if back == nil {
		t.said.Say(said)
		return
	}
	t.said.OfferUndo(kit.Sentences(led, said), back)
}

// takingPictures is the task to show for pictures: one of the service shown, else one of a service with a key, else any.
func (t *generateTab) takingPictures() *providers.Task {
	suits := []func(*providers.Task) bool{
		func(task *providers.Task) bool { return serviceOf(task.ID) == serviceOf(t.task.ID) },
		func(task *providers.Task) bool {
			return t.studio.Access.Presence(serviceOf(task.ID)) == access.KeyPresent
		},
		func(*providers.Task) bool { return true },
	}
	for _, suit := range suits {
		at := slices.IndexFunc(t.tasks, func(task *providers.Task) bool { return form.TakesPictures(task.Fields) && suit(task) })
		if at >= 0 {
			return t.tasks[at]
		}
	}
	return nil
}
