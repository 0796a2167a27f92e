package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
	"github.com/zalando/go-keyring"
)

// ring is a keyring that can be locked: then its calls wait for unlock.
type ring struct {
	mu      sync.Mutex
	secrets map[string]string
	locked  chan struct{} // nil: open
	err     error
}

func (r *ring) wait() error {
	r.mu.Lock()
	locked, err := r.locked, r.err
	r.mu.Unlock()
	if locked != nil {
		<-locked
	}
	return err
}

func (r *ring) Set(service, user, password string) error {
	if err := r.wait(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets[service+"/"+user] = password
	return nil
}

func (r *ring) Get(service, user string) (string, error) {
	if err := r.wait(); err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	secret, ok := r.secrets[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return secret, nil
}

func (r *ring) Delete(service, user string) error {
	if _, err := r.Get(service, user); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.secrets, service+"/"+user)
	return nil
}

func (r *ring) lock() (unlock func()) {
	locked := make(chan struct{})
	r.mu.Lock()
	r.locked = locked
	r.mu.Unlock()
	return func() {
		r.mu.Lock()
		r.locked = nil
		r.mu.Unlock()
		close(locked)
	}
}

func newRing() *ring { return &ring{secrets: map[string]string{}} }

// brief is a timeout for calls that are known to hang.
const brief = 20 * time.Millisecond

func assertKey(t *testing.T, k *storage.Keys, account, want string, wantWhere storage.KeyWhere) {
	t.Helper()
	got, where, err := k.Get(t.Context(), account)
	if err != nil || got != want || where != wantWhere {
		t.Errorf("got %q from %q, %v; want %q from %q", got, where, err, want, wantWhere)
	}
}

func setKey(t *testing.T, k *storage.Keys, account, secret string, want storage.KeyWhere) {
	t.Helper()
	if where, err := k.Set(t.Context(), account, secret); err != nil || where != want {
		t.Errorf("set: %q, %v; want %q", where, err, want)
	}
}

func setWhileLocked(t *testing.T, k *storage.Keys, account, secret string) {
	t.Helper()
	if where, err := k.Set(t.Context(), account, secret); where != storage.KeySession || !errors.Is(err, storage.ErrKeyringTimeout) {
		t.Errorf("set: %q, %v", where, err)
	}
}

func TestAKeyIsKeptInTheKeyring(t *testing.T) {
	r := newRing()
	k := storage.KeysWith(r, time.Minute)
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "  luma-123\n", storage.KeyKeyring)
	assertKey(t, k, "luma", "luma-123", storage.KeyKeyring)
	if r.secrets["maquette/luma"] != "luma-123" {
		t.Errorf("the keyring holds %v", r.secrets)
	}
	for range 2 {
		if err := k.Delete(t.Context(), "luma"); err != nil {
			t.Error(err)
		}
	}
	assertKey(t, k, "luma", "", storage.KeyNone)
	if err := k.Trouble(); err != nil {
		t.Error(err)
	}
}

func TestTheEnvironmentWinsAndIsNeverStored(t *testing.T) {
	keyring.MockInit()
	env := map[string]string{"LUMAAI_API_KEY": "from-env\n"}
	k := storage.OpenKeys(func(name string) string { return env[name] }, map[string]string{"luma": "LUMAAI_API_KEY"})
	setKey(t, k, "luma", "stored", storage.KeyKeyring)
	assertKey(t, k, "luma", "from-env", storage.KeyEnvironment)
	delete(env, "LUMAAI_API_KEY")
	assertKey(t, k, "luma", "stored", storage.KeyKeyring)
}

func TestWithoutAKeyringAKeyIsKeptForTheSession(t *testing.T) {
	k := storage.KeysWith(&ring{err: keyring.ErrUnsupportedPlatform}, time.Minute)
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "luma-123", storage.KeySession)
	assertKey(t, k, "luma", "luma-123", storage.KeySession)
	if k.Trouble() == nil {
		t.Error("nobody is told why")
	}
	if err := k.Delete(t.Context(), "luma"); err != nil {
		t.Error(err)
	}
	assertKey(t, k, "luma", "", storage.KeyNone)
}

func TestTheDemoKnowsNoKeyring(t *testing.T) {
	k := storage.NewSessionKeys()
	setKey(t, k, "luma", "demo", storage.KeySession)
	assertKey(t, k, "luma", "demo", storage.KeySession)
}

