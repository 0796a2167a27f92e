// Text that the tabs share.

package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// mutedText is secondary text: captions, counts, hints.
type mutedText struct {
	widget.RichText
}

func newMutedText(text string) *mutedText {
	m := &mutedText{}
	m.Scroll, m.Wrapping = container.ScrollNone, fyne.TextWrapWord
	m.ExtendBaseWidget(m)
	m.SetText(text)
	return m
}

// newMutedLine is muted text on one line, cut with an ellipsis where it is too
// long.
func newMutedLine(text string) *mutedText {
	m := newMutedText(text)
	m.Wrapping, m.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	return m
}

// SetText changes the text.
func (m *mutedText) SetText(text string) {
	m.Segments = []widget.RichTextSegment{&widget.TextSegment{
		Text:  text,
		Style: widget.RichTextStyle{ColorName: colorMuted, SizeName: theme.SizeNameText},
	}}
	m.Refresh()
}

// Text is what it says.
func (m *mutedText) Text() string { return m.String() }
