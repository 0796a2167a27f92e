// Checking all that is kept, and repairing what can be.

package app

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// FindingState says what became of something that was found.
type FindingState string

// What can become of a finding.
const (
	Damaged     FindingState = "damaged"     // found, and left as it is
	Repaired    FindingState = "repaired"    // whole again
	Quarantined FindingState = "quarantined" // moved aside as it was: no whole one was found
	Lost        FindingState = "lost"        // gone, and no whole one was found
	Unused      FindingState = "unused"      // whole, but nothing refers to it: no damage
)

// What can be found.
const (
	KindDatabase  = "database"
	KindRecord    = "record"
	KindPicture   = "picture"
	KindPhoto     = "photo"
	KindModel     = "model"
	KindThumbnail = "thumbnail"
	KindBackup    = "backup"
	KindFile      = "file"
)

// Finding is one thing that isn't as it should be, and what became of it.
type Finding struct {
	Kind    string
	ID      string
	State   FindingState
	Message providers.Sentence
}

// Remains reports whether damage remains.
func (f Finding) Remains() bool {
	return f.State == Damaged || f.State == Quarantined || f.State == Lost
}

// Report is what a check found.
type Report struct {
	Records, Pictures, Photos, Models, Thumbnails, Backups int // looked at
	Findings                                               []Finding
}

// Repaired is how many findings were repaired.
func (r Report) Repaired() (n int) {
	for _, f := range r.Findings {
		if f.State == Repaired {
			n++
		}
	}
	return n
}

// Remaining are the findings whose damage remains.
func (r Report) Remaining() (list []Finding) {
	for _, f := range r.Findings {
		if f.Remains() {
			list = append(list, f)
		}
	}
	return list
}

// CheckProgress is how far a check is: bytes read of those to be read.
type CheckProgress struct{ Done, Of int64 }

// Checking says how everything is checked.
type Checking struct {
	// Repair mends what can be mended: from backups, from the services, free of
	// cost, and by moving what can't be mended out of the way.
	Repair bool
	// Found is called with each finding, Tell with progress; either may be nil.
	// They are called one at a time, on any goroutine.
	Found func(Finding)
	Tell  func(CheckProgress)
}

// check is one check under way.
type check struct {
	*Studio
	Checking

	mu       sync.Mutex
	report   Report
	progress CheckProgress
	told     time.Time
}

// tellEvery bounds how often progress is told.
const tellEvery = 100 * time.Millisecond

func (c *check) found(f Finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.Findings = append(c.report.Findings, f)
	if c.Found != nil {
		c.Found(f)
	}
}

// read counts bytes that were read, or passed over.
func (c *check) read(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.progress.Done += n
	if c.Tell != nil && (time.Since(c.told) > tellEvery || c.progress.Done >= c.progress.Of) {
		c.told = time.Now()
		c.Tell(c.progress)
	}
}

// Check reads everything that is kept: the database and its records, pictures,
// photos, models, thumbnails and backups. It ends early with ctx, and returns
// what it found by then. One check runs at a time, another waits. It reads and, repairing,
// writes: never call it on the UI goroutine.
func (s *Studio) Check(ctx context.Context, how Checking) (Report, error) {
	select {
	case s.checking <- struct{}{}:
	case <-ctx.Done():
		return Report{}, context.Cause(ctx)
	}
	defer func() { <-s.checking }()
	c := &check{Studio: s, Checking: how}
	for _, part := range []func(context.Context) error{
		c.database, c.records, c.comeBack, c.files, c.thumbnails, c.backups, c.unused,
	} {
		if ctx.Err() != nil {
			return c.report, context.Cause(ctx)
		}
		if err := part(ctx); err != nil {
			return c.report, err
		}
	}
	s.tellQuarantine()
	return c.report, nil
}

func (c *check) database(context.Context) error {
	if err := c.db.Check(); err != nil {
		c.found(Finding{KindDatabase, databaseName, Damaged, providers.Say("%v. Close Maquette and open it again: it then offers the newest good backup.", err)})
	}
	return nil
}

// databaseName is the database's in the findings.
const databaseName = "maquette.db"

// thumbnails are a cache: what is bad is made again when it is looked at.
func (c *check) thumbnails(ctx context.Context) (err error) {
	c.report.Thumbnails, err = c.thumbs.Check(c.Repair, func(name string) error {
		f := Finding{KindThumbnail, name, Damaged, providers.Say("This thumbnail is damaged; it is made again when it is looked at.")}
		if c.Repair {
			f.State = Repaired
		}
		c.found(f)
		return ctx.Err()
	})
	if isKeptFrom(err) {
		c.found(Finding{KindThumbnail, filepath.Base(c.layout.Thumbs), Damaged, keptFrom(err)})
		return ctx.Err()
	}
	if err != nil && ctx.Err() == nil {
		return providers.Errorf("checking the thumbnails: %v", err)
	}
	return ctx.Err()
}
