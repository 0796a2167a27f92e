// What dreamlook.ai accepts in a request, and the fetching of the photos it links to.

package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"math"
	"path"
	"strings"
)

// The documents set no limits to these: the sandbox only has to be able to make what is asked for.
const (
	maxTrainingPhotos  = 10_000
	maxDreamlookLists  = 10_000 // checkpoints, tags and configurations
	maxDreamlookSample = 1000   // pictures of one configuration
	maxDreamlookEdge   = 4096   // pixels that are drawn
)

// maxCaptionTokens is the documents'. A token is a word or a part of one, so that more words are certainly
// too many.
const maxCaptionTokens = 77

// dreamboothForm is a checked training configuration, as answers echo it.
type dreamboothForm struct {
	ImageURLs           []string `json:"image_urls"`
	InstancePrompt      string   `json:"instance_prompt"`
	Steps               int      `json:"steps"`
	SavedModelFormat    string   `json:"saved_model_format"`
	SavedWeightsFormat  string   `json:"saved_model_weights_format"`
	BaseModel           *string  `json:"base_model"`
	CheckpointID        *string  `json:"checkpoint_id"`
	CropMethod          string   `json:"crop_method"`
	LearningRate        float64  `json:"learning_rate"`
	LearningRateTE      *float64 `json:"learning_rate_te"`
	LearningRateTE1     *float64 `json:"learning_rate_te1"`
	LearningRateTE2     *float64 `json:"learning_rate_te2"`
	EnableOffsetNoise   bool     `json:"enable_offset_noise"`
	Callback            *string  `json:"callback"`
	ExtractLoRA         *string  `json:"extract_lora"`
	CaptionsFileURL     *string  `json:"captions_file_url"`
	SaveCheckpointsAt   []int    `json:"save_checkpoints_at"`
	TextEncoderTraining any      `json:"text_encoder_training"`
	Availability        string   `json:"checkpoint_availability_mode"`
	Priority            int      `json:"priority"`
}

func readDreambooth(f *form) *dreamboothForm {
	f.require("image_urls", "instance_prompt", "steps")
	if !f.has("base_model") && !f.has("checkpoint_id") {
		f.missing("base_model")
	}
	c := &dreamboothForm{
		ImageURLs:           f.links("image_urls", 1, maxTrainingPhotos),
		InstancePrompt:      or(f.open("instance_prompt"), ""),
		Steps:               or(f.integer("steps", 1, math.MaxInt32), 0),
		SavedModelFormat:    or(f.open("saved_model_format"), "original"),
		SavedWeightsFormat:  or(f.open("saved_model_weights_format"), "safetensors"),
		BaseModel:           f.open("base_model"),
		CheckpointID:        f.open("checkpoint_id"),
		CropMethod:          or(f.open("crop_method"), "center"),
		LearningRate:        or(f.positive("learning_rate"), 1e-6),
		LearningRateTE:      f.anyNumber("learning_rate_te"),
		LearningRateTE1:     f.anyNumber("learning_rate_te1"),
		LearningRateTE2:     f.anyNumber("learning_rate_te2"),
		EnableOffsetNoise:   or(f.boolean("enable_offset_noise"), false),
		Callback:            f.link("callback"),
		ExtractLoRA:         f.open("extract_lora"),
		CaptionsFileURL:     f.link("captions_file_url"),
		TextEncoderTraining: f.get("text_encoder_training"),
		Availability:        or(f.open("checkpoint_availability_mode"), "standard"),
		Priority:            or(f.anyInteger("priority"), 100),
	}
	f.open("model_type")
	for _, item := range f.list("save_checkpoints_at", 1, maxDreamlookLists) {
		if step := item.anyInteger(""); step != nil {
			c.SaveCheckpointsAt = append(c.SaveCheckpointsAt, *step)
		}
	}
	return c
}

// imageGenForm is a checked generation configuration, as answers echo it.
type imageGenForm struct {
	Prompt            string   `json:"prompt"`
	NegativePrompt    *string  `json:"negative_prompt"`
	Width             int      `json:"width"`
	Height            int      `json:"height"`
	NumSamples        int      `json:"num_samples"`
	CheckpointID      *string  `json:"checkpoint_id"`
	ModelType         *string  `json:"model_type"`
	BaseModel         *string  `json:"base_model"`
	Steps             int      `json:"num_inference_steps"`
	SchedulerType     string   `json:"scheduler_type"`
	EnableHRF         bool     `json:"enable_hrf"`
	DenoisingStrength *float64 `json:"denoising_strength"`
	Seed              int64    `json:"seed"`
}

