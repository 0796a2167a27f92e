package library_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// room is a library alone in a data directory.
type room struct {
	*library.Library
	t       *testing.T
	db      *storage.DB
	changed []string
	inUse   map[string]bool
}

func open(t *testing.T, dir string) *room {
	t.Helper()
	layout := storage.LayoutAt(dir)
	noError(t, layout.Make())
	r := &room{t: t, inUse: map[string]bool{}}
	var err error
	r.db, err = storage.Open(layout.DB)
	noError(t, err)
	t.Cleanup(func() { r.db.Close() })
	files, err := storage.OpenFiles(layout.Library)
	noError(t, err)
	thumbs, err := storage.OpenThumbs(layout.Thumbs, 1<<20)
	noError(t, err)
	r.Library, err = library.Load(library.Config{
		DB: r.db, Files: files, Thumbs: thumbs, Changed: func(id string) { r.changed = append(r.changed, id) },
		InUse: func() map[string]bool { return r.inUse }, Ordered: ordered,
	})
	noError(t, err)
	return r
}

// ordered knows one task that makes graphics.
func ordered(task string) string {
	if task == "draw" {
		return "svg"
	}
	return providers.Pixels
}

// store puts a file into the library's files.
func (r *room) store(content []byte, about library.Picture) (library.Picture, error) {
	r.t.Helper()
	in, err := r.Receive(r.t.Context(), providers.Pixels, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	noError(r.t, err)
	return in.Store(about)
}

// keep puts the n-th sample into the library.
func (r *room) keep(n int, id, prompt string) library.Picture {
	r.t.Helper()
	about := library.Picture{ID: id, Task: "luma/image", Service: "luma", Prompt: prompt, Model: "photon-1"}
	p, err := r.store(assets.Samples(n)[n-1].JPEG, about)
	noError(r.t, err)
	noError(r.t, r.db.Update(func(tx *storage.Tx) error { return r.Record(tx, p) }))
	r.Show(p)
	return p
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPicturesAreFoundTrashedRestoredAndExported(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	r := open(t, home)
	r.keep(1, "j1-01", "a paper fox on a hill")
	r.keep(2, "j1-02", "a paper fox on a hill")
	r.keep(3, "j2-01", "a paper fox by the sea")
	if !slices.Equal(r.changed, []string{"j1-01", "j1-02", "j2-01"}) {
		t.Errorf("told of %v", r.changed)
	}
	for query, want := range map[string]int{"": 3, "fox": 3, "HILL": 2, "sea fox": 1, "luma": 3, "photon-1": 3, "badger": 0} {
		if got := len(r.Search(query)); got != want {
			t.Errorf("search %q finds %d instead of %d", query, got, want)
		}
	}
	all := r.Search("")
	if all[0].Prompt != "a paper fox by the sea" || !slices.Equal(r.SearchIDs("hill"), []string{"j1-02", "j1-01"}) {
		t.Errorf("the newest is %q; on a hill are %v", all[0].Prompt, r.SearchIDs("hill"))
	}

	noError(t, r.Delete(all[0].ID, all[1].ID))
	if len(r.Search("")) != 1 || len(r.Trash()) != 2 {
		t.Fatal("deleting didn't move two pictures to the trash")
	}
	noError(t, r.Restore(all[1].ID))
	dir := t.TempDir()
	for range 2 {
		_, err := r.Export(all[1].ID, dir)
		noError(t, err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "a-paper-fox-on-a-hill-*.jpg")); len(files) != 2 {
		t.Errorf("two exports made %v", files)
	}
	noError(t, r.db.Close())

	again := open(t, home)
	if len(again.Search("")) != 2 || len(again.Trash()) != 1 {
		t.Errorf("after a restart: %d pictures, %d in the trash", len(again.Search("")), len(again.Trash()))
	}
	path := again.Path(all[0].ID)
	noError(t, again.EmptyTrash(time.Now()))
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file outlived the emptied trash: %v", err)
	}
	for _, p := range again.Search("") {
		if img, err := again.Thumbnail(t.Context(), p.ID, 32); err != nil || max(img.Bounds().Dx(), img.Bounds().Dy()) != 32 {
			t.Errorf("the thumbnail of %s: %v", p.ID, err)
		}
	}
}

func TestFilesThatOthersReferToStay(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	used := r.keep(1, "a", "used by a dataset")
	twin := r.keep(2, "b", "the same content twice")
	r.keep(2, "c", "the same content twice")
	gone := r.keep(3, "d", "used by nobody")
	r.inUse[used.Hash] = true
	paths := map[string]string{"a": r.Path("a"), "b": r.Path("b"), "d": r.Path("d")}
	noError(t, r.Delete(used.ID, twin.ID, gone.ID))
	noError(t, r.EmptyTrash(time.Now().Add(time.Hour)))
	for id, stays := range map[string]bool{"a": true, "b": true, "d": false} {
		if _, err := os.Stat(paths[id]); (err == nil) != stays {
			t.Errorf("the file of %s: %v", id, err)
		}
	}
}

func TestAFlawedPictureIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	whole := assets.Samples(1)[0].JPEG
	for name, row := range map[string]struct {
		content             []byte
		ext                 string
		unreadable, damaged bool
	}{
		"cut":     {whole[:len(whole)/2], "jpg", false, true},
		"unknown": {[]byte("\x01\x02\xfe\xfd"), "bin", true, false},
		"avif":    {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"), "avif", true, false},
	} {
		p, err := r.store(row.content, library.Picture{ID: name})
		noError(t, err)
		noError(t, r.db.Update(func(tx *storage.Tx) error { return r.Record(tx, p) }))
		r.Show(p)
		if p.Ext != row.ext || p.Unreadable.IsZero() == row.unreadable || p.Damaged.IsZero() == row.damaged {
			t.Errorf("%s is stored as %+v", name, p)
		}
		path, err := r.Export(name, t.TempDir())
		noError(t, err)
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, row.content) {
			t.Errorf("%s is exported otherwise: %v", name, err)
		}
		_, err = r.Thumbnail(t.Context(), name, 64)
		if (err != nil) != row.unreadable {
			t.Errorf("the thumbnail of %s: %v", name, err)
		}
	}
}

