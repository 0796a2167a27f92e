package providers

import (
	"context"
	"encoding/json"
	"io"
	"time"
)

// State is where a job stands.
type State string

// The states of a job; app holds the table of allowed transitions.
const (
	Queued     State = "queued"     // on disk, not begun
	Preparing  State = "preparing"  // photos are oriented and stripped
	Uploading  State = "uploading"  // photos go to the bucket
	Submitting State = "submitting" // the paid request is leaving
	Waiting    State = "waiting"    // accepted and queued at the service, or waiting for the network
	Running    State = "running"
	Collecting State = "collecting" // results are downloaded
	Done       State = "done"
	Failed     State = "failed"
	Cancelled  State = "cancelled"
	NeedsYou   State = "needs_you" // only a person can decide how to go on
)

// Ended reports whether nothing more happens to the job by itself.
func (s State) Ended() bool {
	return s == Done || s == Failed || s == Cancelled || s == NeedsYou
}

// Run is one job as its task sees it: the values it was given, its photos, the
// way to its service, and the durable steps. A task's Run function reads like
// the service's own guide; after a crash it runs again from the top and each
// finished step returns what it returned before.
type Run struct {
	Job    string // the job's id
	Values Values
	Photos []Photo
	Conn   Conn
	// Callback is where the service may tell that the job has moved on; ""
	// where nobody listens. A call only makes Watch poll at once.
	Callback string
	Steps
}

// Steps are the durable steps that the engine supplies. Every error they
// return is either the context's or a *Failure, to be returned as it is.
type Steps interface {
	// Image resolves an image field's value (a library id or an https URL).
	Image(ctx context.Context, ref string) (Photo, error)
	// Host puts a photo in the bucket under an unguessable name that keeps its
	// extension, checks that anybody with the link can read it, and returns
	// the link. It is done once a photo and job; the link is signed anew after
	// a restart, its last path segment stays. A photo with a URL of its own is
	// only checked.
	Host(ctx context.Context, photo Photo) (string, error)
	// HostFile does the same for a file made by the task, such as captions;
	// name is the step's name.
	HostFile(ctx context.Context, name, ext string, content []byte) (string, error)

	// Once makes a paid request at most once: intent on disk, the request,
	// its answer on disk. Where the outcome is unknown (crash, timeout, reset,
	// 5xx, garbled answer) find asks the service.
	Once(ctx context.Context, step string, find Find, create Create) (Receipt, error)
	// Ensure does the same for a request that costs nothing but must not be
	// made twice, such as creating a project.
	Ensure(ctx context.Context, step string, find Find, create Create) (Receipt, error)
	// Step remembers an idempotent request's answer: after a crash in its
	// middle it is made again.
	Step(ctx context.Context, step string, do Create) (Receipt, error)

	// Agree calls look before something is paid, and stops the job at needs you
	// where it returns a doubt. Once a person has agreed to go on, look isn't
	// called again.
	Agree(ctx context.Context, step string, look func(context.Context) (Doubt, error)) error

	// Watch polls until poll reports Done or fails for good. Trouble that may
	// pass is waited out.
	Watch(ctx context.Context, pace Pace, poll func(context.Context) (Status, error)) error
	// Report shows progress between steps.
	Report(Status)

	// Keep downloads, verifies and stores one result in the library and
	// returns its id. step names it within the job.
	Keep(ctx context.Context, step string, result Result) (string, error)
	// KeepModel records a trained model and downloads its file, verified,
	// where it has a URL or an Object.
	KeepModel(ctx context.Context, model Model) error
	// InBucket looks for an object in the user's bucket, for services that
	// deliver there.
	InBucket(ctx context.Context, key string) (Object, bool, error)
}

// Doubt is why a person should decide before something is paid; the zero Doubt
// is none.
type Doubt struct {
	Message Sentence
	Look    Sentence // what to look at
}

// Create makes the request and returns the service's answer.
type Create func(ctx context.Context) (Receipt, error)

// Find looks at the service for a request that may have been accepted.
type Find func(ctx context.Context, intent Intent) (Finding, error)

// Intent is what is known of a request whose answer never came.
type Intent struct {
	// Sent is when the request was about to leave, by this computer's clock,
	// which may be wrong, or be set meanwhile: compare through httpapi's
	// Client.SentAt.
	Sent time.Time
	// ServiceSent is the same by the service's clock; zero where it wasn't
	// known.
	ServiceSent time.Time
}

// Finding is what a look at the service showed.
type Finding struct {
	// Matches are requests at the service that equal ours and are not older.
	// The engine leaves out those that other jobs already own.
	Matches []Receipt
	// Maybe are requests that equal ours and are older by the service's clock,
	// though not by this computer's: a service's Date may be wrong while the
	// times in its list are right. None is sent again, nor taken for ours,
	// without a person's word.
	Maybe []Receipt
	// Complete reports that every request since the intent was seen, so that
	// no match means it was never accepted.
	Complete bool
	// Look tells a person where to look when it can't be known, naming no page
	// or command; Remedy leads there.
	Look   Sentence
	Remedy Remedy
	// Listed are the ids of everything that was seen at the service, whoever
	// made it; nil where the service lists nothing of the kind. A list that lacks what is known to be there is no evidence of
	// absence.
	Listed []string
}

// Unknowable is the Find of a service that offers no way to find out; look
// tells the person where to look instead.
func Unknowable(look Sentence) Find {
	return func(context.Context, Intent) (Finding, error) {
		return Finding{Look: look}, nil
	}
}

