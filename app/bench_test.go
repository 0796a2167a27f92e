package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/storage"
)

// many is the size that lists and search are designed for.
const many = 100_000

// BenchmarkLoad opens a studio whose library holds 100,000 pictures.
func BenchmarkLoad(b *testing.B) {
	dir := filledLibrary(b)
	for b.Loop() {
		openFilled(b, dir).Close()
	}
}

// BenchmarkSearch is what one keystroke costs at 100,000 pictures.
func BenchmarkSearch(b *testing.B) {
	studio := openFilled(b, filledLibrary(b))
	defer studio.Close()
	for _, query := range []string{"", "f", "fox", "fox sea photon", "nothing like it"} {
		b.Run(fmt.Sprintf("%q", query), func(b *testing.B) {
			found := 0
			for b.Loop() {
				found = len(studio.Library.SearchIDs(query))
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}

// BenchmarkPage reads what one page of the gallery shows.
func BenchmarkPage(b *testing.B) {
	studio := openFilled(b, filledLibrary(b))
	defer studio.Close()
	ids := studio.Library.SearchIDs("")
	at := 0
	for b.Loop() {
		for _, id := range ids[at : at+60] {
			if _, ok := studio.Library.Picture(id); !ok {
				b.Fatal("a picture is missing")
			}
		}
		at = (at + 6007) % (len(ids) - 60)
	}
}

func openFilled(b *testing.B, dir string) *app.Studio {
	b.Helper()
	studio, err := app.Open(app.Config{Dir: dir, Env: func(string) string { return "" }})
	if err != nil {
		b.Fatal(err)
	}
	return studio
}

// filledLibrary writes the records of 100,000 pictures; their files aren't
// needed for lists and search.
func filledLibrary(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	db, err := storage.Open(filepath.Join(dir, "maquette.db"))
	if err != nil {
		b.Fatal(err)
	}
	table := storage.NewTable[library.Picture]("pictures")
	subjects := []string{"fox", "badger", "lighthouse", "clay robot", "old tram", "orchard"}
	places := []string{"by the sea", "on a hill", "in the rain", "under paper stars", "at the market"}
	err = db.Update(func(tx *storage.Tx) error {
		for i := range many {
			id := fmt.Sprintf("j%09d-01", i)
			err := table.Put(tx, id, library.Picture{
				ID: id, Job: id[:10], Task: "luma/image", Service: "luma", Hash: fmt.Sprintf("%064x", i), Ext: "jpg",
				Width: 1024, Height: 1024, Bytes: 200_000, Model: "photon-1", Created: time.UnixMilli(int64(i) * 1000),
				Prompt: fmt.Sprintf("a %s %s, soft light, detailed paper texture, number %d", subjects[i%len(subjects)], places[i%len(places)], i),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkThumbnails is how many thumbnails a second one worker makes, and
// how many it reads back from the cache.
func BenchmarkThumbnails(b *testing.B) {
	studio, err := app.Open(app.Config{Dir: b.TempDir(), Demo: true})
	if err != nil {
		b.Fatal(err)
	}
	defer studio.Close()
	photos := studio.Datasets.Photos()
	perSecond := func(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "thumbs/s") }
	b.Run("made", func(b *testing.B) {
		px := 100 // another size each time is never in the cache
		for b.Loop() {
			px++
			if _, err := studio.Library.Thumbnail(b.Context(), photos[px%len(photos)].Ref(), 100+px%200); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
	b.Run("cached", func(b *testing.B) {
		for b.Loop() {
			if _, err := studio.Library.Thumbnail(b.Context(), photos[0].Ref(), 160); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b)
	})
}

// BenchmarkJob compares one job with a bare loop that makes the same calls:
// the difference is what durability costs, steps and fsyncs included. Both
// wait the same millisecond between polls.
func BenchmarkJob(b *testing.B) {
	s, err := sandbox.Start(b.Context(), sandbox.Config{Dir: b.TempDir(), Pace: 0.0001})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	env := map[string]string{}
	for _, line := range s.Env() {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			bareJob(b, s.URL("luma"), s.Key("luma"))
		}
	})
	b.Run("durable", func(b *testing.B) {
		studio, err := app.Open(app.Config{Dir: b.TempDir(), Tempo: 0.001, Env: func(name string) string { return env[name] }})
		if err != nil {
			b.Fatal(err)
		}
		defer studio.Close()
		for b.Loop() {
			job, _, err := studio.Jobs.Start(b.Context(), parsed(fox()))
			if err != nil {
				b.Fatal(err)
			}
			if job, err = studio.Jobs.Wait(b.Context(), job.ID); err != nil || job.State != providers.Done {
				b.Fatal(err, job.State, job.Error)
			}
		}
	})
}

// bareJob submits, polls and saves without writing anything down.
func bareJob(b *testing.B, base, key string) {
	b.Helper()
	var generation struct {
		ID     string
		State  string
		Assets *struct{ Image string }
	}
	body := `{"prompt":"a paper fox by the sea","model":"photon-1","aspect_ratio":"16:9","format":"jpg"}`
	askJSON(b, http.MethodPost, base+"/generations/image", key, body, &generation)
	for generation.State != "completed" {
		time.Sleep(time.Millisecond)
		askJSON(b, http.MethodGet, base+"/generations/"+generation.ID, key, "", &generation)
	}
	answer, err := http.Get(generation.Assets.Image)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.TempDir(), "result.jpg"), content, 0o600); err != nil {
		b.Fatal(err)
	}
}

func askJSON(b *testing.B, method, address, key, body string, out any) {
	b.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, address, bytes.NewReader([]byte(body)))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(out); err != nil {
		b.Fatal(err)
	}
}
