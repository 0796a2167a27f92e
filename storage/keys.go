// Secrets: from the environment, this session's memory, or the OS keyring; never a file.

package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zalando/go-keyring"
)

// KeyWhere says where a secret is kept.
type KeyWhere string

// Where a secret can be.
const (
	KeyNone        KeyWhere = ""            // there is none
	KeyEnvironment KeyWhere = "environment" // an environment variable; never stored
	KeySession     KeyWhere = "session"     // in memory until the program ends
	KeyKeyring     KeyWhere = "keyring"     // the OS keyring
)

var (
	// ErrKeyringTimeout: the keyring did not answer in time, as when its unlock
	// dialog stands open.
	ErrKeyringTimeout = errors.New("the system keyring does not answer: unlock it and try again")
	// ErrKeyringRefused: the keyring is there but locked, or it said no.
	ErrKeyringRefused = errors.New("the system keyring refused: unlock it and try again")
	// ErrBadKey: a secret that is empty, too long, or has in it what no key has.
	ErrBadKey = errors.New("this is not a key")
)

// KeyringService is the name under which secrets are found in the keyring.
const KeyringService = "maquette"

// KeyringTimeout bounds each call to the keyring: time enough to type a
// password into an unlock dialog.
const KeyringTimeout = 20 * time.Second

// Keys holds the secrets of accounts ("luma", "bucket"). Safe for concurrent use.
type Keys struct {
	env      func(string) string
	envNames map[string]string
	ring     secretStore // nil: none, everything stays in the session
	timeout  time.Duration
	// turn holds one token. Keyring calls go one at a time, each finished
	// before the next begins even when its caller has given up: a late write
	// cannot overtake a newer one, and at most one goroutine ever hangs.
	turn chan struct{}

	mu       sync.Mutex
	session  map[string]string
	seen     map[string]bool // every secret of the session and the keyring that was read or set
	revision map[string]int  // per account: counts Set and Delete
	trouble  error
}

// OpenKeys returns the secrets of this user. envNames gives, by account, the
// environment variable that wins over what is stored; env reads one.
func OpenKeys(env func(string) string, envNames map[string]string) *Keys {
	UseRunningBus()
	k := NewSessionKeys()
	k.env, k.envNames, k.ring = env, envNames, systemKeyring{}
	return k
}

// NewSessionKeys returns Keys that know neither environment nor keyring, as
// for the demo: what is set is gone when the program ends.
func NewSessionKeys() *Keys {
	return &Keys{
		env:      func(string) string { return "" },
		timeout:  KeyringTimeout,
		turn:     make(chan struct{}, 1),
		session:  map[string]string{},
		seen:     map[string]bool{},
		revision: map[string]int{},
	}
}

// Get returns the secret of account and where it was found: the environment,
// else this session, else the keyring; KeyNone and no error when there is
// none or the system has no keyring (Trouble tells). Errors: ErrBadKey for what
// is no key in the environment, ErrKeyringTimeout, ErrKeyringRefused, ctx's own.
func (k *Keys) Get(ctx context.Context, account string) (secret string, where KeyWhere, err error) {
	if secret := k.fromEnvironment(account); strings.TrimSpace(secret) != "" {
		secret, err := CleanSecret(account, secret)
		if err != nil {
			return "", KeyEnvironment, fmt.Errorf("reading %s: %w", k.envNames[account], err)
		}
		return secret, KeyEnvironment, nil
	}
	if secret, ok := k.fromSession(account); ok {
		return secret, KeySession, nil
	}
	if k.ring == nil {
		return "", KeyNone, nil
	}
	found := make(chan string, 1)
	err = k.call(ctx, func() error {
		secret, err := k.ring.Get(KeyringService, account)
		found <- secret
		return err
	})
	switch {
	case errors.Is(err, keyring.ErrNotFound) || errors.Is(err, errNoKeyring):
		return "", KeyNone, nil
	case err != nil:
		return "", KeyNone, fmt.Errorf("reading the key of %s: %w", account, err)
	}
	secret = <-found
	k.mu.Lock()
	defer k.mu.Unlock()
	k.seen[secret] = true
	return secret, KeyKeyring, nil
}

