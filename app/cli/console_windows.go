// The words of commands in a Windows console.

package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// UseConsole has commands print into the console that they were typed in: a
// program with a window is given none. Output that is redirected stays so.
func UseConsole() {
	if out, err := windows.GetStdHandle(windows.STD_OUTPUT_HANDLE); err == nil && out != 0 && out != windows.InvalidHandle {
		return
	}
	const ofParent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	if attached, _, _ := attach.Call(ofParent); attached == 0 {
		return // it was started from no console
	}
	if out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0); err == nil {
		os.Stdout, os.Stderr = out, out
	}
	if in, err := os.OpenFile("CONIN$", os.O_RDWR, 0); err == nil {
		os.Stdin = in
	}
}
