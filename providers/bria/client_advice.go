// What to do first, where Bria answers that things stand in the way.

package bria

import (
	"errors"
	"net/http"

	"github.com/maquette-studio/maquette/providers"
)

// advice says what to do about a status.
type advice map[int]string

const (
	cloneFirst = "The dataset is completed, which can't be undone. Clone it as a draft (bria/dataset-clone) and change the clone."
	stopFirst  = "Stop the training first (bria/model-stop), wait until the model's state is Stopped, then delete."
)

var (
	projectGoneAdvice = advice{http.StatusConflict: "One of its models is in training. " + stopFirst}
	datasetAdvice     = advice{http.StatusConflict: cloneFirst}
	datasetGoneAdvice = advice{http.StatusConflict: "A model in training uses it. " + stopFirst}
	uploadAdvice      = advice{
		http.StatusConflict:             cloneFirst,
		http.StatusGone:                 "The dataset was deleted. Choose another one.",
		http.StatusPreconditionFailed:   "The dataset takes no more images: 200 are the most. Delete some first (bria/image-delete), or use another dataset.",
		http.StatusUnsupportedMediaType: "Use a jpeg, png or webp picture.",
		http.StatusUnprocessableEntity:  "Use a picture of at least 1024 × 1024 pixels that can be read.",
	}
	captionAdvice = advice{
		http.StatusConflict: cloneFirst,
		http.StatusGone:     "The dataset was deleted. Choose another one.",
	}
	imageGoneAdvice = advice{http.StatusConflict: cloneFirst, http.StatusGone: "The dataset was deleted already."}
	modelGoneAdvice = advice{http.StatusConflict: "The model is in training. " + stopFirst}
	startAdvice     = advice{
		http.StatusConflict:           "Its training was started before and can't be resumed. Create another model from the same dataset (bria/model-create) and start that.",
		http.StatusPreconditionFailed: "Complete its dataset first (bria/dataset-update with status=completed).",
	}
	stopAdvice = advice{http.StatusConflict: "There is nothing to stop: the model is not in training. Look at its state (bria/model)."}
)

func asFailure(err error) (*providers.Failure, bool) { return errors.AsType[*providers.Failure](err) }

// advised puts advice to a failure whose status has some.
func advised(err error, by advice) error {
	failure, ok := asFailure(err)
	if !ok {
		return err
	}
	words, found := by[failure.Status]
	if !found {
		return err
	}
	told := *failure
	told.Advice = words
	return &told
}

// atField says which field an id that Bria doesn't know was given in.
func atField(err error, field, message string) error {
	failure, ok := asFailure(err)
	if !ok || failure.Kind != providers.NotFound {
		return err
	}
	told := *failure
	told.Field, told.Message, told.Advice = field, message, "Look at the list at Bria, then try again."
	return &told
}

// at says which field a failure is about.
func at(err error, field string) error {
	failure, ok := asFailure(err)
	if !ok {
		return err
	}
	told := *failure
	told.Field = field
	return &told
}
