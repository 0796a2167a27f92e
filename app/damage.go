// A data directory whose database is damaged or gone: what can be put in its
// place, and what comes back from the files beside it.

package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Damage is a database that can't be opened.
type Damage struct {
	Dir   string // the data directory
	Cause error
	// Backup is its newest good backup; nil for none.
	Backup *Backup
	// Files counts the library's files, Models the downloaded models that lie
	// beside it.
	Files, Models int

	db string
}

// Backup is a backup that can take a database's place.
type Backup struct {
	Made                             time.Time
	Jobs, Pictures, Models, Datasets int
	// Unreadable counts the records in it that can't be read.
	Unreadable int

	path string
}

// DamageOf is what Open's error tells of a damaged database; !ok where it is
// another error. It reads the backups: never call it on the UI goroutine.
func DamageOf(err error) (d Damage, ok bool) {
	var damaged *storage.DamagedError
	if !errors.As(err, &damaged) {
		return Damage{}, false
	}
	d = Damage{Dir: filepath.Dir(damaged.Path), Cause: damaged.Cause, db: damaged.Path}
	if b, found := storage.NewestGood(storage.Backups(d.db)); found {
		d.Backup = &Backup{
			Made: b.Made, Jobs: b.Records["jobs"], Pictures: b.Records[picturesTable], Models: b.Records[modelsTable],
			Datasets: b.Records[datasetsTable], Unreadable: b.Unreadable, path: b.Path,
		}
	}
	layout := storage.LayoutAt(d.Dir)
	if files, err := storage.OpenFiles(layout.Library); err == nil {
		_ = files.Each(func(storage.Stored) error { d.Files++; return nil })
	}
	if entries, err := os.ReadDir(layout.Models); err == nil {
		for _, e := range entries {
			if ext := filepath.Ext(e.Name()); e.Type().IsRegular() && ext != ".part" && ext != ".validator" {
				d.Models++
			}
		}
	}
	return d, true
}

// Mended is how a database was replaced.
type Mended struct {
	Aside string // the name that the damaged file has now, "" where there was none
}

// HoldsData reports whether a folder is a data directory, or the demo's.
func HoldsData(dir string) bool {
	for _, root := range []string{dir, filepath.Join(dir, "demo")} {
		if _, err := os.Stat(storage.LayoutAt(root).DB); err == nil {
			return true
		}
	}
	return false
}

// Restore puts the newest good backup in the database's place. What was made
// since comes back from its files when the directory is opened; what was paid
// since is looked for before anything is sent.
func (d Damage) Restore() (Mended, error) {
	if d.Backup == nil {
		return Mended{}, providers.Errorf("there is no good backup")
	}
	return d.mended(storage.Restore(d.db, d.Backup.path, time.Now()))
}

// Rebuild puts an empty database in its place: pictures and models come back
// from their files when the directory is opened, jobs don't.
func (d Damage) Rebuild() (Mended, error) { return d.mended(storage.Rebuild(d.db, time.Now())) }

func (d Damage) mended(aside string, err error) (Mended, error) {
	if err != nil {
		return Mended{}, failure.Storage("replacing the database", err)
	}
	if aside == "" {
		return Mended{}, nil
	}
	return Mended{filepath.Base(aside)}, nil
}

// back is what came back from files beside a database that was replaced.
type back struct {
	replaced bool
	pictures []library.Picture
	models   []string
}

// findBack makes records of pictures and models whose files lie there and whose
// records a replaced database lacks. It does so once in the studio's life.
func (s *Studio) findBack() (found back, err error) {
	after, replaced, err := s.db.FoundAfter()
	if err != nil || !replaced {
		return back{}, err
	}
	found.replaced = true
	strays, err := s.strays()
	if err != nil {
		return found, err
	}
	var lost []storage.Stored
	for _, file := range strays {
		if !file.ModTime().Before(after) {
			lost = append(lost, file)
		}
	}
	if found.pictures, err = s.Library.Found(s.ctx, lost); err != nil {
		return found, err
	}
	names, err := s.Models.Files()
	if err != nil {
		return found, err
	}
	for _, name := range names {
		if m, err := s.Models.Found(s.ctx, name); err == nil {
			found.models = append(found.models, m.ID)
		} else if s.ctx.Err() != nil {
			return found, err
		}
	}
	if err := s.db.Update(s.db.FoundAll); err != nil {
		return found, failure.Storage("writing down what was found", err)
	}
	s.Troubles.Set("replaced", providers.Say("The database was replaced"), providers.Say(
		"%d pictures and %d models came back from their files. What jobs of a backup send next is looked for at their services first, so that nothing is paid twice.",
		len(found.pictures), len(found.models)))
	return found, nil
}

// comeBack is the part of a check that says what came back.
func (c *check) comeBack(context.Context) error {
	found, err := c.foundBack()
	if err != nil {
		return err
	}
	for _, p := range found.pictures {
		c.found(Finding{KindPicture, p.ID, Repaired, providers.Say("It came back from its file; what made it isn't known.")})
	}
	for _, id := range found.models {
		c.found(Finding{KindModel, id, Repaired, providers.Say("It came back from its file.")})
	}
	return nil
}

// tellQuarantine shows as long as records are in quarantine that they are.
func (s *Studio) tellQuarantine() {
	list, err := s.db.Quarantined()
	if err != nil || len(list) == 0 {
		s.Troubles.Clear(TroubleRecords)
		return
	}
	s.Troubles.Set(TroubleRecords, providers.Say("Some records can't be read"), providers.Say(
		"%d records of the database are damaged and were set aside; all others are here. Have everything checked and repaired: it looks into the backups.", len(list)))
}

// TroubleRecords is the code of the trouble that records can't be read.
const TroubleRecords = "records"
