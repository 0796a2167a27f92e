// What the window shows where the database is damaged or gone: what happened,
// and the ways on.

package views

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picker"
)

const (
	// damageWidth is the most that the page's column takes, and damageButton is
	// the width of its buttons, in density-independent pixels.
	damageWidth  float32 = 680
	damageButton float32 = 220
	// damageTop is above it, damageInset within each of its plates.
	damageTop   float32 = 56
	damageInset float32 = 10
)

// damagePage offers the ways on.
type damagePage struct {
	start   *start
	damage  app.Damage
	buttons []*widget.Button
	problem *kit.ProblemLine
}

func newDamagePage(s *start, damage app.Damage) *damagePage {
	return &damagePage{start: s, damage: damage, problem: kit.NewProblemLine()}
}

// content is the page.
func (p *damagePage) content() fyne.CanvasObject {
	icon := widget.NewIcon(theme.NewWarningThemedResource(theme.WarningIcon()))
	title := kit.Heading(lang.L("The database can't be opened"))
	head := container.NewBorder(nil, nil, container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(28), icon)), nil, title)
	what := kit.WrappedLabel()
	what.SetText(fmt.Sprintf(lang.L("Maquette's database, which says what the pictures, models and jobs of this folder are, is damaged: %s. Nothing was changed, nothing was sent, and nothing is paid again."), errorWords(p.damage.Cause)))
	where := kit.NewMutedText(p.damage.Dir)
	column := container.New(
		kit.Column{Most: damageWidth, Gap: theme.Padding() * 2, Centred: true},
		head, what, where, container.New(kit.Column{Most: damageWidth, Gap: damageInset}, p.choices()...), p.problem,
	)
	return container.NewVScroll(container.New(layout.NewCustomPaddedLayout(damageTop, theme.Padding(), theme.Padding(), theme.Padding()), column))
}

// choices are the ways on, the best first.
func (p *damagePage) choices() []fyne.CanvasObject {
	var rows []fyne.CanvasObject
	importance := widget.HighImportance
	if b := p.damage.Backup; b != nil {
		rows = append(rows, p.choice(lang.L("Restore the backup"), theme.HistoryIcon(), importance, p.backupWords(*b), func() { p.mend(p.damage.Restore) }))
		importance = widget.MediumImportance
	}
	rebuild := fmt.Sprintf(lang.L("Begins a new database. What lies beside it comes back as far as its files tell: %s. Jobs, datasets and settings don't."),
		listAmounts(amount{p.damage.Files, lang.L("1 picture"), lang.L("%d pictures")}, amount{p.damage.Models, lang.L("1 model"), lang.L("%d models")}))
	return append(
		rows,
		p.choice(lang.L("Rebuild from the files"), theme.ViewRefreshIcon(), importance, rebuild, p.askRebuild),
		p.choice(lang.L("Open another folder…"), theme.FolderOpenIcon(), widget.MediumImportance, lang.L("Leaves this one as it is."), p.another),
		p.choice(lang.L("Quit"), theme.LogoutIcon(), widget.MediumImportance, lang.L("Leaves everything as it is, for somebody to look at."), p.start.window.Close),
	)
}

func (p *damagePage) backupWords(b app.Backup) string {
	return fmt.Sprintf(lang.L("From %s: %s. Pictures made since come back from their files; what was paid since is looked for at its service before anything is sent."),
		kit.Moment(b.Made, time.Now()),
		listAmounts(
			amount{b.Jobs, lang.L("1 job"), lang.L("%d jobs")}, amount{b.Pictures, lang.L("1 picture"), lang.L("%d pictures")},
			amount{b.Models, lang.L("1 model"), lang.L("%d models")}, amount{b.Datasets, lang.L("1 dataset"), lang.L("%d datasets")},
		))
}

// amount is a number of things, and its words for one and for many.
type amount struct {
	n         int
	one, many string
}

// listAmounts lists the amounts that aren't nothing.
func listAmounts(amounts ...amount) string {
	var words []string
	for _, a := range amounts {
		if a.n > 0 {
			words = append(words, kit.CountOf(a.n, a.one, a.many))
		}
	}
	if len(words) == 0 {
		return lang.L("nothing")
	}
	return kit.Listed(words...)
}

// choice is a button with what it does beside it, on a plate.
func (p *damagePage) choice(title string, icon fyne.Resource, importance widget.Importance, text string, do func()) fyne.CanvasObject {
	button := widget.NewButtonWithIcon(title, icon, do)
	button.Importance, button.Alignment = importance, widget.ButtonAlignLeading
	p.buttons = append(p.buttons, button)
	words := widget.NewLabel(text)
	words.Wrapping = fyne.TextWrapWord
	side := container.NewVBox(container.New(&kit.FixedWidth{Width: damageButton}, button))
	return container.NewStack(
		kit.NewPlate(theme.ColorNameHeaderBackground, theme.ColorNameSeparator, 6),
		container.New(layout.NewCustomPaddedLayout(damageInset, damageInset, damageInset, damageInset), container.NewBorder(nil, nil, side, nil, words)),
	)
}

func (p *damagePage) askRebuild() {
	if p.damage.Backup == nil {
		p.mend(p.damage.Rebuild)
		return
	}
	kit.Confirm(p.start.window, kit.Question{
		Title: lang.L("Rebuild without the backup?"), Yes: lang.L("Rebuild"), No: lang.L("Cancel"),
		Text: lang.L("The backup knows jobs, datasets and settings; the files don't. It stays where it is."),
	}, func() { p.mend(p.damage.Rebuild) })
}

// mend replaces the database and opens the folder.
func (p *damagePage) mend(replace func() (app.Mended, error)) {
	p.busy(true)
	kit.Do(p.start.work, func(context.Context) error {
		_, err := replace()
		return err
	}, func(err error) {
		if err == nil {
			p.start.again("")
			return
		}
		p.busy(false)
		p.problem.SetText(sayError(err))
	})
}

func (p *damagePage) busy(busy bool) {
	for _, button := range p.buttons {
		kit.SetEnabled(!busy, button)
	}
	p.problem.SetText("")
}

// another asks for a data folder to open in place of this one.
func (p *damagePage) another() {
	request := picker.SaveRequest{Title: lang.L("Open another data folder"), Yes: lang.L("Open this folder"), Folder: p.damage.Dir}
	picker.ChoosePlace(p.start.window, p.start.work, request, func(folder, _ string) {
		kit.Do(p.start.work, func(context.Context) bool { return app.HoldsData(folder) }, func(holds bool) {
			if holds {
				p.start.again(folder)
				return
			}
			p.problem.SetText(lang.L("There is no data of Maquette's in that folder."))
		})
	})
}

// errorWords is what an error says, to be a part of a sentence.
func errorWords(err error) string {
	if err == nil {
		return ""
	}
	return sayError(err)
}
