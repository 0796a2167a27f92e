package views

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// otherWords are words for which another one is used everywhere (CONTRIBUTING.md lists them). Names of files, commands and
// parameters, and the few texts where a word means something else, are let through.
var otherWords = []struct {
	word *regexp.Regexp
	use  string
	but  *regexp.Regexp // may be nil
}{
	{regexp.MustCompile(`(?i)\bimages?\b`), "picture", regexp.MustCompile(`own image models|images-recaption|\{"image":`)},
	{regexp.MustCompile(`(?i)\b(training|source) (pictures?|images?)\b`), "photo", nil},
	{regexp.MustCompile(`(?i)\b(checkpoints?|ckpt|finetunes?)\b`), "model", regexp.MustCompile(`(?i)save (a )?checkpoints?`)},
	{regexp.MustCompile(`(?i)\b(data sets?|training set)\b`), "dataset", nil},
	{regexp.MustCompile(`(?i)\bschedulers?\b`), "sampler", nil},
	{regexp.MustCompile(`(?i)\bcfg\b`), "guidance scale", nil},
	{regexp.MustCompile(`^Guidance$`), "guidance scale, or guidance pictures", nil},
	{regexp.MustCompile(`(?i)^(weight|strength)$`), "influence", nil},
	{regexp.MustCompile(`(?i)\b(providers?|vendors?)\b`), "service", nil},
	{regexp.MustCompile(`(?i)\bdirector(y|ies)\b`), "folder", nil},
	{regexp.MustCompile(`(?i)\b(recycle bin|wastebasket|bin)\b`), "trash", nil},
	{regexp.MustCompile(`(?i)\bdescriptions? of (the|a) photos?\b`), "caption", nil},
	{regexp.MustCompile(`^Again…?$`), "use these settings, or run again", nil},
	{regexp.MustCompile(`(?i)\b(api keys?|api tokens?|access tokens?)\b`), "key", regexp.MustCompile(`Manage API tokens`)},
}

func TestOneThingHasOneWord(t *testing.T) {
	content, err := os.ReadFile(englishFile)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatal(err)
	}
	for text := range texts {
		for _, other := range otherWords {
			rest := text
			if other.but != nil {
				rest = other.but.ReplaceAllString(text, "")
			}
			if other.word.MatchString(rest) {
				t.Errorf("%q says %q; the word is %q", text, other.word.FindString(rest), other.use)
			}
		}
	}
}

// What a key means at every service is called the same in every form.
func TestFieldsOfOneMeaningHaveOneLabel(t *testing.T) {
	meanings := map[string]string{
		"prompt": "Prompt", "negative_prompt": "Negative prompt", "seed": "Seed", "steps": "Steps", "steps_num": "Steps",
		"num_inference_steps": "Steps", "count": "Pictures", "num_results": "Pictures", "num_samples": "Pictures",
		"aspect_ratio": "Aspect ratio", "format": "Format", "output_format": "Format", "weight": "Influence", "scale": "Influence",
		"use_captions": "Use captions", "callback": "Callback address", "callback_url": "Callback address",
	}
	var look func(task string, fields []providers.Field)
	look = func(task string, fields []providers.Field) {
		for _, field := range fields {
			if label, known := meanings[field.Key]; known && field.Label != label {
				t.Errorf("%s calls %s %q, not %q", task, field.Key, field.Label, label)
			}
			look(task, field.Items)
		}
	}
	for _, service := range registry.All() {
		for _, task := range service.Tasks {
			look(task.ID, task.Fields)
		}
	}
}
