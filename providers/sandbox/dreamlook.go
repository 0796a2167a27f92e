// dreamlook.ai: training and generation. Source: dreamlook.ai docs, "Using the API" (train, generate).

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	dreamlookListed     = 50
	dreamlookTokens     = 1_000_000      // what a new account holds
	dreamlookKept       = 48 * time.Hour // trained checkpoints are deleted afterwards
	dreamlookImageValid = time.Hour
	dreamlookJobs       = "dreamlook jobs"
	dreamlookTrained    = "dreamlook trained" // job id → what the photos look like
)

// dreamlookKinds maps a job type, as the documents spell it in paths, to how answers spell it.
var dreamlookKinds = map[string]string{
	"dreambooth": "dreambooth",
	"image-gen":  "image-gen", "image_gen": "image-gen",
	"dreambooth_image_gen": "dreambooth_image_gen", "dreambooth-image-gen": "dreambooth_image_gen",
}

var dreamlookPrefixes = map[string]string{"dreambooth": "db_", "image-gen": "ig_", "dreambooth_image_gen": "dbig_"}

type dreamlook struct {
	s      *Sandbox
	mux    *http.ServeMux
	tokens int // before any job

	mu          sync.Mutex
	jobs        []*dreamlookJob // in order of creation
	byID        map[string]*dreamlookJob
	checkpoints map[string]*dreamlookJob // checkpoint id → the job that trains it
	dryRuns     map[string]*dreamlookJob // dry runs whose samples were sent to a callback
}

// dreamlookJob is one job as stored.
type dreamlookJob struct {
	ID       string           `json:"id"`
	Kind     string           `json:"kind"`
	Number   int              `json:"number"`
	Train    *dreamboothForm  `json:"train"`
	Generate []imageGenForm   `json:"generate"`
	Tags     []map[string]any `json:"tags"`
	Callback *string          `json:"callback"`
	Called   bool             `json:"called"`
	timeline
}

func (d *dreamlook) name() string { return "dreamlook" }
func (d *dreamlook) base() string { return "/dreamlook" }

func (d *dreamlook) variables() (string, string) {
	return "MAQUETTE_DREAMLOOK_URL", "DREAMLOOK_API_KEY"
}

func (d *dreamlook) open(s *Sandbox) error {
	d.s, d.tokens = s, dreamlookTokens
	d.byID, d.checkpoints, d.dryRuns = map[string]*dreamlookJob{}, map[string]*dreamlookJob{}, map[string]*dreamlookJob{}
	if err := eachRecord(s.store, dreamlookJobs, func(j dreamlookJob) { d.index(&j) }); err != nil {
		return err
	}
	d.mux = http.NewServeMux()
	d.mux.HandleFunc("POST /dreambooth", d.create("dreambooth"))
	d.mux.HandleFunc("POST /image_gen", d.create("image-gen"))
	d.mux.HandleFunc("POST /dreambooth_image_gen", d.create("dreambooth_image_gen"))
	d.mux.HandleFunc("GET /jobs/{kind}", d.list)
	d.mux.HandleFunc("GET /jobs/{kind}/{id}", d.read)
	d.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "Not Found") })
	for _, j := range d.jobs {
		d.follow(*j)
	}
	return nil
}

func (d *dreamlook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bearer(d.s.Key(d.name()), d.mux).ServeHTTP(w, r)
}

func (d *dreamlook) errorBody(status int) any {
	if status == http.StatusForbidden {
		return map[string]string{"detail": "Forbidden: not enough quota (tokens) to fulfill the request"}
	}
	return map[string]string{"detail": http.StatusText(status)}
}

func (d *dreamlook) submissions() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.jobs)
}

// index makes a job findable. d.mu is held, or nothing else runs yet.
func (d *dreamlook) index(j *dreamlookJob) {
	d.jobs = append(d.jobs, j)
	d.byID[j.ID] = j
	for _, c := range j.checkpoints() {
		d.checkpoints[c.id] = j
	}
}

