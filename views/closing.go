// Closing while a photo is on its way up: the one thing that the window's end
// cuts, and so the one it asks about.

package views

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// uploads reports whether a photo is on its way to a service or to the bucket.
func (w *Window) uploads() bool {
	return w.models.bria != nil && w.models.bria.adding.Load() > 0 || w.studio.Jobs.Uploading()
}

// serving reports whether this computer serves photos to a service that has
// taken a job and not begun it.
func (w *Window) serving() bool {
	return w.studio.Computer.Chosen() && slices.ContainsFunc(w.studio.Jobs.List(), func(job jobs.Job) bool {
		return job.Paid && job.State == providers.Waiting && w.studio.Jobs.NeedsPlace(jobs.Order{Task: job.Task, Values: job.Values})
	})
}

// askServing asks before photos can't be fetched from this computer any more.
func askServing(w fyne.Window, closeAnyway func()) {
	kit.Confirm(w, kit.Question{
		Title: lang.L("Close while this computer serves photos?"),
		Text:  lang.L("A service has taken a job and may not have fetched its photos yet. It can't while Maquette is closed, and the job may fail there."),
		Yes:   lang.L("Close anyway"), No: lang.L("Keep open"),
	}, closeAnyway)
}

// askUpload asks before an upload is cut.
func askUpload(w fyne.Window, closeAnyway func()) {
	kit.Confirm(w, kit.Question{
		Title: lang.L("Close while photos are being uploaded?"),
		Text:  lang.L("What is on its way now is cut. Jobs go on at the next start and upload it again; nothing is paid twice."),
		Yes:   lang.L("Close anyway"), No: lang.L("Keep open"),
	}, closeAnyway)
}
