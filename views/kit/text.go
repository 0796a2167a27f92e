// Text that the tabs share.

package kit

import (
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// MutedText is secondary text: captions, counts, hints.
type MutedText struct {
	widget.RichText
}

// NewMutedText is muted text that wraps.
func NewMutedText(text string) *MutedText {
	m := &MutedText{}
	m.Scroll, m.Wrapping = container.ScrollNone, fyne.TextWrapWord
	m.ExtendBaseWidget(m)
	m.SetText(text)
	return m
}

// NewMutedLine is muted text on one line, cut with an ellipsis where it is too
// long.
func NewMutedLine(text string) *MutedText {
	m := NewMutedText(text)
	m.Wrapping, m.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	return m
}

// SetText changes the text.
func (m *MutedText) SetText(text string) {
	m.Segments = []widget.RichTextSegment{&widget.TextSegment{
		Text:  text,
		Style: widget.RichTextStyle{ColorName: ColorMuted, SizeName: theme.SizeNameText},
	}}
	m.Refresh()
}

// Text is what it says.
func (m *MutedText) Text() string { return m.String() }

// Ellipsize shortens text to at most width density-independent pixels.
func Ellipsize(text string, width, textSize float32) string {
	fits := func(s string) bool { return fyne.MeasureText(s, textSize, fyne.TextStyle{}).Width <= width }
	if fits(text) {
		return text
	}
	runes := []rune(text)
	if limit := int(width); len(runes) > limit { // no glyph is narrower than a pixel that matters
		runes = runes[:limit]
	}
	cut := sort.Search(len(runes), func(n int) bool { return !fits(string(runes[:n+1]) + "…") })
	return string(runes[:cut]) + "…"
}

// Shortened cuts a text to at most n characters.
func Shortened(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}

// Dotted puts what there is on one line.
func Dotted(parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, " · ")
}

// WrappedLabel is text that wraps and can be selected.
func WrappedLabel() *widget.Label {
	label := widget.NewLabel("")
	label.Wrapping = fyne.TextWrapWord
	label.Selectable = true
	return label
}

// Heading is the title of a part of a tab.
func Heading(text string) *widget.Label {
	label := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	label.SizeName = theme.SizeNameSubHeadingText
	return label
}

// SideHeading is the small title of a list at the side.
func SideHeading(text string) fyne.CanvasObject {
	style := widget.RichTextStyle{ColorName: ColorMuted, SizeName: theme.SizeNameCaptionText}
	return widget.NewRichText(&widget.TextSegment{Text: text, Style: style})
}

// Caption is muted text in small letters.
type Caption struct {
	widget.RichText
}

// NewCaption is a caption that wraps.
func NewCaption(text string) *Caption {
	c := &Caption{}
	c.Scroll = container.ScrollNone
	c.Wrapping = fyne.TextWrapWord
	c.ExtendBaseWidget(c)
	c.SetText(text)
	return c
}

// NewCaptionLine is a caption as wide as its text.
func NewCaptionLine(text string) *Caption {
	c := NewCaption(text)
	c.Wrapping = fyne.TextWrapOff
	return c
}

// SetText changes the text.
func (c *Caption) SetText(text string) {
	c.Segments = []widget.RichTextSegment{&widget.TextSegment{
		Text: text, Style: widget.RichTextStyle{ColorName: ColorMuted, SizeName: theme.SizeNameCaptionText},
	}}
	c.Refresh()
}
