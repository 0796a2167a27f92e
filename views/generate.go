// The Generate tab: a task's form at the left, the pictures it made at the right.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// generateTabName is the tab's key in Settings.LastTasks.
const generateTabName = "generate"

// generateHost is what the Generate tab asks of the others.
type generateHost interface {
	failureHost
	showJob(id string)
	showPicture(ids []string, at int)
}

type generateTab struct {
	*orderPane

	content fyne.CanvasObject
	results *resultFeed
	said    *kit.NoticeBar // what became of dropped pictures
}

func newGenerateTab(w desk, host generateHost) *generateTab {
	t := &generateTab{results: newResultFeed(w, host), said: kit.NewNoticeBar()}
	button := widget.NewButtonWithIcon(lang.L("Generate"), theme.ConfirmIcon(), nil)
	t.orderPane = newOrderPane(w, host, generateTabName, button, orderParts{started: t.results.add}, providers.Generate)
	column := kit.Border(nil, nil, nil, widget.NewSeparator(), t.layOut(nil))
	t.content = w.drops.Zone(kit.Border(nil, nil, column, nil, t.said.Below(t.results.content)), kit.DropFunc(t.dropped))
	t.begin()
	return t
}

// close keeps what is typed.
func (t *generateTab) close() { t.keeper.Close() }

func (t *generateTab) onJobs(ids []string) { t.results.refresh(ids) }
func (t *generateTab) onModels()           { t.form.RefreshModels() }
func (t *generateTab) onPictures([]string) { t.results.refreshAll() }
