// What keeps a data directory in order.

package app

import (
	"time"
)

// Maintain does what is due: files that a kill left behind are swept, a backup
// is made once a day, copies of photos that nobody needs are removed from the
// bucket, and so are the bodies of copied requests. What can't be done is
// shown as a trouble and tried again by the next Maintain.
func (s *Studio) Maintain() {
	if err := s.layout.Sweep(); err != nil {
		s.Troubles.Set("sweep", "Files left by an interrupted write could not be removed", err.Error())
	}
	s.maintainAt(time.Now())
}

func (s *Studio) maintainAt(now time.Time) {
	s.backUp(now)
	s.Jobs.SweepHosted(s.ctx, now)
	s.Recorder.DropBodies(now)
}

// maintainHourly maintains until the studio closes.
func (s *Studio) maintainHourly() {
	s.Maintain()
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

func (s *Studio) backUp(now time.Time) {
	if err := s.db.BackupDaily(s.layout.Backups, now); err != nil {
		s.Troubles.Set("backup", "The daily backup could not be made", err.Error())
		return
	}
	s.Troubles.Clear("backup")
}
