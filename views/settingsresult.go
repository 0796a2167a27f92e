// What came of saving or checking, beside the button that did it.

package views

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// settingsResult is busy, or says what came of it.
type settingsResult struct {
	widget.BaseWidget

	busy    *widget.Activity
	good    *widget.Label
	problem *kit.ProblemLine
	content fyne.CanvasObject
}

func newSettingsResult() *settingsResult {
	r := &settingsResult{busy: widget.NewActivity(), good: widget.NewLabel(""), problem: kit.NewProblemLine()}
	r.good.Wrapping, r.good.Importance = fyne.TextWrapWord, widget.SuccessImportance
	r.content = container.NewVBox(r.good, r.problem)
	r.ExtendBaseWidget(r)
	r.Hide()
	r.busy.Hide()
	return r
}

// CreateRenderer shows the words; the spinner stands beside the buttons.
func (r *settingsResult) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.content)
}

// spinner turns while there is work.
func (r *settingsResult) spinner() fyne.CanvasObject {
	return container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(20), r.busy))
}

// clear takes back what was said.
func (r *settingsResult) clear() { r.say("", nil) }

func (r *settingsResult) begin() {
	r.clear()
	r.busy.Start()
	r.busy.Show()
}

// end says what came of it: good, unless err.
func (r *settingsResult) end(good string, err error) {
	if err != nil {
		good = ""
	}
	r.endWith(good, err)
}

// endWith says what was found, and what is wrong with it.
func (r *settingsResult) endWith(found string, err error) {
	r.busy.Stop()
	r.busy.Hide()
	r.say(found, err)
}

func (r *settingsResult) say(found string, err error) {
	r.problem.SetText(settingsProblem(err))
	r.good.Importance = widget.SuccessImportance
	if err != nil {
		r.good.Importance = widget.MediumImportance
	}
	kit.SetText(r.good, found)
	kit.SetVisible(found != "", r.good)
	kit.SetVisible(found != "" || err != nil, r)
}

// settingsProblem is an error with what to do about it and the service's own
// words; here no button leads anywhere else.
func settingsProblem(err error) string {
	if err == nil {
		return ""
	}
	var f *providers.Failure
	if !errors.As(err, &f) {
		return fullSentence(sayError(err))
	}
	lines := []string{fullSentence(say(f.Message))}
	if f.Kind != providers.NoBucket && !f.Advice.IsZero() { // “check it in Settings” is where we are
		lines = append(lines, say(f.Advice))
	}
	if f.Service != "" {
		lines = append(lines, lang.L("The service says:")+" “"+f.Service+"”")
	}
	return strings.Join(lines, "\n")
}

// fullSentence puts the first letter up and a full stop at the end.
func fullSentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	text = string(unicode.ToUpper(first)) + text[size:]
	return kit.Ended(text)
}
