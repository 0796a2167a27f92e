// Package assets holds the pictures that are part of the program.
package assets

import (
	_ "embed"

	"fyne.io/fyne/v2"
)

//go:embed icon.png
var iconPNG []byte

//go:embed icons/train.svg
var trainSVG []byte

//go:embed icons/generate.svg
var generateSVG []byte

//go:embed icons/gallery.svg
var gallerySVG []byte

//go:embed icons/models.svg
var modelsSVG []byte

//go:embed icons/jobs.svg
var jobsSVG []byte

//go:embed icons/settings.svg
var settingsSVG []byte

// Icon is the program's own, 512 × 512 pixels; icon.svg is its source.
var Icon = fyne.NewStaticResource("icon.png", iconPNG)

// One icon a tab: black shapes on nothing, 24 × 24, to be coloured by theme.NewThemedResource. That colours fills and
// not strokes, so every line in them is drawn as its outline.
var (
	Train    = fyne.NewStaticResource("train.svg", trainSVG)
	Generate = fyne.NewStaticResource("generate.svg", generateSVG)
	Gallery  = fyne.NewStaticResource("gallery.svg", gallerySVG)
	Models   = fyne.NewStaticResource("models.svg", modelsSVG)
	Jobs     = fyne.NewStaticResource("jobs.svg", jobsSVG)
	Settings = fyne.NewStaticResource("settings.svg", settingsSVG)
)
