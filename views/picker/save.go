// Where copies of pictures go: a folder, and a name when it is one picture.

package picker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage/filename"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// savePanel is the size of the panel where the window has room for it, in
// density-independent pixels.
var savePanel = fyne.NewSize(780, 560)

// SaveRequest is what a place is asked for.
type SaveRequest struct {
	Title  string
	Yes    string // what the button does, in words
	Name   string // suggested for the file; "" when only a folder is asked for
	Folder string // shown first
}

// SavePicker lies over a window until a place is chosen or Escape pressed. It
// belongs to the UI goroutine.
type SavePicker struct {
	folderBrowser

	request SaveRequest
	onDone  func(folder, name string)
	here    bool // the folder shown has been read

	name    *kit.Entry
	taken   *kit.MutedText
	correct *kit.Button // gives the name typed the picture's own extension
	problem *kit.ProblemLine
	confirm *kit.Button
	create  *kit.Button // opens the line for a new folder's name
	fresh   *kit.Entry  // the new folder's name
	line    *fyne.Container

	keepSide func() // remembers how wide the list of places is
}

// ChoosePlace asks for a place. onDone gets it on the UI goroutine; it isn't
// called when the choice is cancelled.
func ChoosePlace(window fyne.Window, work *kit.Work, request SaveRequest, onDone func(folder, name string)) *SavePicker {
	p := &SavePicker{request: request, onDone: onDone}
	p.buildBrowser(window, work, p.askSystem)
	p.build()
	p.OnLeave = func() { p.arrivedAt(false) }
	p.OnArrive = func(_ []picture.Item, err error) { p.arrivedAt(err == nil) }
	p.OnEnter = p.choose
	p.OnClosed = func() { p.keepSide() }
	var focus fyne.Focusable
	if request.Name != "" {
		focus = p.name
	}
	p.name.TypedShortcut(&fyne.ShortcutSelectAll{}) // typing gives another name; the ending is added
	p.Show(window, p.layOut(), savePanel, focus)
	p.begin([]string{request.Folder}, func() {})
	return p
}

func (p *SavePicker) build() {
	p.name = kit.NewEntry(p.Escape)
	p.name.SetText(p.request.Name)
	p.name.OnChanged = func(string) { p.check() }
	p.name.OnSubmitted = func(typed string) {
		if !p.takePath(typed) {
			p.choose()
		}
	}
	p.name.OnPaste = p.takePath
	p.path.OnPaste = p.takePath
	p.correct = kit.NewButton("", p.Escape, func() { p.name.SetText(p.typedName()) })
	p.correct.Hide()
	p.taken = kit.NewMutedText("")
	p.taken.Hide()
	p.problem = kit.NewProblemLine()
	p.confirm = kit.NewButton(p.request.Yes, p.Escape, p.choose)
	p.confirm.Importance = widget.HighImportance
	p.create = kit.NewButton(lang.L("New folder…"), p.Escape, p.nameFolder)
	p.create.Icon = theme.FolderNewIcon()
	p.fresh = kit.NewEntry(func(*fyne.KeyEvent) bool {
		p.keepFolders()
		return true
	})
	p.fresh.SetPlaceHolder(lang.L("Name of the new folder"))
	p.fresh.OnSubmitted = p.makeFolder
	keep := kit.NewButton(lang.L("Cancel"), p.Escape, p.keepFolders)
	add := kit.NewButton(lang.L("Create"), p.Escape, func() { p.makeFolder(p.fresh.Text) })
	p.line = container.NewBorder(nil, nil, nil, container.NewHBox(keep, add), p.fresh)
	p.line.Hide()
}

func (p *SavePicker) layOut() fyne.CanvasObject {
	cancel := kit.NewButton(lang.L("Cancel"), p.Escape, p.Close)
	title := container.NewBorder(nil, nil, kit.Heading(p.request.Title), p.create)
	top := container.NewVBox(title, container.NewBorder(nil, nil, p.above, nil, p.path), p.line)
	side := container.NewBorder(kit.SideHeading(lang.L("Places")), nil, nil, nil, p.places)
	folders := container.NewBorder(kit.SideHeading(lang.L("Folders")), nil, nil, nil, container.NewStack(p.folders, p.notices()))
	split := container.NewHSplit(side, folders)
	p.keepSide = keepSide(split, "picker.save.side", 0.28)
	bottom := container.NewVBox(widget.NewSeparator())
	if p.request.Name != "" {
		bottom.Add(container.NewBorder(nil, nil, widget.NewLabel(lang.L("Name")), p.correct, p.name))
	}
	bottom.Add(p.taken)
	bottom.Add(p.problem)
	bottom.Add(container.NewHBox(p.system, layout.NewSpacer(), cancel, p.confirm))
	return container.NewBorder(top, bottom, nil, nil, split)
}

