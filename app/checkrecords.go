// The part of a check that looks at records and backups.

package app

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// The tables whose rooms take a repaired record over at once.
const (
	picturesTable = "pictures"
	modelsTable   = "models"
	datasetsTable = "datasets"
	settingsTable = "settings"
	choicesTable  = "choices"
)

// records looks at each record, and at those that are in quarantine.
func (c *check) records(context.Context) error {
	err := c.db.EachRecord(func(id storage.RecordID, bad *storage.RecordError) {
		c.report.Records++
		if bad != nil {
			c.found(Finding{KindRecord, id.Table + "/" + id.Key, Damaged, providers.Say("This record can't be read: %v. Close Maquette and open it again: it is then set aside, and can be repaired.", bad.Err)})
		}
	})
	if err != nil {
		return providers.Errorf("checking the records: %v", err)
	}
	waiting, err := c.db.Quarantined()
	if err != nil || len(waiting) == 0 {
		return err
	}
	whole := map[storage.RecordID][]byte{}
	if c.Repair {
		wanted := make([]storage.RecordID, len(waiting))
		for i, q := range waiting {
			wanted[i] = storage.RecordID{Table: q.Table, Key: q.Key}
		}
		whole = storage.FromBackups(c.layout.DB, wanted, func(id storage.RecordID, record []byte) bool { return !jobs.StandsIn(id.Table, record) })
	}
	for _, q := range waiting {
		f := Finding{KindRecord, q.Table + "/" + q.Key, Damaged, providers.Say("This record could not be read and is in quarantine: %s", q.Reason)}
		if c.Repair {
			f.State, f.Message = c.repairRecord(q, whole[storage.RecordID{Table: q.Table, Key: q.Key}])
		}
		c.found(f)
	}
	return nil
}

// repairRecord puts a record's backup in its place, or what is left of itself
// where no payment hangs on that.
func (c *check) repairRecord(q storage.Quarantined, backup []byte) (FindingState, providers.Sentence) {
	if backup != nil {
		if err := c.restoreRecord(q, backup); err != nil {
			return Damaged, providers.Say("This record is in a backup, but could not be put back: %v", err)
		}
		return Repaired, providers.Say("This record was put back from a backup.")
	}
	if q.Table == choicesTable {
		if err := c.db.Update(func(tx *storage.Tx) error { return storage.MarkRepaired(tx, q) }); err != nil {
			return Damaged, providers.SentenceOf(err)
		}
		return Repaired, providers.Say("It said which dataset is open: it is chosen anew.")
	}
	if rest := c.remains(q); rest != nil {
		if err := c.restoreRecord(q, rest); err != nil {
			return Damaged, providers.Say("This record could not be put back: %v", err)
		}
		return Repaired, providers.Say("No backup holds this record. It was put back as it is: something in it may have changed.")
	}
	return Quarantined, providers.Say("No backup holds this record. It stays in quarantine as it was: %s", q.Reason)
}

// restoreRecord puts a record in its table and has its room take it over.
func (c *check) restoreRecord(q storage.Quarantined, record []byte) error {
	ours, err := c.Jobs.Restore(q, record, func(job string) (images, trained []string) {
		for _, m := range c.Models.List() {
			if m.Job == job {
				trained = append(trained, m.ID)
			}
		}
		return c.Library.OfJob(job), trained
	})
	if ours || err != nil {
		return err
	}
	if err := c.db.Update(func(tx *storage.Tx) error { return storage.Repair(tx, q, record) }); err != nil {
		return err
	}
	switch q.Table {
	case picturesTable:
		return c.Library.Reread(q.Key)
	case modelsTable:
		return c.Models.Reread(q.Key)
	case datasetsTable:
		return c.Datasets.Reload()
	case settingsTable:
		return c.Settings.Reload()
	}
	return nil // read when it is needed, at the next start at the latest
}

// remains is a damaged record's own JSON, where it still is what its table
// holds and nothing paid depends on each bit of it.
func (c *check) remains(q storage.Quarantined) []byte {
	text := json.RawMessage{}
	if json.Unmarshal(q.Raw, &text) != nil {
		return nil
	}
	var err error
	switch q.Table {
	case picturesTable:
		var p library.Picture
		if err = json.Unmarshal(text, &p); err == nil && p.ID == q.Key {
			err = c.Studio.files.Verify(p.Hash, p.Ext)
		}
	case datasetsTable:
		var d struct {
			Photos []struct {
				Hash string `json:"hash"`
				Ext  string `json:"ext"`
			} `json:"photos"`
		}
		err = json.Unmarshal(text, &d)
		for _, p := range d.Photos {
			err = errors.Join(err, c.Studio.files.Verify(p.Hash, p.Ext))
		}
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	return text
}

// backups looks into each backup. One that is damaged is moved aside, and
// another is made where none is left of today.
func (c *check) backups(context.Context) error {
	again := false
	all := storage.Backups(c.layout.DB)
	for _, b := range all {
		c.report.Backups++
		f := Finding{Kind: KindBackup, ID: filepath.Base(b.Path), State: Damaged}
		if isKeptFrom(b.Err) {
			f.Message = keptFrom(b.Err)
			c.found(f)
			continue
		}
		switch {
		case b.Err != nil:
			f.Message = providers.Say("This backup is damaged: %v", b.Err)
		case b.Unreadable > 0:
			f.Message = providers.Say("%d records of this backup can't be read.", b.Unreadable)
		default:
			continue
		}
		if c.Repair {
			if err := c.setAside(b.Path); err != nil {
				f.Message = providers.Say("This backup is damaged and could not be moved aside: %v", err)
			} else {
				f.State, again = Repaired, true
				f.Message = providers.Say("This backup was damaged. It lies in quarantine now; the next one takes its place.")
			}
		}
		c.found(f)
	}
	if again {
		c.backUp(time.Now())
	}
	return nil
}
