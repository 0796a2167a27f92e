// Reading the window as a person does: by the texts of its labels and buttons.

package viewtest

import (
	"image"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/kit"
)

// LabelTexts are the texts of the visible labels and muted texts under root.
func LabelTexts(root fyne.CanvasObject) []string {
	var texts []string
	for _, label := range Find[*widget.Label](root) {
		texts = append(texts, label.Text)
	}
	for _, text := range Find[*kit.MutedText](root) {
		texts = append(texts, text.Text())
	}
	return texts
}

// ButtonTexts are the texts of the visible buttons under root.
func ButtonTexts(root fyne.CanvasObject) []string {
	var texts []string
	for _, button := range Find[*widget.Button](root) {
		texts = append(texts, button.Text)
	}
	return texts
}

// PanelButtonTexts are those of the buttons that let a panel's keys through.
func PanelButtonTexts(root fyne.CanvasObject) []string {
	var texts []string
	for _, button := range Find[*kit.Button](root) {
		texts = append(texts, button.Text)
	}
	return texts
}

// ContainsAll reports whether all that is wanted is there.
func ContainsAll(got, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !slices.Contains(got, w) })
}

// Says reports whether a visible text under root holds the words.
func Says(root fyne.CanvasObject, words string) bool {
	return slices.ContainsFunc(LabelTexts(root), func(text string) bool { return strings.Contains(text, words) })
}

// TapButton taps the visible button of that text.
func TapButton(t *testing.T, root fyne.CanvasObject, text string) {
	t.Helper()
	for _, button := range Find[*widget.Button](root) {
		if button.Text == text {
			if button.Disabled() {
				t.Fatalf("the button %q can't be tapped", text)
			}
			test.Tap(button)
			return
		}
	}
	t.Fatalf("there is no button %q among %q", text, ButtonTexts(root))
}

// Labels are the texts of the visible labels under root.
func Labels(root fyne.CanvasObject) []string {
	var texts []string
	for _, label := range Find[*widget.Label](root) {
		texts = append(texts, label.Text)
	}
	return texts
}

// ShowsPicture reports whether a picture, not only signs, is shown under root.
func ShowsPicture(root fyne.CanvasObject) bool {
	return slices.ContainsFunc(Find[*canvas.Image](root), func(img *canvas.Image) bool {
		_, pixels := img.Image.(*image.RGBA)
		return pixels
	})
}

// TapPanelButton taps the visible button of a panel.
func TapPanelButton(t *testing.T, root fyne.CanvasObject, text string) {
	t.Helper()
	var names []string
	for _, button := range Find[*kit.Button](root) {
		names = append(names, button.Text)
		if button.Text == text {
			if button.Disabled() {
				t.Fatalf("the button %q can't be tapped", text)
			}
			test.Tap(button)
			return
		}
	}
	t.Fatalf("there is no button %q among %q", text, names)
}

// ChooseMenuItem taps an item of the menu that is open.
func ChooseMenuItem(t *testing.T, c fyne.Canvas, label string) {
	t.Helper()
	for _, text := range Find[*canvas.Text](c.Overlays().Top()) {
		if text.Text == label {
			test.TapCanvas(c, fyne.CurrentApp().Driver().AbsolutePositionForObject(text).AddXY(2, 2))
			return
		}
	}
	t.Fatalf("no menu with %q is open", label)
}
