package jobs_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// crowded is a library on a disk that has no room so many times.
type crowded struct {
	places, records int
	stored          int
}

func (c *crowded) Receive(_ context.Context, _ string, write func(io.Writer) error) (jobs.Received, error) {
	return c, write(io.Discard)
}
func (c *crowded) Hash() string         { return "a" }
func (c *crowded) Found() photo.Finding { return photo.Finding{} }
func (c *crowded) Discard()             {}
func (c *crowded) Show()                { c.stored++ }

func (c *crowded) Store(jobs.Made) (jobs.Stored, error) {
	if c.places--; c.places >= 0 {
		return nil, &providers.Failure{Kind: providers.NoStorage, Message: providers.Say("The disk is full")}
	}
	return c, nil
}

func (c *crowded) Record(*storage.Tx) error {
	if c.records--; c.records >= 0 {
		return storage.ErrDiskFull
	}
	return nil
}

// What came once is stored as soon as there is room, and not fetched again for
// want of room.
func TestAPictureIsFetchedOnceHoweverOftenItsPlaceHasNoRoom(t *testing.T) {
	var fetched atomic.Int32
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		_, _ = io.WriteString(w, "a picture")
	}))
	defer host.Close()
	full := &crowded{places: 3, records: 3}
	service := &fakeService{address: host.URL, pictures: full, makes: host.URL + "/a.png"}
	r := open(t, t.TempDir(), service)
	job := r.ended(t, r.start(t).ID, providers.Done)
	if len(job.Images) != 1 || full.stored != 1 || fetched.Load() != 1 {
		t.Errorf("fetched %d times, shown %d times: %v", fetched.Load(), full.stored, job.Images)
	}
}

// The hourly look for signed links writes nothing where there are none: it
// goes over the whole history.
func TestLookingForSignedLinksWritesNothing(t *testing.T) {
	dir := t.TempDir()
	r := open(t, dir, &fakeService{})
	r.ended(t, r.start(t).ID, providers.Done)
	path := storage.LayoutAt(dir).DB
	before, err := os.ReadFile(path)
	noError(t, err)
	noError(t, r.DropSignatures())
	after, err := os.ReadFile(path)
	noError(t, err)
	if !bytes.Equal(before, after) {
		t.Error("something was written")
	}
}
