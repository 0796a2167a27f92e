// IFileDialog, by its table of methods: no C is needed for it (Microsoft,
// "Common Item Dialog"; the methods' order is that of shobjidl_core.h).

package filedialog

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	ole32            = windows.NewLazySystemDLL("ole32.dll")
	shell32          = windows.NewLazySystemDLL("shell32.dll")
	coCreateInstance = ole32.NewProc("CoCreateInstance")
	itemFromName     = shell32.NewProc("SHCreateItemFromParsingName")

	openClass     = windows.GUID{Data1: 0xDC1C5A9C, Data2: 0xE88A, Data3: 0x4DDE, Data4: [8]byte{0xA5, 0xA1, 0x60, 0xF8, 0x2A, 0x20, 0xAE, 0xF7}}
	openInterface = windows.GUID{Data1: 0xD57C7288, Data2: 0xD4AD, Data3: 0x4768, Data4: [8]byte{0xBE, 0x02, 0x9D, 0x96, 0x95, 0x32, 0xD9, 0x60}}
	saveClass     = windows.GUID{Data1: 0xC0B4E2F3, Data2: 0xBA21, Data3: 0x4773, Data4: [8]byte{0x8D, 0xBA, 0x33, 0x5E, 0xC9, 0x46, 0xEB, 0x8B}}
	saveInterface = windows.GUID{Data1: 0x84BCCD23, Data2: 0x5FDE, Data3: 0x4CDB, Data4: [8]byte{0xAE, 0xA4, 0xAF, 0x64, 0xB8, 0x3D, 0x78, 0xAB}}
	itemInterface = windows.GUID{Data1: 0x43826D1E, Data2: 0xE718, Data3: 0x42EE, Data4: [8]byte{0xBC, 0x55, 0xA1, 0xE2, 0x61, 0xC3, 0x7B, 0xFE}}
)

// The methods used, by their place in the table.
const (
	unknownRelease = 2

	dialogShow         = 3
	dialogSetFileTypes = 4
	dialogSetOptions   = 9
	dialogGetOptions   = 10
	dialogSetFolder    = 12
	dialogSetFileName  = 15
	dialogSetTitle     = 17
	dialogSetOkLabel   = 18
	dialogGetResult    = 20
	openGetResults     = 27

	itemGetDisplayName = 5
	arrayGetCount      = 7
	arrayGetItemAt     = 8
)

const (
	inProcess         = 1 // CLSCTX_INPROC_SERVER
	pickFolders       = 0x20
	forceFileSystem   = 0x40
	allowMultiple     = 0x200
	fileMustExist     = 0x1000
	fileSystemPath    = 0x80058000 // SIGDN_FILESYSPATH
	cancelledByPerson = 0x800704C7 // HRESULT_FROM_WIN32(ERROR_CANCELLED)
)

// object is a COM object: a pointer to its table of methods.
type object struct{ methods *[64]uintptr }

// call calls a method; an HRESULT below zero is an error.
func (o *object) call(method int, args ...uintptr) error {
	result, _, _ := syscall.SyscallN(o.methods[method], append([]uintptr{uintptr(unsafe.Pointer(o))}, args...)...)
	return failed(result)
}

func (o *object) release() { _ = o.call(unknownRelease) }

func failed(result uintptr) error {
	if int32(result) >= 0 {
		return nil
	}
	return syscall.Errno(uint32(result))
}

// filterSpec is COMDLG_FILTERSPEC.
type filterSpec struct{ name, spec *uint16 }

func available(context.Context) bool { return coCreateInstance.Find() == nil }

type outcome struct {
	paths []string
	err   error
}

