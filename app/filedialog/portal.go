//go:build linux || freebsd || netbsd || openbsd || dragonfly

// The desktop portal (XDG Desktop Portal, org.freedesktop.portal.FileChooser):
// every call answers with a request, whose Response comes as a signal.

package filedialog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/google/uuid"

	"github.com/maquette-studio/maquette/app/sessionbus"
)

const (
	portalName     = "org.freedesktop.portal.Desktop"
	portalPath     = "/org/freedesktop/portal/desktop"
	chooser        = "org.freedesktop.portal.FileChooser"
	requestName    = "org.freedesktop.portal.Request"
	ownerChanged   = "org.freedesktop.DBus.NameOwnerChanged"
	responseSignal = requestName + ".Response"

	// portalWait bounds the question whether there is a portal, which the bus may
	// have to start for it, and the call that shows the dialog.
	portalWait = 5 * time.Second
	// closeWait bounds telling the portal that nobody waits any more.
	closeWait = time.Second
)

// What a Response says.
const (
	answered  uint32 = 0
	cancelled uint32 = 1
)

func available(ctx context.Context) bool {
	_, err := sessionbus.Property(ctx, portalWait, portalName, portalPath, chooser, "version")
	return err == nil
}

func show(ctx context.Context, request Request) ([]string, error) {
	bus, err := sessionbus.Connect()
	if err != nil {
		return nil, errors.Join(ErrNone, err)
	}
	defer bus.Close()
	signals := make(chan *dbus.Signal, 16)
	bus.Signal(signals)
	if err := errors.Join(
		bus.AddMatchSignal(dbus.WithMatchInterface(requestName), dbus.WithMatchMember("Response")),
		bus.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, portalName)),
	); err != nil {
		return nil, fmt.Errorf("listening to the portal: %w", err)
	}
	token := "maquette" + strings.ReplaceAll(uuid.NewString(), "-", "")
	handle, err := ask(ctx, bus, token, request)
	if err != nil {
		closeRequest(ctx, bus, requestPath(bus, token)) // the dialog may come yet
		return nil, err
	}
	return await(ctx, bus, signals, handle)
}

// requestPath is the handle that portals give a request of ours.
func requestPath(bus *dbus.Conn, token string) dbus.ObjectPath {
	sender := strings.ReplaceAll(strings.TrimPrefix(bus.Names()[0], ":"), ".", "_")
	return dbus.ObjectPath(portalPath + "/request/" + sender + "/" + token)
}

// closeRequest tells the portal that nobody waits any more.
func closeRequest(ctx context.Context, bus *dbus.Conn, handle dbus.ObjectPath) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWait)
	defer cancel()
	_ = bus.Object(portalName, handle).CallWithContext(ctx, requestName+".Close", 0).Err // one that is over is closed already
}

// ask shows the dialog. The handle is the request's path.
func ask(ctx context.Context, bus *dbus.Conn, token string, request Request) (handle dbus.ObjectPath, err error) {
	method := chooser + ".OpenFile"
	if request.Kind == SaveFile {
		method = chooser + ".SaveFile"
	}
	window := ""
	if request.Window != 0 {
		window = fmt.Sprintf("x11:%x", request.Window)
	}
	ctx, cancel := context.WithTimeout(ctx, portalWait)
	defer cancel()
	call := bus.Object(portalName, portalPath).CallWithContext(ctx, method, 0, window, request.Title, options(token, request))
	if err := call.Store(&handle); err != nil {
		return "", fmt.Errorf("asking the portal: %w", err)
	}
	return handle, nil
}

// rule is one glob of a filter, of the kind 0.
type rule struct {
	Kind uint32
	Glob string
}

type filter struct {
	Name  string
	Rules []rule
}

func options(token string, request Request) map[string]dbus.Variant {
	set := map[string]dbus.Variant{"handle_token": dbus.MakeVariant(token), "modal": dbus.MakeVariant(true)}
	if request.Accept != "" {
		set["accept_label"] = dbus.MakeVariant(request.Accept)
	}
	if request.Folder != "" {
		set["current_folder"] = dbus.MakeVariant(append([]byte(request.Folder), 0))
	}
	switch request.Kind {
	case OpenFiles:
		set["multiple"] = dbus.MakeVariant(true)
	case OpenFolder:
		set["directory"] = dbus.MakeVariant(true)
	case SaveFile:
		set["current_name"] = dbus.MakeVariant(request.Name)
	}
	if len(request.Extensions) > 0 {
		only := filter{Name: request.Filter}
		for _, ext := range request.Extensions {
			only.Rules = append(only.Rules, rule{Glob: "*" + strings.ToLower(ext)}, rule{Glob: "*" + strings.ToUpper(ext)})
		}
		set["filters"] = dbus.MakeVariant([]filter{only})
	}
	return set
}

// await waits for the Response to the request.
func await(ctx context.Context, bus *dbus.Conn, signals <-chan *dbus.Signal, handle dbus.ObjectPath) ([]string, error) {
	for {
		select {
		case <-ctx.Done():
			closeRequest(ctx, bus, handle)
			return nil, context.Cause(ctx)
		case signal, open := <-signals:
			switch {
			case !open:
				return nil, errors.New("the session bus is gone")
			case signal.Name == responseSignal && signal.Path == handle:
				return answer(signal.Body)
			case signal.Name == ownerChanged && gone(signal.Body):
				return nil, errors.New("the portal ended without an answer")
			}
		}
	}
}

// gone reports whether the portal left the bus.
func gone(body []any) bool {
	var name, before, after string
	return dbus.Store(body, &name, &before, &after) == nil && name == portalName && after == ""
}

// answer reads a Response.
func answer(body []any) ([]string, error) {
	var code uint32
	var results map[string]dbus.Variant
	if err := dbus.Store(body, &code, &results); err != nil {
		return nil, fmt.Errorf("reading the portal's answer: %w", err)
	}
	switch code {
	case answered:
	case cancelled:
		return nil, nil
	default:
		return nil, errors.New("the portal closed its dialog without an answer")
	}
	uris, ok := results["uris"].Value().([]string)
	if !ok || len(uris) == 0 {
		return nil, errors.New("the portal's answer names no file")
	}
	var paths []string
	for _, uri := range uris {
		path, ok := PathOf(uri)
		if !ok {
			return nil, errors.New("the portal's answer names something that isn't a file of this computer")
		}
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths, nil
}
