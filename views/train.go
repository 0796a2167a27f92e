// The Train tab: the photos at the left, what to do with them at the right, the training that runs below.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// trainTabName is the Train tab in Settings.LastTasks.
const trainTabName = "train"

// trainHost is what the Train tab asks of the others.
type trainHost interface {
	failureHost
	showJob(id string)
	generateWith(modelID string)
	showLarge(page *picture.Page, side fyne.CanvasObject)
}

type trainTab struct {
	desk

	content fyne.CanvasObject

	dataset  *datasetPane
	order    *trainOrder
	progress *trainProgress
}

func newTrainTab(w desk, host trainHost) *trainTab {
	t := &trainTab{desk: w}
	t.dataset = newDatasetPane(w, host, func() *providers.PhotoRules { return t.order.rules() })
	t.progress = newTrainProgress(w, host)
	t.order = newTrainOrder(w, host, t.dataset, t.progress.follow)
	photos := w.drops.Zone(t.dataset.content, kit.DropFunc(t.dataset.AcceptDrop))
	order := w.drops.Zone(t.order.content, kit.DropFunc(t.dataset.AcceptDrop))
	column := container.NewBorder(nil, nil, widget.NewSeparator(), nil, order)
	t.content = kit.Border(nil, t.progress, nil, column, photos)
	t.order.begin()
	t.dataset.refresh()
	t.progress.begin()
	return t
}

// close saves what was typed last.
func (t *trainTab) close() {
	t.dataset.captions.close()
	t.order.keeper.Close()
}

func (t *trainTab) onJobs(ids []string) { t.progress.onJobs(ids) }
func (t *trainTab) onModels()           { t.order.form.RefreshModels() }
func (t *trainTab) onDataset()          { t.dataset.refresh(); t.order.onDataset() }

// fill restores the form of a job.
func (t *trainTab) fill(task string, values map[string]any) { t.order.fill(task, values) }

// primary is what Ctrl+Return does here.
func (t *trainTab) primary() { t.order.start() }

// addPhotos opens the picture picker.
func (t *trainTab) addPhotos() { t.dataset.choose() }

// trains reports whether a job's task trains.
func trains(studio *app.Studio, job jobs.Job) bool {
	task, _, ok := studio.Services().Task(job.Task)
	return ok && task.Kind != providers.Generate
}
