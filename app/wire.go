// How the rooms are joined: each is handed what it needs of the others.

package app

import (
	"cmp"
	"context"
	"io"
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
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/recorder"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

func (s *Studio) wire() (err error) {
	if err := s.wireAccess(); err != nil {
		return err
	}
	s.doors = door.NewDoors(s.ctx)
	s.Callbacks = callbacks.New(s.ctx, callbacks.Config{
		Env: s.cfg.Env, Settings: s.Settings.Now, Troubles: &s.Troubles, Paths: s.callbackPaths,
		Wake:  func(job string) { s.Jobs.Wake(job) },
		Doors: s.doors, Place: func() string { return s.Computer.Now() }, Placed: func() bool { return s.Computer.Chosen() },
	})
	s.Computer = access.NewComputer(s.ctx, access.ComputerConfig{
		Access: s.Access, Doors: s.doors, Dir: s.layout.Hosted, Callbacks: s.Callbacks.Answer,
		Serves: func(name string) bool { return s.Place.Serves(name) },
	})
	if s.thumbs, err = storage.OpenThumbs(s.layout.Thumbs, thumbsOnDisk); err != nil {
		return providers.Errorf("opening the thumbnail cache: %v", err)
	}
	s.Library, err = library.Load(library.Config{
		DB: s.db, Files: s.files, Thumbs: s.thumbs, InUse: s.hashesInUse, Changed: s.publishing(PicturesChanged),
		Ordered: s.ordered,
	})
	if err != nil {
		return err
	}
	s.Intake = intake.New(s.files, s.Library.File, s.knownPhotos)
	s.Datasets, err = datasets.Load(datasets.Config{
		DB: s.db, Files: s.files, Intake: s.Intake, Changed: s.publishing(DatasetChanged),
	})
	if err != nil {
		return err
	}
	s.Models, err = models.Load(models.Config{
		DB: s.db, Dir: s.layout.Models, Services: s.Services(), Conn: s.Access.Conn, IsLocal: s.Access.IsLocal,
		Bucket: s.Bucket, Changed: s.publishing(ModelsChanged), Patience: s.cfg.Patience, Scaled: s.scaled, SetAside: s.setAside,
	})
	if err != nil {
		return err
	}
	if err := s.wireRemote(); err != nil {
		return err
	}
	return s.wireJobs()
}

func (s *Studio) wireAccess() error {
	s.Access = &access.Access{
		Env: s.cfg.Env, Services: s.Services(), Settings: s.Settings, Troubles: &s.Troubles, Changed: s.publishing(SettingsChanged),
		Scaled: s.scaled,
	}
	for _, service := range s.Services() {
		httpapi.Know(service)
	}
	if s.sandbox != nil {
		return s.useSandbox()
	}
	names := map[string]string{access.BucketAccount: access.BucketSecretEnv, access.BucketTokenAccount: access.BucketTokenEnv}
	for _, service := range s.Services() {
		names[service.ID] = service.KeyEnv
	}
	s.Access.Keys = storage.OpenKeys(s.cfg.Env, names)
	s.Bucket = access.NewBucket(s.Access, settings.Bucket{})
	return nil
}

func (s *Studio) wireJobs() (err error) {
	s.Place = &access.Hosted{DB: s.db, Bucket: s.Bucket, Computer: s.Computer, Troubles: &s.Troubles, Accepted: s.accepted}
	if err := s.Place.Load(); err != nil {
		return err
	}
	photos := jobPhotos{s.Intake}
	s.Jobs, err = jobs.Load(s.ctx, jobs.Config{
		DB: s.db, Services: s.Services(), Conn: s.Access.Conn, Prove: access.Prove,
		Photos: photos, Place: s.Place, Pictures: jobPictures{s.Library}, Models: s.Models,
		Callbacks: s.Callbacks, Troubles: &s.Troubles, Changed: s.publishing(JobChanged),
		Paused: s.Settings.Now().Paused, Patience: s.cfg.Patience, Scaled: s.scaled, Late: s.late, Probe: s.cfg.probe,
	})
	if err != nil {
		return err
	}
	s.Prices = money.Prices{Services: s.Services(), Own: func() map[string]float64 { return s.Settings.Now().Prices }}
	s.Recorder = &recorder.Recorder{
		Services: s.Services(), Conn: s.Access.Conn, Check: s.Jobs.Check, Consented: s.recordConsent, Photos: photos, Place: s.Place,
		Troubles: &s.Troubles, Dir: s.layout.Copied, Home: s.cfg.Dir, Demo: s.cfg.Demo,
	}
	return nil
}

// accepted reports whether a job's service has taken it and isn't done.
func (s *Studio) accepted(id string) bool {
	job, _ := s.Jobs.Job(id)
	return job.Paid && !job.State.Ended()
}

// briaID is the one service at which projects, datasets and models are kept.
const briaID = "bria"

func (s *Studio) wireRemote() (err error) {
	bria, _ := s.Services().Service(briaID)
	s.Bria, err = remote.Open(remote.Config{
		Service: bria, DB: s.db, Call: s.callRemote, Local: func() bool { return s.Access.IsLocal(bria) },
		Held: s.heldBack, Changed: func(dataset remote.ID) { s.Events.publish(RemoteChanged, string(dataset)) },
		Sleep: func(ctx context.Context, d time.Duration) error { return retry.Sleep(ctx, s.scaled(d)) },
	})
	return err
}

func (s *Studio) callRemote(ctx context.Context, id string, values providers.Values, agreed consent.Given) (any, error) {
	order := jobs.NewOrder(s.Services(), id, values)
	order.Consent, order.Recorded = agreed.Now, agreed.Record
	answer, problems, err := s.Call(ctx, order)
	if err == nil {
		err = providers.Refusal(problems)
	}
	return answer, err
}

// setAside moves a damaged file into quarantine.
func (s *Studio) setAside(path string) error {
	_, err := s.layout.SetAside(path)
	return err
}

func (s *Studio) publishing(kind EventKind) func(id string) {
	return func(id string) { s.Events.publish(kind, id) }
}

// scaled is a wait between tries, as this studio's tempo makes it.
func (s *Studio) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * s.cfg.Tempo)
}

