//go:build linux || freebsd || netbsd || openbsd || dragonfly

package storage

import (
	"errors"
	"strings"

	"github.com/godbus/dbus/v5"
)

// isAbsent reports whether err means that no secret service runs here: the
// session bus cannot be reached, or nobody on it offers the service, or the
// service has no keyring in it yet.
func isAbsent(err error) bool {
	var answer dbus.Error
	if errors.As(err, &answer) {
		return strings.HasPrefix(answer.Name, "org.freedesktop.DBus.Error.") ||
			answer.Name == "org.freedesktop.Secret.Error.NoSuchObject"
	}
	// go-keyring's words for a keyring that stayed locked, or that it took for
	// locked because there is none; everything else that is not an answer from
	// the bus is trouble reaching it.
	if strings.HasPrefix(err.Error(), "failed to unlock") {
		return strings.Contains(err.Error(), "/aliases/default") && !hasDefaultKeyring()
	}
	return true
}

// hasDefaultKeyring asks the secret service whether any keyring was ever made
// (Secret Service API, ReadAlias: "/" means no such collection).
func hasDefaultKeyring() bool {
	bus, err := dbus.SessionBus()
	if err != nil {
		return false
	}
	var collection dbus.ObjectPath
	service := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	err = service.Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&collection)
	return err == nil && collection != "/"
}
