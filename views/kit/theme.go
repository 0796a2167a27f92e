// The look of the window: one palette table a variant, one accent, a small type scale.

package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Appearance is the person's choice of palette, as Settings stores it.
type Appearance string

// The choices.
const (
	AppearanceSystem Appearance = "system"
	AppearanceLight  Appearance = "light"
	AppearanceDark   Appearance = "dark"
)

// Colours that Fyne's own palette has no name for.
const (
	// ColorMat lies behind a picture, like the mat in a frame.
	ColorMat fyne.ThemeColorName = "maquette.mat"
	// ColorScrim dims the window behind an overlay, or a picture behind a label.
	ColorScrim fyne.ThemeColorName = "maquette.scrim"
	// ColorMuted is for secondary text that must still be read: captions, counts, hints.
	ColorMuted fyne.ThemeColorName = "maquette.muted"
)

// studioTheme is neutral on purpose: pictures are judged on it, so no grey has a tint the eye would notice.
type studioTheme struct {
	fyne.Theme // icons and fonts
	choice     Appearance
	arrows     map[fyne.ThemeVariant]map[fyne.ThemeIconName]fyne.Resource
}

// NewTheme returns Maquette's theme in a fixed palette, or following the system's.
func NewTheme(choice Appearance) fyne.Theme {
	t := &studioTheme{Theme: theme.DefaultTheme(), choice: choice, arrows: map[fyne.ThemeVariant]map[fyne.ThemeIconName]fyne.Resource{}}
	for _, variant := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		t.arrows[variant] = map[fyne.ThemeIconName]fyne.Resource{}
		for _, name := range []fyne.ThemeIconName{theme.IconNameMoveDown, theme.IconNameNavigateNext} {
			t.arrows[variant][name] = theme.NewThemedResource(t.Theme.Icon(name))
		}
	}
	return t
}

// Icon gives a tree's arrows as other resources in each palette: the tree draws
// them anew only when they are others, and they would keep the old colour.
func (t *studioTheme) Icon(name fyne.ThemeIconName) fyne.Resource {
	if arrow, ok := t.arrows[t.variant(fyne.CurrentApp().Settings().ThemeVariant())][name]; ok {
		return arrow
	}
	return t.Theme.Icon(name)
}

// Color is the palette's, else Fyne's own.
func (t *studioTheme) Color(name fyne.ThemeColorName, system fyne.ThemeVariant) color.Color {
	palette := darkPalette
	if t.light(system) {
		palette = lightPalette
	}
	if c, ok := palette[name]; ok {
		return c
	}
	return t.Theme.Color(name, t.variant(system))
}

// Size is ours, else Fyne's own.
func (t *studioTheme) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := sizes[name]; ok {
		return size
	}
	return t.Theme.Size(name)
}

func (t *studioTheme) light(system fyne.ThemeVariant) bool {
	return t.variant(system) == theme.VariantLight
}

func (t *studioTheme) variant(system fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.choice {
	case AppearanceLight:
		return theme.VariantLight
	case AppearanceDark:
		return theme.VariantDark
	default:
		return system
	}
}

// sizes in density-independent pixels. Text: 11.5 caption, 13 body, 15 sub-heading, 20 heading.
var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameCaptionText:        11.5,
	theme.SizeNameText:               13,
	theme.SizeNameSubHeadingText:     15,
	theme.SizeNameHeadingText:        20,
	theme.SizeNamePadding:            4,
	theme.SizeNameInnerPadding:       7,
	theme.SizeNameLineSpacing:        3,
	theme.SizeNameInlineIcon:         18,
	theme.SizeNameInputBorder:        1,
	theme.SizeNameInputRadius:        5,
	theme.SizeNameButtonRadius:       5,
	theme.SizeNameSelectionRadius:    4,
	theme.SizeNameScrollBar:          11,
	theme.SizeNameScrollBarSmall:     4,
	theme.SizeNameSeparatorThickness: 1,
}

