// Package providers declares what a paid service can do, as data: its tasks
// (training, generation), its calls (a balance, a list) and their fields. The
// form, its validation, its help, the command line and the reference page are
// all drawn from these declarations.
//
// A service is one folder beside this file and one line in
// providers/registry. It knows nothing of the screen, of storage or of other
// services: a task's Run talks to the service through a Conn and to the rest
// of the program through Run.
//
// Every service's folder has the same files: <service>.go declares it,
// fields.go holds its fields and check.go the rules that span them, client.go
// the requests, types.go the answers, run.go how its tasks run, find.go how a
// request whose answer was lost is found, and calls.go what is no job. Where
// one grows long it has parts, such as run_collect.go.
package providers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/providers/ratelimit"
)

// Service is one paid service.
type Service struct {
	ID      string // "luma": key account, folder name and prefix of its tasks
	Title   string // "Luma Dream Machine"
	Site    string // where a person reads about it
	KeyPage string // where a person gets a key
	KeyEnv  string // environment variable that holds the key, e.g. LUMAAI_API_KEY
	URLEnv  string // environment variable that replaces BaseURL
	BaseURL string // https, without a slash at the end
	// Results are the hosts from which results are fetched, where the service's
	// documents name them.
	Results []string
	// Bucket is what it does with the person's bucket.
	Bucket BucketUse

	Tasks []Task
	Calls []Call
	// Limits are how many requests the documents say an account may make.
	Limits []ratelimit.Limit
	// Prices are estimates in US dollars that a person may edit; services
	// change theirs without notice.
	Prices []Price

	// CheckKey asks the service whether the key works, at no cost, and
	// answers in words ("Key accepted. Balance: $12.30").
	CheckKey func(ctx context.Context, conn Conn) (Sentence, error)
	// Known lists the jobs at the service that its tasks could have made,
	// whoever made them; nil where the service has no list.
	Known func(ctx context.Context, conn Conn) ([]Remote, error)
	// Delete removes one job and its results at the service; nil where the
	// service can't.
	Delete func(ctx context.Context, conn Conn, id string) error
	// ModelLink reads a fresh download link for a model trained here.
	// nil where the service has none.
	ModelLink func(ctx context.Context, conn Conn, model Model) (Model, error)
}

// Conn is how a service is reached: nothing in it may be logged.
type Conn struct {
	BaseURL string
	Key     string
	// Secrets are others of ours that nothing a service says may repeat: the
	// bucket's, a proxy's password, the path at which a job is called back.
	Secrets []string
	HTTP    *http.Client // nil means a client of httpapi's own
	// Clock is told the time at the service by each of its answers; nil tells
	// nobody.
	Clock *Clock
	// Limits keep requests within what the service allows; nil lets all leave
	// at once.
	Limits *ratelimit.Caller
	// Record is given each request before it is sent, and says whether it took
	// it: then it is not sent, and its client returns ErrRecorded. nil takes
	// none.
	Record func(Request) (taken bool, err error)
}

// Request is a request as a client would send it, its key included.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte // JSON; nil for none
}

// Reads reports whether the request changes nothing.
func (r Request) Reads() bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// ErrRecorded is that a request was recorded instead of sent, so that there is
// no answer.
var ErrRecorded = errors.New("the request was recorded instead of sent")

// String names the service's host only.
func (c Conn) String() string { return "connection to " + c.BaseURL }

// GoString is String, so that no way of printing tells the key.
func (c Conn) GoString() string { return c.String() }

// Kind says what a task's outcome is.
type Kind string

// The kinds of task.
const (
	Train            Kind = "train"
	Generate         Kind = "generate"
	TrainAndGenerate Kind = "train_and_generate"
)

// Task is one thing a person pays a service to do.
type Task struct {
	ID    string // "luma/image"
	Kind  Kind
	Title string
	Help  string
	Doc   string // link to the service's own page about it

	Fields []Field
	// Check holds the rules that span fields. It is called with values that
	// each field has accepted.
	Check func(Values) []Problem
	// Doubt holds the rules that span fields and that no document states: what
	// breaks them is told and sent. nil where there are none. See Unusual.
	Doubt func(Values) []Problem
	// CheckModel holds the rules that depend on the trained model chosen. It is
	// called where Maquette knows that model; nil where there are none.
	CheckModel func(Values, Model) []Problem
	// Photos says what the task trains on; nil for tasks that take no dataset.
	Photos *PhotoRules
	// PhotosFor says it for these values, where it depends on them; nil means
	// Photos.
	PhotosFor func(Values) PhotoRules
	// Person reports whether these values may train on somebody's likeness,
	// which takes the person's statement of consent. nil means never.
	Person func(Values) bool
	// Hosted reports whether running with these values puts photos in the
	// bucket. nil means: whenever the task has photos or an image field is set
	// to something other than a URL.
	Hosted func(Values) bool
	// Cancel says what cancelling does once the service has accepted the job.
	Cancel Cancel
	// Stop tells the service to stop the work of a cancelled job, by the
	// receipts of the steps that were done, and reports whether there was work
	// to stop. Needed with CancelStopsWork.
	Stop func(ctx context.Context, conn Conn, done func(step string) (Receipt, bool)) (stopped bool, err error)
	// Estimate lists what the task will be charged for; nil where prices are
	// not published.
	Estimate func(Values) []Charge
	// FoundID is the service's id in what a person found of a job there, such as
	// a file's name; nil where that is the id itself.
	FoundID func(found string) string
	// Pictures is how many pictures a run with these values makes; nil for
	// tasks that make none, or that don't know beforehand.
	Pictures func(Values) int
	// Makes is the extension of the pictures that a run with these values makes:
	// "jpg", "png", "svg"; "", like nil, for any picture made of pixels.
	Makes func(Values) string

	Run func(ctx context.Context, run *Run) error
}

