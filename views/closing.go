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
	return w.models.bria != nil && w.models.bria.adding.Load() > 0 ||
		slices.ContainsFunc(w.studio.Jobs.List(), func(job jobs.Job) bool { return job.Status.State == providers.Uploading })
}

// askUpload asks before an upload is cut.
func askUpload(w fyne.Window, closeAnyway func()) {
	kit.Confirm(w, kit.Question{
		Title: lang.L("Close while photos are being uploaded?"),
		Text:  lang.L("What is on its way now is cut. Jobs go on at the next start and upload it again; nothing is paid twice."),
		Yes:   lang.L("Close anyway"), No: lang.L("Keep open"),
	}, closeAnyway)
}