var lightPalette = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0xF5F5F6),
	theme.ColorNameHeaderBackground:    rgb(0xECEDEE),
	theme.ColorNameForeground:          rgb(0x1D1F22),
	theme.ColorNamePlaceHolder:         rgb(0x555960),
	theme.ColorNameDisabled:            rgb(0x64686F),
	theme.ColorNameButton:              rgb(0xE3E5E8),
	theme.ColorNameDisabledButton:      rgb(0xECEDEF),
	theme.ColorNameInputBackground:     rgb(0xFFFFFF),
	theme.ColorNameInputBorder:         rgb(0x898D95),
	theme.ColorNameMenuBackground:      rgb(0xFFFFFF),
	theme.ColorNameOverlayBackground:   rgb(0xFAFAFB),
	theme.ColorNameSeparator:           rgb(0xD7D9DD),
	theme.ColorNameScrollBar:           rgba(0x0000006B),
	theme.ColorNameScrollBarBackground: rgba(0x0000000F),
	theme.ColorNameShadow:              rgba(0x00000033),
	theme.ColorNameHover:               rgba(0x0000000F),
	theme.ColorNamePressed:             rgba(0x00000021),
	theme.ColorNamePrimary:             rgb(0x2B5C94),
	theme.ColorNameForegroundOnPrimary: rgb(0xFFFFFF),
	theme.ColorNameHyperlink:           rgb(0x2B5C94),
	theme.ColorNameFocus:               rgba(0x2B5C9426),
	theme.ColorNameSelection:           rgba(0x2B5C9426),
	theme.ColorNameError:               rgb(0xA0261F),
	theme.ColorNameForegroundOnError:   rgb(0xFFFFFF),
	theme.ColorNameWarning:             rgb(0x774C00),
	theme.ColorNameForegroundOnWarning: rgb(0xFFFFFF),
	theme.ColorNameSuccess:             rgb(0x235F35),
	theme.ColorNameForegroundOnSuccess: rgb(0xFFFFFF),
	ColorMat:                           rgb(0xE7E8EA),
	ColorScrim:                         rgba(0x17181A8C),
	ColorMuted:                         rgb(0x55595F),
}

var darkPalette = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0x1D1E20),
	theme.ColorNameHeaderBackground:    rgb(0x252629),
	theme.ColorNameForeground:          rgb(0xE6E7E9),
	theme.ColorNamePlaceHolder:         rgb(0xADB1B8),
	theme.ColorNameDisabled:            rgb(0x9DA1A8),
	theme.ColorNameButton:              rgb(0x36383C),
	theme.ColorNameDisabledButton:      rgb(0x2A2C2F),
	theme.ColorNameInputBackground:     rgb(0x151617),
	theme.ColorNameInputBorder:         rgb(0x74787F),
	theme.ColorNameMenuBackground:      rgb(0x2A2B2E),
	theme.ColorNameOverlayBackground:   rgb(0x242528),
	theme.ColorNameSeparator:           rgb(0x393B3F),
	theme.ColorNameScrollBar:           rgba(0xFFFFFF66),
	theme.ColorNameScrollBarBackground: rgba(0xFFFFFF12),
	theme.ColorNameShadow:              rgba(0x00000080),
	theme.ColorNameHover:               rgba(0xFFFFFF14),
	theme.ColorNamePressed:             rgba(0xFFFFFF29),
	theme.ColorNamePrimary:             rgb(0x8FB4E2),
	theme.ColorNameForegroundOnPrimary: rgb(0x0E1A29),
	theme.ColorNameHyperlink:           rgb(0x8FB4E2),
	theme.ColorNameFocus:               rgba(0x86ADDD2B),
	theme.ColorNameSelection:           rgba(0x86ADDD2B),
	theme.ColorNameError:               rgb(0xF4978F),
	theme.ColorNameForegroundOnError:   rgb(0x2B0805),
	theme.ColorNameWarning:             rgb(0xE0B064),
	theme.ColorNameForegroundOnWarning: rgb(0x2A1B00),
	theme.ColorNameSuccess:             rgb(0x7DC48E),
	theme.ColorNameForegroundOnSuccess: rgb(0x07210E),
	ColorMat:                           rgb(0x141516),
	ColorScrim:                         rgba(0x000000A6),
	ColorMuted:                         rgb(0xB0B4BB),
}

func rgb(hex uint32) color.NRGBA { return rgba(hex<<8 | 0xFF) }

func rgba(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 24), G: uint8(hex >> 16), B: uint8(hex >> 8), A: uint8(hex)}
}
