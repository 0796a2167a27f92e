// Damage of every kind to everything that is kept, and what is promised of it.

package app_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

// kept is a data directory with two pictures, a dataset, a model, thumbnails and a backup, closed.
func kept(t *testing.T) (*world, storage.Layout) {
	t.Helper()
	w := newWorld(t)
	studio, closeStudio := w.open()
	_, err := studio.Datasets.AddPhotos(t.Context(), samplePhotos(t, 2), nil)
	noError(t, err)
	trained := run(t, studio, training(t, studio))
	drawn := run(t, studio, foxes())
	if trained.State != providers.Done || drawn.State != providers.Done {
		t.Fatalf("%+v %+v", trained.Error, drawn.Error)
	}
	for _, id := range drawn.Images {
		_, err := studio.Library.Thumbnail(t.Context(), id, 64)
		noError(t, err)
	}
	closeStudio()
	l := storage.LayoutAt(w.dir)
	noError(t, os.RemoveAll(l.Backups))
	_, closeStudio = w.open() // makes the day's backup of all that
	w.until("the backup", func() bool { return len(storage.Backups(l.DB)) == 1 })
	closeStudio()
	return w, l
}

func (w *world) until(what string, done func() bool) {
	w.t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Fatalf("no %s", what)
}

// filesIn are the regular files below a folder.
func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

// hurts are what can happen to a file.
func hurts(r *rand.Rand) map[string]func(b []byte) []byte {
	return map[string]func(b []byte) []byte{
		"deleted":   func([]byte) []byte { return nil },
		"emptied":   func([]byte) []byte { return []byte{} },
		"cut":       func(b []byte) []byte { return b[:r.IntN(len(b)/4)] },
		"lengthens": func(b []byte) []byte { return append(b, 0) },
		"zeroed":    func(b []byte) []byte { return make([]byte, len(b)) },
		"a bit": func(b []byte) []byte {
			at := r.IntN(len(b) * 8)
			b[at/8] ^= 1 << (at % 8)
			return b
		},
	}
}

func hurt(t *testing.T, path string, how func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	noError(t, err)
	noError(t, os.Remove(path))
	if b = how(b); b != nil {
		noError(t, os.WriteFile(path, b, 0o600))
	}
}

// rounds is how often the table is gone through, and the seed of its chances: what MAQUETTE_SOAK and MAQUETTE_SEED say, or
// once with a seed of the moment.
func rounds(t *testing.T) (n int, r *rand.Rand) {
	t.Helper()
	n, _ = strconv.Atoi(cmp.Or(os.Getenv("MAQUETTE_SOAK"), "1"))
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("MAQUETTE_SEED"), strconv.FormatInt(time.Now().UnixNano(), 10)), 10, 64)
	noError(t, err)
	t.Logf("%d rounds, MAQUETTE_SEED=%d", n, seed)
	return n, rand.New(rand.NewPCG(seed, 2))
}

func checked(t *testing.T, w *world, repair bool) app.Report {
	t.Helper()
	studio, closeStudio := w.open()
	defer closeStudio()
	report, err := studio.Check(t.Context(), app.Checking{Repair: repair})
	noError(t, err)
	return report
}

