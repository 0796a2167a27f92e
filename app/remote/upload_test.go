package remote_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/storage"
)

// captioned counts the images with a person's caption "my fox".
func captioned(d remote.Dataset) int {
	n := 0
	for _, img := range d.Images {
		if strings.HasPrefix(img.Caption, "my fox") && img.Source == remote.Manual {
			n++
		}
	}
	return n
}

// settled is the dataset once its captions are written and sent.
func settled(t *testing.T, r *remote.Remote, dataset remote.ID) remote.Dataset {
	t.Helper()
	d, err := r.Captions.Await(t.Context(), dataset, nil)
	noError(t, err)
	return d
}

func TestPicturesAreAddedOnceWithTheirCaptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	foxes := w.foxes(2)
	var told []remote.Uploading
	done, err := r.Uploads.Add(t.Context(), made.dataset, foxes, true, func(u remote.Uploading) { told = append(told, u) })
	if err != nil || done.Added != 2 || done.Left != 0 || done.There != 0 || done.Room != 199 {
		t.Fatalf("%+v, %v", done, err)
	}
	if len(told) != 2 || told[1] != (remote.Uploading{Done: 1, Of: 2, Room: 199}) {
		t.Errorf("told is %+v", told)
	}
	d := settled(t, r, made.dataset)
	if len(d.Images) != 3 || captioned(d) != 2 {
		t.Errorf("there are %+v", d.Images)
	}
	if got := w.ask("images", in(made.dataset)); strings.Contains(got, "private") || !strings.Contains(got, "my fox 0") || captioned(settled(t, r, made.dataset)) != 2 {
		t.Errorf("at Bria there is %s", got)
	}
	done, err = r.Uploads.Add(t.Context(), made.dataset, foxes[1:], true, nil)
	if err != nil || done.Added != 0 || done.There != 1 || done.Left != 0 {
		t.Errorf("again: %+v, %v", done, err)
	}
}

// The name is what finds a picture again that an earlier version added.
func TestAPictureIsNamedByItsContentAsEver(t *testing.T) {
	t.Parallel()
	var names []string
	edited := photo.Photo{Hash: "ab", Ext: "png", Edit: photo.Edit{MinEdge: 1024}}
	r := (&fake{answer: func(call string, values providers.Values) (string, error) {
		if call == "image-upload" {
			names = append(names, values.Text("image_name"))
		}
		return `{"id":4,"images_count":0,"images":[]}`, nil
	}}).open(t)
	if _, err := r.Uploads.Add(t.Context(), "4", []photo.Photo{{Hash: "ab", Ext: "png", Name: "fox.png"}, edited}, true, nil); err != nil {
		t.Fatal(err)
	}
	if want := []string{"maquette-48ee9b70a989", "maquette-df495259b8dd"}; !slices.Equal(names, want) {
		t.Errorf("the names are %v", names)
	}
}

func TestAFailedUploadKeepsTheRestAndAddsNothingTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	// The second picture arrives, but no answer comes.
	noError(t, w.AddFault("bria POST /tailored-gen/datasets/: lost x1 after1"))
	done, err := r.Uploads.Add(t.Context(), made.dataset, w.foxes(4), true, nil)
	if err == nil || done.Added != 1 || done.Left != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	waiting := r.Uploads.Waiting(made.dataset)
	if len(waiting) != 3 || waiting[0].Name != "private fox 1.png" || !waiting[0].Tried || waiting[1].Tried || len(r.Uploads.Hashes()) != 3 {
		t.Errorf("waiting are %+v", waiting)
	}
	done, err = r.Uploads.Add(t.Context(), made.dataset, nil, true, nil)
	if err != nil || done.Added != 3 || done.Left != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	if d := settled(t, r, made.dataset); len(d.Images) != 5 || captioned(d) != 4 {
		t.Errorf("there are %+v", d.Images)
	}
}

func TestACancelledUploadCanBeGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	noError(t, w.AddFault("bria POST /tailored-gen/datasets/: stall 30s x1 after1"))
	ctx, cancel := context.WithCancel(t.Context())
	done, err := r.Uploads.Add(ctx, made.dataset, w.foxes(3), true, func(u remote.Uploading) {
		if u.Done == 1 {
			time.AfterFunc(100*time.Millisecond, cancel)
		}
	})
	if !errors.Is(err, context.Canceled) || done.Left != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	noError(t, r.Uploads.Forget(made.dataset))
	if len(r.Uploads.Waiting(made.dataset)) != 0 {
		t.Errorf("%d are kept", len(r.Uploads.Waiting(made.dataset)))
	}
}

func TestAnUploadThatWasCutGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, closing := w.open()
	noError(t, w.AddFault("bria POST /tailored-gen/datasets/: lost x1 after1"))
	foxes := w.foxes(3)
	if _, err := r.Uploads.Add(t.Context(), made.dataset, foxes, true, nil); err == nil {
		t.Fatal("nothing went wrong")
	}
	closing()
	r, _ = w.open()
	if len(r.Uploads.Waiting(made.dataset)) != 2 {
		t.Fatalf("waiting are %+v", r.Uploads.Waiting(made.dataset))
	}
	done, err := r.Uploads.Add(t.Context(), made.dataset, foxes, true, nil) // the same again
	if err != nil || done.Added != 2 || done.There != 1 || done.Left != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	if d := settled(t, r, made.dataset); len(d.Images) != 4 || captioned(d) != 3 {
		t.Errorf("there are %+v", d.Images)
	}
}

func TestAPictureThatTheServiceCannotUseDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	small := w.photo("small.png", "", conformance.Picture(500, 500))
	done, err := r.Uploads.Add(t.Context(), made.dataset, append([]photo.Photo{small}, w.foxes(1)...), true, nil)
	if err != nil || done.Added != 1 || done.Left != 0 || len(done.Rejected) != 1 || done.Rejected[0].Name != "small.png" || done.Rejected[0].Reason.IsZero() {
		t.Errorf("%+v, %v", done, err)
	}
	if d, err := r.Dataset(t.Context(), made.dataset); err != nil || len(d.Images) != 2 {
		t.Errorf("there are %+v, %v", d.Images, err)
	}
}

func TestNothingIsSentBeyondWhatADatasetHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill() // one is there
	service := bria.Service()
	upload, _ := service.FindCall("bria/image-upload")
	upload.Photos.Max = 3
	w.service = &service
	r, _ := w.open()
	var told remote.Uploading
	done, err := r.Uploads.Add(t.Context(), made.dataset, w.foxes(4), true, func(u remote.Uploading) { told = u })
	if err != nil || done.Added != 2 || done.Room != 2 || done.Over != 2 || done.Left != 2 || !told.Short || told.Room != 2 {
		t.Errorf("%+v, told %+v, %v", done, told, err)
	}
	done, err = r.Uploads.Add(t.Context(), made.dataset, nil, true, nil)
	if err != nil || done.Added != 0 || done.Room != 0 || done.Over != 2 || len(r.Uploads.Waiting(made.dataset)) != 2 {
		t.Errorf("again: %+v, %v", done, err)
	}
	if d, err := r.Dataset(t.Context(), made.dataset); err != nil || len(d.Images) != 3 {
		t.Errorf("there are %d images, %v", len(d.Images), err)
	}
}

// shelf is a dataset whose service misbehaves as told.
type shelf struct {
	names  []string
	upload func(n int) (lost bool, err error) // the nth upload; lost: it arrives unanswered
	listed func(names []string) []string
}

func (s *shelf) answer(call string, values providers.Values) (string, error) {
	switch call {
	case "image-upload":
		lost, err := false, error(nil)
		if s.upload != nil {
			lost, err = s.upload(len(s.names))
		}
		if err == nil || lost {
			s.names = append(s.names, values.Text("image_name"))
		}
		return fmt.Sprintf(`{"id":%d}`, len(s.names)), err
	case "dataset":
		return fmt.Sprintf(`{"id":4,"status":"draft","images_count":%d}`, len(s.names)), nil
	}
	names := s.names
	if s.listed != nil {
		names = s.listed(names)
	}
	var images []string
	for i, name := range names {
		images = append(images, fmt.Sprintf(`{"id":%d,"image_name":"%s.png"}`, i+1, name))
	}
	return "[" + strings.Join(images, ",") + "]", nil
}

func twoPhotos() []photo.Photo {
	return []photo.Photo{{Hash: "aa", Ext: "png", Name: "a"}, {Hash: "bb", Ext: "png", Name: "b"}}
}

