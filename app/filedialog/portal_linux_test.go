package filedialog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/maquette-studio/maquette/app/filedialog"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// portal is a mock of the desktop portal on a bus of the test's own.
type portal struct {
	bus    *dbus.Conn
	asked  chan asked
	closed chan dbus.ObjectPath

	mu sync.Mutex
	behaviour
}

// behaviour is what a portal does.
type behaviour struct {
	code    uint32
	uris    []string
	silent  bool // it answers nothing
	refuses bool
}

func (p *portal) behave(b behaviour) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.behaviour = b
}

type asked struct {
	method, window, title string
	options               map[string]dbus.Variant
}

// OpenFile is of org.freedesktop.portal.FileChooser.
func (p *portal) OpenFile(from dbus.Sender, window, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return p.ask(from, asked{"OpenFile", window, title, options})
}

// SaveFile is of org.freedesktop.portal.FileChooser.
func (p *portal) SaveFile(from dbus.Sender, window, title string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return p.ask(from, asked{"SaveFile", window, title, options})
}

func (p *portal) ask(from dbus.Sender, a asked) (dbus.ObjectPath, *dbus.Error) {
	p.mu.Lock()
	b := p.behaviour
	p.mu.Unlock()
	if b.refuses {
		return "", dbus.MakeFailedError(errors.New("no backend"))
	}
	p.asked <- a
	sender := strings.ReplaceAll(strings.TrimPrefix(string(from), ":"), ".", "_")
	path := dbus.ObjectPath(fmt.Sprintf("/org/freedesktop/portal/desktop/request/%s/%s", sender, a.options["handle_token"].Value()))
	if err := p.bus.Export(request{p, path}, path, "org.freedesktop.portal.Request"); err != nil {
		return "", dbus.MakeFailedError(err)
	}
	if b.silent {
		return path, nil
	}
	results := map[string]dbus.Variant{}
	if b.uris != nil {
		results["uris"] = dbus.MakeVariant(b.uris)
	}
	// Some portals answer before their call returns.
	if err := p.bus.Emit(path, "org.freedesktop.portal.Request.Response", b.code, results); err != nil {
		return "", dbus.MakeFailedError(err)
	}
	return path, nil
}

// Get is of org.freedesktop.DBus.Properties.
func (p *portal) Get(_, _ string) (dbus.Variant, *dbus.Error) {
	return dbus.MakeVariant(uint32(4)), nil
}

type request struct {
	portal *portal
	path   dbus.ObjectPath
}

// Close is of org.freedesktop.portal.Request.
func (r request) Close() *dbus.Error {
	r.portal.closed <- r.path
	return nil
}

func startPortal(t *testing.T) *portal {
	t.Helper()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	p := &portal{bus: bus, asked: make(chan asked, 8), closed: make(chan dbus.ObjectPath, 8)}
	for _, name := range []string{"org.freedesktop.portal.FileChooser", "org.freedesktop.DBus.Properties"} {
		if err := bus.Export(p, "/org/freedesktop/portal/desktop", name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bus.RequestName("org.freedesktop.portal.Desktop", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestThePortalsDialogIsShownAndItsAnswerRead(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", realparts.Bus(t))
	if filedialog.Available(t.Context()) {
		t.Error("a bus without a portal offers a dialog")
	}
	p := startPortal(t)
	if !filedialog.Available(t.Context()) {
		t.Fatal("the portal isn't seen")
	}

	p.behave(behaviour{uris: []string{"file:///home/a/My%20fox%20%231.jpg", "file://localhost/b/%C3%BC.png", "file:///home/a/My%20fox%20%231.jpg"}})
	paths, err := filedialog.Show(t.Context(), filedialog.Request{
		Title: "Choose photos", Accept: "Choose", Folder: "/home/a", Filter: "Pictures", Extensions: []string{".jpg"}, Window: 0x2a0001,
	})
	if want := []string{"/home/a/My fox #1.jpg", "/b/ü.png"}; err != nil || !slices.Equal(paths, want) {
		t.Errorf("chosen: %q, %v", paths, err)
	}
	a := <-p.asked
	folder, _ := a.options["current_folder"].Value().([]byte)
	if a.method != "OpenFile" || a.window != "x11:2a0001" || a.title != "Choose photos" || string(folder) != "/home/a\x00" ||
		a.options["multiple"].Value() != true || fmt.Sprint(a.options["filters"].Value()) != "[[Pictures [[0 *.jpg] [0 *.JPG]]]]" {
		t.Errorf("asked: %+v", a)
	}

	p.behave(behaviour{uris: []string{"file:///home/a/copies"}})
	if _, err := filedialog.Show(t.Context(), filedialog.Request{Kind: filedialog.OpenFolder}); err != nil {
		t.Error(err)
	}
	if a := <-p.asked; a.method != "OpenFile" || a.options["directory"].Value() != true || a.window != "" {
		t.Errorf("for a folder: %+v", a)
	}
	if _, err := filedialog.Show(t.Context(), filedialog.Request{Kind: filedialog.SaveFile, Name: "fox.png"}); err != nil {
		t.Error(err)
	}
	if a := <-p.asked; a.method != "SaveFile" || a.options["current_name"].Value() != "fox.png" {
		t.Errorf("to save: %+v", a)
	}
}

func TestWhatAPortalDoesBesideAnswering(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", realparts.Bus(t))
	p := startPortal(t)
	p.behave(behaviour{code: 1})
	if paths, err := filedialog.Show(t.Context(), filedialog.Request{}); err != nil || paths != nil {
		t.Errorf("cancelled: %q, %v", paths, err)
	}
	for name, uris := range map[string][]string{"nothing": nil, "a web page": {"https://example.com/a.jpg"}, "another computer": {"file://elsewhere/a.jpg"}} {
		p.behave(behaviour{uris: uris})
		if paths, err := filedialog.Show(t.Context(), filedialog.Request{}); err == nil {
			t.Errorf("%s: %q", name, paths)
		}
	}
	p.behave(behaviour{code: 2})
	if _, err := filedialog.Show(t.Context(), filedialog.Request{}); err == nil {
		t.Error("a dialog that ended by itself is no error")
	}
	for range 5 {
		<-p.asked
	}

	p.behave(behaviour{silent: true})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-p.asked
		cancel()
	}()
	if _, err := filedialog.Show(ctx, filedialog.Request{}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	<-p.closed

	go func() {
		<-p.asked
		_, _ = p.bus.ReleaseName("org.freedesktop.portal.Desktop")
	}()
	if _, err := filedialog.Show(t.Context(), filedialog.Request{}); err == nil {
		t.Error("a portal that left is waited for")
	}
	p.behave(behaviour{refuses: true})
	if _, err := filedialog.Show(t.Context(), filedialog.Request{}); err == nil {
		t.Error("without a portal there was an answer")
	}
}
