package access_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/access"
)

func TestWhetherThereIsAKeyIsKnownWithoutTheKeyring(t *testing.T) {
	t.Parallel()
	a := open(t, nil)
	want := func(when string, presence access.Presence) {
		t.Helper()
		if got := a.Presence("fake"); got != presence {
			t.Errorf("%s it is %v instead of %v", when, got, presence)
		}
	}
	want("before anybody looked", access.KeyUnknown)
	if a.Look(t.Context()) {
		t.Error("a key was found where there is none")
	}
	want("once the keyring said no", access.KeyMissing)
	if _, err := a.SetKey(t.Context(), "fake", "fake-key-0001"); err != nil {
		t.Fatal(err)
	}
	want("once one was set", access.KeyPresent)
	if !a.Look(t.Context()) {
		t.Error("the key isn't found")
	}
	if err := a.DeleteKey(t.Context(), "fake"); err != nil {
		t.Fatal(err)
	}
	want("once it was deleted", access.KeyMissing)
}
