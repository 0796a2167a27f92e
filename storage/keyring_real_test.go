//go:build linux

package storage_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/realparts"
)

func realKeys() *storage.Keys { return storage.OpenKeys(func(string) string { return "" }, nil) }

func TestKeysInARealKeyring(t *testing.T) {
	if !realparts.InSession(t, "unlocked") {
		return
	}
	stop := realparts.Keyring(t, "test password")
	k := realKeys()
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "luma-1", storage.KeyKeyring)
	setKey(t, k, "luma", "luma-2", storage.KeyKeyring)
	setKey(t, k, "bucket", "schlüssel", storage.KeyKeyring)
	assertKey(t, realKeys(), "luma", "luma-2", storage.KeyKeyring)
	assertKey(t, realKeys(), "bucket", "schlüssel", storage.KeyKeyring)

	t.Run("they survive the daemon", func(t *testing.T) {
		stop()
		stop = realparts.Keyring(t, "test password")
		assertKey(t, realKeys(), "luma", "luma-2", storage.KeyKeyring)
		for range 2 {
			if err := k.Delete(t.Context(), "luma"); err != nil {
				t.Error(err)
			}
		}
		assertKey(t, realKeys(), "luma", "", storage.KeyNone)
		stop()
	})
	t.Run("a locked keyring refuses, and a new key is for the session", func(t *testing.T) {
		defer realparts.Keyring(t, "")()
		k := realKeys()
		if secret, _, err := k.Get(t.Context(), "bucket"); secret != "" || !errors.Is(err, storage.ErrKeyringRefused) {
			t.Errorf("got %q, %v", secret, err)
		}
		setKey(t, k, "luma", "luma-3", storage.KeySession)
		assertKey(t, k, "luma", "luma-3", storage.KeySession)
		if !errors.Is(k.Trouble(), storage.ErrKeyringRefused) {
			t.Errorf("trouble: %v", k.Trouble())
		}
	})
	t.Run("a daemon that goes away", func(t *testing.T) {
		k := realKeys()
		assertKey(t, k, "bucket", "", storage.KeyNone)
		setKey(t, k, "bucket", "new", storage.KeySession)
		if k.Trouble() == nil {
			t.Error("nobody is told why")
		}
	})
}

// As on a server, where nobody ever logged in at a desktop.
func TestKeysWhereNoKeyringWasEverMade(t *testing.T) {
	if !realparts.InSession(t, "never made") {
		return
	}
	realparts.Keyring(t, "")
	k := realKeys()
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "luma-1", storage.KeySession)
	assertKey(t, k, "luma", "luma-1", storage.KeySession)
	if k.Trouble() == nil {
		t.Error("nobody is told why")
	}
}

func TestKeysWithoutASessionBus(t *testing.T) {
	if !realparts.Session() {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "nobody"))
	}
	k := realKeys()
	assertKey(t, k, "luma", "", storage.KeyNone)
	setKey(t, k, "luma", "luma-1", storage.KeySession)
	assertKey(t, k, "luma", "luma-1", storage.KeySession)
	if err := k.Delete(t.Context(), "luma"); err != nil {
		t.Error(err)
	}
	if k.Trouble() == nil {
		t.Error("nobody is told why")
	}
}
