// Reading the window as a person does: by the texts of its labels and buttons.

package views

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func labelTexts(root fyne.CanvasObject) []string {
	var texts []string
	for _, label := range find[*widget.Label](root) {
		texts = append(texts, label.Text)
	}
	for _, text := range find[*mutedText](root) {
		texts = append(texts, text.Text())
	}
	return texts
}

func buttonTexts(root fyne.CanvasObject) []string {
	var texts []string
	for _, button := range find[*widget.Button](root) {
		texts = append(texts, button.Text)
	}
	return texts
}

func containsAll(got, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !slices.Contains(got, w) })
}

// says reports whether a visible text under root holds the words.
func says(root fyne.CanvasObject, words string) bool {
	return slices.ContainsFunc(labelTexts(root), func(text string) bool { return strings.Contains(text, words) })
}

// tapButton taps the visible button of that text.
func tapButton(t *testing.T, root fyne.CanvasObject, text string) {
	t.Helper()
	for _, button := range find[*widget.Button](root) {
		if button.Text == text {
			if button.Disabled() {
				t.Fatalf("the button %q can't be tapped", text)
			}
			test.Tap(button)
			return
		}
	}
	t.Fatalf("there is no button %q among %q", text, buttonTexts(root))
}
