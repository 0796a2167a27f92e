// The Settings tab.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

type settingsTab struct {
	window  *Window
	content fyne.CanvasObject
}

func newSettingsTab(w *Window) *settingsTab {
	return &settingsTab{window: w, content: widget.NewLabel("Settings")}
}

func (t *settingsTab) close()               {}
func (t *settingsTab) refresh()             {}
func (t *settingsTab) onTroubles()          {}
func (t *settingsTab) selectAccount(string) {}
