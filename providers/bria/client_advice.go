// What to do first, where Bria answers that things stand in the way.

package bria

import (
	"errors"
	"net/http"

	"github.com/maquette-studio/maquette/providers"
)

// advice says what to do about a status.
type advice map[int]string

// atBria is where the window makes the call that is named next.
const atBria = "Models → At Bria, or "

const (
	clone        = "Clone it as a draft (" + atBria + "bria/dataset-clone) and change the clone."
	cloneFirst   = "The dataset is completed, which can't be undone. " + clone
	perhapsClone = "Probably the dataset is completed, which can't be undone. " + clone
	stopFirst    = "Stop the training first (" + atBria + "bria/model-stop), wait until the model's state is Stopped, then delete."
	anotherModel = "Create another model from the same dataset (" + atBria + "bria/model-create) and start that."
	deletedSince = "The dataset was deleted. Choose another one."
)

var (
	projectGoneAdvice = advice{http.StatusConflict: "One of its models is in training. " + stopFirst}
	datasetGoneAdvice = advice{http.StatusConflict: "A model in training uses it. " + stopFirst}
	uploadAdvice      = advice{
		http.StatusConflict: perhapsClone,
		http.StatusGone:     deletedSince,
		http.StatusPreconditionFailed: "Probably the dataset takes no more images: 200 are the most. Delete some first (" + atBria +
			"bria/image-delete), or use another dataset.",
		http.StatusUnsupportedMediaType: "Use a jpeg, png or webp picture.",
		http.StatusUnprocessableEntity: "Probably the picture has fewer than 1024 × 1024 pixels, or can't be read. Use a larger one; " +
			"a link must open for anybody and show the picture itself.",
	}
	captionAdvice   = advice{http.StatusConflict: cloneFirst, http.StatusGone: deletedSince}
	recaptionAdvice = advice{http.StatusConflict: perhapsClone, http.StatusGone: deletedSince}
	imageGoneAdvice = advice{http.StatusConflict: cloneFirst, http.StatusGone: "The dataset was deleted already."}
	modelGoneAdvice = advice{http.StatusConflict: "The model is in training. " + stopFirst}
	startAdvice     = advice{
		http.StatusConflict:           "Its training was started before and can't be resumed. " + anotherModel,
		http.StatusPreconditionFailed: "Complete its dataset first (" + atBria + "bria/dataset-update with status=completed).",
	}
	stopAdvice = advice{http.StatusConflict: "There is nothing to stop: the model is not in training. Look at its state (" + atBria + "bria/model)."}

	// prefixAdvice and statusAdvice: what a dataset refuses depends on what was
	// to be changed.
	prefixAdvice = advice{http.StatusConflict: perhapsClone}
	statusAdvice = advice{http.StatusConflict: "Look at the dataset (" + atBria + "bria/dataset). Completed before, it needs nothing and " +
		"can't become a draft again, but a clone of it is one; with captions still being written, wait until they are there."}

	// limitAdvice is for every request.
	limitAdvice = advice{http.StatusTooManyRequests: "Wait a little, then try again. Bria allows so many requests a minute, with a larger plan more."}

	// generateAdvice is for the pictures that guide: nothing else in a
	// generation is documented to be refused with these.
	generateAdvice = advice{
		http.StatusForbidden: "Make the picture's link public, or send the picture as a file. Without a link, see what the key may do at " + console + ".",
		http.StatusMethodNotAllowed: "Bria doesn't take this request at its address. Check Bria's address in Settings; " +
			"where it is the usual one, look for a newer Maquette.",
		http.StatusUnsupportedMediaType: "Use jpeg, png or webp pictures.",
		http.StatusUnprocessableEntity:  "Use a link that opens for anybody and shows a jpeg, png or webp picture, or send the picture as a file.",
	}

	// incompleteAdvice and unstartedAdvice are for states that were read after
	// the refusal, and don't explain it.
	incompleteAdvice = advice{http.StatusConflict: "The dataset is still a draft. Perhaps its captions are being written: wait a little, then Retry, " +
		"which sends nothing twice. If it stays, look at the dataset at " + console + "."}
	unstartedAdvice = advice{http.StatusConflict: "Bria shows the model as not started, and doesn't say why it can't be. Wait a little, then Retry. " +
		"If it stays: " + anotherModel}
	unreadAdvice = advice{http.StatusConflict: "Whether its training was started before could not be read. Retry asks again and starts none twice."}
)

func asFailure(err error) (*providers.Failure, bool) { return errors.AsType[*providers.Failure](err) }

// advised puts advice to a failure whose status has some, unless it is about
// credit, a plan or the content, whatever its status.
func advised(err error, by advice) error {
	failure, ok := asFailure(err)
	if !ok || failure.Kind == providers.NoCredit || failure.Kind == providers.RefusedContent {
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