func kinds(report app.Report, states ...app.FindingState) []string {
	found := map[string]bool{}
	for _, f := range report.Findings {
		if slices.Contains(states, f.State) {
			found[f.Kind] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Whatever happens to a kept file is found, mended where the service or a backup has it, and named where not; a second
// check finds no more than what can't be mended; nothing is paid.
func TestDamageToFilesIsFoundAndRepaired(t *testing.T) {
	n, r := rounds(t)
	for range n {
		w, l := kept(t)
		paid := w.paid()
		if report := checked(t, w, false); len(report.Remaining()) > 0 || report.Pictures != 2 || report.Models == 0 || report.Backups != 1 || report.Thumbnails < 2 {
			t.Fatalf("undamaged: %+v", report)
		}
		pictures := map[string]bool{}
		studio, closeStudio := w.open()
		for _, p := range studio.Library.Search("") {
			pictures[studio.Library.Path(p.ID)] = true
		}
		closeStudio()
		picture, photos := func(path string) bool { return pictures[path] }, func(path string) bool { return !pictures[path] }
		all := func(string) bool { return true }
		for _, row := range []struct {
			kind, dir string
			which     func(path string) bool
			remains   app.FindingState // after a repair; "" for nothing
		}{
			{app.KindPicture, l.Library, picture, ""},
			{app.KindPhoto, l.Library, photos, app.Quarantined},
			{app.KindModel, l.Models, all, ""},
			{app.KindThumbnail, l.Thumbs, all, ""},
			{app.KindBackup, l.Backups, all, ""},
		} {
			for how, do := range hurts(r) {
				t.Run(row.kind+" "+how, func(t *testing.T) {
					files := slices.DeleteFunc(filesIn(t, row.dir), func(path string) bool { return !row.which(path) })
					path := files[r.IntN(len(files))]
					before, err := os.ReadFile(path)
					noError(t, err)
					defer os.WriteFile(path, before, 0o600) // for the next row, where it can't be repaired
					hurt(t, path, do)
					now, _ := os.ReadFile(path)
					nothing := how == "deleted" && (row.kind == app.KindThumbnail || row.kind == app.KindBackup)
					nothing = nothing || bytes.Equal(now, before)
					w.t = t
					report := checked(t, w, false)
					if row.kind == app.KindBackup && (how == "a bit" || how == "lengthens") {
						nothing = len(report.Remaining()) == 0 // what a database doesn't use is no damage
					}
					if got := kinds(report, app.Damaged); nothing != (len(got) == 0) || !nothing && got[0] != row.kind {
						t.Fatalf("the check finds %v: %+v", got, report.Findings)
					}
					report = checked(t, w, true)
					if got := kinds(report, app.Repaired); row.remains == "" && nothing != (len(got) == 0) {
						t.Errorf("the repair finds %+v", report.Findings)
					}
					again := checked(t, w, false)
					if got := kinds(again, app.Damaged, app.Lost, app.Quarantined); (row.remains == "") != (len(got) == 0) {
						t.Errorf("a second check finds %+v", again.Findings)
					}
					if row.kind == app.KindPicture {
						if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
							t.Errorf("the picture isn't what it was: %v", err)
						}
					}
				})
			}
		}
		if w.paid() != paid {
			t.Errorf("%d requests were paid by repairing", w.paid()-paid)
		}
	}
}

// paid counts what was ever paid at the services.
func (w *world) paid() int {
	total := 0
	for _, service := range registry.All() {
		total += w.Submissions(service.ID)
	}
	return total
}

// inRecords changes the raw bytes of one record.
func inRecords(t *testing.T, l storage.Layout, table, prefix string, change func(b []byte) []byte) (key string) {
	t.Helper()
	bolt, err := bbolt.Open(l.DB, 0o600, nil)
	noError(t, err)
	err = bolt.Update(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(table))
		k, v := bucket.Cursor().Seek([]byte(prefix))
		key = string(k)
		return bucket.Put(bytes.Clone(k), change(bytes.Clone(v)))
	})
	noError(t, err)
	noError(t, bolt.Close())
	return key
}

// One unreadable record locks nothing out: the rest is there, a trouble says so, and a repair brings it back from the backup.
func TestOneUnreadableRecordLocksNothingOut(t *testing.T) {
	_, r := rounds(t)
	for _, row := range []struct {
		table string
		back  bool // at once; else read at the next start
	}{{"jobs", true}, {"steps", true}, {"claims", true}, {"pictures", true}, {"models", true}, {"datasets", true}, {"choices", true}} {
		t.Run(row.table, func(t *testing.T) {
			w, l := kept(t)
			paid := w.paid()
			key := inRecords(t, l, row.table, "", hurts(r)["a bit"])
			studio, closeStudio := w.open()
			if !slices.ContainsFunc(studio.Troubles.List(), func(tr app.Trouble) bool { return tr.Code == app.TroubleRecords }) {
				t.Error("nothing says so")
			}
			if row.table == "jobs" {
				job, found := studio.Jobs.Job(key)
				if !found || job.State != providers.NeedsYou || !job.Damaged || !strings.Contains(job.Error.Message.String(), "record is damaged") {
					t.Errorf("the job is %+v", job)
				}
			}
			studio.Resume()
			closeStudio()
			report := checked(t, w, false)
			if got := kinds(report, app.Damaged); !slices.Equal(got, []string{app.KindRecord}) {
				t.Errorf("the check finds %+v", report.Findings)
			}
			report = checked(t, w, true)
			if got := kinds(report, app.Repaired); !slices.Equal(got, []string{app.KindRecord}) || len(report.Remaining()) > 0 {
				t.Errorf("the repair finds %+v", report.Findings)
			}
			if again := checked(t, w, false); len(again.Remaining()) > 0 {
				t.Errorf("a second check finds %+v", again.Findings)
			}
			studio, _ = w.open()
			if n := len(studio.Jobs.List()); n != 2 {
				t.Errorf("there are %d jobs", n)
			}
			for _, job := range studio.Jobs.List() {
				if job.State != providers.Done || job.Damaged {
					t.Errorf("%s is %s", job.ID, job.State)
				}
			}
			if len(studio.Library.Search("")) != 2 || len(studio.Models.List()) == 0 || len(studio.Datasets.Photos()) == 0 {
				t.Error("something is missing")
			}
			if w.paid() != paid {
				t.Error("something was paid")
			}
		})
	}
}

