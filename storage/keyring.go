// Calling the OS keyring without ever hanging on it.

package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// errNoKeyring: this system has no keyring, or none is running.
var errNoKeyring = errors.New("there is no system keyring")

// secretStore is what Keys needs of a keyring.
type secretStore interface {
	Set(service, user, password string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// systemKeyring is go-keyring's own choice for this system.
type systemKeyring struct{}

func (systemKeyring) Set(service, user, password string) error {
	return keyring.Set(service, user, password)
}

func (systemKeyring) Get(service, user string) (string, error) { return keyring.Get(service, user) }

func (systemKeyring) Delete(service, user string) error { return keyring.Delete(service, user) }

// call runs op when its turn comes and waits for it at most the timeout. op
// runs on after that: it must neither write a variable of its caller's nor
// wait for the caller to take its result.
func (k *Keys) call(ctx context.Context, op func() error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, k.timeout, ErrKeyringTimeout)
	defer cancel()
	done := make(chan error, 1)
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return k.note(context.Cause(ctx))
	}
	go func() {
		defer func() { <-k.turn }()
		done <- k.note(keyringError(recovered(op)))
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return k.note(context.Cause(ctx))
	}
}

// recovered runs op and makes a panic an error: go-keyring's Linux part
// panics when the bus goes away under an open dialog.
func recovered(op func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrKeyringRefused, r)
		}
	}()
	return op()
}

// keyringError tells a keyring that is not there from one that refused.
func keyringError(err error) error {
	switch {
	case err == nil, errors.Is(err, keyring.ErrNotFound), errors.Is(err, keyring.ErrSetDataTooBig), errors.Is(err, ErrKeyringRefused):
		return err
	case noBusRuns():
		return fmt.Errorf("%w: no session bus runs here, over which one is reached", errNoKeyring)
	case errors.Is(err, keyring.ErrUnsupportedPlatform), isAbsent(err):
		return fmt.Errorf("%w: %w", errNoKeyring, err)
	default:
		return fmt.Errorf("%w (%w)", ErrKeyringRefused, err)
	}
}

// note keeps an error of the keyring for Trouble; any answer from it, even
// "not found", clears that.
func (k *Keys) note(err error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.trouble = nil
	for _, kind := range []error{errNoKeyring, ErrKeyringRefused, ErrKeyringTimeout} {
		if errors.Is(err, kind) {
			k.trouble = err
		}
	}
	return err
}
