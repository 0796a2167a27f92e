package app_test

import (
	"maps"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

func TestWhatIsNotAtAServiceYetOutlivesARestart(t *testing.T) {
	w := newWorld(t)
	studio, closing := w.open()
	want := app.Unsent{
		Captions: map[string]app.UnsentCaption{"7": {Dataset: "4", Text: "a red fox", Send: true}},
		Photos:   map[string][]app.UnsentPhoto{"4": {{DatasetPhoto: app.DatasetPhoto{Hash: "ab", Ext: "png", Name: "fox.png"}, Tried: true}}},
	}
	if err := studio.ChangeUnsent("bria", func(kept *app.Unsent) { *kept = want }); err != nil {
		t.Fatal(err)
	}
	closing()
	studio, _ = w.open()
	got := studio.Unsent("bria")
	if !maps.Equal(got.Captions, want.Captions) || len(got.Photos["4"]) != 1 {
		t.Fatalf("after a restart there are %+v", got)
	}
	if photo := got.Photos["4"][0]; !photo.Tried || photo.Hash != "ab" || photo.Name != "fox.png" {
		t.Errorf("the photo became %+v", photo)
	}
	if other := studio.Unsent("luma"); len(other.Captions)+len(other.Photos) > 0 {
		t.Errorf("another service has %+v", other)
	}

	got.Captions["7"] = app.UnsentCaption{Text: "changed"}
	if studio.Unsent("bria").Captions["7"].Text != "a red fox" {
		t.Error("changing a copy changes what is kept")
	}
}

func TestPhotosToBeUploadedOutliveTheTrash(t *testing.T) {
	studio, _ := newWorld(t).open()
	wantState(t, run(t, studio, fox()), providers.Done)
	picture := studio.Search("")[0]
	photo := app.DatasetPhoto{Hash: picture.Hash, Ext: picture.Ext, Name: "fox"}
	noError(t, studio.ChangeUnsent("bria", func(kept *app.Unsent) { kept.Photos["4"] = []app.UnsentPhoto{{DatasetPhoto: photo}} }))
	noError(t, studio.Delete(picture.ID))
	noError(t, studio.EmptyTrash(time.Now().Add(time.Hour)))
	if _, err := studio.Thumbnail(t.Context(), photo.Ref(), 32); err != nil {
		t.Error(err)
	}
}
