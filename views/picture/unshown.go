// Pictures that are kept but can't be shown: what stands in their place.

package picture

import (
	"errors"

	"github.com/maquette-studio/maquette/views/kit"
)

// Unshown is a Source's error for a picture that is kept as it came although
// nothing of it can be shown. Its texts are in the person's language.
type Unshown struct {
	Kind string // "AVIF"
	Size string // "1024 × 768", "" where it isn't known
	Kept string // "Kept as it came", for a cell
	Why  string // a sentence or two, for the large view
}

func (u *Unshown) Error() string { return u.Why }

// Title is what the picture is, on one line.
func (u *Unshown) Title() string {
	if u.Size == "" {
		return u.Kind
	}
	return u.Kind + ", " + u.Size
}

// Label is what stands in a cell in place of the picture.
func (u *Unshown) Label() string {
	label := u.Kind + "\n"
	if u.Size != "" {
		label += u.Size + "\n"
	}
	return label + u.Kept
}

// UnshownOf is the Unshown in err, nil for none.
func UnshownOf(err error) *Unshown {
	u, _ := errors.AsType[*Unshown](err)
	return u
}

// showUnshown says in place what u is, and at length why; nil takes it away.
func showUnshown(place *kit.EmptyState, u *Unshown, why bool) {
	switch {
	case u == nil:
		place.Hide()
	case why:
		place.Say(u.Title(), u.Why, "", nil)
	default:
		place.Say(u.Title(), u.Kept, "", nil)
	}
}
