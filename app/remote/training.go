// Starting and stopping the training of a model that is there. A training is
// paid, and paid once.

package remote

import (
	"context"
	"errors"
	"sync"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/providers"
)

// starts are the models whose training was asked for and that were not read
// since.
type starts struct {
	mu     sync.Mutex
	models map[ID]bool // true while no answer came
}

// asked reports whether a model's training was asked for and the model not
// read since, and whether an answer to that has come.
func (s *starts) asked(model ID) (asked, answered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting, asked := s.models[model]
	return asked, asked && !waiting
}

// begin reports false where the model's training was asked for already.
func (s *starts) begin(model ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, asked := s.models[model]; asked {
		return false
	}
	if s.models == nil {
		s.models = map[ID]bool{}
	}
	s.models[model] = true
	return true
}

// end notes that an answer came, or none ever will.
func (s *starts) end(model ID, refused bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.models[model] = false
	if refused {
		delete(s.models, model)
	}
}

// reading is called before all models are read, and what it returns after:
// those whose answers had come before can be started again if they still can.
func (s *starts) reading() (read func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var over []ID
	for model, waiting := range s.models {
		if !waiting {
			over = append(over, model)
		}
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, model := range over {
			delete(s.models, model)
		}
	}
}

// Trainings are those of models that are there.
type Trainings struct {
	*client
	starts starts
}

// Start starts a model's training, which is paid. Until the models were
// listed after its answer, or its refusal, it refuses to ask again: the first
// request may have been accepted. agreed is the person's statement about the
// photos that it trains on; without it nothing is sent.
func (t *Trainings) Start(ctx context.Context, model ID, agreed bool) error {
	if !t.starts.begin(model) {
		return &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: providers.Say("The training of this model was asked for already, and what became of that isn't known yet"),
			Advice:  providers.Say("List what lies at %s before starting it again.", t.service.Title),
			Remedy:  providers.Calling(t.service.ID+"/"+callModel, ""),
		}
	}
	err := t.askAgreed(ctx, callStart, idIn(KindModel, model), consent.Given{Now: agreed}, nil)
	t.starts.end(model, refusedForSure(err))
	return err
}

// refusedForSure reports whether a request that failed was not accepted.
func refusedForSure(err error) bool {
	f, ok := errors.AsType[*providers.Failure](err)
	return ok && (f.Outcome == providers.Refused || f.Outcome == providers.NotSent)
}

// Stop stops a model's training, for good.
func (t *Trainings) Stop(ctx context.Context, model ID) error {
	return t.ask(ctx, callStop, idIn(KindModel, model), nil)
}
