// Jobs that only the services know: looked for when asked to, and brought in.

package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
)

// jobsImport is the quiet line below the list of jobs.
type jobsImport struct {
	window  *Window
	content *fyne.Container

	look  *widget.Button
	note  *mutedText
	found *fyne.Container // a row for each service with jobs to bring in
}

// strangersAt are the jobs that only one service knows, or why that can't be said.
type strangersAt struct {
	service *providers.Service
	ids     []string
	err     error
}

func newJobsImport(w *Window) *jobsImport {
	i := &jobsImport{window: w, note: newMutedText(""), found: container.NewVBox()}
	i.look = widget.NewButtonWithIcon(lang.L("Look for jobs at the services"), theme.SearchIcon(), i.lookNow)
	i.look.Importance = widget.LowImportance
	i.content = container.NewVBox(i.found, i.note, container.NewHBox(i.look))
	i.note.Hide()
	return i
}

// lookNow asks every service that has a list and a key.
func (i *jobsImport) lookNow() {
	i.look.Disable()
	i.say(lang.L("Asking the services…"))
	studio := i.window.studio
	work(i.window, func(ctx context.Context) (all []strangersAt) {
		for _, service := range studio.Services() {
			where, err := studio.KeyWhere(ctx, service.ID)
			if service.Known == nil || !studio.Demo() && (err != nil || string(where) == "") {
				continue
			}
			at := strangersAt{service: service}
			strangers, err := studio.Strangers(ctx, service.ID)
			at.err = err
			for _, remote := range strangers {
				at.ids = append(at.ids, remote.ID)
			}
			all = append(all, at)
		}
		return all
	}, i.show)
}

// show lists what was found.
func (i *jobsImport) show(all []strangersAt) {
	i.look.Enable()
	i.found.RemoveAll()
	trouble := ""
	for _, at := range all {
		if at.err != nil {
			trouble = settingsProblem(at.err)
		}
		if len(at.ids) > 0 {
			i.found.Add(i.row(at))
		}
	}
	switch {
	case trouble != "":
		i.say(trouble)
	case len(all) == 0:
		i.say(lang.L("Add a key in Settings first."))
	case len(i.found.Objects) == 0:
		i.say(lang.L("The services know no job that Maquette doesn't."))
	default:
		i.say("")
	}
}

func (i *jobsImport) row(at strangersAt) fyne.CanvasObject {
	text := lang.L("%s knows %d jobs that Maquette doesn't.")
	if len(at.ids) == 1 {
		text = lang.L("%s knows %d job that Maquette doesn't.")
	}
	words := newMutedText(fmt.Sprintf(text, at.service.Title, len(at.ids)))
	bring := widget.NewButton(lang.L("Bring them in…"), func() { i.ask(at) })
	return container.NewBorder(nil, nil, nil, container.NewCenter(bring), words)
}

func (i *jobsImport) ask(at strangersAt) {
	confirm(i.window, question{
		title: fmt.Sprintf(lang.L("Bring in %d jobs from %s?"), len(at.ids), at.service.Title),
		text:  lang.L("Their pictures and models are downloaded, as far as the service still has them. Nothing is paid and nothing changes at the service."),
		yes:   lang.L("Bring in"), no: lang.L("Cancel"),
	}, func() { i.bringIn(at) })
}

func (i *jobsImport) bringIn(at strangersAt) {
	i.found.RemoveAll()
	i.look.Disable()
	work(i.window, func(ctx context.Context) error {
		_, err := i.window.studio.BringIn(ctx, at.service.ID, at.ids)
		return err
	}, func(err error) {
		i.look.Enable()
		i.say(settingsProblem(err))
	})
}

func (i *jobsImport) say(text string) {
	i.note.SetText(text)
	setVisible(text != "", i.note)
	i.content.Refresh()
}