// A damaged record is no witness against the files that it names.
func TestADamagedJobsPhotosAreNotJudgedByItsRecord(t *testing.T) {
	w, l := kept(t)
	inRecords(t, l, "jobs", "", func(b []byte) []byte {
		hash := []byte(`"hash":"`)
		at := bytes.Index(b, hash) + len(hash)
		if at < len(hash) {
			t.Fatal("the job's record names no photo")
		}
		b[at] ^= 1
		return b
	})
	report := checked(t, w, false)
	if got := kinds(report, app.Damaged); !slices.Equal(got, []string{app.KindRecord}) {
		t.Errorf("the check finds %+v", report.Findings)
	}
}

// What is paid and whose record can't be read is never sent again, by resuming, retrying or deciding.
func TestAnUnreadableJobIsNeverSentAgain(t *testing.T) {
	for _, table := range []string{"jobs", "steps"} {
		t.Run(table, func(t *testing.T) {
			w := newWorld(t)
			studio, closeStudio := w.open()
			job := start(t, studio, foxes())
			w.until("the paid request", func() bool { now, _ := studio.Jobs.Job(job.ID); return now.Paid })
			closeStudio()
			paid, l := w.paid(), storage.LayoutAt(w.dir)
			noError(t, os.RemoveAll(l.Backups))
			inRecords(t, l, table, job.ID, func(b []byte) []byte { b[len(b)/2] ^= 4; return b })
			studio, closeStudio = w.open()
			studio.Resume()
			now, found := studio.Jobs.Job(job.ID)
			if !found || now.State != providers.NeedsYou || now.Ask == nil || now.Task != "luma/image" && table == "steps" {
				t.Fatalf("the job is %+v", now)
			}
			if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{Look: true}); err == nil {
				asked := wait(t, studio, job.ID)
				if asked.State != providers.NeedsYou {
					t.Errorf("asked again, the job is %s", asked.State)
				}
			}
			if report, err := studio.Check(t.Context(), app.Checking{Repair: true}); err != nil || len(report.Remaining()) == 0 {
				t.Errorf("without a backup the repair says %+v, %v", report.Findings, err)
			}
			given, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{GiveUp: true})
			if err != nil || given.State != providers.Failed {
				t.Fatalf("given up, the job is %s, %v", given.State, err)
			}
			if table == "jobs" {
				if _, _, err := studio.Jobs.Retry(t.Context(), job.ID); err == nil {
					t.Error("a job of which nothing is known is tried again")
				}
			}
			closeStudio()
			studio, closeStudio = w.open()
			studio.Resume()
			if report, err := studio.Check(t.Context(), app.Checking{}); err != nil || len(report.Remaining()) > 0 {
				t.Errorf("once it was given up the check says %+v, %v", report.Findings, err)
			}
			closeStudio()
			if w.paid() != paid {
				t.Errorf("%d were paid instead of %d", w.paid(), paid)
			}
		})
	}
}

