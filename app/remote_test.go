package app_test

import (
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

func TestPhotosToBeUploadedOutliveTheTrash(t *testing.T) {
	studio, _ := newWorld(t, "bria POST /tailored-gen/datasets: status 503").open()
	wantState(t, run(t, studio, fox()), providers.Done)
	picture := studio.Library.Search("")[0]
	waiting := photo.Photo{Hash: picture.Hash, Ext: picture.Ext, Name: "fox", Width: 1024, Height: 1024}
	if _, err := studio.Bria.Uploads.Add(t.Context(), "4", []photo.Photo{waiting}, true, nil); err == nil {
		t.Fatal("the upload to a service in trouble did not fail")
	}
	if left := studio.Bria.Uploads.Waiting("4"); len(left) != 1 {
		t.Fatalf("%d photos wait", len(left))
	}
	noError(t, studio.Library.Delete(picture.ID))
	noError(t, studio.Library.EmptyTrash(time.Now().Add(time.Hour)))
	if _, err := studio.Library.Thumbnail(t.Context(), waiting.Ref(), 32); err != nil {
		t.Error(err)
	}
}
