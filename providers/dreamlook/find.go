// Finding a job whose answer never came: the service lists its most recent
// jobs with what they were started with, which is compared with what was sent.

package dreamlook

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// clockSlack is how far the service's times may seem to lie before the
// request: its Date header counts whole seconds and its servers' clocks differ.
const clockSlack = 2 * time.Minute

// find looks for a job equal to body among those listed since the intent.
func find(c client, kind jobType, body request) providers.Find {
	return func(ctx context.Context, intent providers.Intent) (providers.Finding, error) {
		finding := providers.Finding{Look: providers.Say("Look at %s for a job started at that time.", kind.dashboard())}
		jobs, full, err := c.jobs(ctx, kind)
		if err != nil {
			return finding, err
		}
		sent := c.api.SentAt(intent).Add(-clockSlack)
		since := c.api.EarliestSent(intent).Add(-clockSlack)
		finding.Listed = []string{}
		finding.Complete = !full || oldest(jobs).Before(since)
		var newer, between alike // than the request by the service's clock; by the other one only
		for _, j := range jobs {
			finding.Listed = append(finding.Listed, j.ID)
			started := j.QueuedStart.Time
			if !started.IsZero() && started.Before(since) {
				continue
			}
			if len(j.Config) == 0 && j.ID != "" {
				// A list may leave out what the job itself shows.
				shown, err := c.job(ctx, kind, j.ID)
				if err != nil && !notFound(err) {
					return finding, err
				}
				j.Config = shown.Config
			}
			if len(j.Config) == 0 || j.ID == "" {
				finding.Complete = false // it may be the one
				continue
			}
			if !sameRequest(body, j.Config) {
				continue
			}
			if started.IsZero() || !started.Before(sent) {
				newer.take(j, comparePhotos(body, j.Config))
			} else {
				between.take(j, comparePhotos(body, j.Config))
			}
		}
		finding.Matches, finding.Maybe = newer.byName, between.byName
		if len(newer.byName)+len(between.byName) == 0 {
			finding.Matches, finding.Maybe = newer.byCount, between.byCount
		}
		return finding, nil
	}
}

// alike are jobs that were started with the same request, by how well their
// photos match: only where none has the same ones, their number tells.
type alike struct{ byName, byCount []providers.Receipt }

func (a *alike) take(j job, photos photosMatch) {
	switch photos {
	case sameNames:
		a.byName = append(a.byName, receipt(j))
	case sameCount:
		a.byCount = append(a.byCount, receipt(j))
	}
}

// oldest is when the oldest listed job was started. Without any time it is
// the end of time: nothing can be told from it.
func oldest(jobs []job) time.Time {
	oldest := time.Unix(math.MaxInt32, 0)
	for _, j := range jobs {
		if started := j.QueuedStart.Time; !started.IsZero() && started.Before(oldest) {
			oldest = started
		}
	}
	return oldest
}

func receipt(j job) providers.Receipt {
	title := j.Config.training().text("instance_prompt")
	if title == "" {
		title = j.Config.text("prompt")
	}
	answer, _ := json.Marshal(created{JobID: j.ID}) // a struct of one text always encodes
	return providers.Receipt{ID: j.ID, Answer: answer, Title: title, Time: j.QueuedStart.Time}
}

// sameRequest reports whether a job was started with this request, its photos
// aside, as far as the job tells.
func sameRequest(body request, started config) bool {
	training, nested := body["dreambooth"].(request)
	if !nested {
		return sameTraining(body, started) && samePicture(body, started)
	}
	return sameTraining(training, started.training()) && samePictures(body, started)
}

func sameTraining(body request, started config) bool {
	return sameModel(body, started) &&
		same(body, started, "instance_prompt") &&
		same(body, started, "steps")
}

func samePicture(body request, started config) bool {
	return same(body, started, "prompt") &&
		same(body, started, "num_samples") &&
		same(body, started, "seed")
}

// samePictures compares the generations that follow a training, where the
// service lists them as they were sent.
func samePictures(body request, started config) bool {
	list, echoed := started["image_gen"].([]any)
	if !echoed {
		return true
	}
	sent, _ := body["image_gen"].([]request)
	if len(sent) != len(list) {
		return false
	}
	for i, item := range list {
		object, ok := item.(map[string]any)
		if ok && !samePicture(sent[i], object) {
			return false
		}
	}
	return true
}

// sameModel compares what the job starts from: a checkpoint or a base model.
func sameModel(body request, started config) bool {
	if checkpoint, chosen := body["checkpoint_id"].(string); chosen {
		return started.text("checkpoint_id") == checkpoint
	}
	return started.text("checkpoint_id") == "" && same(body, started, "base_model")
}

// same compares one field. A field that either side leaves out tells nothing,
// except that a request always lists its prompt.
func same(body request, started config, key string) bool {
	ours, sent := body[key]
	theirs := started[key]
	if key == "seed" && ours == int64(-1) {
		return true // the service may list the seed it chose
	}
	if !sent || theirs == nil && !strings.HasSuffix(key, "prompt") {
		return true
	}
	if a, numeric := number(ours); numeric {
		b, numeric := number(theirs)
		return numeric && math.Abs(a-b) <= 1e-6*max(math.Abs(a), math.Abs(b))
	}
	return providers.SameText(fmt.Sprint(ours), started.text(key))
}

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// photosMatch says how well a job's photos match the request's.
type photosMatch int

const (
	otherPhotos photosMatch = iota
	sameCount               // copies that keep nothing of our names
	sameNames
)

// comparePhotos compares the photos by the names under which they were hosted.
// The service may list its own copies, as gs://…/<prefix>_<name>; where such
// copies keep nothing of our names, only their number is left to compare.
func comparePhotos(body request, started config) photosMatch {
	if training, nested := body["dreambooth"].(request); nested {
		body, started = training, started.training()
	}
	ours, _ := body["image_urls"].([]string)
	theirs := started.texts("image_urls")
	if len(ours) == 0 || len(theirs) == 0 {
		return sameNames
	}
	if len(ours) != len(theirs) {
		return otherPhotos
	}
	alike, copied := 0, 0
	for _, link := range theirs {
		if slices.ContainsFunc(ours, func(our string) bool { return strings.HasSuffix(lastSegment(link), lastSegment(our)) }) {
			alike++
		}
		if !slices.ContainsFunc(ours, func(our string) bool { return place(our) == place(link) }) {
			copied++
		}
	}
	switch {
	case alike == len(theirs):
		return sameNames
	case alike == 0 && copied == len(theirs):
		return sameCount
	}
	return otherPhotos
}

// place is where a link leads to, without its path.
func place(link string) string {
	parsed, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return parsed.Scheme + "://" + parsed.Host
}
