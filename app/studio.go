// Package app opens a data directory and wires the rooms that work on it. It is
// the only place that knows them all; the window and the command line both use
// the rooms of a Studio.
package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/callbacks"
	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/datasets"
	"github.com/maquette-studio/maquette/app/door"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/app/models"
	"github.com/maquette-studio/maquette/app/money"
	"github.com/maquette-studio/maquette/app/recorder"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/storage"
)

// Config says where a studio lives and how patient it is.
type Config struct {
	Dir  string // data directory; demo mode uses its demo/ folder
	Demo bool   // run against the sandbox inside the process
	// Env reads an environment variable; nil means os.Getenv.
	Env func(string) string
	// Patience is how long a job waits for a network or service to come back
	// before it fails with everything kept; 0 means a day.
	Patience time.Duration
	// Tempo scales every wait between polls and tries; 0 means 1. Tests use
	// small values.
	Tempo float64
	// Lateness scales how long a request whose answer was lost is looked for
	// before its absence is believed; 0 means Tempo.
	Lateness float64
	// SandboxPace scales how long the demo's jobs take; 0 means 1.
	SandboxPace float64
	// SandboxMaxEdge bounds the demo's results, pixels; 0 means as large as the
	// services' own.
	SandboxMaxEdge int

	// probe is called around every durable write; tests end the program there.
	probe func(point string)
}

// Studio is an open data directory and the rooms that work on it. One process
// at a time has it.
type Studio struct {
	Events   Events
	Troubles Troubles

	Settings  *settings.Store
	Access    *access.Access
	Bucket    *access.Bucket
	Computer  *access.Computer // as a place for photos
	Place     *access.Hosted   // where services fetch photos from
	Callbacks *callbacks.Receiver
	Intake    *intake.Intake
	Datasets  *datasets.Datasets
	Library   *library.Library
	Models    *models.Models
	Jobs      *jobs.Jobs
	Recorder  *recorder.Recorder
	Prices    money.Prices
	Bria      *remote.Remote // what lies at Bria

	cfg     Config
	layout  storage.Layout
	db      *storage.DB
	files   *storage.Files
	thumbs  *storage.Thumbs
	doors   *door.Doors
	sandbox *sandbox.Sandbox // demo mode only

	checking  chan struct{}        // holds one while a check runs
	foundBack func() (back, error) // findBack, once

	ctx     context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup
	serving sync.WaitGroup // apart from work: what serves may start jobs
}

// Root is the data directory itself, or the demo's in it.
func (c Config) Root() string {
	if c.Demo {
		return filepath.Join(c.Dir, "demo")
	}
	return c.Dir
}

// Open opens the data directory, making it if need be, loads its indexes and
// maintains it until Close. Unfinished jobs go on once Resume is called. Errors: storage.ErrInUse,
// storage.ErrDamaged, storage.ErrNewer or whatever the disk says.
func Open(cfg Config) (*Studio, error) {
	if cfg.Env == nil {
		cfg.Env = os.Getenv
	}
	if cfg.Patience == 0 {
		cfg.Patience = 24 * time.Hour
	}
	if cfg.Tempo == 0 {
		cfg.Tempo = 1
	}
	if cfg.probe == nil {
		cfg.probe = func(string) {}
	}
	s := &Studio{cfg: cfg, layout: storage.LayoutAt(cfg.Root()), checking: make(chan struct{}, 1)}
	s.Troubles.changed = func(code string) { s.Events.publish(TroubleChanged, code) }
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Studio) open() (err error) {
	if err := s.layout.Make(); err != nil {
		return providers.Errorf("making the data folder: %v", err)
	}
	if s.db, err = storage.Open(s.layout.DB); err != nil {
		return err
	}
	if s.files, err = storage.OpenFiles(s.layout.Library); err != nil {
		return providers.Errorf("opening the library: %v", err)
	}
	if s.Settings, err = settings.Load(s.db, s.settingsChanged); err != nil {
		return err
	}
	if s.cfg.Demo {
		if err := s.startSandbox(); err != nil {
			return err
		}
	}
	if err := s.wire(); err != nil {
		return err
	}
	if s.cfg.Demo {
		if err := s.fillDemo(); err != nil {
			return err
		}
	}
	s.foundBack = sync.OnceValues(s.findBack)
	s.tellQuarantine()
	s.tellCrash()
	s.work.Go(s.maintain)
	return nil
}

func (s *Studio) settingsChanged() {
	s.Callbacks.FollowAgain()
	s.Events.publish(SettingsChanged, "")
}

// Resume goes on with unfinished jobs, and lets services call back.
func (s *Studio) Resume() {
	s.Callbacks.Follow()
	s.Place.Follow()
	s.Jobs.ResumeAll()
}

// Serve runs fn, which works with the studio on behalf of others, until the
// studio closes: then its context ends, and Close waits for it first.
func (s *Studio) Serve(fn func(context.Context)) {
	s.serving.Go(func() { fn(s.ctx) })
}

// Close stops every job where it stands, waits for it (a few seconds at most),
// and closes the db. Nothing is lost: at the next start jobs go on.
func (s *Studio) Close() error {
	s.stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.serving.Wait()
		if s.Callbacks != nil {
			s.Callbacks.Close()
		}
		if s.Jobs != nil {
			s.Jobs.Close()
		}
		s.work.Wait()
		if s.Computer != nil {
			s.Computer.Close()
		}
		if s.doors != nil {
			s.doors.Close()
		}
	}()
	select {
	case <-done:
	case <-time.After(closePatience):
	}
	if s.Bria != nil {
		s.Bria.Close()
	}
	if s.Bucket != nil {
		s.Bucket.Close()
	}
	var err error
	if s.sandbox != nil {
		err = s.sandbox.Close()
	}
	if s.db != nil {
		err = errors.Join(err, s.db.Close())
	}
	return err
}

const (
	closePatience = 8 * time.Second
	thumbsOnDisk  = 2 << 30 // bytes
)

// Demo reports whether the studio works against the sandbox.
func (s *Studio) Demo() bool { return s.cfg.Demo }

// Dir is where everything lies.
func (s *Studio) Dir() string { return s.layout.Root }

// Services lists the services in the order they are shown.
func (s *Studio) Services() providers.Services { return registry.All() }

// Call makes one of a service's calls, whose id the order names as its task. A
// picture of this computer's in an image field is sent as a prepared copy. What
// trains or uploads for training takes a consent, which is on disk before.
func (s *Studio) Call(ctx context.Context, order jobs.Order) (any, []providers.Problem, error) {
	call, service, ok := s.Services().Call(order.Task)
	if !ok {
		return nil, nil, providers.Errorf("there is no call %s", order.Task)
	}
	own, problems := providers.OwnIDs(service.ID, s.Services(), call.Fields, order.Values)
	if problems = append(problems, order.Invalid...); len(problems) > 0 {
		return nil, problems, nil
	}
	order.Values = own
	if problems := consent.Check(call.Person, order.Agreed()); len(problems) > 0 {
		return nil, problems, nil
	}
	if call.Person {
		if err := s.heldBack(); err != nil {
			return nil, nil, err
		}
	}
	values, problems, err := s.Intake.Inline(ctx, call.Fields, order.Values)
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	conn, err := s.Access.Conn(ctx, service)
	if err != nil {
		return nil, nil, err
	}
	if call.Person {
		conn = s.consented(ctx, order, conn)
	}
	answer, err := call.Do(ctx, conn, values)
	return answer, nil, err
}