// Known are all secrets that this program has come to know, sorted: those in the
// environment, and those that were set or read since it began, also where others
// have taken their place. It asks no keyring.
func (k *Keys) Known() []string {
	k.mu.Lock()
	known := slices.Collect(maps.Keys(k.seen))
	k.mu.Unlock()
	for account := range k.envNames {
		if secret, err := CleanSecret(account, k.fromEnvironment(account)); err == nil {
			known = append(known, secret)
		}
	}
	slices.Sort(known)
	return slices.DeleteFunc(slices.Compact(known), func(secret string) bool { return secret == "" })
}

// AtHand reports whether the secret of account is in the environment or this
// session, without asking the keyring. It answers at once.
func (k *Keys) AtHand(account string) bool {
	_, kept := k.fromSession(account)
	return kept || strings.TrimSpace(k.fromEnvironment(account)) != ""
}

// Set keeps a secret, as CleanKey finds it in what was pasted, in the keyring. When
// there is no keyring, or it refuses, the secret is kept for this session
// only: KeySession and no error (Trouble tells why). When it does not answer
// in time the same is done and ErrKeyringTimeout returned; should it be
// unlocked later, the secret moves there. Errors: ErrBadKey, ErrKeyringTimeout,
// ctx's own.
func (k *Keys) Set(ctx context.Context, account, secret string) (KeyWhere, error) {
	secret, err := CleanSecret(account, secret)
	if err != nil {
		return KeyNone, fmt.Errorf("storing the key of %s: %w", account, err)
	}
	revision := k.keepInSession(account, secret)
	if k.ring == nil {
		return KeySession, nil
	}
	err = k.call(ctx, func() error { return k.store(account) })
	switch {
	case errors.Is(err, keyring.ErrSetDataTooBig):
		k.dropSession(account, revision)
		return KeyNone, fmt.Errorf("storing the key of %s: %w: it is too long", account, ErrBadKey)
	case errors.Is(err, errNoKeyring) || errors.Is(err, ErrKeyringRefused):
		return KeySession, nil
	case err != nil:
		return KeySession, fmt.Errorf("storing the key of %s: %w", account, err)
	}
	return KeyKeyring, nil
}

// store moves the session's secret of account into the keyring. It goes on
// until the keyring holds what was set or deleted last, also while its dialog
// was open.
func (k *Keys) store(account string) error {
	for wrote := false; ; wrote = true {
		secret, revision, ok := k.newest(account)
		if !ok && wrote {
			return k.ring.Delete(KeyringService, account)
		}
		if !ok {
			return nil
		}
		if err := k.ring.Set(KeyringService, account, secret); err != nil {
			return err
		}
		if k.dropSession(account, revision) {
			return nil
		}
	}
}

// Delete forgets the secret of account in this session and in the keyring. One
// that is not there is no error; one in the environment stays. Errors:
// ErrKeyringTimeout, ErrKeyringRefused, ctx's own: it may still be in the keyring.
func (k *Keys) Delete(ctx context.Context, account string) error {
	k.mu.Lock()
	k.revision[account]++
	delete(k.session, account)
	k.mu.Unlock()
	if k.ring == nil {
		return nil
	}
	err := k.call(ctx, func() error { return k.ring.Delete(KeyringService, account) })
	if err == nil || errors.Is(err, keyring.ErrNotFound) || errors.Is(err, errNoKeyring) {
		return nil
	}
	return fmt.Errorf("deleting the key of %s: %w", account, err)
}

// Trouble returns why the keyring could not be used the last time it was
// asked, nil when it answered. A window shows it beside "for this session only".
func (k *Keys) Trouble() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.trouble
}

// Format keeps the session's secrets out of every print and log.
func (k *Keys) Format(f fmt.State, _ rune) { fmt.Fprint(f, "Keys") }

func (k *Keys) fromEnvironment(account string) string {
	name, ok := k.envNames[account]
	if !ok || name == "" {
		return ""
	}
	return k.env(name)
}

func (k *Keys) fromSession(account string) (string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	secret, ok := k.session[account]
	return secret, ok
}

func (k *Keys) keepInSession(account, secret string) (revision int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.session[account] = secret
	k.seen[secret] = true
	k.revision[account]++
	return k.revision[account]
}

// newest returns the session's secret of account and its revision.
func (k *Keys) newest(account string) (secret string, revision int, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	secret, ok = k.session[account]
	return secret, k.revision[account], ok
}

// dropSession removes the session's copy, unless it is a newer one, and
// reports whether revision is still the newest.
func (k *Keys) dropSession(account string, revision int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.revision[account] != revision {
		return false
	}
	delete(k.session, account)
	return true
}
