// What to train: an order with the dataset's photos and the statement of consent.

package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// trainOrder is the pane of the Train tab.
type trainOrder struct {
	*orderPane

	dataset *datasetPane
	about   string // id of the dataset that the consent is for
	content fyne.CanvasObject

	consent        *kit.ConsentBox
	consentProblem *kit.ProblemLine
}

// newTrainOrder makes the pane; started is told of each training that begins.
func newTrainOrder(w desk, host trainHost, dataset *datasetPane, started func(jobs.Job)) *trainOrder {
	o := &trainOrder{dataset: dataset}
	o.consent = kit.NewConsentBox(consent.Statement, o.agreed)
	o.consentProblem = kit.NewProblemLine()
	button := widget.NewButtonWithIcon(lang.L("Start training"), theme.MediaPlayIcon(), nil)
	o.orderPane = newOrderPane(w, host, trainTabName, button, orderParts{
		hold: o.hold, add: o.addConsent, complete: o.addPhotos, follow: o.follow, showOwn: o.showOwn,
		started: func(job jobs.Job) {
			o.consent.SetChecked(false)
			started(job)
		},
	}, providers.Train, providers.TrainAndGenerate)
	o.content = o.layOut(kit.Heading(lang.L("Training")), o.consent, o.consentProblem)
	return o
}

// hold waits for the photos that are being checked.
func (o *trainOrder) hold() string {
	if o.dataset.intake.checking() {
		return lang.L("Nothing was sent: photos are still being checked. Wait for them, or stop it.")
	}
	return ""
}

// follow asks for consent, and judges the photos, as the form's values need it.
func (o *trainOrder) follow(values providers.Values) {
	kit.SetVisible(jobs.NeedsConsent(o.task, values), o.consent)
	o.dataset.follow()
}

// rules are those of the chosen task; nil before one is chosen.
func (o *trainOrder) rules() *providers.PhotoRules {
	if o.task == nil {
		return nil
	}
	values, _ := o.form.Values()
	return o.task.PhotoRules(values)
}

func (o *trainOrder) addConsent(order *jobs.Order) {
	order.Consent = o.consent.Checked() && o.about == o.studio.Datasets.Current().ID
}

// addPhotos adds the dataset, with captions as they are typed.
func (o *trainOrder) addPhotos(_ context.Context, order *jobs.Order) error {
	if err := o.dataset.captions.saver.save(); err != nil {
		return err
	}
	order.Photos = o.studio.Datasets.Photos()
	return nil
}

// agreed notes for which photos the statement was given.
func (o *trainOrder) agreed() {
	o.about = o.studio.Datasets.Current().ID
	o.recheck()
}

// onDataset follows the dataset; a statement given for another one is over.
func (o *trainOrder) onDataset() {
	if o.about != o.studio.Datasets.Current().ID {
		o.consent.SetChecked(false)
	}
	o.recheck()
}

// showOwn shows what is wrong with the photos and the consent.
func (o *trainOrder) showOwn(problems []providers.Problem) (others []providers.Problem) {
	var photos, agreement []string
	for _, p := range problems {
		switch p.Field {
		case jobs.PhotosField:
			photos = append(photos, say(p.Message))
		case consent.Field:
			agreement = append(agreement, lang.L("Tick this first: nothing is sent without it."))
		default:
			others = append(others, p)
		}
	}
	o.dataset.problem.SetText(problemSentence(lang.L("The photos:"), photos))
	o.consentProblem.SetText(strings.Join(agreement, " "))
	return others
}

// problemSentence is what is wrong with something; "" when nothing is.
func problemSentence(what string, problems []string) string {
	if len(problems) == 0 {
		return ""
	}
	return what + " " + kit.Parted(problems...)
}