// arrivedAt follows the folder shown; it can be saved into once it is read.
func (p *SavePicker) arrivedAt(here bool) {
	p.here = here
	p.keepFolders()
	if here && len(p.listing.folders) == 0 {
		p.say(lang.L("No folders in here"))
	}
	p.check()
}

// check says beforehand what is wrong with the name, or that it is taken.
func (p *SavePicker) check() {
	problem, leads := "", len(pastedPaths(p.name.Text)) > 0
	if p.request.Name != "" && !leads {
		problem = nameProblem(p.name.Text)
	}
	p.problem.SetText(problem)
	if leads {
		p.taken.SetText(lang.L("Enter goes to that place."))
	}
	kit.SetVisible(leads || p.sayName(problem == ""), p.taken)
	p.correct.SetText(fmt.Sprintf(lang.L("Put %s"), filepath.Ext(p.request.Name)))
	kit.SetVisible(!leads && p.otherKind(), p.correct)
	kit.SetEnabled(p.here && problem == "" && !leads, p.confirm)
}

// otherKind reports whether the name typed has the extension of another kind of
// picture than the one that is saved.
func (p *SavePicker) otherKind() bool {
	typed, own := filepath.Ext(strings.TrimSpace(p.name.Text)), filepath.Ext(p.request.Name)
	return own != "" && photo.HasPictureExtension("x"+typed) && !photo.SameFormat(typed, own)
}

// sayName says what the file will be called where that isn't what was typed,
// and reports whether it did.
func (p *SavePicker) sayName(valid bool) bool {
	if !valid || !p.here || p.request.Name == "" {
		return false
	}
	name := p.fileName()
	same := func(other string) bool { return filename.Fold(other) == filename.Fold(name) }
	switch typed := p.typedName(); {
	case slices.ContainsFunc(p.listing.pictures, same):
		p.taken.SetText(lang.L("A file of that name is there already. It stays; this one gets a number behind its name."))
	case p.otherKind():
		p.taken.SetText(fmt.Sprintf(lang.L("“%s” doesn't match: the picture is saved as it is, as “%s”."), filepath.Ext(strings.TrimSpace(p.name.Text)), name))
	case name != typed:
		p.taken.SetText(fmt.Sprintf(lang.L("It will be called “%s”, which every system takes for a name."), name))
	default:
		return false
	}
	return true
}

// nameProblem says why something can't be a file's name; "" when it can.
func nameProblem(name string) string {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return lang.L("Give it a name first.")
	case strings.ContainsAny(name, `/\`) || !filepath.IsLocal(name) || name == ".":
		return lang.L("This can't be a name: it leads to another folder.")
	}
	return ""
}

// fileName is the name typed, as every file system takes it.
func (p *SavePicker) fileName() string { return filename.Clean(p.typedName(), "picture") }

// typedName is the name typed, with the picture's own ending in place of another
// kind's.
func (p *SavePicker) typedName() string {
	name, own := strings.TrimSpace(p.name.Text), filepath.Ext(p.request.Name)
	typed := filepath.Ext(name)
	switch {
	case name == "" || photo.SameFormat(typed, own):
		return name
	case p.otherKind():
		return strings.TrimSuffix(name, typed) + own
	}
	return name + own
}

func (p *SavePicker) choose() {
	if p.Closed() || p.confirm.Disabled() {
		return
	}
	p.Close()
	p.onDone(p.listing.path, p.fileName())
}

// nameFolder asks for the name of a new folder.
func (p *SavePicker) nameFolder() {
	p.fresh.SetText("")
	p.line.Show()
	p.Focus(p.fresh)
}

// keepFolders takes the line for a new folder away.
func (p *SavePicker) keepFolders() {
	if !p.line.Visible() {
		return
	}
	p.line.Hide()
	p.Focus(p.folders)
}

// makeFolder makes a folder in the one shown, and goes there.
func (p *SavePicker) makeFolder(name string) {
	if problem := nameProblem(name); problem != "" {
		p.problem.SetText(problem)
		return
	}
	path := filepath.Join(p.listing.path, filename.Clean(name, "pictures"))
	kit.Do(p.Work, func(context.Context) error { return os.Mkdir(path, 0o755) }, func(err error) { p.made(path, err) })
}

func (p *SavePicker) made(path string, err error) {
	var cause *os.PathError
	switch {
	case errors.Is(err, os.ErrExist) || err == nil:
		p.keepFolders()
		p.open(path)
	case errors.As(err, &cause):
		p.problem.SetText(fmt.Sprintf(lang.L("This folder can't be made: %v"), cause.Err))
	default:
		p.problem.SetText(fmt.Sprintf(lang.L("This folder can't be made: %v"), err))
	}
}
