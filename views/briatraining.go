// Training from what lies at Bria: in the Train tab, or by starting a model that
// is there.

package views

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

const modelStart = "model-start"

// startButton starts a model's training. It can't be used while a start is on
// its way, nor until the model was read after it: a training is paid once.
func (p *briaPane) startButton(m briaModel, draft bool) *widget.Button {
	button := widget.NewButtonWithIcon(lang.L("Start training…"), theme.MediaPlayIcon(), func() { p.askStart(m) })
	_, asked := p.starting[m.ID]
	kit.SetEnabled(!asked && !draft, button)
	return button
}

// askStart says what starting costs before anything is sent.
func (p *briaPane) askStart(m briaModel) {
	text := lang.L("This is a paid request.")
	service, _ := p.studio.Services().Service(briaService)
	if call, ok := service.FindCall(briaService + "/" + modelStart); ok {
		text += " " + call.Consequence
	}
	kit.Confirm(p.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Start training “%s”?"), m.Name), Text: text,
		Yes: lang.L("Start training"), No: lang.L("Not now"),
	}, func() { p.startTraining(m.ID) })
}

func (p *briaPane) startTraining(id briaID) {
	if _, asked := p.starting[id]; asked {
		return
	}
	p.starting[id] = true
	p.show()
	p.change(lang.L("Starting the training…"), func(ctx context.Context, _ tellChange) (func(), error) {
		err := p.asker.ask(ctx, modelStart, map[string]any{"model_id": string(id)}, nil)
		return func() {
			p.starting[id] = false // until the models are read anew
			if refusedForSure(err) {
				delete(p.starting, id)
			}
			p.show()
			if err == nil {
				p.reload() // after an error change does it
			}
		}, err
	})
}

// refusedForSure reports whether a request that failed was not accepted.
func refusedForSure(err error) bool {
	f, ok := errors.AsType[*providers.Failure](err)
	return ok && (f.Outcome == providers.Refused || f.Outcome == providers.NotSent)
}

// trainingNote says what to do about a model that isn't trained; draft, that its
// dataset is one.
func (p *briaPane) trainingNote(m briaModel, draft bool) string {
	unanswered, asked := p.starting[m.ID]
	switch {
	case m.is("created") && asked && !unanswered:
		return lang.L("Its training was asked for, and what became of that is being read. If it can't be read, Refresh tries again.")
	case m.is("created") && draft:
		return lang.L("It isn't trained yet. Its dataset is a draft: complete that first.")
	case m.is("created"):
		return lang.L("It isn't trained yet. “Start training…” trains it; Refresh shows how it stands. “Train with this dataset…” opens the Train tab, which trains another model and watches it to the end, even over a restart.")
	case m.is("inprogress"):
		return lang.L("It takes 1 to 3 hours. Refresh shows how it stands.")
	case m.is("stopping"):
		return lang.L("Bria is stopping the training. Refresh shows how it stands.")
	case m.is("stopped"), m.is("failed"):
		return lang.L("It can't be resumed. Training the dataset again makes another model, and is paid again.")
	}
	return ""
}

func (p *briaPane) stopTraining(m briaModel) {
	kit.Confirm(p.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Stop training “%s”?"), m.Name),
		Text:  lang.L("A stopped training can't be resumed: another model has to be created and trained, which is paid again."),
		Yes:   lang.L("Stop training"), No: lang.L("Go on training"),
	}, func() {
		p.send(lang.L("Stopping the training…"), briaRequest{"model-stop", map[string]any{"model_id": string(m.ID)}}, p.reload)
	})
}

// train opens Train with the dataset chosen: what is paid is a job there.
func (p *briaPane) train(d briaDataset) {
	p.host.openTab(tabTrain)
	p.host.fill(briaService+"/train", map[string]any{"start_from": "dataset", "dataset_id": string(d.ID), "model_name": d.Name})
}

// trainIn opens Train with the project chosen.
func (p *briaPane) trainIn(project briaProject) {
	p.host.openTab(tabTrain)
	p.host.fill(briaService+"/train", map[string]any{"start_from": "project", "project_id": string(project.ID), "model_name": project.Name})
}