func show(ctx context.Context, request Request) ([]string, error) {
	over := make(chan outcome, 1)
	go func() {
		// As long as the dialog, which only a person or the program's end closes.
		paths, err := showOnThread(request)
		over <- outcome{paths, err}
	}()
	select {
	case o := <-over:
		return o.paths, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// showOnThread shows the dialog on a thread of its own, as COM wants it.
func showOnThread(request Request) ([]string, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED|windows.COINIT_DISABLE_OLE1DDE); err != nil && err != syscall.Errno(windows.S_FALSE) {
		return nil, fmt.Errorf("starting COM: %w", err)
	}
	defer windows.CoUninitialize()
	class, kind := &openClass, &openInterface
	if request.Kind == SaveFile {
		class, kind = &saveClass, &saveInterface
	}
	var dialog *object
	result, _, _ := coCreateInstance.Call(uintptr(unsafe.Pointer(class)), 0, inProcess, uintptr(unsafe.Pointer(kind)), uintptr(unsafe.Pointer(&dialog)))
	if err := failed(result); err != nil {
		return nil, fmt.Errorf("making the dialog: %w", err)
	}
	defer dialog.release()
	if err := dialog.prepare(request); err != nil {
		return nil, fmt.Errorf("preparing the dialog: %w", err)
	}
	switch err := dialog.call(dialogShow, request.Window); {
	case err == syscall.Errno(cancelledByPerson):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("showing the dialog: %w", err)
	}
	if request.Kind == OpenFiles {
		return dialog.results()
	}
	var item *object
	if err := dialog.call(dialogGetResult, uintptr(unsafe.Pointer(&item))); err != nil {
		return nil, fmt.Errorf("reading what was chosen: %w", err)
	}
	defer item.release()
	path, err := item.path()
	return []string{path}, err
}

// prepare says what the dialog asks for.
func (o *object) prepare(request Request) error {
	var set uint32
	if err := o.call(dialogGetOptions, uintptr(unsafe.Pointer(&set))); err != nil {
		return err
	}
	set |= forceFileSystem
	switch request.Kind {
	case OpenFiles:
		set |= allowMultiple | fileMustExist
	case OpenFolder:
		set |= pickFolders
	}
	if err := o.call(dialogSetOptions, uintptr(set)); err != nil {
		return err
	}
	for method, text := range map[int]string{dialogSetTitle: request.Title, dialogSetOkLabel: request.Accept, dialogSetFileName: request.Name} {
		if text == "" {
			continue
		}
		wide, err := windows.UTF16PtrFromString(text)
		if err != nil {
			return err
		}
		if err := o.call(method, uintptr(unsafe.Pointer(wide))); err != nil {
			return err
		}
	}
	if err := o.offer(request); err != nil {
		return err
	}
	return o.beginIn(request.Folder)
}

// offer limits what is listed to files with the extensions asked for.
func (o *object) offer(request Request) error {
	if len(request.Extensions) == 0 {
		return nil
	}
	name, err := windows.UTF16PtrFromString(request.Filter)
	if err != nil {
		return err
	}
	spec, err := windows.UTF16PtrFromString("*" + strings.Join(request.Extensions, ";*"))
	if err != nil {
		return err
	}
	only := filterSpec{name, spec}
	return o.call(dialogSetFileTypes, 1, uintptr(unsafe.Pointer(&only)))
}

// beginIn shows a folder first; one that is gone is left to the system.
func (o *object) beginIn(folder string) error {
	if folder == "" {
		return nil
	}
	wide, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return err
	}
	var item *object
	result, _, _ := itemFromName.Call(uintptr(unsafe.Pointer(wide)), 0, uintptr(unsafe.Pointer(&itemInterface)), uintptr(unsafe.Pointer(&item)))
	if failed(result) != nil {
		return nil
	}
	defer item.release()
	return o.call(dialogSetFolder, uintptr(unsafe.Pointer(item)))
}

// results are the paths of all files that were chosen.
func (o *object) results() ([]string, error) {
	var items *object
	if err := o.call(openGetResults, uintptr(unsafe.Pointer(&items))); err != nil {
		return nil, fmt.Errorf("reading what was chosen: %w", err)
	}
	defer items.release()
	var count uint32
	if err := items.call(arrayGetCount, uintptr(unsafe.Pointer(&count))); err != nil {
		return nil, fmt.Errorf("counting what was chosen: %w", err)
	}
	paths := make([]string, 0, count)
	for i := range count {
		var item *object
		if err := items.call(arrayGetItemAt, uintptr(i), uintptr(unsafe.Pointer(&item))); err != nil {
			return nil, fmt.Errorf("reading what was chosen: %w", err)
		}
		path, err := item.path()
		item.release()
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// path is where a shell item lies.
func (o *object) path() (string, error) {
	var wide *uint16
	if err := o.call(itemGetDisplayName, fileSystemPath, uintptr(unsafe.Pointer(&wide))); err != nil {
		return "", fmt.Errorf("reading a path: %w", err)
	}
	defer windows.CoTaskMemFree(unsafe.Pointer(wide))
	return windows.UTF16PtrToString(wide), nil
}
