// Results that aren't as they should be: damaged, or of a kind that can't be shown.

package views

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// libraryPictures makes the library's pictures for the window; one that can't
// be shown is named by its error.
func libraryPictures(studio *app.Studio) picture.Source {
	return func(ctx context.Context, ref string, px int) (image.Image, error) {
		img, err := studio.Library.Thumbnail(ctx, ref, px)
		if err == nil {
			return img, nil
		}
		p, known := studio.Library.Picture(ref)
		if !known || p.Unreadable.IsZero() || ctx.Err() != nil {
			return nil, err
		}
		return nil, unshown(p)
	}
}

func unshown(p library.Picture) *picture.Unshown {
	u := &picture.Unshown{Kind: kit.FileKind(p.Ext), Why: say(p.Unreadable), Kept: lang.L("Kept as it came")}
	if p.Width > 0 && p.Height > 0 {
		u.Size = fmt.Sprintf("%d × %d", p.Width, p.Height)
	}
	return u
}

// resultItem is a result in a grid. One that isn't shown says so itself.
func resultItem(p library.Picture, title string) picture.Item {
	return picture.Item{ID: p.ID, Title: title, Warning: say(p.Damaged)}
}
