// Files that cannot be used: why, and the limits they are held to.

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

// Rejected says why one file cannot be used. Reason continues a sentence that
// starts with the file's name: "is empty", "is CMYK; save it as RGB".
type Rejected struct {
	Name   string // base name, never a path; empty when the caller gave none
	Reason providers.Sentence
	// Harmless reports that no photo is missing for it: it is there already, or
	// it is only worth knowing.
	Harmless bool
}

func (r *Rejected) Error() string { return r.Sentence().String() }

// Sentence is what Error says.
func (r *Rejected) Sentence() providers.Sentence {
	if r.Name == "" {
		return providers.Say("the picture %s", r.Reason)
	}
	return providers.Say("%s %s", r.Name, r.Reason)
}

func rejected(english string, args ...any) *Rejected {
	return &Rejected{Reason: providers.Say(english, args...)}
}

// What is behind a Rejected, for those who say it in other words.
var (
	errTooLarge = errors.New("too large")
	errUnusual  = errors.New("of a kind that isn't read")
)

// caused is a Rejected with what is behind it.
type caused struct {
	*Rejected
	cause error
}

func (c *caused) Unwrap() []error { return []error{c.Rejected, c.cause} }

// withName gives a Rejected that has no name this one.
func withName(err error, name string) error {
	var why *Rejected
	if errors.As(err, &why) && why.Name == "" {
		return &Rejected{Name: name, Reason: why.Reason, Harmless: why.Harmless}
	}
	return err
}

// unreadable turns a file system error into words, leaving its path out.
func unreadable(err error) *Rejected {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return rejected("does not exist")
	case errors.Is(err, fs.ErrPermission):
		return rejected("may not be read; check its permissions")
	case isLinkLoop(err):
		return rejected("is a link that leads back to itself")
	}
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return rejected("cannot be read (%v)", err)
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

func checkDimensions(w, h int) *Rejected {
	if w <= 0 || h <= 0 {
		return rejected("is %d × %d pixels; there is nothing to see", w, h)
	}
	if w > MaxEdge || h > MaxEdge || w*h > MaxPixels {
		return rejected("is %d × %d pixels; the limit is %s along a side and %d megapixels in all",
			w, h, thousands(MaxEdge), MaxPixels/1_000_000)
	}
	return nil
}
