package app_test

import (
	"maps"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
)

func TestWhatIsNotAtAServiceYetOutlivesARestart(t *testing.T) {
	w := newWorld(t)
	studio, closing := w.open()
	want := remote.Unsent{
		Captions: map[string]remote.UnsentCaption{"7": {Dataset: "4", Text: "a red fox", Send: true}},
		Photos:   map[string][]remote.UnsentPhoto{"4": {{Photo: photo.Photo{Hash: "ab", Ext: "png", Name: "fox.png"}, Tried: true}}},
	}
	if err := studio.Waiting.Change("bria", func(kept *remote.Unsent) { *kept = want }); err != nil {
		t.Fatal(err)
	}
	closing()
	studio, _ = w.open()
	got := studio.Waiting.Unsent("bria")
	if !maps.Equal(got.Captions, want.Captions) || len(got.Photos["4"]) != 1 {
		t.Fatalf("after a restart there are %+v", got)
	}
	if photo := got.Photos["4"][0]; !photo.Tried || photo.Hash != "ab" || photo.Name != "fox.png" {
		t.Errorf("the photo became %+v", photo)
	}
	if other := studio.Waiting.Unsent("luma"); len(other.Captions)+len(other.Photos) > 0 {
		t.Errorf("another service has %+v", other)
	}

	got.Captions["7"] = remote.UnsentCaption{Text: "changed"}
	if studio.Waiting.Unsent("bria").Captions["7"].Text != "a red fox" {
		t.Error("changing a copy changes what is kept")
	}
}

func TestPhotosToBeUploadedOutliveTheTrash(t *testing.T) {
	studio, _ := newWorld(t).open()
	wantState(t, run(t, studio, fox()), providers.Done)
	picture := studio.Library.Search("")[0]
	photo := photo.Photo{Hash: picture.Hash, Ext: picture.Ext, Name: "fox"}
	noError(t, studio.Waiting.Change("bria", func(kept *remote.Unsent) { kept.Photos["4"] = []remote.UnsentPhoto{{Photo: photo}} }))
	noError(t, studio.Library.Delete(picture.ID))
	noError(t, studio.Library.EmptyTrash(time.Now().Add(time.Hour)))
	if _, err := studio.Library.Thumbnail(t.Context(), photo.Ref(), 32); err != nil {
		t.Error(err)
	}
}
