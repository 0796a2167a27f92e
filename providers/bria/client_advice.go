// What to do first, where Bria answers that things stand in the way.

package bria

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/maquette-studio/maquette/providers"
)

// advice says what to do about a status.
type advice map[int]hint

// hint is what to do, and where.
type hint struct {
	words  string
	remedy providers.Remedy
}

// plain is what needs no place to be done.
func plain(words string) hint { return hint{words: words} }

// by is what a call of Bria's does.
func by(call, words string) hint { return hint{words, providers.Calling("bria/"+call, "")} }

// again is what trying the job again does.
func again(words string) hint { return hint{words, providers.Remedy{Code: providers.RetryJob}} }

const (
	clone        = "Clone it as a draft and change the clone."
	cloneFirst   = "The dataset is completed, which can't be undone. " + clone
	perhapsClone = "Probably the dataset is completed, which can't be undone. " + clone
	stopFirst    = "Stop the training first, wait until the model's state is Stopped, then delete."
	anotherModel = "Create another model from the same dataset and start that."
	deletedSince = "The dataset was deleted. Choose another one."
)

// The calls that help most.
const (
	cloneCall  = "dataset-clone"
	stopCall   = "model-stop"
	createCall = "model-create"
)

var (
	projectGoneAdvice = advice{http.StatusConflict: by(stopCall, "One of its models is in training. "+stopFirst)}
	datasetGoneAdvice = advice{http.StatusConflict: by(stopCall, "A model in training uses it. "+stopFirst)}
	uploadAdvice      = advice{
		http.StatusConflict: by(cloneCall, perhapsClone),
		http.StatusGone:     plain(deletedSince),
		http.StatusPreconditionFailed: by("image-delete", fmt.Sprintf(
			"Probably the dataset takes no more images: %d are the most. Delete some first, or use another dataset.", mostImages)),
		http.StatusUnsupportedMediaType: plain("Use a jpeg, png or webp picture."),
		http.StatusUnprocessableEntity: plain(fmt.Sprintf(
			"Probably the picture has fewer than %d × %d pixels, or can't be read. Use a larger one; "+
				"a link must open for anybody and show the picture itself.", minEdge, minEdge)),
	}
	captionAdvice   = advice{http.StatusConflict: by(cloneCall, cloneFirst), http.StatusGone: plain(deletedSince)}
	recaptionAdvice = advice{http.StatusConflict: by(cloneCall, perhapsClone), http.StatusGone: plain(deletedSince)}
	imageGoneAdvice = advice{http.StatusConflict: by(cloneCall, cloneFirst), http.StatusGone: plain("The dataset was deleted already.")}
	modelGoneAdvice = advice{http.StatusConflict: by(stopCall, "The model is in training. "+stopFirst)}
	startAdvice     = advice{
		http.StatusConflict: by(createCall, "Its training was started before and can't be resumed. "+anotherModel),
		http.StatusPreconditionFailed: {
			"Complete its dataset first.", providers.Calling("bria/dataset-update", "status=completed"),
		},
	}
	stopAdvice = advice{http.StatusConflict: by("model", "There is nothing to stop: the model is not in training. Look at its state.")}

	// prefixAdvice and statusAdvice: what a dataset refuses depends on what was
	// to be changed.
	prefixAdvice = advice{http.StatusConflict: by(cloneCall, perhapsClone)}
	statusAdvice = advice{http.StatusConflict: by("dataset", "Look at the dataset. Completed before, it needs nothing and "+
		"can't become a draft again, but a clone of it is one; with captions still being written, wait until they are there.")}

	// limitAdvice is for every request.
	limitAdvice = advice{http.StatusTooManyRequests: plain("Wait a little, then try again. Bria allows so many requests a minute, with a larger plan more.")}

	// generateAdvice is for the pictures that guide: nothing else in a
	// generation is documented to be refused with these.
	generateAdvice = advice{
		http.StatusForbidden: plain("Make the picture's link public, or send the picture as a file. Without a link, see what the key may do at " + console + "."),
		http.StatusMethodNotAllowed: {
			"Bria doesn't take this request at its address. Check Bria's address; where it is the usual one, look for a newer Maquette.",
			providers.Remedy{Code: providers.OpenAddress},
		},
		http.StatusUnsupportedMediaType: plain("Use jpeg, png or webp pictures."),
		http.StatusUnprocessableEntity:  plain("Use a link that opens for anybody and shows a jpeg, png or webp picture, or send the picture as a file."),
	}

	// incompleteAdvice and unstartedAdvice are for states that were read after
	// the refusal, and don't explain it.
	incompleteAdvice = advice{http.StatusConflict: again("The dataset is still a draft. Perhaps its captions are being written: wait a little, then try again, " +
		"which sends nothing twice. If it stays, look at the dataset at " + console + ".")}
	unstartedAdvice = advice{http.StatusConflict: again("Bria shows the model as not started, and doesn't say why it can't be. Wait a little, then try again. " +
		"If it stays: " + anotherModel)}
	unreadAdvice = advice{http.StatusConflict: again("Whether its training was started before could not be read. Trying again asks once more and starts none twice.")}
)

func asFailure(err error) (*providers.Failure, bool) { return errors.AsType[*providers.Failure](err) }

// advised puts advice to a failure whose status has some, unless it is about
// credit, a plan or the content, whatever its status.
func advised(err error, about advice) error {
	failure, ok := asFailure(err)
	if !ok || failure.Kind == providers.NoCredit || failure.Kind == providers.RefusedContent {
		return err
	}
	hint, found := about[failure.Status]
	if !found {
		return err
	}
	told := *failure
	told.Advice, told.Remedy = hint.words, hint.remedy
	return &told
}

// atField says which field an id that Bria doesn't know was given in.
func atField(err error, field, message string) error {
	failure, ok := asFailure(err)
	if !ok || failure.Kind != providers.NotFound {
		return err
	}
	told := *failure
	told.Field, told.Message = field, message
	told.Advice, told.Remedy = "Look at the list at Bria, then try again.", providers.Remedy{}
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
