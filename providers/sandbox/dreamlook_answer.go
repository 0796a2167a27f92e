// dreamlook.ai's job object and the files it links to.

package sandbox

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"image"
	"slices"
	"strconv"
	"strings"
	"time"

	xdraw "golang.org/x/image/draw"
)

// dreamlookAnswer is the job object, key by key as documented.
type dreamlookAnswer struct {
	JobType         string            `json:"job_type"`
	JobID           string            `json:"job_id"`
	State           string            `json:"state"`
	StateUpdated    string            `json:"state_updated"`
	RunningStart    *string           `json:"state_running_start"`
	RunningEnd      *string           `json:"state_running_end"`
	QueuedStart     string            `json:"state_queued_start"`
	QueuedEnd       *string           `json:"state_queued_end"`
	QueuedDuration  *float64          `json:"queued_duration"`
	RunningDuration *float64          `json:"running_duration"`
	QueueingState   string            `json:"queueing_state"`
	Config          any               `json:"config"`
	Trained         *dreamboothResult `json:"dreambooth_result"`
	Generated       []imageGenResult  `json:"image_gen_results"`
	PercentageDone  int               `json:"percentage_done"`
	FailureReason   *string           `json:"failure_reason"`
	FailureData     any               `json:"failure_reason_data"`
	Thumbnails      []string          `json:"thumbnails"`
	Tags            []map[string]any  `json:"tags"`
}

type dreamboothResult struct {
	Checkpoints     []checkpointAnswer `json:"checkpoints"`
	SanitizedImages []string           `json:"sanitized_images"`
}

type checkpointAnswer struct {
	ID              string  `json:"checkpoint_id"`
	URL             *string `json:"url"`
	IsExtractedLoRA bool    `json:"is_extracted_lora"`
	CheckpointType  string  `json:"checkpoint_type"`
	ModelType       string  `json:"model_type"`
	TrainingStep    int     `json:"training_step"`
	SizeBytes       int     `json:"size_bytes"`
	FileFormat      string  `json:"file_format"`
	Availability    string  `json:"availability_mode"`
	IsAvailable     bool    `json:"is_available"`
}

type imageGenResult struct {
	CheckpointID *string          `json:"checkpoint_id"`
	ConfigIdx    int              `json:"config_idx"`
	Images       []generatedImage `json:"generated_images"`
}

type generatedImage struct {
	ID            string `json:"generated_image_id"`
	URL           string `json:"url"`
	Seed          int64  `json:"seed"`
	GenerationIdx int    `json:"generation_idx"`
}

// dreamlookTime is how dreamlook writes times: microseconds, UTC, no zone.
func dreamlookTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000") }

func (d *dreamlook) answer(j dreamlookJob, links site) dreamlookAnswer {
	now := d.s.now()
	a := dreamlookAnswer{
		JobType: j.Kind, JobID: j.ID, State: "queued",
		StateUpdated: dreamlookTime(j.Created), QueuedStart: dreamlookTime(j.Created),
		QueueingState: "default", Config: j.config(), PercentageDone: j.percent(now),
		Tags: append([]map[string]any{}, j.Tags...),
	}
	if j.phase(now) == queued {
		return a
	}
	started, waited := dreamlookTime(j.starts()), j.Queued.Seconds()
	a.State, a.StateUpdated, a.RunningStart, a.QueuedEnd, a.QueuedDuration = "running", started, &started, &started, &waited
	if j.phase(now) == running {
		return a
	}
	ended, worked := dreamlookTime(j.ends()), j.ends().Sub(j.starts()).Seconds()
	a.State, a.StateUpdated, a.RunningEnd, a.RunningDuration = "success", ended, &ended, &worked
	if j.Failure != "" {
		a.State, a.FailureReason, a.PercentageDone = "failure", &j.Failure, 0
		return a
	}
	if j.Train != nil {
		a.Trained = &dreamboothResult{SanitizedImages: []string{}}
		for _, c := range j.checkpoints() {
			a.Trained.Checkpoints = append(a.Trained.Checkpoints, d.checkpointAnswer(j, c, links))
		}
	}
	d.addImages(&a, j, links)
	return a
}