func (d *dreamlook) create(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := readForm(r)
		if f.fields == nil {
			refuse(w, http.StatusUnprocessableEntity, *f.problems)
			return
		}
		j := &dreamlookJob{Kind: kind}
		dry := d.readJob(f, j)
		f.only()
		if !f.ok() {
			refuse(w, http.StatusUnprocessableEntity, *f.problems)
			return
		}
		if dry {
			answer(w, http.StatusOK, map[string]string{"job_id": d.dryRun(j)})
			return
		}
		id, err := d.accept(j)
		switch {
		case errors.Is(err, errNoTokens):
			answer(w, http.StatusForbidden, d.errorBody(http.StatusForbidden))
		case err != nil:
			troubled(w, err)
		default:
			answer(w, http.StatusOK, map[string]string{"job_id": id})
		}
	}
}

var errNoTokens = errors.New("not enough tokens")

// price is what a job costs, in tokens: one a step and one a picture. The documents don't say.
func (j *dreamlookJob) price() (tokens int) {
	if j.Train != nil {
		tokens = j.Train.Steps
	}
	for _, c := range j.Generate {
		tokens += c.NumSamples
	}
	return tokens
}

// left is how many tokens the account holds now. d.mu is held.
func (d *dreamlook) left() int {
	left := d.tokens
	for _, j := range d.jobs {
		left -= j.price()
	}
	return left
}

// accept charges and stores a new job and returns its id.
func (d *dreamlook) accept(j *dreamlookJob) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.left() < j.price() {
		return "", errNoTokens
	}
	j.ID, j.Number = dreamlookPrefixes[j.Kind]+shortID(), len(d.jobs)
	j.timeline = newTimeline(j.ID, d.s.stamp(), d.s.pace)
	if err := d.s.store.putNumbered(dreamlookJobs, j.Number, j); err != nil {
		return "", err
	}
	d.index(j)
	d.follow(*j)
	return j.ID, nil
}

// shortID is eight hex digits, as dreamlook's ids have.
func shortID() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:8] }

// readJob reads the fields of a request for j.Kind and reports whether it is a dry run.
func (d *dreamlook) readJob(f *form, j *dreamlookJob) bool {
	switch j.Kind {
	case "dreambooth":
		j.Train = readDreambooth(f)
		d.checkCheckpoint(f, j.Train.CheckpointID)
	case "image-gen":
		gen := readImageGen(f)
		f.exactlyOne("base_model", "checkpoint_id")
		d.checkCheckpoint(f, gen.CheckpointID)
		j.Generate = []imageGenForm{gen}
	case "dreambooth_image_gen":
		f.require("dreambooth", "image_gen")
		if g := f.group("dreambooth"); g != nil {
			j.Train = readDreambooth(g)
			d.checkCheckpoint(g, j.Train.CheckpointID)
			g.only()
		}
		for _, g := range f.groups("image_gen", 1, maxDreamlookLists) {
			gen := readImageGen(g)
			if g.has("base_model") || g.has("checkpoint_id") {
				g.add("checkpoint_id", "value_error", "images are generated with the model trained in this job: give neither base_model nor checkpoint_id")
			}
			g.only()
			j.Generate = append(j.Generate, gen)
		}
	}
	f.anyInteger("priority")
	for _, tag := range f.groups("tags", 0, maxDreamlookLists) {
		j.Tags = append(j.Tags, tag.fields)
	}
	j.Callback = f.link("callback")
	return or(f.boolean("dry_run"), false)
}

// checkCheckpoint refuses a checkpoint that is unknown, still in training, or deleted.
func (d *dreamlook) checkCheckpoint(f *form, id *string) {
	if id == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.checkpoints[*id]
	if j == nil {
		f.add("checkpoint_id", "value_error", "checkpoint %s does not exist", *id)
		return
	}
	if !j.available(d.s.now()) {
		f.add("checkpoint_id", "value_error", "checkpoint %s is not available", *id)
	}
}

