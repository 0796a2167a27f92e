// The JSON that dreamlook.ai answers, read leniently: only what is used is
// decoded, any field may be null or missing, and the free-form ones are kept
// as they came.

package dreamlook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// The families of models, as model_type spells them.
const (
	typeSD1  = "sd-v1"
	typeSDXL = "sdxl-v1"
)

// jobType is a kind of job, by the spellings under which it may be listed and
// read; the documents use both hyphens and underscores.
type jobType struct {
	path      string // where it is created
	spellings []string
	trains    bool
	generates bool
}

var (
	dreambooth = jobType{path: "/dreambooth", spellings: []string{"dreambooth"}, trains: true}
	imageGen   = jobType{path: "/image_gen", spellings: []string{"image-gen", "image_gen"}, generates: true}
	both       = jobType{
		path: "/dreambooth_image_gen", spellings: []string{"dreambooth-image-gen", "dreambooth_image_gen"},
		trains: true, generates: true,
	}
	jobTypes = []jobType{dreambooth, imageGen, both}
)

// String is the type as it is offered to people.
func (k jobType) String() string { return k.spellings[0] }

// dashboard is where a person sees such jobs on the service's site.
func (k jobType) dashboard() string { return "https://dreamlook.ai/jobs/" + k.String() }

// created is the answer to a request for a job.
type created struct {
	JobID string `json:"job_id"`
}

// Check reports an answer without the job's id.
func (c *created) Check() error {
	if c.JobID == "" {
		return providers.Errorf("it holds no job_id")
	}
	return nil
}

// job is the job object of /jobs/{job_type}/{job_id}.
type job struct {
	ID           string           `json:"job_id"`
	State        string           `json:"state"`
	QueuedStart  stamp            `json:"state_queued_start"`
	RunningStart stamp            `json:"state_running_start"`
	Config       config           `json:"config"`
	Training     *trainingResult  `json:"dreambooth_result"`
	Pictures     []pictureResults `json:"image_gen_results"`
	Percent      float64          `json:"percentage_done"`
	Reason       json.RawMessage  `json:"failure_reason"`
	ReasonData   json.RawMessage  `json:"failure_reason_data"`
}

// Check reports an answer that says nothing about the job.
func (j *job) Check() error {
	if j.state() == "" {
		return providers.Errorf("it holds no state")
	}
	return nil
}

type trainingResult struct {
	Checkpoints []checkpoint `json:"checkpoints"`
}

// checkpoint is a trained model; numbers are floats so that 100.0 is read too.
type checkpoint struct {
	ID        string  `json:"checkpoint_id"`
	URL       string  `json:"url"`
	LoRA      bool    `json:"is_extracted_lora"`
	Type      string  `json:"checkpoint_type"`
	Family    string  `json:"model_type"`
	Step      float64 `json:"training_step"`
	Size      float64 `json:"size_bytes"`
	Format    string  `json:"file_format"`
	Available *bool   `json:"is_available"`
}

// available reports whether the service still has the checkpoint.
func (c checkpoint) available() bool { return c.Available == nil || *c.Available }

// pictureResults are the pictures of one configuration and checkpoint.
type pictureResults struct {
	CheckpointID string    `json:"checkpoint_id"`
	ConfigIndex  int       `json:"config_idx"`
	Pictures     []picture `json:"generated_images"`
}

// picture leaves out generation_idx on purpose: it skips numbers.
type picture struct {
	ID   string   `json:"generated_image_id"`
	URL  string   `json:"url"`
	Seed *float64 `json:"seed"`
}

// key names the picture within its job.
func (p picture) key() string {
	if p.ID != "" {
		return p.ID
	}
	return lastSegment(p.URL)
}

func (p picture) seed() *int64 {
	if p.Seed == nil {
		return nil
	}
	seed := int64(*p.Seed)
	return &seed
}

// The states of a job, in the documents' spelling.
const (
	stateQueued  = "queued"
	stateRunning = "running"
	stateSuccess = "success"
	stateFailure = "failure"
)

func (j job) state() string { return strings.ToLower(strings.TrimSpace(j.State)) }

func (j job) ended() bool { return j.state() == stateSuccess || j.state() == stateFailure }

// checkpoints are the trained models that can still be downloaded.
func (j job) checkpoints() []checkpoint {
	var available []checkpoint
	for _, c := range j.allCheckpoints() {
		if c.ID != "" && c.available() {
			available = append(available, c)
		}
	}
	return available
}