// config echoes what the job was started with.
func (j *dreamlookJob) config() any {
	switch {
	case j.Kind == "dreambooth_image_gen":
		return map[string]any{"dreambooth": j.Train, "image_gen": j.Generate}
	case j.Train != nil:
		return j.Train
	default:
		return j.Generate[0]
	}
}

// checkpoint is one file a training job leaves.
type checkpoint struct {
	id   string
	step int
	lora bool
}

// checkpoints lists the job's files: one a saved step that it came to and the last, each with a LoRA when asked for.
func (j *dreamlookJob) checkpoints() []checkpoint {
	if j.Train == nil {
		return nil
	}
	steps := append(slices.Clone(j.Train.SaveCheckpointsAt), j.Train.Steps)
	steps = slices.DeleteFunc(steps, func(step int) bool { return step < 1 || step > j.Train.Steps })
	slices.Sort(steps)
	var all []checkpoint
	for _, step := range slices.Compact(steps) {
		all = append(all, checkpoint{"ckp_" + shortHash(j.ID, "checkpoint", step), step, false})
		if lora := or(j.Train.ExtractLoRA, "disabled"); lora != "disabled" {
			all = append(all, checkpoint{"ckp_" + shortHash(j.ID, "lora", step), step, true})
		}
	}
	return all
}

func shortHash(parts ...any) string {
	h := fnv.New32a()
	fmt.Fprint(h, parts...)
	return hex.EncodeToString(h.Sum(nil))
}

func (j *dreamlookJob) modelType() string {
	if strings.Contains(or(j.Train.BaseModel, ""), "xl") {
		return "sdxl-v1"
	}
	return "sd-v1"
}

func (d *dreamlook) checkpointAnswer(j dreamlookJob, c checkpoint, links site) checkpointAnswer {
	a := checkpointAnswer{
		ID: c.id, IsExtractedLoRA: c.lora, CheckpointType: "checkpoint", ModelType: j.modelType(),
		TrainingStep: c.step, SizeBytes: modelFile(j, c).size(), FileFormat: "safetensors",
		Availability: "standard", IsAvailable: j.available(d.s.now()),
	}
	kind := ""
	if c.lora {
		a.CheckpointType, kind = "lora", "lora_"
	}
	if a.IsAvailable {
		name := fmt.Sprintf("models/%s/dreamlookai_%s_%sstep_%d_%s_%s.safetensors", j.ID, or(j.Train.BaseModel, "custom"), kind, c.step, j.ID, c.id)
		// The documented link is dated by the job's end, so that it runs out when the checkpoint is deleted.
		link := links.signed(d.name(), name, j.ends(), dreamlookKept)
		a.URL = &link
	}
	return a
}

// addImages adds the generated images and, as thumbnails, the first four of them.
func (d *dreamlook) addImages(a *dreamlookAnswer, j dreamlookJob, links site) {
	now := d.s.now()
	for i, c := range j.Generate {
		result := imageGenResult{CheckpointID: j.generatesWith(i), ConfigIdx: i, Images: []generatedImage{}}
		for n := range c.NumSamples {
			id := shortHash(j.ID, "image", i, n)
			idx := n
			if n > 0 {
				idx++ // the service skips the numbers of images it discards
			}
			path := fmt.Sprintf("images/generated_images/%s/%s_%s.png", j.ID, j.ID, id)
			result.Images = append(result.Images, generatedImage{id, links.signed(d.name(), path, now, dreamlookImageValid), j.seed(i, n), idx})
			if len(a.Thumbnails) < 4 {
				a.Thumbnails = append(a.Thumbnails, links.lasting(d.name(), fmt.Sprintf("thumbnails/%s/%s_%s_thumbnail.png", j.ID, j.ID, id), j.ends()))
			}
		}
		a.Generated = append(a.Generated, result)
	}
}

