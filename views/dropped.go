// Files let go over a tab that has no place for them: what can be made of them is offered.

package views

import (
	"fmt"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/views/form"
	"github.com/maquette-studio/maquette/views/kit"
)

// dropped takes what none of the tabs' own places took.
func (w *Window) dropped(_ fyne.Position, uris []fyne.URI) bool {
	paths := form.PathsOf(uris)
	if len(paths) == 0 {
		return false
	}
	w.offerDropped(paths)
	return true
}

// offerDropped asks what files or folders are for.
func (w *Window) offerDropped(paths []string) {
	p := &kit.Panel{}
	then := func(do func()) func() {
		return func() {
			p.Close()
			do()
		}
	}
	train := kit.NewButton(lang.L("Add to the dataset"), p.Escape, then(func() { w.trainOn(paths) }))
	train.Importance = widget.HighImportance
	guide := kit.NewButton(lang.L("Use as references"), p.Escape, then(func() {
		w.openTab(tabGenerate)
		w.generate.takeFiles(paths)
	}))
	folder := slices.ContainsFunc(paths, func(path string) bool { return filepath.Ext(path) == "" })
	kit.SetVisible(!folder && len(paths) <= referencesMost, guide)
	cancel := kit.NewButton(lang.L("Cancel"), p.Escape, p.Close)
	name := kit.Shortened(w.studio.Datasets.Current().Name, datasetNameShown)
	text := kit.WrappedLabel()
	text.SetText(fmt.Sprintf(lang.L("They can be added to the dataset “%s”, to train on, or guide the next pictures as references."), name))
	title := kit.CountOf(len(paths), lang.L("What is this file for?"), lang.L("What are these %d files for?"))
	p.ShowFitting(w.Window, container.NewVBox(
		kit.Heading(title), container.New(&kit.FixedWidth{Width: 460}, text), kit.ButtonRow(cancel, guide, train),
	), train)
}

// trainOn adds photos to the dataset shown on Train.
func (w *Window) trainOn(paths []string) {
	w.openTab(tabTrain)
	w.train.dataset.intake.add(paths)
}
