// Searching as one types: the entry, and what the gallery looks up for it.

package views

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/app/search"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// searchEntry is an entry for words to look for: Escape clears it, Down and
// Enter lead into what was found.
type searchEntry struct {
	widget.Entry

	onLeave func()
}

func newSearchEntry(hint string, onChange func(), onLeave func()) *searchEntry {
	e := &searchEntry{onLeave: onLeave}
	e.PlaceHolder = hint
	e.Icon = theme.SearchIcon()
	e.Wrapping = fyne.TextWrapOff
	e.OnChanged = func(string) { onChange() }
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey takes the keys that lead out of the entry.
func (e *searchEntry) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyEscape:
		e.SetText("")
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		e.onLeave()
	default:
		e.Entry.TypedKey(event)
	}
}

// galleryQuery is what the gallery is asked to show.
type galleryQuery struct {
	words string
	trash bool
}

// galleryList is what it found.
type galleryList struct {
	query   galleryQuery
	items   []picture.Item
	total   int // pictures in the library, trash aside
	trashed int
	emptied bool // there is none, and there were some
}

// lister is the worker's part of a search.
func lister(studio *app.Studio, query galleryQuery) func(context.Context) galleryList {
	return func(ctx context.Context) galleryList { return listPictures(ctx, studio, query) }
}

// listPictures runs in a worker: 100,000 pictures take a while.
func listPictures(ctx context.Context, studio *app.Studio, query galleryQuery) galleryList {
	trash := studio.Library.Trash()
	list := galleryList{query: query, total: len(studio.Library.SearchIDs("")), trashed: len(trash)}
	list.emptied = list.total+len(trash) == 0 && slices.ContainsFunc(studio.Jobs.List(), func(j jobs.Job) bool { return len(j.Images) > 0 })
	pictures := trash
	if !query.trash {
		pictures = studio.Library.Search(query.words)
	} else if words := search.Parse(query.words); len(words) > 0 {
		pictures = keepMatching(trash, words)
	}
	list.items = make([]picture.Item, 0, len(pictures))
	for i, p := range pictures {
		if i%1024 == 0 && ctx.Err() != nil {
			return list
		}
		list.items = append(list.items, pictureItem(p))
	}
	return list
}

func keepMatching(pictures []library.Picture, words search.Words) []library.Picture {
	var kept []library.Picture
	for _, p := range pictures {
		if words.In(search.Text(p.Prompt, p.Model, p.Service)) {
			kept = append(kept, p)
		}
	}
	return kept
}

func pictureItem(p library.Picture) picture.Item {
	return resultItem(p, cmp.Or(p.Prompt, p.Model, p.Task))
}

// words says in one line what the list holds.
func (l galleryList) words() string {
	count := len(l.items)
	switch {
	case l.query.trash:
		return kit.CountOf(count, lang.L("1 picture in the trash"), lang.L("%d pictures in the trash"))
	case l.query.words != "":
		return ofTotal(count, l.total, lang.L("%s of 1 picture"), lang.L("%s of %s pictures"))
	}
	return pictureCount(count)
}

func pictureCount(count int) string {
	return kit.CountOf(count, lang.L("1 picture"), lang.L("%d pictures"))
}

// ofTotal is how many there are of how many; ofOne has a %s for the former, of
// has one for each.
func ofTotal(count, total int, ofOne, of string) string {
	if total == 1 {
		return fmt.Sprintf(ofOne, kit.Number(count))
	}
	return fmt.Sprintf(of, kit.Number(count), kit.Number(total))
}
