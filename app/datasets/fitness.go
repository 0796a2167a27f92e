// How well photos suit a task.

package datasets

import (
	"fmt"
	"unicode"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// PhotosField is the field that problems of the dataset as a whole belong to.
const PhotosField = "photos"

// Level grades how well a photo fits a task.
type Level int

// The levels of fitness.
const (
	OK      Level = iota
	Warning       // allowed, but the result may suffer
	Error         // the service would refuse it
)

// Verdict is a photo's fitness for a task, with the reasons.
type Verdict struct {
	Hash    string
	Level   Level
	Reasons []providers.Sentence
}

// Fitness grades every photo of a dataset for a task, and the dataset as a
// whole.
func Fitness(rules providers.PhotoRules, photos []photo.Photo) (verdicts []Verdict, overall []providers.Sentence) {
	verdicts = make([]Verdict, len(photos))
	for i, p := range photos {
		verdicts[i] = fitnessOf(rules, p)
	}
	for _, group := range photo.NearDuplicates(infosOf(photos)) {
		for _, i := range group[1:] {
			verdicts[i].add(Warning, providers.Say("looks nearly the same as %s", photos[group[0]].Name))
		}
	}
	return verdicts, countAdvice(rules, len(photos))
}

// infosOf is what is known of the photos.
func infosOf(photos []photo.Photo) []photo.Info {
	infos := make([]photo.Info, len(photos))
	for i, p := range photos {
		infos[i] = photo.Info{Hash: p.Hash, PerceptualHash: p.PerceptualHash, Sharpness: p.Sharpness, Width: p.Width, Height: p.Height}
	}
	return infos
}

func fitnessOf(rules providers.PhotoRules, p photo.Photo) Verdict {
	v := Verdict{Hash: p.Hash}
	width, height := p.Size()
	edge := min(width, height)
	size := fmt.Sprintf("%d × %d", width, height)
	switch {
	case rules.MinEdge > 0 && edge < rules.MinEdge:
		v.add(Error, providers.Say("%s is too small; the service needs %d pixels a side", size, rules.MinEdge))
	case rules.AdvisedEdge > 0 && edge < rules.AdvisedEdge:
		v.add(Warning, providers.Say("%s is small; %d pixels a side give better results", size, rules.AdvisedEdge))
	}
	if rules.MaxBytes > 0 && p.EditedBytes() > rules.MaxBytes {
		v.add(Error, providers.Say("is larger than the service's %d MB", rules.MaxBytes>>20))
	}
	if rules.Flatten && p.HasAlpha && p.Edit.Background == "" {
		v.add(Warning, providers.Say("has transparent parts, which the service turns black"))
	}
	if p.Sharpness > 0 && p.Sharpness < blurredBelow {
		v.add(Warning, providers.Say("looks blurred"))
	}
	if n := longestCaption(p.Caption, rules.CaptionLines); rules.CaptionTokens > 0 && n > rules.CaptionTokens {
		v.add(Warning, providers.Say("has a caption of about %d tokens; the service reads %d", n, rules.CaptionTokens))
	}
	v.Reasons = append(v.Reasons, p.Notes...)
	return v
}

// longestCaption is how many tokens a caption has at most at once: one of its
// lines, where the service draws one, or all of it.
func longestCaption(caption string, lines bool) (tokens int) {
	if !lines {
		return captionTokens(caption)
	}
	for _, line := range providers.CaptionLines(caption) {
		tokens = max(tokens, captionTokens(line))
	}
	return tokens
}

// lettersAToken is how many letters of a word one token holds at least, as far
// as common words go.
const lettersAToken = 8

// captionTokens estimates how many tokens a text encoder makes of a caption,
// rather too many than too few: one for every begun eight ASCII letters of a
// word, one for each digit, other letter and mark of punctuation. Encoders
// keep most English words whole, split rare ones, and write other scripts in
// smaller pieces.
func captionTokens(caption string) int {
	tokens, letters := 0, 0
	for _, r := range caption {
		switch {
		case r <= unicode.MaxASCII && unicode.IsLetter(r):
			if letters%lettersAToken == 0 {
				tokens++
			}
			letters++
			continue
		case !unicode.IsSpace(r):
			tokens++
		}
		letters = 0
	}
	return tokens
}

// blurredBelow is the sharpness (see photo.Info) under which a photo looks
// blurred.
const blurredBelow = 20

func (v *Verdict) add(level Level, reason providers.Sentence) {
	v.Level = max(v.Level, level)
	v.Reasons = append(v.Reasons, reason)
}

func countAdvice(rules providers.PhotoRules, n int) []providers.Sentence {
	var advice []providers.Sentence
	if rules.AdvisedMin > 0 && n < rules.AdvisedMin {
		advice = append(advice, providers.Say("%d photos; %d or more give better results", n, rules.AdvisedMin))
	}
	if rules.AdvisedMax > 0 && n > rules.AdvisedMax {
		advice = append(advice, providers.Say("%d photos; more than %d rarely help", n, rules.AdvisedMax))
	}
	return advice
}

// photosNeeded is how many photos a task takes, in words.
func photosNeeded(rules providers.PhotoRules) providers.Sentence {
	switch {
	case rules.Min == rules.Max:
		return providers.Say("exactly %d", rules.Min)
	case rules.Max == 0:
		return providers.Say("at least %d", rules.Min)
	}
	return providers.Say("%d to %d", rules.Min, rules.Max)
}

// CheckPhotos says what of the dataset the service would refuse.
func CheckPhotos(rules providers.PhotoRules, photos []photo.Photo) []providers.Problem {
	var problems []providers.Problem
	refuse := func(english string, args ...any) {
		problems = append(problems, providers.Problem{Field: PhotosField, Message: providers.Say(english, args...)})
	}
	switch n := len(photos); {
	case n == 0 && rules.Min > 0:
		refuse("there are no photos yet; it takes %s", photosNeeded(rules))
	case n < rules.Min:
		refuse("takes at least %d photos, not %d", rules.Min, n)
	case rules.Max > 0 && n > rules.Max:
		refuse("takes at most %d photos, not %d", rules.Max, n)
	}
	verdicts, _ := Fitness(rules, photos)
	for i, v := range verdicts {
		if v.Level == Error {
			refuse("%s %s", photos[i].Name, v.Reasons[0])
		}
	}
	return problems
}
