// Changing all captions of a dataset at once.

package views

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/views/kit"
)

// wordsPanelSize is in density-independent pixels.
var wordsPanelSize = fyne.NewSize(520, 312)

// wordsPanel replaces words in all captions, or adds some to them.
type wordsPanel struct {
	kit.Panel

	dataset *datasetPane

	find, replace, words *kit.Entry
	found                *kit.MutedText
	replaceAll           *kit.Button
	front, behind        *kit.Button
}

// changeCaptions opens the panel once what was typed is saved.
func (d *datasetPane) changeCaptions() {
	p := &wordsPanel{dataset: d}
	p.Work = d.work.Part()
	p.find, p.replace, p.words = kit.NewEntry(p.Escape), kit.NewEntry(p.Escape), kit.NewEntry(p.Escape)
	p.find.SetPlaceHolder(lang.L("Words to look for"))
	p.replace.SetPlaceHolder(lang.L("Words to put there, or nothing"))
	p.words.SetPlaceHolder(lang.L("Words, such as ukj fox,"))
	p.found = kit.NewMutedLine("")
	studio, id := d.studio, d.id
	p.replaceAll = kit.NewButton(lang.L("Replace all"), p.Escape, func() {
		find, replace := p.find.Text, p.replace.Text
		p.change(func() (map[string]string, error) { return studio.Datasets.ReplaceCaptions(id, find, replace) })
	})
	p.front = kit.NewButton(lang.L("Put in front of all"), p.Escape, func() {
		words := p.words.Text
		p.change(func() (map[string]string, error) { return studio.Datasets.PrefixCaptions(id, words) })
	})
	p.behind = kit.NewButton(lang.L("Put behind all"), p.Escape, func() {
		words := p.words.Text
		p.change(func() (map[string]string, error) { return studio.Datasets.SuffixCaptions(id, words) })
	})
	p.find.OnChanged = func(string) { p.preview() }
	p.words.OnChanged = func(string) { p.offer() }
	p.replace.OnSubmitted = func(string) {
		if !p.replaceAll.Disabled() {
			p.replaceAll.OnTapped()
		}
	}
	p.replaceAll.Importance = widget.HighImportance
	closing := kit.NewButton(lang.L("Close"), p.Escape, p.Close)
	replacing := container.New(layout.NewFormLayout(),
		widget.NewLabel(lang.L("Find")), p.find, widget.NewLabel(lang.L("Replace with")), p.replace)
	content := container.NewBorder(
		kit.Heading(lang.L("Change the captions of all photos")), kit.ButtonRow(closing), nil, nil,
		container.NewVBox(
			replacing, container.NewBorder(nil, nil, nil, p.replaceAll, p.found), widget.NewSeparator(),
			p.words, kit.ButtonRow(p.behind, p.front),
			kit.NewCaption(lang.L("Captions that begin or end with these words already stay as they are.")),
		),
	)
	p.Show(d.window, content, wordsPanelSize, p.find)
	p.preview()
	d.captions.flush()
}

// preview counts what would be replaced, in a worker.
func (p *wordsPanel) preview() {
	find, d := p.find.Text, p.dataset
	p.replaceAll.Disable()
	p.offer()
	type counted struct{ captions, times int }
	kit.Begin(p.Work, "count", func(context.Context) (c counted) {
		c.captions, c.times = datasets.CountInCaptions(d.studio.Datasets.Photos(), find)
		return c
	}, func(c counted) {
		switch {
		case find == "":
			p.found.SetText("")
		case c.times == 0:
			p.found.SetText(lang.L("In no caption"))
		default:
			p.found.SetText(fmt.Sprintf(lang.L("%s in %s"),
				kit.CountOf(c.times, lang.L("Once"), lang.L("%d times")), kit.CountOf(c.captions, lang.L("1 caption"), lang.L("%d captions"))))
		}
		kit.SetEnabled(c.times > 0, p.replaceAll)
	})
}

func (p *wordsPanel) offer() {
	given := strings.TrimSpace(p.words.Text) != ""
	kit.SetEnabled(given, p.front)
	kit.SetEnabled(given, p.behind)
}

// change changes the captions, closes the panel and offers to undo it.
func (p *wordsPanel) change(do func() (before map[string]string, err error)) {
	d := p.dataset
	id := d.id
	p.Close()
	var before map[string]string
	kit.Do(d.work, func(context.Context) (err error) {
		if err = d.captions.saver.save(); err != nil {
			return err
		}
		before, err = do()
		return err
	}, func(err error) {
		d.failure.SetFailure(err, "", nil)
		if err != nil {
			return
		}
		d.notice.OfferUndo(kit.CountOf(len(before), lang.L("1 caption changed."), lang.L("%d captions changed.")), func() {
			kit.Do(d.work, func(context.Context) error {
				_, err := d.studio.Datasets.SetCaptions(id, before)
				return err
			}, func(err error) { d.failure.SetFailure(err, "", nil) })
		})
	})
}
