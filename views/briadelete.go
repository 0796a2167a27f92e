// Deleting at Bria: what goes with it is counted first, and said before
// anything is done.

package views

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/views/kit"
)

// askDelete has counted what would go, says it, and deletes when told to.
func (p *briaPane) askDelete(key remote.Key) {
	p.change(lang.L("Counting what would be deleted…"), func(ctx context.Context, _ tellChange) (func(), error) {
		consequence, err := p.bria.Consequence(ctx, key)
		if err != nil {
			return nil, err
		}
		return func() {
			kit.Confirm(p.window, kit.Question{
				Title: fmt.Sprintf(lang.L("Delete “%s” at Bria?"), consequence.Name), Text: consequenceWords(consequence),
				Yes: lang.L("Delete"), No: lang.L("Keep it"),
			}, func() {
				p.do(lang.L("Deleting…"), func(ctx context.Context) error { return p.bria.Delete(ctx, consequence) }, p.reload)
			})
		}, nil
	})
}

// consequenceWords spell out what a deletion takes away.
func consequenceWords(c remote.Consequence) string {
	lines := []string{lang.L("It holds nothing.")}
	if !c.Empty() {
		lines[0] = fmt.Sprintf(lang.L("This deletes %s at Bria, for good."), allOf(
			counted(c.Datasets, lang.L("1 dataset"), lang.L("%d datasets")),
			counted(c.Images, lang.L("1 picture"), lang.L("%d pictures")),
			counted(c.Models, lang.L("1 model"), lang.L("%d models")),
		))
	}
	if len(c.InTraining) > 0 {
		lines = append(lines, fmt.Sprintf(lang.L("In training now: %s. Bria refuses until that is stopped: stop it first."), kit.Listed(c.InTraining...)))
	}
	if len(c.TrainedOn) > 0 {
		lines = append(lines, fmt.Sprintf(lang.L("Trained on it: %s."), kit.Listed(c.TrainedOn...)))
	}
	if waiting := allOf(
		counted(c.Pictures, lang.L("1 picture"), lang.L("%d pictures")),
		counted(c.Captions, lang.L("1 caption"), lang.L("%d captions")),
	); waiting != "" {
		lines = append(lines, fmt.Sprintf(lang.L("What is not at Bria yet is not sent any more: %s."), waiting))
	}
	return strings.Join(append(lines, lang.L("Photos and pictures in Maquette stay.")), "\n")
}

// counted is a count with its noun, "" for none.
func counted(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return kit.CountOf(n, one, many)
}

// allOf joins what there is as a sentence does.
func allOf(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return fmt.Sprintf(lang.L("%s and %s"), kit.Listed(parts[:last]...), parts[last])
}
