// The results of generating: the newest job on top, each with its pictures.

package views

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// resultJobs is how many jobs are shown; the gallery has them all.
const resultJobs = 20

// resultFeed shows the latest jobs of generation. It belongs to the UI goroutine.
type resultFeed struct {
	desk
	host  generateHost
	cards []*resultCard // newest first

	box     *fyne.Container
	empty   fyne.CanvasObject
	scroll  *container.Scroll
	content fyne.CanvasObject
}

func newResultFeed(w desk, host generateHost) *resultFeed {
	f := &resultFeed{desk: w, host: host, box: container.NewVBox()}
	f.scroll = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(10, 10, 14, 14), f.box))
	f.empty = emptyResults()
	f.content = container.NewStack(kit.FollowingFocus(f.scroll), f.empty)
	kit.Do(w.work, func(context.Context) []jobs.Job { return recentJobs(w.studio) }, f.begin)
	return f
}

func emptyResults() fyne.CanvasObject {
	heading := widget.NewLabelWithStyle(lang.L("Your pictures will appear here"), fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	heading.SizeName = "subHeadingText"
	text := kit.NewMutedText(lang.L("Write a prompt and press Generate. Drop a picture on this tab to use it as a reference."))
	return container.NewCenter(container.New(&kit.FixedWidth{Width: 340}, container.NewVBox(heading, centred(text))))
}

func centred(text *kit.MutedText) fyne.CanvasObject {
	for _, segment := range text.Segments {
		if words, ok := segment.(*widget.TextSegment); ok {
			words.Style.Alignment = fyne.TextAlignCenter
		}
	}
	return text
}

// recentJobs are the latest jobs of generation, newest first.
func recentJobs(studio *app.Studio) []jobs.Job {
	var recent []jobs.Job
	for _, job := range studio.Jobs.List() {
		if generates(studio, job) {
			recent = append(recent, job)
		}
		if len(recent) == resultJobs {
			break
		}
	}
	return recent
}

func generates(studio *app.Studio, job jobs.Job) bool {
	task, _, ok := studio.Services().Task(job.Task)
	return ok && task.Kind == providers.Generate
}

// begin shows the jobs of earlier sessions below those that came in the meantime.
func (f *resultFeed) begin(jobs []jobs.Job) {
	for _, job := range jobs {
		if f.card(job.ID) == nil && len(f.cards) < resultJobs {
			f.cards = append(f.cards, newResultCard(f.desk, f.host, job))
		}
	}
	f.show()
}

// add puts a new job on top.
func (f *resultFeed) add(job jobs.Job) {
	if f.card(job.ID) != nil {
		return
	}
	f.cards = slices.Insert(f.cards, 0, newResultCard(f.desk, f.host, job))
	if len(f.cards) > resultJobs {
		for _, card := range f.cards[resultJobs:] {
			card.release()
		}
		f.cards = f.cards[:resultJobs]
	}
	f.show()
	f.scroll.ScrollToTop()
}

func (f *resultFeed) card(id string) *resultCard {
	i := slices.IndexFunc(f.cards, func(c *resultCard) bool { return c.job.ID == id })
	if i < 0 {
		return nil
	}
	return f.cards[i]
}

func (f *resultFeed) show() {
	f.box.Objects = nil
	for i, card := range f.cards {
		if i > 0 {
			f.box.Add(widget.NewSeparator())
		}
		f.box.Add(card.content)
	}
	kit.SetVisible(len(f.cards) == 0, f.empty)
	f.box.Refresh()
}

// refresh follows changes of jobs, also those begun elsewhere.
func (f *resultFeed) refresh(ids []string) {
	for _, id := range ids {
		job, known := f.studio.Jobs.Job(id)
		card := f.card(id)
		switch {
		case card != nil && known:
			card.update(job)
		case known && generates(f.studio, job) && f.isNewest(job):
			f.add(job)
		}
	}
}

func (f *resultFeed) isNewest(job jobs.Job) bool {
	return len(f.cards) == 0 || job.Created.After(f.cards[0].job.Created)
}

// refreshAll follows changes of the library: pictures go to the trash and come back.
func (f *resultFeed) refreshAll() {
	for _, card := range f.cards {
		if job, known := f.studio.Jobs.Job(card.job.ID); known {
			card.update(job)
		}
	}
}
