// How large everything is drawn. Fyne reads FYNE_SCALE whenever its settings
// change, so that a choice is seen at once.

package views

import (
	"os"
	"strconv"

	"fyne.io/fyne/v2"
)

// scaleVariable is where Fyne reads the scale.
const scaleVariable = "FYNE_SCALE"

// scaleGiven is what the person's own environment says, which wins; it is read
// before a choice is put there.
var scaleGiven = os.Getenv(scaleVariable)

// scales are those that a person can choose. Fyne draws in steps of a tenth.
var scales = []float32{0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2}

// useScale has all that is drawn from now on in a scale; 0, and what can't be
// chosen, is the system's own.
func useScale(scale float32) error {
	switch {
	case scaleGiven != "":
		return nil
	case scale < scales[0] || scale > scales[len(scales)-1]:
		return os.Unsetenv(scaleVariable)
	}
	return os.Setenv(scaleVariable, strconv.FormatFloat(float64(scale), 'f', -1, 32))
}

// rescale draws an open window in another scale. It stays as large as it is.
func rescale(window fyne.Window, scale float32) error {
	if err := useScale(scale); err != nil {
		return err
	}
	canvas := window.Canvas()
	size, before := canvas.Size(), canvas.Scale()
	settings := fyne.CurrentApp().Settings()
	settings.SetTheme(settings.Theme()) // which tells Fyne to look
	if after := canvas.Scale(); after != before && after > 0 {
		window.Resize(fyne.NewSize(size.Width*before/after, size.Height*before/after))
	}
	return nil
}
