// What keeps a data directory in order, for every command and the window alike.

package app

import (
	"errors"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// maintain does what is due, at once and then every hour until the studio
// closes. What can't be done is shown as a trouble and tried again.
func (s *Studio) maintain() {
	if err := s.layout.Sweep(); err != nil {
		s.Troubles.Set("sweep", providers.Say("Files left by an interrupted write could not be removed"), providers.SentenceOf(err))
	}
	if _, err := s.foundBack(); err != nil && s.ctx.Err() == nil {
		s.Troubles.Set("replaced", providers.Say("Not all that lies beside the replaced database could be brought back"), providers.SentenceOf(err))
	}
	s.maintainAt(time.Now())
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case now := <-tick.C:
			s.maintainAt(now)
		}
	}
}

// maintainAt makes the day's backup, and removes what nobody needs by now: what
// signs the links of jobs that are done, the
// copies of photos in the bucket, and the bodies of copied requests.
func (s *Studio) maintainAt(now time.Time) {
	if err := s.Jobs.DropSignatures(); err != nil && s.ctx.Err() == nil {
		s.Troubles.Set("links", providers.Say("Old links could not be made useless yet"), providers.SentenceOf(err))
	} else {
		s.Troubles.Clear("links")
	}
	s.backUp(now)
	s.Jobs.SweepHosted(s.ctx, now)
	s.Recorder.DropBodies(now)
}

func (s *Studio) backUp(now time.Time) {
	err := s.db.BackupDaily(s.layout.Backups, now)
	var shrunk *storage.ShrunkError
	if errors.As(err, &shrunk) {
		s.Troubles.Set("shrunk", providers.Say("The database holds far less than a backup of it"), providers.Say(
			"It holds %d records, the backup of %s holds %d; that one is kept. If something is missing here, close Maquette and put it back: %s. If nothing is, move that backup elsewhere.",
			shrunk.Now, shrunk.Backup.Made.Local().Format(time.DateTime), shrunk.Backup.Total(), shrunk.Backup.Path))
		err = nil
	} else {
		s.Troubles.Clear("shrunk")
	}
	if err != nil {
		s.Troubles.Set("backup", providers.Say("The daily backup could not be made"), providers.SentenceOf(err))
		return
	}
	s.Troubles.Clear("backup")
}
