// Package filedialog asks for files with the system's own dialog: the desktop
// portal on Linux and the BSDs, IFileDialog on Windows, osascript on macOS. It
// knows no toolkit; whoever uses it hands over the native window.
package filedialog

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
)

// Kind is what is asked for.
type Kind int

// What can be asked for.
const (
	OpenFiles  Kind = iota // files that are there, one or several
	OpenFolder             // one folder that is there
	SaveFile               // a name for a file that is to be written
)

// Request is what the dialog asks.
type Request struct {
	Kind       Kind
	Title      string
	Accept     string   // on its button; "" for the system's own word
	Folder     string   // shown first, absolute; "" for the system's choice
	Name       string   // suggested, for SaveFile
	Filter     string   // what Extensions are, in a person's words
	Extensions []string // those offered, such as ".jpg"; none for any
	Window     uintptr  // the X11 window or the HWND that it belongs to; 0 for none
}

// ErrNone is that this system offers no dialog.
var ErrNone = errors.New("this system offers no file dialog")

// Available reports whether the system offers a dialog; it waits for the answer
// for a moment at most.
func Available(ctx context.Context) bool { return available(ctx) }

// Show shows the dialog and waits for the answer: absolute paths, none when the
// person cancelled. It waits for a person: never call it on the UI goroutine. When
// ctx ends it returns at once; the dialog closes too, on Windows with the program.
func Show(ctx context.Context, request Request) (paths []string, err error) {
	return show(ctx, request)
}

// PathOf is the path that a file URI names, as RFC 8089 has it.
func PathOf(uri string) (path string, ok bool) { return pathOf(uri, runtime.GOOS == "windows") }

func pathOf(uri string, windows bool) (path string, ok bool) {
	u, err := url.Parse(strings.TrimSpace(uri))
	if err != nil || !strings.EqualFold(u.Scheme, "file") || u.Opaque != "" || u.Path == "" {
		return "", false
	}
	local := u.Host == "" || strings.EqualFold(u.Host, "localhost")
	switch {
	case strings.ContainsRune(u.Path, 0):
		return "", false
	case windows && !local: // \\server\share
		return `\\` + u.Host + strings.ReplaceAll(u.Path, "/", `\`), true
	case windows && len(u.Path) > 2 && u.Path[2] == ':': // /C:/…
		return strings.ReplaceAll(u.Path[1:], "/", `\`), true
	case !local:
		return "", false
	}
	return filepath.Clean(u.Path), true
}