func readImageGen(f *form) imageGenForm {
	f.require("prompt")
	c := imageGenForm{
		Prompt:            or(f.open("prompt"), ""),
		NegativePrompt:    f.text("negative_prompt", 0, math.MaxInt),
		Width:             or(f.anyInteger("width"), 512),
		Height:            or(f.anyInteger("height"), 512),
		NumSamples:        or(f.integer("num_samples", 1, maxDreamlookSample), 1),
		CheckpointID:      f.open("checkpoint_id"),
		ModelType:         f.open("model_type"),
		BaseModel:         f.open("base_model"),
		Steps:             or(f.anyInteger("num_inference_steps"), 20),
		SchedulerType:     or(f.open("scheduler_type"), "dpm++"),
		EnableHRF:         or(f.boolean("enable_hrf"), false),
		DenoisingStrength: f.anyNumber("denoising_strength"),
		Seed:              int64(or(f.anyInteger("seed"), -1)),
	}
	f.anyNumber("guidance_scale")
	f.open("output_format")
	return c
}

// exactlyOne reports when none or both of two fields are given.
func (f *form) exactlyOne(a, b string) {
	if f.has(a) == f.has(b) {
		f.add("", "value_error", "exactly one of %s and %s has to be given", a, b)
	}
}

// prepare fetches a job's photos and captions and notes what they look like, or why the job fails. When
// the sandbox closes meanwhile, nothing is noted and the next start fetches again.
func (d *dreamlook) prepare(ctx context.Context, id string) {
	j, _ := d.snapshot(id)
	if !j.Ready.IsZero() {
		return
	}
	failure := ""
	if j.Train != nil {
		photos, err := d.photos(ctx, j.Train)
		if err == nil {
			err = d.s.store.put(dreamlookTrained, j.ID, influence{Manner: portrait, Strength: 0.8, Picture: jpegBytes(photos)})
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			failure = err.Error()
		}
	}
	// Unwritten, the job stays unready until the next start.
	_ = d.update(id, func(j *dreamlookJob) { j.Ready, j.Failure = d.s.stamp(), failure })
}

// photos fetches every training photo and blends them into one.
func (d *dreamlook) photos(ctx context.Context, c *dreamboothForm) (*image.RGBA, error) {
	var all []*image.RGBA
	names := map[string]bool{}
	for _, link := range c.ImageURLs {
		photo, err := d.s.fetcher.picture(ctx, link, 384)
		if err != nil {
			return nil, fmt.Errorf("failed to download image %s: %w", withoutQuery(link), err)
		}
		// The first photos say enough about the whole set; the rest is only checked.
		if len(all) < 24 {
			all = append(all, fill(photo, 384, 384))
		}
		name := path.Base(withoutQuery(link))
		if names[name] && c.CaptionsFileURL != nil {
			return nil, fmt.Errorf("several images are named %s: captions can't be told apart", name)
		}
		names[name] = true
	}
	if c.CaptionsFileURL != nil {
		if err := d.captions(ctx, *c.CaptionsFileURL, names); err != nil {
			return nil, fmt.Errorf("captions file %s: %w", withoutQuery(*c.CaptionsFileURL), err)
		}
	}
	return average(all, 384), nil
}

// captions checks a captions file: an object of image name → a caption, or a list of captions to draw from.
func (d *dreamlook) captions(ctx context.Context, link string, names map[string]bool) error {
	data, _, err := d.s.fetcher.get(ctx, link)
	if err != nil {
		return err
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(data, &entries); err != nil || entries == nil {
		return fmt.Errorf("not a JSON object")
	}
	for name, raw := range entries {
		if !names[name] {
			return fmt.Errorf("no image is named %q", name)
		}
		captions, err := readCaptions(raw)
		if err != nil {
			return fmt.Errorf("the caption of %q is %w", name, err)
		}
		for _, caption := range captions {
			if words := len(strings.Fields(caption)); words > maxCaptionTokens {
				return fmt.Errorf("the caption of %q has %d words, more than %d tokens", name, words, maxCaptionTokens)
			}
		}
	}
	return nil
}

func readCaptions(raw json.RawMessage) ([]string, error) {
	var one *string
	if json.Unmarshal(raw, &one) == nil && one != nil {
		return []string{*one}, nil
	}
	var many []string
	if json.Unmarshal(raw, &many) != nil || len(many) == 0 {
		return nil, errors.New("neither a text nor a list of texts")
	}
	return many, nil
}
