// The system's own dialog, beside ours.

package picker

import (
	"context"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/filedialog"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/views/kit"
)

// systemDialogs are the system's; tests put others in their place.
var systemDialogs = struct {
	available func(context.Context) bool
	show      func(context.Context, filedialog.Request) ([]string, error)
}{filedialog.Available, filedialog.Show}

// workSystem is the dialog that is shown.
const workSystem = "system"

// offerSystem shows the button where the system has a dialog.
func (b *folderBrowser) offerSystem() {
	kit.Do(b.Work, systemDialogs.available, func(there bool) { kit.SetVisible(there, b.system) })
}

// askSystem shows the system's dialog; then gets what was chosen in it. It closes
// with the browser.
func (b *folderBrowser) askSystem(request filedialog.Request, then func(paths []string)) {
	request.Folder, request.Window = b.listing.path, nativeHandle(b.window)
	type answer struct {
		paths []string
		err   error
	}
	b.system.Disable()
	kit.Begin(b.Work, workSystem, func(ctx context.Context) (a answer) {
		a.paths, a.err = systemDialogs.show(ctx, request)
		return a
	}, func(a answer) {
		b.system.Enable()
		switch {
		case a.err != nil:
			b.say(fmt.Sprintf(lang.L("The system's dialog can't be used: %v. Choose here instead."), a.err))
		case len(a.paths) > 0:
			then(a.paths)
		}
	})
}

// nativeHandle is the system's name for a window, by which its dialog stays above
// it; 0 where there is none that a dialog can use.
func nativeHandle(window fyne.Window) (handle uintptr) {
	native, ok := window.(driver.NativeWindow)
	if !ok {
		return 0
	}
	native.RunNative(func(context any) {
		switch c := context.(type) {
		case driver.X11WindowContext:
			handle = c.WindowHandle
		case driver.WindowsWindowContext:
			handle = c.HWND
		}
	})
	return handle
}

// askSystem offers photos or a folder, which no system's dialog does at once.
func (p *PicturePicker) askSystem() {
	photos := fyne.NewMenuItemWithIcon(lang.L("Choose photos…"), theme.FileImageIcon(), func() {
		p.folderBrowser.askSystem(filedialog.Request{
			Kind: filedialog.OpenFiles, Title: lang.L("Choose photos"), Accept: lang.L("Choose"),
			Filter: lang.L("Pictures"), Extensions: photo.ReadExtensions(),
		}, p.finish)
	})
	folder := fyne.NewMenuItemWithIcon(lang.L("Choose a folder…"), theme.FolderIcon(), func() {
		p.folderBrowser.askSystem(filedialog.Request{
			Kind: filedialog.OpenFolder, Title: lang.L("Choose a folder"), Accept: lang.L("Choose"),
		}, p.finish)
	})
	menu := widget.NewPopUpMenu(fyne.NewMenu("", photos, folder), p.window.Canvas())
	menu.ShowAtRelativePosition(fyne.NewPos(0, -menu.MinSize().Height), p.system)
}

// askSystem asks for a name, or for a folder where no name is asked for. What is
// there already stays in any case: the new file gets a number.
func (p *SavePicker) askSystem() {
	request := filedialog.Request{Kind: filedialog.SaveFile, Title: p.request.Title, Accept: p.request.Yes, Name: p.fileName()}
	if p.request.Name == "" {
		request.Kind, request.Name = filedialog.OpenFolder, ""
	}
	p.folderBrowser.askSystem(request, func(paths []string) {
		if p.Closed() {
			return
		}
		folder, name := paths[0], ""
		if p.request.Name != "" {
			folder = filepath.Dir(paths[0])
			p.name.SetText(filepath.Base(paths[0]))
			name = p.fileName()
		}
		p.Close()
		p.onDone(folder, name)
	})
}
