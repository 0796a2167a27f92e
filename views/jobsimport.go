// Jobs that only the services know: looked for when asked to, and brought in.

package views

import (
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// jobsImport is the quiet line below the list of jobs.
type jobsImport struct {
	desk
	content *fyne.Container

	look  *widget.Button
	note  *kit.MutedText
	found *fyne.Container // a row for each service with jobs to import
	all   []unclaimedAt
}

// unclaimedAt are the jobs that only one service knows, or why that can't be said.
type unclaimedAt struct {
	service *providers.Service
	jobs    []providers.Remote
	err     error
}

func newJobsImport(w desk) *jobsImport {
	i := &jobsImport{desk: w, note: kit.NewMutedText(""), found: container.NewVBox()}
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
	studio := i.studio
	kit.Do(i.work, func(ctx context.Context) (all []unclaimedAt) {
		for _, service := range studio.Services() {
			where, err := studio.Access.KeyWhere(ctx, service.ID)
			if service.Known == nil || !studio.Demo() && (err != nil || string(where) == "") {
				continue
			}
			at := unclaimedAt{service: service}
			at.jobs, at.err = studio.Unclaimed(ctx, service.ID)
			all = append(all, at)
		}
		return all
	}, i.show)
}

// show lists what was found.
func (i *jobsImport) show(all []unclaimedAt) {
	i.look.Enable()
	i.all = all
	i.listFound()
	trouble := ""
	for _, at := range all {
		if at.err != nil {
			trouble = settingsProblem(at.err)
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

// listFound makes a row for each service that knows something.
func (i *jobsImport) listFound() {
	i.found.RemoveAll()
	for _, at := range i.all {
		if len(at.jobs) > 0 {
			i.found.Add(i.row(at))
		}
	}
	i.found.Show()
}

func (i *jobsImport) row(at unclaimedAt) fyne.CanvasObject {
	text := lang.L("%s knows %d jobs that Maquette doesn't.")
	if len(at.jobs) == 1 {
		text = lang.L("%s knows %d job that Maquette doesn't.")
	}
	words := kit.NewMutedText(fmt.Sprintf(text, at.service.Title, len(at.jobs)))
	choose := widget.NewButton(lang.L("Import…"), func() { showUnclaimed(i, at) })
	return container.NewBorder(nil, nil, nil, container.NewCenter(choose), words)
}

// take imports the chosen jobs of a service; the others stay listed.
func (i *jobsImport) take(service *providers.Service, ids []string) {
	i.found.Hide()
	i.look.Disable()
	i.say(lang.L("Importing…"))
	type outcome struct {
		imported int
		err      error
	}
	kit.Do(i.work, func(ctx context.Context) outcome {
		jobs, err := i.studio.Import(ctx, service.ID, ids)
		return outcome{len(jobs), err}
	}, func(o outcome) {
		i.look.Enable()
		if o.err != nil {
			i.say(settingsProblem(o.err))
			i.found.RemoveAll() // what is left there isn't known
			return
		}
		for at := range i.all {
			if i.all[at].service == service {
				i.all[at].jobs = slices.DeleteFunc(i.all[at].jobs, func(r providers.Remote) bool { return slices.Contains(ids, r.ID) })
			}
		}
		i.listFound()
		i.say(importedWords(o.imported, len(ids)-o.imported))
	})
}

// importedWords say how many jobs were imported, and how many could not be.
func importedWords(imported, gone int) string {
	text := kit.CountOf(imported, lang.L("1 job brought in."), lang.L("%d jobs brought in."))
	if gone > 0 {
		text += " " + kit.CountOf(gone, lang.L("1 is no longer there, or known by now."), lang.L("%d are no longer there, or known by now."))
	}
	return text
}

func (i *jobsImport) say(text string) {
	i.note.SetText(text)
	kit.SetVisible(text != "", i.note)
	i.content.Refresh()
}