// available reports whether the job's checkpoints can be used and downloaded.
func (j *dreamlookJob) available(now time.Time) bool {
	return j.phase(now) == finished && j.Failure == "" && now.Before(j.ends().Add(dreamlookKept))
}

// dryRun answers a dry run: an id that is not tracked, and the callback with sample results, whose links
// work until the sandbox closes.
func (d *dreamlook) dryRun(j *dreamlookJob) string {
	j.ID = "TEST_" + shortID()
	j.timeline = newTimeline(j.ID, d.s.stamp().Add(-time.Minute), 1)
	j.Ready = j.Created
	if j.Callback != nil {
		d.mu.Lock()
		d.dryRuns[j.ID] = j
		d.mu.Unlock()
		d.s.spawn(func(ctx context.Context) { d.call(ctx, *j) })
	}
	return j.ID
}

func (d *dreamlook) call(ctx context.Context, j dreamlookJob) {
	body, _ := json.Marshal(d.answer(j, d.s.ownSite())) // plain data always marshals
	d.s.fetcher.postOnce(ctx, *j.Callback, body)        // that it is sent again is in no document
}

func (d *dreamlook) snapshot(id string) (dreamlookJob, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.byID[id]
	if j == nil {
		return dreamlookJob{}, false
	}
	return *j, true
}

// shown is a job whose results are shown: a stored one, or a dry run's samples.
func (d *dreamlook) shown(id string) (dreamlookJob, bool) {
	if j, ok := d.snapshot(id); ok {
		return j, true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.dryRuns[id]
	if j == nil {
		return dreamlookJob{}, false
	}
	return *j, true
}

func (d *dreamlook) update(id string, change func(*dreamlookJob)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.byID[id]
	changed := *j
	change(&changed)
	if err := d.s.store.putNumbered(dreamlookJobs, j.Number, changed); err != nil {
		return err
	}
	*j = changed
	return nil
}

func (d *dreamlook) read(w http.ResponseWriter, r *http.Request) {
	j, ok := d.snapshot(r.PathValue("id"))
	if !ok || j.Kind != dreamlookKinds[r.PathValue("kind")] {
		refuse(w, http.StatusNotFound, fmt.Sprintf("Job %s not found", r.PathValue("id")))
		return
	}
	answer(w, http.StatusOK, d.answer(j, d.s.site(r)))
}

func (d *dreamlook) list(w http.ResponseWriter, r *http.Request) {
	kind, known := dreamlookKinds[r.PathValue("kind")]
	if !known {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	d.mu.Lock()
	var page []dreamlookJob
	for _, j := range slices.Backward(d.jobs) {
		if j.Kind == kind {
			page = append(page, *j)
		}
		if len(page) == dreamlookListed {
			break
		}
	}
	d.mu.Unlock()
	answers := make([]dreamlookAnswer, 0, len(page))
	for _, j := range page {
		answers = append(answers, d.answer(j, d.s.site(r)))
	}
	answer(w, http.StatusOK, answers)
}

// follow fetches a new job's photos and sends its callback; after a restart it goes on from there.
func (d *dreamlook) follow(j dreamlookJob) {
	if !j.Ready.IsZero() && (j.Callback == nil || j.Called) {
		return
	}
	id := j.ID
	d.s.spawn(func(ctx context.Context) {
		d.prepare(ctx, id)
		j, _ := d.snapshot(id)
		if j.Ready.IsZero() || j.Callback == nil || !d.s.wait(ctx, j.ends()) {
			return
		}
		d.call(ctx, j)
		if ctx.Err() == nil {
			_ = d.update(id, func(j *dreamlookJob) { j.Called = true }) // unwritten, it is called again: harmless
		}
	})
}
