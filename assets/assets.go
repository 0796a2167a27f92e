// Package assets holds the pictures that are part of the program: its icons,
// and the sample photos of the demo.
package assets

import _ "embed"

// Resource is a file in the program, in the form in which Fyne takes one.
type Resource struct {
	name    string
	content []byte
}

// Name is the file's base name.
func (r *Resource) Name() string { return r.name }

// Content is what is in the file; don't change it.
func (r *Resource) Content() []byte { return r.content }

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
var Icon = &Resource{"icon.png", iconPNG}

// One icon a tab: black shapes on nothing, 24 × 24, to be coloured by theme.NewThemedResource. That colours fills and
// not strokes, so every line in them is drawn as its outline.
var (
	Train    = &Resource{"train.svg", trainSVG}
	Generate = &Resource{"generate.svg", generateSVG}
	Gallery  = &Resource{"gallery.svg", gallerySVG}
	Models   = &Resource{"models.svg", modelsSVG}
	Jobs     = &Resource{"jobs.svg", jobsSVG}
	Settings = &Resource{"settings.svg", settingsSVG}
)
