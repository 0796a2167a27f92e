// The message box of Windows.

package kit

import "golang.org/x/sys/windows"

// Alert says text in a message box: who double-clicks a program sees nothing
// of its standard error.
func Alert(text string) {
	message, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	title, err := windows.UTF16PtrFromString("Maquette")
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, message, title, windows.MB_OK|windows.MB_ICONERROR)
}
