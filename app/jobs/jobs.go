// Package jobs is paid work that survives: each job is a goroutine that walks
// its task's Run, whose finished steps return from disk what they returned
// before. It holds the states, the questions that only a person can answer,
// and the claims on what services accepted.
//
// It knows no other room of app: what it needs of them it declares here.
package jobs

import (
	"context"
	"io"
	"time"

	"github.com/maquette-studio/maquette/app/ids"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Config is what jobs work with.
type Config struct {
	DB *storage.DB
	// Services are those whose tasks can run.
	Services providers.Services
	// Conn is the way to a service, with its key.
	Conn func(ctx context.Context, service *providers.Service) (providers.Conn, error)
	// Prove says, before something is paid, why its results could not be
	// fetched here; nil proves nothing.
	Prove func(ctx context.Context, service *providers.Service, conn providers.Conn) error

	Photos    Photos
	Place     Place
	Pictures  Pictures
	Models    Models
	Callbacks Callbacks
	Troubles  Troubles
	// Changed is called after a job changed, with its id.
	Changed func(id string)

	// Paused reports that a person paused the jobs when the data directory was
	// open last: nothing is sent until SetPaused ends it.
	Paused bool
	// Patience is how long a job waits for a network or service to come back
	// before it fails with everything kept.
	Patience time.Duration
	// Scaled is a wait between polls and tries, as the studio's tempo makes it.
	Scaled func(time.Duration) time.Duration
	// Late is how long a request may arrive late, scaled likewise.
	Late func(time.Duration) time.Duration
	// Probe is called around every durable write, with what is written.
	Probe func(point string)
}

// Photos checks the photos of an order and makes what leaves of them.
type Photos interface {
	// Check says what of the photos a service would refuse.
	Check(rules providers.PhotoRules, photos []photo.Photo) []providers.Problem
	// Images copies the pictures that image fields name into the library's
	// files and returns values that refer to the copies.
	Images(ctx context.Context, fields []providers.Field, values providers.Values) (providers.Values, []providers.Problem, error)
	// Image is the picture that an image field's value names, as it leaves.
	Image(ctx context.Context, ref string) (providers.Photo, error)
	// Prepared are photos as they leave, made when they are opened.
	Prepared(photos []photo.Photo) []providers.Photo
	// Hosted reports whether values refer to pictures of this computer, which
	// a service can fetch only from the place for photos.
	Hosted(values providers.Values) bool
}

// Place is where services fetch photos from: the bucket, or this computer.
type Place interface {
	// Ready says why nothing can be put there now, as far as is known without
	// asking anybody.
	Ready(ctx context.Context) error
	// Open makes what a job puts there reachable, until Release.
	Open(ctx context.Context, job string) error
	NewName(ext string) string
	// Reserve writes down, before a copy exists, that a step of a job puts it
	// there under a name.
	Reserve(tx *storage.Tx, name, job, step string) error
	Put(ctx context.Context, name, ext string, content []byte) error
	// Here reports whether a copy lies where copies are put now.
	Here(name string) bool
	// Link is a link to a copy that leads there now; Told is the one that was
	// made last, wherever it leads; Holds reports whether a link still leads there.
	Link(ctx context.Context, name string) (string, error)
	Told(ctx context.Context, name string) (string, error)
	Holds(ctx context.Context, link string) (bool, error)
	// CheckPicture and CheckFile read a link as a service will.
	CheckPicture(ctx context.Context, link string) error
	CheckFile(ctx context.Context, link string) error
	// Find looks for an object that a service delivers there.
	Find(ctx context.Context, key string) (providers.Object, bool, error)
	// Need keeps a job's copies; Release has them removed, later where the
	// service may still fetch them.
	Need(tx *storage.Tx, job string) error
	Release(tx *storage.Tx, job string, mayStillBeFetched bool) error
	// Sweep removes what is due. forget is called in the transaction that
	// forgets a copy.
	Sweep(ctx context.Context, now time.Time, forget func(tx *storage.Tx, job, step string) error)
}

// Pictures keeps the pictures that jobs make.
type Pictures interface {
	// Receive puts what write writes into a file and looks at it, whether it is
	// what was ordered (see providers.Task). The error is write's own or a
	// *providers.Failure; whatever the file is, it is none.
	Receive(ctx context.Context, ordered string, write func(io.Writer) error) (Received, error)
}

// Received is a file that came as a picture. It ends with Store or Discard.
type Received interface {
	Hash() string // of its content
	Found() photo.Finding
	// Store puts the file in its place. The error is a *providers.Failure;
	// after one, and where the record can't be written, it can be called again.
	Store(made Made) (Stored, error)
	Discard()
}

// Stored is a picture whose file is on disk.
type Stored interface {
	Record(tx *storage.Tx) error // writes its record
	Show()                       // lists it, once its record is on disk
}

// Made says what made a picture.
type Made struct {
	ID      string // its id in the library
	Job     string
	Task    string
	Service string
	Ordered string // what kind of picture, as providers.Task says it; "" where that isn't known
	Result  providers.Result
}

// Models keeps the models that jobs train.
type Models interface {
	// Resolve puts a service's own id where values name a model by its id
	// here, and says what the values ask wrongly of it.
	Resolve(service string, task *providers.Task, values providers.Values) (providers.Values, []providers.Problem)
	// Remember records a model and returns its id here.
	Remember(service, job string, model providers.Model) (id string, err error)
	// Download brings a model's file here and returns its path.
	Download(ctx context.Context, id string) (string, error)
}

// Callbacks lets services tell that a job has moved on.
type Callbacks interface {
	// NewPath is an unguessable path for a new job; "" where nobody listens.
	NewPath() string
	// Know says that a new job has that path.
	Know(job, path string)
	// Address is what a service is told; "" while nobody listens.
	Address(path string) string
}

// Troubles shows what is wrong with the studio as a whole until it is over.
type Troubles interface {
	Set(code string, title, text providers.Sentence)
	Clear(code string)
}

// Jobs is every job, live or past.
type Jobs struct {
	*engine
	ids ids.Source
}

// Load reads every job. Unfinished ones go on once ResumeAll is called; all of
// them stop where they stand when ctx ends.
func Load(ctx context.Context, c Config) (*Jobs, error) {
	e, err := loadEngine(ctx, c)
	if err != nil {
		return nil, err
	}
	return &Jobs{engine: e}, nil
}

// Close waits until every job stands still; the context of Load must have
// ended.
func (j *Jobs) Close() { j.work.Wait() }

// List is every job, newest first.
func (j *Jobs) List() []Job { return j.list() }

// Job returns one job.
func (j *Jobs) Job(id string) (Job, bool) { return j.job(id) }

// ResumeAll goes on with every job that hasn't ended.
func (j *Jobs) ResumeAll() { j.resumeAll() }

// Resume goes on with one unfinished job.
func (j *Jobs) Resume(id string) { j.start(id) }

// Wait blocks until the job has ended or stopped at needs you.
func (j *Jobs) Wait(ctx context.Context, id string) (Job, error) {
	changed, unsubscribe := j.watchers.add(id)
	defer unsubscribe()
	for {
		job, ok := j.Job(id)
		if !ok {
			return Job{}, providers.Errorf("there is no job %s", id)
		}
		if !j.isLive(id) {
			// Read again: it may have ended between the two looks.
			if job, _ = j.Job(id); job.State.Ended() {
				return job, nil
			}
			return job, providers.Errorf("job %s stands still at %s; it goes on at the next start", id, job.State)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return job, context.Cause(ctx)
		case <-j.ctx.Done():
			return job, context.Cause(j.ctx)
		}
	}
}

// Wake makes a job that its service is working on ask how it stands at once.
// It shortens no other wait.
func (j *Jobs) Wake(id string) {
	if job, ok := j.Job(id); !ok || job.State == providers.Submitting {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if l := j.live[id]; l != nil {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// SweepHosted removes the copies of photos that no job needs by now.
func (j *Jobs) SweepHosted(ctx context.Context, now time.Time) { j.sweepHosted(ctx, now) }
