package intake_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/bounds"
)

// FuzzReferences gives any reference to a picture of this computer, as values,
// drafts and --photo hold them. None leads to another file than the one that is
// in the library, and what is accepted is so again.
func FuzzReferences(f *testing.F) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 60, 40))); err != nil {
		f.Fatal(err)
	}
	dir := f.TempDir()
	files, err := storage.OpenFiles(filepath.Join(dir, "files"))
	if err != nil {
		f.Fatal(err)
	}
	hash, _, err := files.Put(bytes.NewReader(picture.Bytes()), "png")
	if err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.png"), picture.Bytes(), 0o600); err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"HASH.png", "HASH.png?1,2,30,20,0,", "HASH.png?0,0,0,0,60,#ffffff", "HASH.jpg", "HASH.pNg", "HASH..png", "HASH...PNG", "HASH.png/../../secret.png", "../secret.png", "HASH", ".png", "HASH.",
		"HASH.png?9223372036854775807,1,9223372036854775807,1,0,", "HASH.png?-1,-1,1,1,0,", "HASH.png?1,2,3", "HASH.png?,,,,,", "HASH.png?0,0,1,1,9223372036854775807,#zzzzzz", "", "\x00",
	} {
		f.Add(seed)
	}
	in := intake.New(files, func(string) (string, string, bool) { return "", "", false }, func() []photo.Photo { return nil })
	f.Fuzz(func(t *testing.T, text string) {
		ref := "content:" + strings.ReplaceAll(text, "HASH", hash) // which no fuzzer guesses
		bounds.Hold(t, bounds.Picture, func() {
			kept, err := in.Import(t.Context(), ref)
			var why *photo.Rejected
			switch {
			case errors.As(err, &why) && !why.Reason.IsZero() && !strings.Contains(why.Reason.String(), dir):
			case err != nil:
				t.Errorf("%q is refused with %v", ref, err)
			default:
				again, err := in.Import(t.Context(), kept)
				if got, ext, ok := photo.SplitRef(kept); !ok || got != hash || ext != "png" || again != kept || err != nil {
					t.Errorf("%q becomes %q, and then %q, %v", ref, kept, again, err)
				}
			}
		})
	})
}