func TestWhatAListThatWasCutMayHideIsNotAddedAgain(t *testing.T) {
	t.Parallel()
	s := &shelf{upload: func(n int) (bool, error) {
		if n == 0 {
			return true, &providers.Failure{Kind: providers.ServiceTrouble, Outcome: providers.Unclear, Message: providers.Say("broken off")}
		}
		return false, nil
	}}
	s.listed = func([]string) []string { return nil }
	f := &fake{answer: s.answer}
	r := f.open(t)
	if done, err := r.Uploads.Add(t.Context(), "4", twoPhotos(), true, nil); err == nil || done.Left != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	done, err := r.Uploads.Add(t.Context(), "4", nil, true, nil)
	if fail := failureOf(t, err); !strings.Contains(fail.Message.String(), "doesn't list all") || done.Left != 2 || len(s.names) != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	s.listed = nil
	if done, err = r.Uploads.Add(t.Context(), "4", nil, true, nil); err != nil || done.Added != 2 || done.Left != 0 || len(s.names) != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestTooManyRequestsKeepTheRest(t *testing.T) {
	t.Parallel()
	refuse := true
	s := &shelf{upload: func(n int) (bool, error) {
		if n == 1 && refuse {
			return false, &providers.Failure{Kind: providers.RateLimited, Outcome: providers.Refused, Status: http.StatusTooManyRequests}
		}
		return false, nil
	}}
	r := (&fake{answer: s.answer}).open(t)
	done, err := r.Uploads.Add(t.Context(), "4", twoPhotos(), true, nil)
	if failureOf(t, err).Kind != providers.RateLimited || done.Added != 1 || done.Left != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	refuse = false
	if done, err = r.Uploads.Add(t.Context(), "4", nil, true, nil); err != nil || done.Added != 1 || len(s.names) != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestTwoUploadsTakeTurnsAndAddNothingTwice(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	r := (&fake{answer: s.answer}).open(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := r.Uploads.Add(t.Context(), "4", twoPhotos(), true, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(s.names) != 2 || len(r.Uploads.Waiting("4")) != 0 {
		t.Errorf("there are %v", s.names)
	}
}

// What a version before this room kept is read as it was written.
func TestYesterdaysRecordOpens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	db, err := storage.Open(w.db)
	noError(t, err)
	noError(t, db.Update(func(tx *storage.Tx) error {
		return storage.NewTable[map[string]any]("unsent").Put(tx, "bria", map[string]any{
			"captions": map[string]any{"7": map[string]any{"dataset": "4", "text": "a red fox", "send": true}},
			"photos": map[string]any{"4": []any{map[string]any{
				"hash": "ab", "ext": "webp", "name": "fox.webp", "caption": "sits", "width": 1200, "height": 1100, "bytes": 9, "has_alpha": true,
				"edit":  map[string]any{"background": "#ffffff", "crop": map[string]any{"X": 1, "Y": 2, "W": 3, "H": 4}},
				"added": "2025-11-02T10:00:00Z", "tried": true,
			}}},
		})
	}))
	noError(t, db.Close())
	check := func(r *remote.Remote) {
		t.Helper()
		if c, typed := r.Captions.Typed("7"); !typed || c != (remote.Caption{Dataset: "4", Text: "a red fox", Send: true}) {
			t.Errorf("the caption is %+v", c)
		}
		waiting := r.Uploads.Waiting("4")
		if len(waiting) != 1 || !waiting[0].Tried || waiting[0].Name != "fox.webp" || waiting[0].Edit.Background != "#ffffff" || waiting[0].Width != 1200 || waiting[0].Added.IsZero() {
			t.Errorf("waiting are %+v", waiting)
		}
		if !slices.Equal(r.Uploads.Hashes(), []string{"ab"}) {
			t.Errorf("needed are %v", r.Uploads.Hashes())
		}
	}
	r, closing := w.open()
	check(r)
	r.Captions.Type(remote.Dataset{ID: "4"}, remote.Image{ID: "8"}, "new")
	noError(t, r.Captions.Save())
	closing()
	r, _ = w.open()
	check(r)
}

// One photo that fails stops no other; the end says which, and it is kept.
func TestAPhotoThatFailsIsToldAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	asked := 0
	r := (&fake{answer: func(call string, _ providers.Values) (string, error) {
		if call == "image-upload" {
			asked++
			switch asked {
			case 1:
				return "", &providers.Failure{Kind: providers.NoStorage, Message: providers.Plain("its file is damaged"), Cause: storage.ErrDamagedFile}
			case 3:
				return "", &providers.Failure{Kind: providers.ServiceTrouble, Status: http.StatusInternalServerError, Message: providers.Plain("trouble there")}
			}
		}
		return `{"id":4,"images_count":0,"images":[]}`, nil
	}}).open(t)
	var photos []photo.Photo
	for i := range 4 {
		photos = append(photos, photo.Photo{Hash: fmt.Sprint("ab", i), Ext: "png", Name: fmt.Sprint(i, ".png")})
	}
	done, err := r.Uploads.Add(t.Context(), "4", photos, true, nil)
	if err == nil || done.Added != 2 || done.Left != 2 || len(done.Rejected) != 2 || done.Rejected[0].Name != "0.png" || done.Rejected[1].Name != "2.png" {
		t.Errorf("%+v, %v", done, err)
	}
}
