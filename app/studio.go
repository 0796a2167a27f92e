// Package app is what Maquette does, with no screen and no network of its own:
// jobs and their durable steps, the dataset, the library of results, trained
// models, keys, the bucket and settings. The window and the command line both
// drive a Studio.
package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

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
	// SandboxPace scales how long the demo's jobs take; 0 means 1.
	SandboxPace float64

	// probe is called around every durable write; tests end the program there.
	probe func(point string)
}

// Studio is an open data directory with everything that works on it. One
// process at a time has it.
type Studio struct {
	events
	ids ids

	cfg      Config
	home     string // the data directory as it was given; cfg.Dir may be the demo's in it
	layout   storage.Layout
	db       *storage.DB
	files    *storage.Files
	thumbs   *storage.Thumbs
	keys     *storage.Keys
	sandbox  *sandbox.Sandbox // demo mode only
	services []*providers.Service

	library  *library
	models   *modelIndex
	settings *settingsStore
	engine   *engine
	troubles troubles
	datasets datasetStore
	unsent   unsentStore
	bucket   openBucket
	remote   remoteFetchers
	receiver receiver

	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup
}

// Open opens the data directory, making it if need be, and loads its indexes.
// Unfinished jobs go on once Resume is called. Errors: storage.ErrInUse,
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
	home := cfg.Dir
	if cfg.Demo {
		cfg.Dir = filepath.Join(cfg.Dir, "demo")
	}
	s := &Studio{cfg: cfg, home: home, layout: storage.LayoutAt(cfg.Dir), services: registry.All()}
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Studio) open() (err error) {
	if err := s.layout.Make(); err != nil {
		return fmt.Errorf("making the data directory: %w", err)
	}
	if s.db, err = storage.Open(s.layout.DB); err != nil {
		return err
	}
	if s.files, err = storage.OpenFiles(s.layout.Library); err != nil {
		return fmt.Errorf("opening the library: %w", err)
	}
	if s.thumbs, err = storage.OpenThumbs(s.layout.Thumbs, thumbsOnDisk); err != nil {
		return fmt.Errorf("opening the thumbnail cache: %w", err)
	}
	if s.settings, err = loadSettings(s.db); err != nil {
		return err
	}
	if err := s.openKeys(); err != nil {
		return err
	}
	if s.library, err = loadLibrary(s.db); err != nil {
		return err
	}
	if s.models, err = loadModels(s.db); err != nil {
		return err
	}
	if s.engine, err = loadEngine(s); err != nil {
		return err
	}
	if err := s.loadDatasets(); err != nil {
		return err
	}
	if err := s.loadUnsent(); err != nil {
		return err
	}
	if s.cfg.Demo {
		return s.fillDemo()
	}
	return nil
}

func (s *Studio) openKeys() error {
	if s.cfg.Demo {
		return s.startDemo()
	}
	names := map[string]string{BucketAccount: bucketSecretEnv}
	for _, service := range s.services {
		names[service.ID] = service.KeyEnv
	}
	s.keys = storage.OpenKeys(s.cfg.Env, names)
	return nil
}

// Resume starts what a working studio does by itself: unfinished jobs go on,
// hosted photos that are no longer needed are removed, a backup is made once a
// day, files that a kill left behind are swept.
func (s *Studio) Resume() {
	s.receive()
	s.work.Go(s.keepHouse)
	s.engine.resumeAll()
}

// Close stops every job where it stands, waits for it (a few seconds at most),
// and closes the db. Nothing is lost: at the next start jobs go on.
func (s *Studio) Close() error {
	s.stop()
	s.receiver.mu.Lock()
	s.receiver.stop()
	s.receiver.mu.Unlock()
	done := make(chan struct{})
	go func() {
		s.work.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(closePatience):
	}
	s.bucket.close()
	s.remote.close()
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
func (s *Studio) Dir() string { return s.cfg.Dir }

// Services lists the services in the order they are shown.
func (s *Studio) Services() []*providers.Service { return s.services }

// Service returns the service of that id.
func (s *Studio) Service(id string) (*providers.Service, bool) { return registry.Find(id) }

// Task returns the task of that id and its service.
func (s *Studio) Task(id string) (*providers.Task, *providers.Service, bool) {
	service, task, ok := registry.Task(id)
	return task, service, ok
}

// Tasks lists the tasks of these kinds, in the services' order.
func (s *Studio) Tasks(kinds ...providers.Kind) []*providers.Task {
	var tasks []*providers.Task
	for _, service := range s.services {
		for i := range service.Tasks {
			for _, kind := range kinds {
				if service.Tasks[i].Kind == kind {
					tasks = append(tasks, &service.Tasks[i])
				}
			}
		}
	}
	return tasks
}

// keepHouse does the daily and hourly chores until the studio closes.
func (s *Studio) keepHouse() {
	if err := s.layout.Sweep(); err != nil {
		s.troubles.set(s, Trouble{Code: "sweep", Title: "Files left by an interrupted write could not be removed", Text: err.Error()})
	}
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		s.backUp()
		s.unhost(s.ctx, time.Now())
		s.dropCopied(time.Now())
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Studio) backUp() {
	err := s.db.BackupDaily(s.layout.Backups, time.Now())
	if err != nil {
		s.troubles.set(s, Trouble{Code: "backup", Title: "The daily backup could not be made", Text: err.Error()})
		return
	}
	s.troubles.clear(s, "backup")
}

// scaled is a wait between tries, as this studio's tempo makes it.
func (s *Studio) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * s.cfg.Tempo)
}
