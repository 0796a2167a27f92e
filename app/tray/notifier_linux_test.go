package tray_test

import (
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/maquette-studio/maquette/app/tray"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// watcher is a tray with or without a bar that shows it.
type watcher struct{ hosted bool }

// Get is of org.freedesktop.DBus.Properties.
func (w watcher) Get(_, _ string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(w.hosted), nil }

func TestATrayIsThereOnlyWhereSomethingShowsIt(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	if tray.Shown(t.Context()) {
		t.Error("without a bus there is a tray")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", realparts.Bus(t))
	if tray.Shown(t.Context()) {
		t.Error("on a bare bus there is a tray")
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	if _, err := bus.RequestName("org.kde.StatusNotifierWatcher", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	for _, hosted := range []bool{false, true} {
		if err := bus.Export(watcher{hosted}, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties"); err != nil {
			t.Fatal(err)
		}
		if got := tray.Shown(t.Context()); got != hosted {
			t.Errorf("with a bar: %v, shown: %v", hosted, got)
		}
	}
}