// late is how long a request may arrive late, as this studio's tempo makes it.
func (s *Studio) late(d time.Duration) time.Duration {
	return time.Duration(float64(d) * cmp.Or(s.cfg.Lateness, s.cfg.Tempo))
}

// jobPhotos is what jobs need of photos.
type jobPhotos struct{ *intake.Intake }

// Check says what of the photos a service would refuse.
func (jobPhotos) Check(rules providers.PhotoRules, photos []photo.Photo) []providers.Problem {
	return datasets.CheckPhotos(rules, photos)
}

// Hosted reports whether values refer to pictures of this computer.
func (jobPhotos) Hosted(values providers.Values) bool { return len(intake.Refs(values)) > 0 }

// jobPictures keeps what jobs make in the library.
type jobPictures struct{ library *library.Library }

// Receive puts a picture's file on disk and looks at it.
func (p jobPictures) Receive(ctx context.Context, ordered string, write func(io.Writer) error) (jobs.Received, error) {
	in, err := p.library.Receive(ctx, ordered, write)
	if err != nil {
		return nil, err
	}
	return receivedPicture{p.library, in}, nil
}

// receivedPicture is a file that came as a picture.
type receivedPicture struct {
	library *library.Library
	*library.Incoming
}

// Found is what the file turned out to be.
func (p receivedPicture) Found() photo.Finding { return p.Incoming.Found }

// Store puts the picture's file in its place.
func (p receivedPicture) Store(made jobs.Made) (jobs.Stored, error) {
	result := made.Result
	stored, err := p.Incoming.Store(library.Picture{
		ID: made.ID, Job: made.Job, Task: made.Task, Service: made.Service,
		Prompt: result.Prompt, Model: result.Model, Seed: result.Seed, RemoteID: result.RemoteID,
	})
	return storedPicture{p.library, stored}, err
}

// ordered is what kind of picture a task's results are, "" for an unknown task.
func (s *Studio) ordered(task string) string {
	if task, _, known := s.Services().Task(task); known {
		return task.Ordered(nil)
	}
	return ""
}

type storedPicture struct {
	library *library.Library
	picture library.Picture
}

// Record writes the picture's record.
func (p storedPicture) Record(tx *storage.Tx) error { return p.library.Record(tx, p.picture) }

// Show lists the picture.
func (p storedPicture) Show() { p.library.Show(p.picture) }

func (s *Studio) callbackPaths() map[string]string {
	paths := map[string]string{}
	for _, job := range s.Jobs.List() {
		paths[job.ID] = job.Callback
	}
	return paths
}

// knownPhotos are those that datasets and jobs have, the current dataset's
// first.
func (s *Studio) knownPhotos() []photo.Photo {
	known := append([]photo.Photo(nil), s.Datasets.Photos()...)
	known = append(known, s.Datasets.EveryPhoto()...)
	for _, job := range s.Jobs.List() {
		known = append(known, job.Photos...)
	}
	return known
}

// hashesInUse are the contents that datasets, jobs and uploads refer to.
func (s *Studio) hashesInUse() map[string]bool {
	used := map[string]bool{}
	for _, p := range s.knownPhotos() {
		used[p.Hash] = true
	}
	for _, job := range s.Jobs.List() {
		for _, ref := range intake.Refs(job.Values) {
			if hash, _, ok := photo.SplitRef(ref); ok {
				used[hash] = true
			}
		}
	}
	for _, hash := range append(s.Bria.Uploads.Hashes(), s.Intake.Holding()...) {
		used[hash] = true
	}
	return used
}