// Receipt is a service's answer to an accepted request.
type Receipt struct {
	ID     string          `json:"id"`
	Answer json.RawMessage `json:"answer,omitempty"`
	Title  string          `json:"title,omitempty"` // what a person recognises it by, when several match
	Time   time.Time       `json:"time,omitzero"`   // when the service accepted it, where it says
}

// Status is what a job is doing just now. Progress is kept in memory only.
type Status struct {
	State State
	// Fraction done, 0..1; negative when unknown.
	Fraction float64
	Left     time.Duration // 0 when unknown
	// Step counts such as photo 3 of 12; Of 0 when there is nothing to count.
	Step, Of int
	Note     Sentence
	Done     bool // ends Watch

	// Lacks is what the job waits for while it can't go on: NoNetwork, for the
	// connection; RateLimited, for its turn; ServiceTrouble, for the service. ""
	// while nothing is missing. Since is when that began.
	Lacks FailureKind
	Since time.Time
}

// Pace is how often to poll: at first and at most.
type Pace struct {
	First, Most time.Duration
	// Until says of the answer that is polled when the wait is over, for a
	// script that makes the task's requests; nil where nothing is sent after
	// the wait.
	Until *Until
}

// Until is a condition on a JSON answer that a script can test: every object
// in it is looked at, however deep. Names are compared as they are, texts
// without regard to case, space, "_" and "-"; null is written "null".
type Until struct {
	// Holds must be in some object; nil asks for nothing.
	Holds *Member
	// Lacks must be in no object.
	Lacks []Member
}

// Member is a name in a JSON object and its value.
type Member struct{ Name, Value string }

// Photo is a picture ready to leave: oriented, cropped, without metadata.
type Photo struct {
	ID      string // content hash of the original
	Name    string // for a person's eyes; never sent
	Caption string
	Ext     string // "jpg" or "png", without a dot
	Width   int
	Height  int
	URL     string // set when the picture is already on the web
	// Open reads the prepared bytes; nil when URL is set.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// Result is one picture to keep.
type Result struct {
	URL string
	// Fresh reads the service's job again for a new link, after a link was
	// refused; nil where that is not possible.
	Fresh    func(ctx context.Context) (string, error)
	RemoteID string
	Prompt   string
	Model    string
	Seed     *int64 // nil where the service has none
}

// Object is a file in the bucket.
type Object struct {
	Key  string
	Size int64 // bytes
	URL  string
}

// Money says what became of the user's money.
type Money string

// What became of the money. The empty value lets the engine say: not spent
// before the paid request was accepted, spent after.
const (
	NotSpent     Money = "not_spent"
	Spent        Money = "spent"
	Refunded     Money = "refunded"
	MoneyUnknown Money = "unknown"
)

// FailureKind is the class of a failure.
type FailureKind string

// The classes of failure.
const (
	BadKey         FailureKind = "bad_key"
	NoCredit       FailureKind = "no_credit"
	RateLimited    FailureKind = "rate_limited"
	InvalidInput   FailureKind = "invalid_input"
	RefusedContent FailureKind = "refused_content"
	NotFound       FailureKind = "not_found"
	ServiceTrouble FailureKind = "service_trouble"
	NoNetwork      FailureKind = "no_network"
	UnknownOutcome FailureKind = "unknown_outcome"
	NoBucket       FailureKind = "no_bucket"   // the bucket is missing, refused or unreadable
	NoStorage      FailureKind = "no_storage"  // this computer's disk is full or read-only
	BadResult      FailureKind = "bad_result"  // a result could not be read or verified
	Interrupted    FailureKind = "interrupted" // the program could not go on by itself
)

// Outcome says whether a failed request may have been accepted.
type Outcome string

// What is known of a failed request.
const (
	Refused Outcome = "refused"  // the service said no: nothing happened there
	NotSent Outcome = "not_sent" // it never left this computer
	Unclear Outcome = "unclear"  // it may have been accepted
)

// Failure is an error a person can act on.
type Failure struct {
	Kind    FailureKind `json:"kind"`
	Message Sentence    `json:"message"`           // what happened
	Advice  Sentence    `json:"advice,omitzero"`   // what to do about it, naming no page or command
	Remedy  Remedy      `json:"remedy,omitzero"`   // where to do it
	Field   string      `json:"field,omitempty"`   // which field, for invalid input
	Service string      `json:"service,omitempty"` // the service's own words
	Money   Money       `json:"money,omitempty"`
	Status  int         `json:"status,omitempty"` // HTTP status, 0 without an answer
	// Ended reports that the service's own job is over: trying again takes a
	// new, possibly paid, request.
	Ended bool `json:"ended,omitempty"`

	Outcome    Outcome       `json:"-"`
	RetryAfter time.Duration `json:"-"`
	Garbled    bool          `json:"-"` // the answer was not what the document says
	Cause      error         `json:"-"`
}

// Error says what happened and, where the service said something, its words.
func (f *Failure) Error() string { return f.Sentence().String() }

// Sentence is what Error says.
func (f *Failure) Sentence() Sentence {
	if f.Service == "" {
		return f.Message
	}
	return Say("%s (the service says: %s)", f.Message, f.Service)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// MayPass reports whether the same question may be answered later: no network,
// an overloaded service, a garbled answer.
func (f *Failure) MayPass() bool {
	return f.Garbled || f.Kind == NoNetwork || f.Kind == RateLimited || f.Kind == ServiceTrouble
}

// Refusal makes problems the failure of a request that never leaves; nil
// without any.
func Refusal(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Failure{
		Kind: InvalidInput, Outcome: NotSent, Money: NotSpent,
		Field: problems[0].Field, Message: problems[0].Sentence(), Advice: Say("Change it, then try again."),
	}
}
