//go:build linux || freebsd || netbsd || openbsd || dragonfly

package tray

import (
	"context"
	"os"
	"time"

	"github.com/godbus/dbus/v5"
)

// The tray is a service on the session bus (freedesktop.org, StatusNotifierWatcher).
const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	busVariable = "DBUS_SESSION_BUS_ADDRESS"
	answerWait  = 2 * time.Second
)

func shown(ctx context.Context) bool {
	if os.Getenv(busVariable) == "" { // none is started for it
		return false
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return false
	}
	defer bus.Close()
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	var host dbus.Variant
	call := bus.Object(watcherName, watcherPath).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, watcherName, "IsStatusNotifierHostRegistered")
	if call.Store(&host) != nil {
		return false
	}
	registered, _ := host.Value().(bool)
	return registered
}
