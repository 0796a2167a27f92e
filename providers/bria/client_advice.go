// What to do first, where Bria answers that things stand in the way.

package bria

import (
	"errors"
	"net/http"

	"github.com/maquette-studio/maquette/providers"
)

// advice says what to do about a status.
type advice map[int]hint

// hint is what to do, and where.
type hint struct {
	words  providers.Sentence
	remedy providers.Remedy
}

// plain is what needs no place to be done.
func plain(words providers.Sentence) hint { return hint{words: words} }

// by is what a call of Bria's does.
func by(call string, words providers.Sentence) hint {
	return hint{words, providers.Calling("bria/"+call, "")}
}

// again is what trying the job again does.
func again(words providers.Sentence) hint {
	return hint{words, providers.Remedy{Code: providers.RetryJob}}
}

var (
	clone        = providers.Say("Clone it as a draft and change the clone.")
	cloneFirst   = providers.Say("The dataset is completed, which can't be undone. %s", clone)
	perhapsClone = providers.Say("Probably the dataset is completed, which can't be undone. %s", clone)
	stopFirst    = providers.Say("Stop the training first, wait until the model's state is Stopped, then delete.")
	anotherModel = providers.Say("Create another model from the same dataset and start that.")
	deletedSince = providers.Say("The dataset was deleted. Choose another one.")
)

// The calls that help most.
const (
	cloneCall  = "dataset-clone"
	stopCall   = "model-stop"
	createCall = "model-create"
)

var (
	projectGoneAdvice = advice{http.StatusConflict: by(stopCall, providers.Say("One of its models is in training. %s", stopFirst))}
	datasetGoneAdvice = advice{http.StatusConflict: by(stopCall, providers.Say("A model in training uses it. %s", stopFirst))}
	uploadAdvice      = advice{
		http.StatusConflict: by(cloneCall, perhapsClone),
		http.StatusGone:     plain(deletedSince),
		http.StatusPreconditionFailed: by("image-delete", providers.Say(
			"Probably the dataset takes no more pictures: %d are the most. Delete some first, or use another dataset.", mostImages)),
		http.StatusUnsupportedMediaType: plain(providers.Say("Use a jpeg, png or webp picture.")),
		http.StatusUnprocessableEntity: plain(providers.Say(
			"Probably the picture has fewer than %d × %d pixels, or can't be read. Use a larger one; "+
				"a link must open for anybody and show the picture itself.", minEdge, minEdge)),
	}
	captionAdvice   = advice{http.StatusConflict: by(cloneCall, cloneFirst), http.StatusGone: plain(deletedSince)}
	recaptionAdvice = advice{http.StatusConflict: by(cloneCall, perhapsClone), http.StatusGone: plain(deletedSince)}
	imageGoneAdvice = advice{http.StatusConflict: by(cloneCall, cloneFirst), http.StatusGone: plain(providers.Say("The dataset was deleted already."))}
	modelGoneAdvice = advice{http.StatusConflict: by(stopCall, providers.Say("The model is in training. %s", stopFirst))}
	startAdvice     = advice{
		http.StatusConflict: by(createCall, providers.Say("Its training was started before and can't be resumed. %s", anotherModel)),
		http.StatusPreconditionFailed: {
			providers.Say("Complete its dataset first."), providers.Calling("bria/dataset-update", "status=completed"),
		},
	}
	stopAdvice = advice{http.StatusConflict: by("model", providers.Say("There is nothing to stop: the model is not in training. Look at its state."))}

	// prefixAdvice and statusAdvice: what a dataset refuses depends on what was
	// to be changed.
	prefixAdvice = advice{http.StatusConflict: by(cloneCall, perhapsClone)}
	statusAdvice = advice{http.StatusConflict: by("dataset", providers.Say("Look at the dataset. Completed before, it needs nothing and "+
		"can't become a draft again, but a clone of it is one; with captions still being written, wait until they are there."))}

	// limitAdvice is for every request.
	limitAdvice = advice{http.StatusTooManyRequests: plain(providers.Say("Wait a little, then try again. Bria allows so many requests a minute, with a larger plan more."))}

	// generateAdvice is for the pictures that guide: nothing else in a
	// generation is documented to be refused with these.
	generateAdvice = advice{
		http.StatusForbidden: plain(providers.Say("Make the picture's link public, or send the picture as a file. Without a link, see what the key may do at %s.", console)),
		http.StatusMethodNotAllowed: {
			providers.Say("Bria doesn't take this request at its address. Check Bria's address; where it is the usual one, look for a newer Maquette."),
			providers.Remedy{Code: providers.OpenAddress},
		},
		http.StatusUnsupportedMediaType: plain(providers.Say("Use jpeg, png or webp pictures.")),
		http.StatusUnprocessableEntity:  plain(providers.Say("Use a link that opens for anybody and shows a jpeg, png or webp picture, or send the picture as a file.")),
	}

	// incompleteAdvice and unstartedAdvice are for states that were read after
	// the refusal, and don't explain it.
	incompleteAdvice = advice{http.StatusConflict: again(providers.Say("The dataset is still a draft. Perhaps its captions are being written: wait a little, then try again, "+
		"which sends nothing twice. If it stays, look at the dataset at %s.", console))}
	unstartedAdvice = advice{http.StatusConflict: again(providers.Say("Bria shows the model as not started, and doesn't say why it can't be. Wait a little, then try again. "+
		"If it stays: %s", anotherModel))}
	unreadAdvice = advice{http.StatusConflict: again(providers.Say("Whether its training was started before could not be read. Trying again asks once more and starts none twice."))}
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
func atField(err error, field string, message providers.Sentence) error {
	failure, ok := asFailure(err)
	if !ok || failure.Kind != providers.NotFound {
		return err
	}
	told := *failure
	told.Field, told.Message = field, message
	told.Advice, told.Remedy = providers.Say("Look at the list at Bria, then try again."), providers.Remedy{}
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