func TestWhatIsNotAKeyIsRefused(t *testing.T) {
	for name, secret := range map[string]string{
		"empty": "", "blank": " \t\n", "two lines": "a\nb", "a control character": "a\x00b", "an escape": "a\x1b[1m",
	} {
		k := storage.KeysWith(newRing(), time.Minute)
		if where, err := k.Set(t.Context(), "luma", secret); !errors.Is(err, storage.ErrBadKey) || where != storage.KeyNone {
			t.Errorf("%s: %q, %v", name, where, err)
		}
	}
	k := storage.KeysWith(&ring{err: keyring.ErrSetDataTooBig}, time.Minute)
	if _, err := k.Set(t.Context(), "luma", strings.Repeat("x", 5000)); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("too long: %v", err)
	}
}

func TestALockedKeyringNeverHangsTheProgram(t *testing.T) {
	r := newRing()
	r.secrets["maquette/luma"] = "stored"
	unlock := r.lock()
	k := storage.KeysWith(r, brief)
	for range 3 {
		if _, _, err := k.Get(t.Context(), "luma"); !errors.Is(err, storage.ErrKeyringTimeout) {
			t.Errorf("got %v", err)
		}
	}
	if !errors.Is(k.Trouble(), storage.ErrKeyringTimeout) {
		t.Errorf("trouble: %v", k.Trouble())
	}
	if err := k.Delete(t.Context(), "dreamlook"); !errors.Is(err, storage.ErrKeyringTimeout) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := k.Get(ctx, "luma"); !errors.Is(err, context.Canceled) && !errors.Is(err, storage.ErrKeyringTimeout) {
		t.Errorf("got %v", err)
	}
	unlock()
	assertEventually(t, func() bool {
		secret, where, err := k.Get(t.Context(), "luma")
		return secret == "stored" && where == storage.KeyKeyring && err == nil
	})
}

func TestAKeySetWhileLockedMovesToTheKeyringWhenItOpens(t *testing.T) {
	r := newRing()
	unlock := r.lock()
	k := storage.KeysWith(r, brief)
	setWhileLocked(t, k, "luma", "new")
	assertKey(t, k, "luma", "new", storage.KeySession)
	unlock()
	assertEventually(t, func() bool {
		secret, where, _ := k.Get(t.Context(), "luma")
		return secret == "new" && where == storage.KeyKeyring
	})
}

func TestALateWriteNeverOutlivesANewerWish(t *testing.T) {
	t.Run("replaced", func(t *testing.T) {
		r := newRing()
		unlock := r.lock()
		k := storage.KeysWith(r, brief)
		setWhileLocked(t, k, "luma", "old")
		setWhileLocked(t, k, "luma", "new")
		unlock()
		assertEventually(t, func() bool { return k.Delete(t.Context(), "other") == nil }) // its turn is after theirs
		assertEventually(t, func() bool {
			secret, where, err := k.Get(t.Context(), "luma")
			return secret == "new" && where == storage.KeyKeyring && err == nil
		})
	})
	t.Run("deleted", func(t *testing.T) {
		r := newRing()
		unlock := r.lock()
		k := storage.KeysWith(r, brief)
		setWhileLocked(t, k, "luma", "unwanted")
		if err := k.Delete(t.Context(), "luma"); !errors.Is(err, storage.ErrKeyringTimeout) {
			t.Errorf("got %v", err)
		}
		unlock()
		assertEventually(t, func() bool { return k.Delete(t.Context(), "other") == nil })
		if secret, ok := r.secrets["maquette/luma"]; ok {
			t.Errorf("the keyring holds %q", secret)
		}
	})
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	k := storage.NewSessionKeys()
	setKey(t, k, "luma", "hush-hush", storage.KeySession)
	config := storage.BucketConfig{Name: "b", AccessKey: "id", SecretKey: "hush-hush"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{k, config, &config} {
			out := fmt.Sprintf(verb, v)
			if strings.Contains(out, "hush") || strings.Contains(out, fmt.Sprintf("%x", "hush")) {
				t.Errorf("%s prints %s", verb, out)
			}
		}
	}
}

// assertEventually waits for what another goroutine is about to do.
func assertEventually(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); {
		if time.Now().After(end) {
			t.Fatal("it never happened")
		}
		time.Sleep(time.Millisecond)
	}
}
