package datasets_test

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a data directory.
type world struct {
	t   *testing.T
	dir string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{t, t.TempDir()}
}

// rooms are the datasets, and what they work with.
type rooms struct {
	Datasets *datasets.Datasets
	Intake   *intake.Intake
	Library  *library.Library
}

// open opens the data directory; it is closed when the test ends, or earlier
// by the returned function.
func (w *world) open() (*rooms, func()) {
	w.t.Helper()
	layout := storage.LayoutAt(w.dir)
	noError(w.t, layout.Make())
	db, err := storage.Open(layout.DB)
	noError(w.t, err)
	closed := false
	closing := func() {
		if !closed {
			closed = true
			noError(w.t, db.Close())
		}
	}
	w.t.Cleanup(closing)
	files, err := storage.OpenFiles(layout.Library)
	noError(w.t, err)
	thumbs, err := storage.OpenThumbs(layout.Thumbs, 1<<20)
	noError(w.t, err)
	r := &rooms{}
	r.Library, err = library.Load(library.Config{DB: db, Files: files, Thumbs: thumbs, Changed: func(string) {}, Ordered: func(string) string { return providers.Pixels }})
	noError(w.t, err)
	r.Intake = intake.New(files, r.Library.File, func() []photo.Photo { return r.Datasets.EveryPhoto() })
	r.Datasets, err = datasets.Load(datasets.Config{DB: db, Files: files, Intake: r.Intake, Changed: func(string) {}})
	noError(w.t, err)
	return r, closing
}

// samplePhotos writes n sample photos and returns their paths.
func samplePhotos(t *testing.T, n int) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, sample := range assets.Samples(n) {
		path := filepath.Join(dir, sample.Name)
		noError(t, os.WriteFile(path, sample.JPEG, 0o600))
		paths = append(paths, path)
	}
	return paths
}

// addSamples puts n sample photos into the current dataset.
func addSamples(t *testing.T, r *rooms, n int) {
	t.Helper()
	rejected, err := r.Datasets.AddPhotos(t.Context(), samplePhotos(t, n), nil)
	if err != nil || len(rejected) > 0 {
		t.Fatal(err, rejected)
	}
}

// photos takes n sample photos in.
func photos(t *testing.T, r *rooms, n int) []photo.Photo {
	t.Helper()
	taken, rejected, err := r.Intake.Photos(t.Context(), samplePhotos(t, n))
	if err != nil || len(rejected) > 0 {
		t.Fatal(err, rejected)
	}
	return taken
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// exported drops how many files an export wrote.
func exported(_ int, err error) error { return err }

// plantMetadata is a copy of a JPEG that tells where it was taken.
func plantMetadata(t *testing.T, path string) string {
	t.Helper()
	jpeg, err := os.ReadFile(path)
	noError(t, err)
	comment := "taken at 52.5163, 13.3777"
	segment := string([]byte{0xff, 0xfe, 0, byte(len(comment) + 2)}) + comment
	planted := filepath.Join(t.TempDir(), "secret place.jpg")
	noError(t, os.WriteFile(planted, []byte(string(jpeg[:2])+segment+string(jpeg[2:])), 0o600))
	return planted
}
