// The training itself: the model, its start, its hours, its end.

package bria

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/maquette-studio/maquette/providers"
)

// start creates the model and starts its training, which is what is paid.
func (t training) start(ctx context.Context, from source) (json.Number, error) {
	name := t.named(t.values.Text("model_name"))
	body := map[string]any{"name": name, "dataset_id": from.Dataset, "training_version": t.values.Text("training_version")}
	if note := t.values.Text("model_description"); note != "" {
		body["description"] = note
	}
	made, err := t.run.Ensure(ctx, modelStep, t.client.findModel(from.Project, name), func(ctx context.Context) (providers.Receipt, error) {
		m, err := post[model](ctx, t.client, "creating the model", modelsPath, body)
		return m.receipt(), err
	})
	if err != nil {
		return "", err
	}
	id := number(made)
	_, err = t.run.Once(ctx, startStep, t.client.findStarted(id), func(ctx context.Context) (providers.Receipt, error) {
		return t.client.startTraining(ctx, id)
	})
	return id, err
}

// startTraining makes the paid request. Where Bria says that the training has
// begun already, an earlier request of the same job was accepted; the model's
// state tells.
func (c client) startTraining(ctx context.Context, id json.Number) (providers.Receipt, error) {
	accepted := receipt("training", id, "")
	_, err := post[trainingState](ctx, c, "starting the training", modelsPath+"/"+id.String()+"/start_training", nil)
	if status(err) != http.StatusConflict {
		return accepted, advised(err, startAdvice)
	}
	m, readErr := c.model(ctx, id)
	switch {
	case readErr != nil:
		return accepted, advised(err, unreadAdvice)
	case m.state() == stateCreated:
		return accepted, advised(err, unstartedAdvice)
	}
	return accepted, nil
}

func (t training) watch(ctx context.Context, id json.Number) error {
	return t.run.Watch(ctx, gently, func(ctx context.Context) (providers.Status, error) {
		m, err := t.client.model(ctx, id)
		if err != nil {
			return providers.Status{}, err
		}
		m.Status = t.client.api.Quote(m.Status)
		return trainingStatus(m)
	})
}

func trainingStatus(m model) (providers.Status, error) {
	status := providers.Status{State: providers.Running, Fraction: -1, Note: providers.Say("Training takes 1 to 3 hours")}
	switch m.state() {
	case stateCompleted:
		return providers.Status{State: providers.Collecting, Fraction: -1, Done: true}, nil
	case stateCreated:
		status.State, status.Note = providers.Waiting, providers.Sentence{}
	case stateInProgress:
	case stateStopping:
		status.Note = providers.Say("Bria is stopping the training")
	case stateFailed:
		return status, over(providers.Say("Bria could not finish the training."),
			providers.Say("Look at the model at %s to see whether it was charged. Trying again is a new, paid training.", console))
	case stateStopped:
		return status, over(providers.Say("The training was stopped."), providers.Say("It can't be resumed. Trying again is a new, paid training."))
	case "deleted":
		return status, over(providers.Say("The model was deleted at Bria."), providers.Say("Trying again is a new, paid training."))
	default:
		status.Note = providers.Say("The service says: %s", m.Status)
	}
	return status, nil
}

func over(message, advice providers.Sentence) *providers.Failure {
	return &providers.Failure{
		Kind: providers.ServiceTrouble, Message: message, Advice: advice,
		Money: providers.MoneyUnknown, Ended: true, Outcome: providers.Refused,
	}
}

// stop ends the training of a cancelled job, where there is one.
func stop(ctx context.Context, conn providers.Conn, done func(step string) (providers.Receipt, bool)) (stopped bool, err error) {
	made, found := done(modelStep)
	if !found {
		return false, nil
	}
	_, err = connect(conn).stopTraining(ctx, number(made))
	switch status(err) {
	case http.StatusConflict, http.StatusNotFound:
		return false, nil // nothing is in training
	}
	return err == nil, err
}