// generatesWith is the checkpoint of the i-th generation: its own, or the one this job trains last.
func (j *dreamlookJob) generatesWith(i int) *string {
	if j.Train == nil {
		return j.Generate[i].CheckpointID
	}
	all := slices.DeleteFunc(j.checkpoints(), func(c checkpoint) bool { return c.lora })
	return &all[len(all)-1].id
}

// seed is the n-th image's seed: counted up from the one asked for, or drawn.
func (j *dreamlookJob) seed(config, n int) int64 {
	if asked := j.Generate[config].Seed; asked >= 0 {
		return (asked + int64(n)) % (1 << 32)
	}
	drawn, _ := strconv.ParseUint(shortHash(j.ID, "seed", config, n), 16, 32) // always eight hex digits
	return int64(drawn)
}

// asset serves models/JOB/…CHECKPOINT.safetensors, images/generated_images/JOB/JOB_IMAGE.png and
// thumbnails/JOB/JOB_IMAGE_thumbnail.png.
func (d *dreamlook) asset(path string) (file, bool) {
	parts := strings.Split(path, "/")
	if len(parts) < 3 {
		return file{}, false
	}
	j, ok := d.shown(parts[len(parts)-2])
	if !ok || j.phase(d.s.now()) != finished || j.Failure != "" {
		return file{}, false
	}
	name := parts[len(parts)-1]
	var f file
	if parts[0] == "models" {
		f, ok = d.modelAsset(j, name)
	} else {
		f, ok = d.imageAsset(j, name)
	}
	f.modified = j.ends()
	return f, ok
}

func (d *dreamlook) modelAsset(j dreamlookJob, name string) (file, bool) {
	for _, c := range j.checkpoints() {
		if strings.HasSuffix(name, c.id+".safetensors") && j.available(d.s.now()) {
			return file{data: modelFile(j, c).bytes(), contentType: "application/octet-stream"}, true
		}
	}
	return file{}, false
}

func (d *dreamlook) imageAsset(j dreamlookJob, name string) (file, bool) {
	for i, c := range j.Generate {
		for n := range c.NumSamples {
			switch name {
			case j.ID + "_" + shortHash(j.ID, "image", i, n) + ".png":
				return encode(d.draw(j, i, n), "png"), true
			case j.ID + "_" + shortHash(j.ID, "image", i, n) + "_thumbnail.png":
				return encode(fitWithin(d.draw(j, i, n), 256), "png"), true
			}
		}
	}
	return file{}, false
}

// trainer is the job that trained a checkpoint; "" for a dry run's, which no job did.
func (d *dreamlook) trainer(checkpoint string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if j := d.checkpoints[checkpoint]; j != nil {
		return j.ID
	}
	return ""
}

func (d *dreamlook) draw(j dreamlookJob, config, n int) image.Image {
	c := j.Generate[config]
	drawn := func(edge int) int { return min(max(edge, 8), maxDreamlookEdge) }
	width, height := d.s.bounded(drawn(c.Width), drawn(c.Height))
	p := painting{prompt: c.Prompt, seed: j.seed(config, n), width: width, height: height}
	if id := j.generatesWith(config); id != nil {
		var look influence
		if found, err := d.s.store.get(dreamlookTrained, d.trainer(*id), &look); found && err == nil {
			p.influences = []influence{look}
		}
	}
	if !c.EnableHRF {
		return paint(p)
	}
	// The high resolution fix draws at twice the size and so shows more detail.
	p.width, p.height = 2*p.width, 2*p.height
	big := paint(p)
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	xdraw.ApproxBiLinear.Scale(out, out.Rect, big, big.Rect, xdraw.Src, nil)
	return out
}