// A graphic with the bytes of one that was ordered, too: what is drawn of the
// one is no way to see the other.
func TestAGraphicThatWasNotOrderedIsListedAndExportedButNeverDrawn(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	r := open(t, home)
	graphic := []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>`)
	for id, task := range map[string]string{"wanted": "draw", "sent": "paint", "old": "paint"} {
		in, err := r.Receive(t.Context(), ordered(task), func(w io.Writer) error {
			_, err := w.Write(graphic)
			return err
		})
		noError(t, err)
		p, err := in.Store(library.Picture{ID: id, Task: task})
		noError(t, err)
		if id == "old" {
			p.Unreadable = providers.Sentence{} // as versions recorded it that drew any graphic
		}
		noError(t, r.db.Update(func(tx *storage.Tx) error { return r.Record(tx, p) }))
	}
	r.db.Close()
	r = open(t, home)
	for id, drawn := range map[string]bool{"wanted": true, "sent": false, "old": false} {
		p, _ := r.Picture(id)
		_, err := r.Thumbnail(t.Context(), id, 64)
		if (err == nil) != drawn || p.Unreadable.IsZero() != drawn || p.Ext != "svg" {
			t.Errorf("%s is listed as %+v and drawn with %v", id, p, err)
		}
		path, err := r.Export(id, t.TempDir())
		noError(t, err)
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, graphic) {
			t.Errorf("%s is exported otherwise: %v", id, err)
		}
	}
	if _, err := r.Thumbnail(t.Context(), photo.Ref(must(r.Picture("wanted")).Hash, "svg"), 64); err == nil {
		t.Error("its file is drawn by itself")
	}
}

func must(p library.Picture, _ bool) library.Picture { return p }

func TestADiscardedFileLeavesNothing(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	r := open(t, home)
	in, err := r.Receive(t.Context(), providers.Pixels, func(w io.Writer) error {
		_, err := io.WriteString(w, "<html>sign in</html>")
		return err
	})
	noError(t, err)
	if in.Found.NotPicture.IsZero() {
		t.Errorf("found %+v", in.Found)
	}
	in.Discard()
	if left, _ := filepath.Glob(filepath.Join(home, "library", "*")); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}

func TestTheTrashIsInTheOrderOfDeletingAndEmptiedOneByOne(t *testing.T) {
	r := open(t, t.TempDir())
	var ids []string
	for i := range 6 {
		ids = append(ids, r.keep(i+1, string(rune('a'+i)), "a fox").ID)
	}
	noError(t, r.Delete(ids[4]))
	noError(t, r.Delete(ids[0], ids[1], ids[2], ids[3]))
	trashed := func() (list []string) {
		for _, p := range r.Trash() {
			list = append(list, p.ID)
		}
		return list
	}
	if want := []string{"d", "c", "b", "a", "e"}; !slices.Equal(trashed(), want) {
		t.Errorf("the trash is %q, wanted %q", trashed(), want)
	}
	path := r.Path("c")
	noError(t, r.Remove("c", "f"))
	if want := []string{"d", "b", "a", "e"}; !slices.Equal(trashed(), want) {
		t.Errorf("afterwards the trash is %q, wanted %q", trashed(), want)
	}
	if _, here := r.Picture("f"); !here {
		t.Error("a picture was removed that isn't in the trash")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("its file is still there")
	}
}
