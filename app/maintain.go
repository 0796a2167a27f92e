// What keeps a data directory in order, for every command and the window alike.

package app

import (
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// maintain does what is due, at once and then every hour until the studio
// closes. What can't be done is shown as a trouble and tried again.
func (s *Studio) maintain() {
	if err := s.layout.Sweep(); err != nil {
		s.Troubles.Set("sweep", providers.Say("Files left by an interrupted write could not be removed"), providers.SentenceOf(err))
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

// maintainAt makes the day's backup, and removes what nobody needs by now: the
// copies of photos in the bucket, and the bodies of copied requests.
func (s *Studio) maintainAt(now time.Time) {
	s.backUp(now)
	s.Jobs.SweepHosted(s.ctx, now)
	s.Recorder.DropBodies(now)
}

func (s *Studio) backUp(now time.Time) {
	if err := s.db.BackupDaily(s.layout.Backups, now); err != nil {
		s.Troubles.Set("backup", providers.Say("The daily backup could not be made"), providers.SentenceOf(err))
		return
	}
	s.Troubles.Clear("backup")
}