func (j job) allCheckpoints() []checkpoint {
	if j.Training == nil {
		return nil
	}
	return j.Training.Checkpoints
}

// nothingLeft reports that the job is over and has no results any more, or
// never had. Of a job that succeeded, a list may leave them out.
func (j job) nothingLeft() bool {
	listed := len(j.allCheckpoints()) > 0 || j.Pictures != nil
	if !j.ended() || j.state() == stateSuccess && !listed {
		return false
	}
	return len(j.checkpoints()) == 0 && len(untried(j, nil)) == 0
}

func (j job) checkpoint(id string) (checkpoint, bool) {
	for _, c := range j.allCheckpoints() {
		if c.ID == id {
			return c, true
		}
	}
	return checkpoint{}, false
}

func (j job) picture(key string) (picture, bool) {
	for _, results := range j.Pictures {
		for _, p := range results.Pictures {
			if p.key() == key {
				return p, true
			}
		}
	}
	return picture{}, false
}

// left estimates the time that a running job still takes from how far it came
// since it began; 0 when that can't be said.
func (j job) left(now time.Time) time.Duration {
	elapsed := now.Sub(j.RunningStart.Time)
	if j.RunningStart.IsZero() || elapsed <= 0 || j.Percent <= 0 || j.Percent >= 100 {
		return 0
	}
	return time.Duration(float64(elapsed) * (100 - j.Percent) / j.Percent).Round(time.Second)
}

// reason is why the job failed in the service's own words, which are to be
// quoted.
func (j job) reason() string {
	said := words(j.Reason)
	if data := words(j.ReasonData); data != "" {
		said = strings.TrimSpace(said + " " + data)
	}
	return said
}

// words is a JSON value as a person reads it: texts without their quotes.
func words(value json.RawMessage) string {
	if len(value) == 0 || bytes.Equal(value, []byte("null")) {
		return ""
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// config is what a job was started with. Anything but an object reads as none.
type config map[string]any

func (c *config) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(data, []byte("{")) {
		return nil
	}
	return json.Unmarshal(data, (*map[string]any)(c))
}

// training is the part that a training was started with.
func (c config) training() config {
	if inner, nested := c["dreambooth"].(map[string]any); nested {
		return inner
	}
	return c
}

func (c config) text(key string) string {
	text, _ := c[key].(string)
	return strings.TrimSpace(text)
}

func (c config) texts(key string) []string {
	list, _ := c[key].([]any)
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// stamp is a time of the service's: UTC where no zone is given, zero where it
// can't be read.
type stamp struct{ time.Time }

func (s *stamp) UnmarshalJSON(data []byte) error {
	text := words(data)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if parsed, err := time.Parse(layout, text); err == nil {
			s.Time = parsed.UTC()
			return nil
		}
	}
	return nil
}

// jobList is a list of jobs, bare or inside an object: the documents don't
// show it.
type jobList []job

func (l *jobList) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		var wrapped struct {
			Jobs, Items, Results, Data json.RawMessage
		}
		if err := json.Unmarshal(data, &wrapped); err != nil {
			return err
		}
		data = nil
		for _, list := range []json.RawMessage{wrapped.Jobs, wrapped.Items, wrapped.Results, wrapped.Data} {
			if bytes.HasPrefix(bytes.TrimSpace(list), []byte("[")) {
				data = list
				break
			}
		}
		if data == nil {
			return fmt.Errorf("there is no list of jobs in it")
		}
	}
	return json.Unmarshal(data, (*[]job)(l))
}

// linkExpiry reads from a signed Google Storage link when it ends; zero when
// the link doesn't say.
func linkExpiry(link string) time.Time {
	parsed, err := url.Parse(link)
	if err != nil {
		return time.Time{}
	}
	query := parsed.Query()
	signed, err := time.Parse("20060102T150405Z", query.Get("X-Goog-Date"))
	if err != nil {
		return time.Time{}
	}
	seconds, err := strconv.ParseInt(query.Get("X-Goog-Expires"), 10, 32)
	if err != nil {
		return time.Time{}
	}
	return signed.Add(time.Duration(seconds) * time.Second)
}

// lastSegment is the last part of a link's path, without its query: the name
// by which the service knows a photo ("Image captions").
func lastSegment(link string) string {
	parsed, err := url.Parse(link)
	if err != nil || parsed.Path == "" {
		return ""
	}
	return path.Base(parsed.Path)
}
