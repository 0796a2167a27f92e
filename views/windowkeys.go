// The keys that are the window's wherever the keyboard is. Fyne gives all keys to
// the widget that has it, and most widgets have no use for these.

package views

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// windowKeys are the guide's and the menu's.
var windowKeys = map[glfw.Key]fyne.KeyName{glfw.KeyF1: fyne.KeyF1, glfw.KeyF10: fyne.KeyF10}

// heedWindowKeys hands these keys, pressed alone, to the canvas of a window that
// was just shown, which hands them on to the panel over it.
func heedWindowKeys(window fyne.Window) {
	native(window, func(w *glfw.Window) {
		var fynes glfw.KeyCallback
		fynes = w.SetKeyCallback(func(w *glfw.Window, key glfw.Key, scancode int, action glfw.Action, mods glfw.ModifierKey) {
			name, own := windowKeys[key]
			if !own || mods != 0 {
				fynes(w, key, scancode, action, mods)
				return
			}
			if typed := window.Canvas().OnTypedKey(); action == glfw.Press && typed != nil {
				typed(&fyne.KeyEvent{Name: name, Physical: fyne.HardwareKey{ScanCode: scancode}})
			}
		})
	})
}
