// Package failure makes errors of Maquette's own parts failures that a person
// can act on.
package failure

import (
	"errors"
	"io/fs"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Of is a copy of the failure in err, to be added to; an error that is none
// becomes one of that kind.
func Of(err error, kind providers.FailureKind) *providers.Failure {
	if known := (*providers.Failure)(nil); errors.As(err, &known) {
		f := *known
		return &f
	}
	return &providers.Failure{Kind: kind, Message: providers.SentenceOf(err), Cause: err}
}

// Storage says what went wrong with this computer's disk while doing
// something, in words that follow "while". It never returns nil.
func Storage(doing string, err error) *providers.Failure {
	f := &providers.Failure{Kind: providers.NoStorage, Cause: err}
	f.Message = providers.Say("Something went wrong while %s: %v", providers.Plain(doing), err)
	switch {
	case errors.Is(err, storage.ErrDiskFull):
		f.Message = providers.Say("The disk is full")
		f.Advice = providers.Say("Make room, then retry: the job goes on from here, nothing is paid again.")
	case errors.Is(err, storage.ErrReadOnly):
		f.Message = providers.Say("The data folder can't be written to")
		f.Advice = providers.Say("Make it writable, then retry: the job goes on from here, nothing is paid again.")
	case errors.Is(err, fs.ErrNotExist):
		f.Message = providers.Say("A stored file is gone from this computer's disk")
		f.Advice = providers.Say("Have everything checked and repaired: what the service still has is fetched again, and costs nothing. A photo can be added again from where it came.")
	case errors.Is(err, storage.ErrDamagedFile):
		f.Message = providers.Say("A stored file is damaged: its content has changed on the disk since it was kept")
		f.Advice = providers.Say("Have everything checked and repaired: what the service still has is fetched again, and costs nothing. A photo can be added again from where it came.")
	default:
		f.Advice = providers.Say("Try again: the job goes on from here, nothing is paid again.")
	}
	return f
}

// Transfer says what interrupted a transfer to the disk: the disk's trouble
// while doing something, or the network's. Failures stay as they are.
func Transfer(doing string, err error) error {
	if known := (*providers.Failure)(nil); errors.As(err, &known) {
		return err
	}
	if errors.Is(err, storage.ErrDiskFull) || errors.Is(err, storage.ErrReadOnly) {
		return Storage(doing, err)
	}
	return &providers.Failure{Kind: providers.NoNetwork, Message: providers.Say("The download was interrupted"), Advice: providers.Say("Try again: it goes on where it stopped."), Cause: err}
}

// Photo makes what is wrong with a photo a failure; other errors stay as they
// are.
func Photo(err error) error {
	var rejected *photo.Rejected
	if !errors.As(err, &rejected) {
		return err
	}
	return &providers.Failure{
		Kind: providers.InvalidInput, Message: rejected.Sentence(), Cause: err, Outcome: providers.NotSent,
		Advice: providers.Say("Remove it and start again; nothing was sent."),
	}
}

// Key says that the key of a service, or "the bucket", could not be read.
func Key(title string, err error) error {
	return &providers.Failure{
		Kind: providers.BadKey, Message: providers.Say("The key for %s could not be read: %v", providers.Plain(title), err),
		Advice: providers.Say("Unlock the system's keyring and retry."), Money: providers.NotSpent, Outcome: providers.NotSent, Cause: err,
	}
}
