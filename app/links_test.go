// What gives access at a service stays no longer than something needs it.

package app_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

var signs = regexp.MustCompile(`(?i)X-(Amz|Goog)-(Signature|Credential|Security-Token)|Signature=|\b(sig|token|hmac)=`)

// leftSigned are the places below a data directory where a link is still
// signed. Of the database what it holds counts: its free pages are written over
// when they are used again.
func (w *world) leftSigned() (places []string) {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".db") {
			return err
		}
		content, err := os.ReadFile(path)
		if signs.Match(content) {
			places = append(places, path)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	db, err := bbolt.Open(storage.LayoutAt(w.dir).DB, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(table []byte, bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(key, record []byte) error {
				if signs.Match(key) || signs.Match(record) {
					places = append(places, string(table)+" "+string(key)+": "+string(signs.Find(record)))
				}
				return nil
			})
		})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return places
}

func TestNoSignedLinkOutlivesAJobThatIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, closing := w.open()
	trained := run(t, studio, briaTraining(t, studio))
	wantState(t, trained, providers.Done)
	both := training(t, studio)
	both.Task, both.Values["image_gen"] = "dreamlook/dreambooth_image_gen", []map[string]any{{"prompt": "a fox", "num_samples": 1}}
	for _, order := range []jobs.Order{
		foxes(), reframing(t, studio), both, portrait(t, studio),
		{Task: "dreamlook/image_gen", Values: map[string]any{"prompt": "a fox", "num_samples": 1}},
		{Task: "bria/text-to-image", Values: map[string]any{"model_id": trained.Models[0], "prompt": "a fox", "num_results": 1}},
	} {
		job := run(t, studio, order)
		wantState(t, job, providers.Done)
		for _, model := range job.Models {
			if m, _ := studio.Models.Model(model); !m.Downloadable() {
				continue
			}
			if _, err := studio.Models.Download(t.Context(), model); err != nil {
				t.Error(err)
			}
		}
	}
	closing()
	for _, place := range w.leftSigned() {
		t.Errorf("a link is signed in %s", place)
	}
}

// However else a job ends, what was free and what is over loses its signature;
// what was paid for and may lie behind a link and nowhere else keeps it, until
// the link says that it has ended.
func TestSignedLinksOfJobsThatEndedOtherwise(t *testing.T) {
	t.Parallel()
	const lasting, signed = "https://here.example/x.png?Expires=4000000000&Signature=", "https://here.example/x.png?Expires=1000000000&Signature="
	for name, row := range map[string]struct {
		faults []string
		end    func(studio *app.Studio, job jobs.Job) error
		state  providers.State
	}{
		"failed, and may go on": {faults: []string{"luma GET /generations: status 401"}, state: providers.NeedsYou},
		"given up": {faults: []string{"luma GET /generations: status 401"}, state: providers.Failed, end: func(studio *app.Studio, job jobs.Job) error {
			_, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{GiveUp: true})
			return err
		}},
		"refused": {faults: []string{"luma POST /generations: status 400"}, state: providers.Failed},
		"cancelled": {faults: []string{"luma GET /generations: stall 20s"}, state: providers.Cancelled, end: func(studio *app.Studio, job jobs.Job) error {
			return studio.Jobs.Cancel(job.ID)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, row.faults...)
			studio, closing := w.open()
			job := start(t, studio, fox())
			if row.state != providers.Cancelled {
				wait(t, studio, job.ID)
			}
			if row.end == nil {
				row.end = func(*app.Studio, jobs.Job) error { return nil }
			}
			if err := row.end(studio, job); err != nil {
				t.Fatal(err)
			}
			wantState(t, wait(t, studio, job.ID), row.state)
			closing()
			w.addStep(job.ID+"/free", false, signed+"free-ended")
			w.addStep(job.ID+"/free2", false, lasting+"free")
			w.addStep(job.ID+"/paid", true, signed+"paid-ended")
			w.addStep(job.ID+"/paid2", true, lasting+"paid")
			again, closing := w.open()
			if row.state != providers.NeedsYou {
				if err := again.Jobs.DropSignatures(); err != nil {
					t.Fatal(err)
				}
			}
			closing()
			left := strings.Join(w.leftSigned(), "\n")
			if row.state == providers.NeedsYou {
				if !strings.Contains(left, "/paid2") {
					t.Errorf("what a person decides about is lost: %s", left)
				}
				return
			}
			if got := strings.Count(left, "Signature="); got != 1 || !strings.Contains(left, job.ID+"/paid2") {
				t.Errorf("signed are %s", left)
			}
		})
	}
}

// addStep writes what a step of the job was answered into the closed database.
func (w *world) addStep(key string, paid bool, link string) {
	w.t.Helper()
	db, err := storage.Open(storage.LayoutAt(w.dir).DB)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	written, err := json.Marshal(map[string]any{
		"done": true, "paid": paid, "sent": time.Now(), "receipt": map[string]any{"id": key, "answer": map[string]any{"urls": []string{link}}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	steps := storage.NewTable[json.RawMessage]("steps")
	if err := db.Update(func(tx *storage.Tx) error { return steps.Put(tx, key, written) }); err != nil {
		w.t.Fatal(err)
	}
}
