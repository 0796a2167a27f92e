// Training from what lies at Bria: in the Train tab, or by starting a model that
// is there.

package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/views/kit"
)

// startButton starts a model's training, where that is possible. One start
// disables it: the page is drawn anew once its answer is known.
func (p *briaPane) startButton(m remote.Model, possible bool) *widget.Button {
	button := widget.NewButtonWithIcon(lang.L("Start training…"), theme.MediaPlayIcon(), nil)
	button.OnTapped = func() {
		p.askStart(m, func() {
			button.Disable()
			p.startTraining(m.ID)
		})
	}
	kit.SetEnabled(possible, button)
	return button
}

// askStart says what starting costs, and asks for consent, before anything is
// sent.
func (p *briaPane) askStart(m remote.Model, start func()) {
	text := lang.L("This is a paid request.")
	if warning := p.bria.Warning(remote.Start); warning != "" {
		text += " " + kit.Local(warning)
	}
	kit.Confirm(p.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Start training “%s”?"), m.Name), Text: text, Consent: consent.Statement,
		Yes: lang.L("Start training"), No: lang.L("Not now"),
	}, start)
}

func (p *briaPane) startTraining(id remote.ID) {
	p.change(lang.L("Starting the training…"), func(ctx context.Context, _ tellChange) (func(), error) {
		err := p.bria.Trainings.Start(ctx, id, true)
		return func() {
			p.show()
			if err == nil {
				p.reload() // after an error change does it
			}
		}, err
	})
}

// standingWords say what to do about a model that isn't trained.
func standingWords(standing remote.Standing) string {
	switch standing {
	case remote.StartUnread:
		return lang.L("Its training was asked for, and what became of that is being read. If it can't be read, Refresh tries again.")
	case remote.NeedsCompletion:
		return lang.L("It isn't trained yet. Its dataset is a draft: complete that first.")
	case remote.NotTrained:
		return lang.L("It isn't trained yet. “Start training…” trains it; Refresh shows how it stands. “Train with this dataset…” opens the Train tab, which trains another model and watches it to the end, even over a restart.")
	case remote.Training:
		return lang.L("It takes 1 to 3 hours. Refresh shows how it stands.")
	case remote.BeingStopped:
		return lang.L("Bria is stopping the training. Refresh shows how it stands.")
	case remote.Ended:
		return lang.L("It can't be resumed. Training the dataset again makes another model, and is paid again.")
	}
	return ""
}

func (p *briaPane) stopTraining(m remote.Model) {
	kit.Confirm(p.window, kit.Question{
		Title: fmt.Sprintf(lang.L("Stop training “%s”?"), m.Name),
		Text:  lang.L("A stopped training can't be resumed: another model has to be created and trained, which is paid again."),
		Yes:   lang.L("Stop training"), No: lang.L("Go on training"),
	}, func() {
		p.do(lang.L("Stopping the training…"), func(ctx context.Context) error { return p.bria.Trainings.Stop(ctx, m.ID) }, p.reload)
	})
}

// train opens Train with the dataset chosen: what is paid is a job there.
func (p *briaPane) train(d remote.Dataset) {
	p.host.openTab(tabTrain)
	p.host.fill(briaService+"/train", map[string]any{"start_from": "dataset", "dataset_id": string(d.ID), "model_name": d.Name})
}

// trainIn opens Train with the project chosen.
func (p *briaPane) trainIn(project remote.Project) {
	p.host.openTab(tabTrain)
	p.host.fill(briaService+"/train", map[string]any{"start_from": "project", "project_id": string(project.ID), "model_name": project.Name})
}
