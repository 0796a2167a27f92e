//go:build linux || freebsd || netbsd || openbsd || dragonfly

package tray

import (
	"context"
	"time"

	"github.com/maquette-studio/maquette/app/sessionbus"
)

// The tray is a service on the session bus (freedesktop.org, StatusNotifierWatcher).
const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	answerWait  = 2 * time.Second
)

func shown(ctx context.Context) bool {
	host, err := sessionbus.Property(ctx, answerWait, watcherName, watcherPath, watcherName, "IsStatusNotifierHostRegistered")
	registered, _ := host.Value().(bool)
	return err == nil && registered
}
