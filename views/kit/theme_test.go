package kit

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestThemeTextIsReadable(t *testing.T) {
	test.NewTempApp(t)
	pairs := []struct {
		text, on fyne.ThemeColorName
		least    float64
	}{
		{theme.ColorNameForeground, theme.ColorNameBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameOverlayBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameMenuBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameHeaderBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameInputBackground, 7},
		{theme.ColorNameForeground, theme.ColorNameButton, 7},
		{theme.ColorNameForeground, ColorMat, 7},
		{ColorMuted, theme.ColorNameBackground, 4.5},
		{ColorMuted, theme.ColorNameOverlayBackground, 4.5},
		{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground, 4.5},
		{theme.ColorNameHyperlink, theme.ColorNameBackground, 4.5},
		{theme.ColorNamePrimary, theme.ColorNameOverlayBackground, 4.5},
		{theme.ColorNameError, theme.ColorNameBackground, 4.5},
		{theme.ColorNameWarning, theme.ColorNameBackground, 4.5},
		{theme.ColorNameSuccess, theme.ColorNameBackground, 4.5},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, 4.5},
		{theme.ColorNameForegroundOnError, theme.ColorNameError, 4.5},
		{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning, 4.5},
		{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess, 4.5},
		// Words that matter less, such as how long a model that is here is still there.
		{theme.ColorNameDisabled, theme.ColorNameBackground, 4.5},
		{theme.ColorNameDisabled, theme.ColorNameHeaderBackground, 4.5},
		{theme.ColorNameDisabled, theme.ColorNameOverlayBackground, 4.5},
		{theme.ColorNameDisabled, theme.ColorNameInputBackground, 4.5},
		{theme.ColorNameInputBorder, theme.ColorNameInputBackground, 3},
		{theme.ColorNamePrimary, ColorMat, 3},
	}
	// Each colour of words on each ground it stands on, rows that are chosen or under the pointer among them.
	words := []fyne.ThemeColorName{
		theme.ColorNameForeground, ColorMuted, theme.ColorNamePlaceHolder, theme.ColorNameHyperlink, theme.ColorNamePrimary,
		theme.ColorNameError, theme.ColorNameWarning, theme.ColorNameSuccess,
	}
	grounds := []fyne.ThemeColorName{
		theme.ColorNameBackground, theme.ColorNameHeaderBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground,
		theme.ColorNameInputBackground, ColorMat,
	}
	veils := []fyne.ThemeColorName{"", theme.ColorNameSelection, theme.ColorNameHover, theme.ColorNameFocus}
	for _, look := range []Appearance{AppearanceLight, AppearanceDark} {
		th := NewTheme(look)
		for _, text := range words {
			for _, on := range grounds {
				for _, veil := range veils {
					ground := th.Color(on, theme.VariantDark)
					if veil != "" {
						ground = veiled(ground, th.Color(veil, theme.VariantDark))
					}
					if got := contrast(th.Color(text, theme.VariantDark), ground); got < 4.5 {
						t.Errorf("%s: %s on %s under %q has contrast %.2f", look, text, on, veil, got)
					}
				}
			}
		}
		for _, pair := range pairs {
			got := contrast(th.Color(pair.text, theme.VariantDark), th.Color(pair.on, theme.VariantDark))
			if got < pair.least {
				t.Errorf("%s: %s on %s has contrast %.2f, less than %.1f", look, pair.text, pair.on, got, pair.least)
			}
		}
	}
}

func TestThemeFollowsTheSystemOrNot(t *testing.T) {
	test.NewTempApp(t)
	light, dark := lightPalette[theme.ColorNameBackground], darkPalette[theme.ColorNameBackground]
	for _, row := range []struct {
		choice Appearance
		system fyne.ThemeVariant
		want   color.Color
	}{
		{AppearanceSystem, theme.VariantLight, light},
		{AppearanceSystem, theme.VariantDark, dark},
		{AppearanceLight, theme.VariantDark, light},
		{AppearanceDark, theme.VariantLight, dark},
	} {
		if got := NewTheme(row.choice).Color(theme.ColorNameBackground, row.system); got != row.want {
			t.Errorf("%s on a system of variant %d: background %v, want %v", row.choice, row.system, got, row.want)
		}
	}
}

func TestThemePalettesNameTheSameColours(t *testing.T) {
	for name := range lightPalette {
		if _, ok := darkPalette[name]; !ok {
			t.Errorf("the dark palette lacks %q", name)
		}
	}
	if len(lightPalette) != len(darkPalette) {
		t.Errorf("light has %d colours, dark %d", len(lightPalette), len(darkPalette))
	}
}

// veiled is a colour seen through another.
func veiled(ground, veil color.Color) color.Color {
	v := color.NRGBAModel.Convert(veil).(color.NRGBA)
	g := color.NRGBAModel.Convert(ground).(color.NRGBA)
	mix := func(over, under uint8) uint8 {
		return uint8((uint32(over)*uint32(v.A) + uint32(under)*(255-uint32(v.A))) / 255)
	}
	return color.NRGBA{mix(v.R, g.R), mix(v.G, g.G), mix(v.B, g.B), 255}
}

// contrast as WCAG 2.2 defines it.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	linear := func(v uint32) float64 {
		s := float64(v) / 0xFFFF
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
