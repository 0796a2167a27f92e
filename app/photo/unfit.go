// What is said about a file that cannot be used, and the limits it is held to.

package photo

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// Limits on one picture, checked before its pixels are decoded.
const (
	MaxBytes  = 200 << 20   // bytes in the file
	MaxEdge   = 16_384      // pixels along either side
	MaxPixels = 100_000_000 // pixels in all
)

// Unfit says why one file cannot be used. Reason continues a sentence that
// starts with the file's name: "is empty", "is CMYK; save it as RGB".
type Unfit struct {
	Name   string // base name, never a path; empty when the caller gave none
	Reason providers.Sentence
}

func (u *Unfit) Error() string { return u.Sentence().String() }

// Sentence is what Error says.
func (u *Unfit) Sentence() providers.Sentence {
	if u.Name == "" {
		return providers.Say("the picture %s", u.Reason)
	}
	return providers.Say("%s %s", u.Name, u.Reason)
}

func unfit(english string, args ...any) *Unfit {
	return &Unfit{Reason: providers.Say(english, args...)}
}

// named puts a name to an Unfit found where only bytes were at hand.
func named(err error, name string) error {
	var u *Unfit
	if errors.As(err, &u) && u.Name == "" {
		return &Unfit{Name: name, Reason: u.Reason}
	}
	return err
}

// unreadable turns a file system error into words, leaving its path out.
func unreadable(err error) *Unfit {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return unfit("does not exist")
	case errors.Is(err, fs.ErrPermission):
		return unfit("may not be read; check its permissions")
	case isLinkLoop(err):
		return unfit("is a link that leads back to itself")
	}
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return unfit("cannot be read (%v)", err)
}

// thousands writes n the way people read large numbers: 16,384.
func thousands(n int) string {
	s := strconv.Itoa(n)
	var b strings.Builder
	for i, digit := range s {
		if i > 0 && s[i-1] != '-' && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}

func checkDimensions(w, h int) *Unfit {
	if w <= 0 || h <= 0 {
		return unfit("is %d × %d pixels; there is nothing to see", w, h)
	}
	if w > MaxEdge || h > MaxEdge || w*h > MaxPixels {
		return unfit("is %d × %d pixels; the limit is %s along a side and %d megapixels in all",
			w, h, thousands(MaxEdge), MaxPixels/1_000_000)
	}
	return nil
}