// A lost database never begins empty without a word: the newest good backup takes its place, what was made since comes back
// from its file; without a backup everything comes back that a file tells.
func TestALostDatabaseComesBack(t *testing.T) {
	_, r := rounds(t)
	for how, do := range hurts(r) {
		if how == "a bit" || how == "lengthens" {
			continue
		}
		for _, backup := range []bool{true, false} {
			t.Run(how+" with a backup "+strconv.FormatBool(backup), func(t *testing.T) {
				w, l := kept(t)
				studio, closeStudio := w.open()
				later := run(t, studio, foxes())
				closeStudio()
				paid := w.paid()
				if !backup {
					noError(t, os.RemoveAll(l.Backups))
				}
				hurt(t, l.DB, do)
				_, err := app.Open(w.config())
				damage, is := app.DamageOf(err)
				if !is {
					t.Fatalf("it opens with %v", err)
				}
				if (damage.Backup != nil) != backup || damage.Models == 0 || damage.Files < 4 {
					t.Errorf("the damage is %+v", damage)
				}
				replace := damage.Rebuild
				if backup {
					if damage.Backup.Jobs != 2 || damage.Backup.Pictures != 2 {
						t.Errorf("the backup holds %+v", damage.Backup)
					}
					replace = damage.Restore
				}
				_, err = replace()
				noError(t, err)
				report := checked(t, w, true)
				if len(report.Remaining()) > 0 {
					t.Errorf("after that the check finds %+v", report.Findings)
				}
				studio, _ = w.open()
				hashes := map[string]bool{}
				for _, p := range studio.Library.Search("") {
					hashes[p.Hash] = true
				}
				if want := 2 + len(later.Images); len(hashes) < want || len(studio.Models.List()) == 0 {
					t.Errorf("there are %d pictures instead of %d, and %d models", len(hashes), want, len(studio.Models.List()))
				}
				if n := len(studio.Jobs.List()); backup && n != 2 {
					t.Errorf("there are %d jobs", n)
				}
				if w.paid() != paid {
					t.Error("something was paid")
				}
			})
		}
	}
}

// A damaged file is never handed on as a good one.
func TestADamagedFileIsNotHandedOn(t *testing.T) {
	w, l := kept(t)
	for _, path := range append(filesIn(t, l.Library), filesIn(t, l.Models)...) {
		hurt(t, path, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	}
	studio, _ := w.open()
	out := t.TempDir()
	picture := studio.Library.Search("")[0]
	if _, err := studio.Library.Export(picture.ID, out); !errors.Is(err, storage.ErrDamagedFile) {
		t.Errorf("a picture: %v", err)
	}
	photos := studio.Datasets.Photos()
	if _, err := studio.Datasets.ExportOriginals(t.Context(), photos, out, nil); !errors.Is(err, storage.ErrDamagedFile) {
		t.Errorf("originals: %v", err)
	}
	if _, err := studio.Datasets.ExportEdited(t.Context(), photos, out, nil); !errors.Is(err, storage.ErrDamagedFile) {
		t.Errorf("edited copies: %v", err)
	}
	if _, err := studio.Models.Export(t.Context(), studio.Models.List()[0].ID, out); !errors.Is(err, storage.ErrDamagedFile) {
		t.Errorf("a model: %v", err)
	}
	if left := filesIn(t, out); len(left) > 0 {
		t.Errorf("exported all the same: %v", left)
	}
	paid := w.paid()
	order := jobs.Order{
		Task: "dreamlook/dreambooth", Photos: photos, Consent: true,
		Values: map[string]any{"instance_prompt": "photo of a paper fox", "steps": 600},
	}
	if job := run(t, studio, order); job.State != providers.Failed || w.paid() != paid {
		t.Errorf("a training on damaged photos is %s", job.State)
	}
}

func TestACheckCanBeStopped(t *testing.T) {
	w, _ := kept(t)
	studio, _ := w.open()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := studio.Check(ctx, app.Checking{}); err == nil {
		t.Error("it went on")
	}
}

// What the system keeps the program from reading is named and left where it is: nothing is known of it.
func TestWhatMayNotBeReadIsNamedAndLeftAlone(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	w, l := kept(t)
	picture := filesIn(t, l.Library)[0]
	for _, path := range []string{l.Backups, l.Library, l.Thumbs, picture} {
		before, err := os.Stat(path)
		noError(t, err)
		noError(t, os.Chmod(path, 0))
		for _, repair := range []bool{false, true} {
			report := checked(t, w, repair)
			if len(report.Remaining()) == 0 {
				t.Errorf("%s: nothing was found", filepath.Base(path))
			}
			for _, f := range report.Remaining() {
				if f.State != app.Damaged || !strings.Contains(f.Message.String(), "can't be read") {
					t.Errorf("%s: %s %s is %s: %s", filepath.Base(path), f.Kind, f.ID, f.State, f.Message)
				}
			}
		}
		noError(t, os.Chmod(path, before.Mode()))
		if report := checked(t, w, false); len(report.Remaining()) > 0 {
			t.Errorf("%s, readable again: %v", filepath.Base(path), report.Remaining())
		}
	}
}