// Pixels is what Ordered says of pictures made of pixels, whatever their format.
const Pixels = "pixels"

// Ordered is the extension of the pictures that a run with these values was
// asked for, or Pixels.
func (t *Task) Ordered(values Values) string {
	if t.Makes == nil {
		return Pixels
	}
	return cmp.Or(t.Makes(values), Pixels)
}

// Call is an operation that is not a job: it answers at once and costs nothing.
type Call struct {
	ID     string // "luma/credits"
	Title  string
	Help   string
	Doc    string
	Fields []Field
	// Consequence is said before the call is made, where it destroys
	// something; empty for calls that only read.
	Consequence string
	// Photos says what the call asks of the pictures it uploads to where they
	// are gathered, which holds Max and is of use from Min; nil for calls that
	// upload none.
	Photos *PhotoRules
	// Person reports that the call trains on somebody's likeness, or uploads
	// photos for that, which takes the person's statement of consent.
	Person bool
	// Trained names the pictures at the service that the call begins a training
	// on; nil for calls that begin none.
	Trained func(ctx context.Context, conn Conn, values Values) ([]string, error)
	// Do answers with something encoding/json can write. An image field holds
	// a web address or the prepared picture itself, as a data: URL.
	Do func(ctx context.Context, conn Conn, values Values) (any, error)
}

// Cancel says what cancelling a job does at its service.
type Cancel string

// What cancelling does once the service has accepted the job.
const (
	CancelStopsWork    Cancel = "stops_work"    // the service stops and what was not used may be refunded
	CancelStopsWaiting Cancel = "stops_waiting" // the service goes on and charges; only Maquette stops watching
)

// Price is what a service charges for one unit, as far as is known.
type Price struct {
	Key   string // "luma/photon-1"
	Label string
	USD   float64
}

// Charge is so many units at a price.
type Charge struct {
	Price string // a Price's Key
	Count int
}

// PhotoRules say what a task asks of the photos it trains on.
type PhotoRules struct {
	Min, Max               int // how many; Max 0 means no limit is documented
	AdvisedMin, AdvisedMax int // outside these a warning; 0 means none
	MinEdge                int // shorter edge in pixels, below it refused; 0 means none
	AdvisedEdge            int // shorter edge in pixels, below it a warning; 0 means none
	MaxBytes               int64
	Captions               bool   // captions are used by the service
	CaptionTokens          int    // at most; 0 means no limit is documented
	CaptionLines           bool   // the service draws one of a caption's lines each time; elsewhere they are one text
	Flatten                bool   // transparency is lost at the service: transparent parts turn black
	Advice                 string // one sentence about good photos for this task
}

// Model is a trained model or checkpoint as its service describes it.
type Model struct {
	RemoteID  string    `json:"remote_id"`
	RemoteJob string    `json:"remote_job,omitempty"` // the service's training job, for a fresh link
	Title     string    `json:"title"`
	Type      string    `json:"type"` // "checkpoint", "lora"
	Family    string    `json:"family,omitempty"`
	Base      string    `json:"base,omitempty"`
	Step      int       `json:"step,omitempty"`
	Size      int64     `json:"size,omitempty"` // bytes; 0 when the service doesn't say
	Format    string    `json:"format,omitempty"`
	URL       string    `json:"url,omitempty"`
	Object    string    `json:"object,omitempty"` // key of its file in the user's bucket, where the service delivers there
	Expires   time.Time `json:"expires,omitzero"` // when the service deletes it, or the link ends
}

// Downloadable reports whether it is known where the model's file can be read.
func (m Model) Downloadable() bool { return m.URL != "" || m.Object != "" }

// PhotoRules are what the task asks of its photos with these values; nil for
// tasks that take no dataset.
func (t *Task) PhotoRules(values Values) *PhotoRules {
	if t.Photos == nil || t.PhotosFor == nil {
		return t.Photos
	}
	rules := t.PhotosFor(values)
	return &rules
}

// FindTask returns the service's task of that id.
func (s *Service) FindTask(id string) (*Task, bool) {
	for i := range s.Tasks {
		if s.Tasks[i].ID == id {
			return &s.Tasks[i], true
		}
	}
	return nil, false
}

// FindCall returns the service's call of that id.
func (s *Service) FindCall(id string) (*Call, bool) {
	for i := range s.Calls {
		if s.Calls[i].ID == id {
			return &s.Calls[i], true
		}
	}
	return nil, false
}

// Services are services in the order in which they are shown.
type Services []*Service

// Service returns the service of that id, such as "luma".
func (all Services) Service(id string) (*Service, bool) {
	for _, service := range all {
		if service.ID == id {
			return service, true
		}
	}
	return nil, false
}

// Task returns the task of that id, such as "luma/image", and its service.
func (all Services) Task(id string) (*Task, *Service, bool) {
	for _, service := range all {
		if task, ok := service.FindTask(id); ok {
			return task, service, true
		}
	}
	return nil, nil, false
}

// Tasks lists the tasks of these kinds.
func (all Services) Tasks(kinds ...Kind) []*Task {
	var tasks []*Task
	for _, service := range all {
		for i := range service.Tasks {
			if slices.Contains(kinds, service.Tasks[i].Kind) {
				tasks = append(tasks, &service.Tasks[i])
			}
		}
	}
	return tasks
}

// Call returns the call of that id, such as "luma/credits", and its service.
func (all Services) Call(id string) (*Call, *Service, bool) {
	for _, service := range all {
		if call, ok := service.FindCall(id); ok {
			return call, service, true
		}
	}
	return nil, nil, false
}
