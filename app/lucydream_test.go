// LucyDream: a service that can't be asked, and delivers its models to the bucket.

package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// portrait is the order of a training on five small photos.
func portrait(t *testing.T, studio *app.Studio) jobs.Order {
	t.Helper()
	var paths []string
	for i := range 5 {
		picture := image.NewGray(image.Rect(0, 0, 64, 64))
		for p := range picture.Pix {
			picture.Pix[p] = uint8(p * (i + 1))
		}
		var content bytes.Buffer
		if err := png.Encode(&content, picture); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.png", i))
		if err := os.WriteFile(path, content.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	taken, rejected, err := studio.Intake.Photos(t.Context(), paths)
	if err != nil || len(rejected) > 0 {
		t.Fatal(err, rejected)
	}
	return jobs.Order{
		Task: "lucydream/train", Photos: taken, Consent: true,
		Values: map[string]any{"title": "Paper fox", "name": "woman"},
	}
}

// store is the way into the sandbox's bucket that isn't Maquette's.
func (w *world) store() *minio.Client {
	w.t.Helper()
	b := w.Bucket()
	client, err := minio.New(strings.TrimPrefix(b.Endpoint, "http://"), &minio.Options{
		Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, ""), Region: b.Region, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return client
}

// delivered lists the ids of the models in the bucket.
func (w *world) delivered() []string {
	w.t.Helper()
	var ids []string
	for object := range w.store().ListObjects(w.t.Context(), w.Bucket().Name, minio.ListObjectsOptions{}) {
		if object.Err != nil {
			w.t.Fatal(object.Err)
		}
		if id, model := strings.CutSuffix(object.Key, ".safetensors"); model {
			ids = append(ids, id)
		}
	}
	return ids
}

func TestAModelInTheBucketIsKeptAndCanBeFetchedAgain(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	job := run(t, studio, portrait(t, studio))
	wantState(t, job, providers.Done)
	if len(job.Models) != 1 || !job.Paid || job.Consent == nil || w.Submissions("lucydream") != 1 {
		t.Fatalf("the job is %+v after %d paid requests", job, w.Submissions("lucydream"))
	}
	model, _ := studio.Models.Model(job.Models[0])
	wholeModel(t, studio, model)
	if model.Object != job.RemoteID+".safetensors" || !model.Expires.IsZero() || !model.Downloadable() {
		t.Errorf("the model is %+v", model)
	}
	if stored, err := json.Marshal(model); err != nil || strings.Contains(string(stored), "X-Amz") {
		t.Errorf("a link that ends is stored: %s, %v", stored, err)
	}

	if err := os.Remove(studio.Models.Path(model)); err != nil {
		t.Fatal(err)
	}
	if _, err := studio.Models.Download(t.Context(), model.ID); err != nil {
		t.Fatal(err)
	}
	wholeModel(t, studio, model)
	if left := w.delivered(); len(left) != 1 || left[0] != job.RemoteID {
		t.Errorf("the bucket holds the models %v", left)
	}
}

func TestAModelComesWholeOutOfABucketInTrouble(t *testing.T) {
	for _, fault := range []string{"cut x2", "reset x1", "status 403 x2", "status 503 x2"} {
		t.Run(fault, func(t *testing.T) {
			w := newWorld(t)
			studio, _ := w.open()
			job := run(t, studio, portrait(t, studio))
			wantState(t, job, providers.Done)
			model, _ := studio.Models.Model(job.Models[0])
			if err := os.Remove(studio.Models.Path(model)); err != nil {
				t.Fatal(err)
			}
			if err := w.AddFault("bucket GET /maquette-sandbox/" + model.Object + ": " + fault); err != nil {
				t.Fatal(err)
			}
			if _, err := studio.Models.Download(t.Context(), model.ID); err != nil {
				t.Fatal(err)
			}
			wholeModel(t, studio, model)
		})
	}
}

func TestAModelThatIsGoneFromTheBucketIsMissedAtOnce(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	job := run(t, studio, portrait(t, studio))
	wantState(t, job, providers.Done)
	model, _ := studio.Models.Model(job.Models[0])
	if err := os.Remove(studio.Models.Path(model)); err != nil {
		t.Fatal(err)
	}
	if err := w.store().RemoveObject(t.Context(), w.Bucket().Name, model.Object, minio.RemoveObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	_, err := studio.Models.Download(t.Context(), model.ID)
	if err == nil || !strings.Contains(err.Error(), model.Object+", is not in the bucket") {
		t.Errorf("got %v", err)
	}
}

func TestALucyDreamAnswerThatIsLostIsLookedForByAPerson(t *testing.T) {
	needing := func(t *testing.T, fault string) (*world, *app.Studio, jobs.Job) {
		w := newWorld(t, fault)
		studio, _ := w.open()
		job := run(t, studio, portrait(t, studio))
		wantState(t, job, providers.NeedsYou)
		if job.Error.Money != providers.MoneyUnknown || !strings.Contains(job.Ask.Look.String(), ".safetensors") || len(job.Ask.Candidates) != 0 {
			t.Fatalf("the question is %+v", job.Ask)
		}
		return w, studio, job
	}
	t.Run("it is in the bucket", func(t *testing.T) {
		w, studio, job := needing(t, "lucydream POST: lost x1")
		var ids []string
		for len(ids) == 0 {
			if t.Context().Err() != nil {
				return
			}
			ids = w.delivered()
		}
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Adopt: ids[0] + ".safetensors"}); err != nil {
			t.Fatal(err)
		}
		job = wait(t, studio, job.ID)
		wantState(t, job, providers.Done)
		if len(job.Models) != 1 || job.RemoteID != ids[0] || w.Submissions("lucydream") != 1 {
			t.Fatalf("%d models, %d paid requests", len(job.Models), w.Submissions("lucydream"))
		}
	})
	t.Run("a model belongs to one job, whether named by its file or its id", func(t *testing.T) {
		w, studio, job := needing(t, "lucydream POST: lost x2")
		var ids []string
		for len(ids) == 0 && t.Context().Err() == nil {
			ids = w.delivered()
		}
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Adopt: ids[0] + ".safetensors"}); err != nil {
			t.Fatal(err)
		}
		wantState(t, wait(t, studio, job.ID), providers.Done)
		second := run(t, studio, portrait(t, studio))
		wantState(t, second, providers.NeedsYou)
		for _, name := range []string{ids[0], ids[0] + ".safetensors"} {
			if _, err := studio.Jobs.Resolve(second.ID, jobs.Resolution{Adopt: name}); err == nil || !strings.Contains(err.Error(), job.ID) {
				t.Errorf("%s is adopted twice: %v", name, err)
			}
		}
	})
	t.Run("it is not, and is sent again", func(t *testing.T) {
		w, studio, job := needing(t, "lucydream POST: status 500 x1")
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Resubmit: true}); err != nil {
			t.Fatal(err)
		}
		wantState(t, wait(t, studio, job.ID), providers.Done)
		if w.Submissions("lucydream") != 1 {
			t.Fatalf("%d paid requests", w.Submissions("lucydream"))
		}
	})
	t.Run("asking again changes nothing", func(t *testing.T) {
		w, studio, job := needing(t, "lucydream POST: lost x1")
		if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Look: true}); err != nil {
			t.Fatal(err)
		}
		wantState(t, wait(t, studio, job.ID), providers.NeedsYou)
		if w.Submissions("lucydream") != 1 {
			t.Fatalf("%d paid requests", w.Submissions("lucydream"))
		}
	})
}
