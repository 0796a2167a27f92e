//go:build linux || freebsd || netbsd || openbsd || dragonfly

// Package sessionbus speaks to what the desktop offers on the session bus. No bus is started for it.
package sessionbus

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/godbus/dbus/v5"
)

const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// ErrNone is that no session bus runs.
var ErrNone = errors.New("there is no session bus")

// Connect opens a connection of its own: its signals are nobody else's. The error is ErrNone where no bus runs; whoever
// connects closes it.
func Connect() (*dbus.Conn, error) {
	if os.Getenv(busVariable) == "" {
		return nil, ErrNone
	}
	return dbus.ConnectSessionBus()
}

// Property asks once for a property of an object. It waits for the answer for wait at most.
func Property(ctx context.Context, wait time.Duration, owner string, at dbus.ObjectPath, of, name string) (dbus.Variant, error) {
	bus, err := Connect()
	if err != nil {
		return dbus.Variant{}, err
	}
	defer bus.Close()
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	var value dbus.Variant
	err = bus.Object(owner, at).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, of, name).Store(&value)
	return value, err
}
