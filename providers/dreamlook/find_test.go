package dreamlook_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

// sentAt is when the request whose answer was lost left; the fake service's
// clock is this computer's.
var sentAt = time.Now().Truncate(time.Second)

type object = map[string]any

// with returns a copy with some members changed; nil takes one out.
func with(base, changes object) object {
	changed := maps.Clone(base)
	for key, value := range changes {
		if changed[key] = value; value == nil {
			delete(changed, key)
		}
	}
	return changed
}

// listedAt is a job as the service lists it.
func listedAt(id string, after time.Duration, config object) object {
	return object{
		"job_id": id, "state": "queued", "config": config,
		"state_queued_start": sentAt.Add(after).UTC().Format("2006-01-02T15:04:05.000000"),
	}
}

var (
	sentTraining = object{
		"image_urls":      []string{"https://photos.test/a.jpg", "https://photos.test/b.jpg"},
		"instance_prompt": "photo of ukj person", "steps": 1200, "base_model": "stable-diffusion-v1-5", "checkpoint_id": nil,
	}
	sentPicture = object{"prompt": "a fox", "base_model": "stable-diffusion-v1-5", "num_samples": 4, "seed": 7}
	sentBoth    = object{"dreambooth": sentTraining, "image_gen": []object{{"prompt": "on a horse"}, {"prompt": "at sea"}}}
)

func TestFindingALostJob(t *testing.T) {
	copies := func(links ...string) object { return with(sentTraining, object{"image_urls": links}) }
	picture := map[string]any{"prompt": "a fox", "seed": 7}
	for _, row := range []struct {
		name   string
		task   string
		values map[string]any
		listed []object
		want   []string
	}{
		{"the same training", trainID, nil, []object{listedAt("db_1", time.Second, sentTraining)}, []string{"db_1"}},
		{"two of them", trainID, nil, []object{listedAt("db_1", 0, sentTraining), listedAt("db_2", time.Minute, sentTraining)}, []string{"db_1", "db_2"}},
		{"one from before", trainID, nil, []object{listedAt("db_1", -3*time.Minute, sentTraining)}, nil},
		{"one whose clock is a little behind", trainID, nil, []object{listedAt("db_1", -time.Minute, sentTraining)}, []string{"db_1"}},
		{"one without a time", trainID, nil, []object{{"job_id": "db_1", "config": sentTraining}}, []string{"db_1"}},
		{"numbers written otherwise", trainID, nil, []object{listedAt("db_1", 0, with(sentTraining, object{"steps": 1200.0000001}))}, []string{"db_1"}},
		{"fields the service leaves out", trainID, nil, []object{listedAt("db_1", 0, with(sentTraining, object{"steps": nil, "image_urls": nil}))}, []string{"db_1"}},
		{"other steps", trainID, nil, []object{listedAt("db_1", 0, with(sentTraining, object{"steps": 1300}))}, nil},
		{"another prompt", trainID, nil, []object{listedAt("db_1", 0, with(sentTraining, object{"instance_prompt": "photo of ukj dog"}))}, nil},
		{"no prompt", trainID, nil, []object{listedAt("db_1", 0, with(sentTraining, object{"instance_prompt": nil}))}, nil},
		{"another base model", trainID, nil, []object{listedAt("db_1", 0, with(sentTraining, object{"base_model": "stable-diffusion-xl-v1-0"}))}, nil},
		{"a checkpoint instead", trainID, nil, []object{listedAt("db_1", 0, with(sentTraining, object{"checkpoint_id": "ckp_1"}))}, nil},
		{"the same checkpoint", trainID, map[string]any{"checkpoint_id": "ckp_1"}, []object{listedAt("db_1", 0, with(sentTraining, object{"checkpoint_id": "ckp_1"}))}, []string{"db_1"}},
		{"another checkpoint", trainID, map[string]any{"checkpoint_id": "ckp_1"}, []object{listedAt("db_1", 0, with(sentTraining, object{"checkpoint_id": "ckp_2"}))}, nil},

		{"photos signed anew", trainID, nil, []object{listedAt("db_1", 0, copies("https://photos.test/a.jpg?s=2", "https://photos.test/b.jpg?s=2"))}, []string{"db_1"}},
		{"the service's own copies", trainID, nil, []object{listedAt("db_1", 0, copies("gs://nyxai/images/21a498e6_a.jpg", "gs://nyxai/images/4723de21_b.jpg"))}, []string{"db_1"}},
		{"copies under other names", trainID, nil, []object{listedAt("db_1", 0, copies("gs://nyxai/images/1.jpeg", "gs://nyxai/images/2.jpeg"))}, []string{"db_1"}},
		{"ours beside copies under other names", trainID, nil, []object{
			listedAt("db_1", 0, copies("gs://nyxai/1.jpeg", "gs://nyxai/2.jpeg")), listedAt("db_2", 0, sentTraining),
		}, []string{"db_2"}},
		{"more copies", trainID, nil, []object{listedAt("db_1", 0, copies("gs://nyxai/1.jpeg", "gs://nyxai/2.jpeg", "gs://nyxai/3.jpeg"))}, nil},
		{"other photos at our place", trainID, nil, []object{listedAt("db_1", 0, copies("https://photos.test/c.jpg", "https://photos.test/d.jpg"))}, nil},
		{"some of our photos", trainID, nil, []object{listedAt("db_1", 0, copies("gs://nyxai/1_a.jpg", "gs://nyxai/2_c.jpg"))}, nil},

		{"the same pictures", generateID, picture, []object{listedAt("ig_1", 0, sentPicture)}, []string{"ig_1"}},
		{"another seed", generateID, picture, []object{listedAt("ig_1", 0, with(sentPicture, object{"seed": 8}))}, nil},
		{"a seed for a random one", generateID, map[string]any{"prompt": "a fox"}, []object{listedAt("ig_1", 0, sentPicture)}, []string{"ig_1"}},
		{"fewer pictures", generateID, picture, []object{listedAt("ig_1", 0, with(sentPicture, object{"num_samples": 1}))}, nil},

		{"the same of both", bothID, twoSets, []object{listedAt("dbig_1", 0, sentBoth)}, []string{"dbig_1"}},
		{"both, flat", bothID, twoSets, []object{listedAt("dbig_1", 0, sentTraining)}, []string{"dbig_1"}},
		{"both with another prompt", bothID, twoSets, []object{listedAt("dbig_1", 0, with(sentBoth, object{"image_gen": []object{{"prompt": "on a horse"}, {"prompt": "on a ship"}}}))}, nil},
		{"both with another training", bothID, twoSets, []object{listedAt("dbig_1", 0, with(sentBoth, object{"dreambooth": with(sentTraining, object{"steps": 100})}))}, nil},
		{"both with fewer pictures", bothID, twoSets, []object{listedAt("dbig_1", 0, with(sentBoth, object{"image_gen": []object{{"prompt": "on a horse"}}}))}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			finding, err := look(t, row.task, row.values, map[string][]string{"GET " + lists[row.task]: {encode(t, row.listed)}})
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, match := range finding.Matches {
				ids = append(ids, match.ID)
				if match.Title == "" {
					t.Errorf("%s has no title to recognise it by", match.ID)
				}
			}
			if !slices.Equal(ids, row.want) || !finding.Complete {
				t.Errorf("found %v, complete %v; want %v", ids, finding.Complete, row.want)
			}
		})
	}
}

var (
	posts = map[string]string{trainID: "/dreambooth", generateID: "/image_gen", bothID: "/dreambooth_image_gen"}
	// The spelling that the client tries second, so that both are asked.
	lists = map[string]string{trainID: "/jobs/dreambooth", generateID: "/jobs/image_gen", bothID: "/jobs/dreambooth_image_gen"}
)

// look performs the task, and then asks its find for the paid request as if
// the answer had been lost.
func look(t *testing.T, task string, values map[string]any, routes map[string][]string) (providers.Finding, error) {
	t.Helper()
	return lookFor(t, providers.Intent{Sent: sentAt}, task, values, routes)
}

func lookFor(t *testing.T, intent providers.Intent, task string, values map[string]any, routes map[string][]string) (providers.Finding, error) {
	t.Helper()
	routes["POST "+posts[task]] = []string{dryAnswer} // ends the task; find doesn't know
	_, conn := serve(t, routes)
	steps := newNotes()
	if err := perform(t, task, values, twoPhotos(), conn, steps); err != nil {
		t.Fatal(err)
	}
	return steps.find(t.Context(), intent)
}

func encode(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// The service's Date is wrong all the time, while the times in its list are
// right: the request is older by the service's clock, and not by ours.
func TestWhatIsOlderByOneClockOnlyIsAQuestion(t *testing.T) {
	copies := with(sentTraining, object{"image_urls": []string{"gs://other/1.jpg", "gs://other/2.jpg"}})
	for _, row := range []struct {
		name           string
		ahead          time.Duration // how much the service's Date was
		listed         []object
		matches, maybe int
	}{
		{"an hour ahead", time.Hour, []object{listedAt("db_1", time.Second, sentTraining)}, 0, 1},
		{"11 minutes ahead", 11 * time.Minute, []object{listedAt("db_1", time.Second, sentTraining)}, 0, 1},
		{"an hour behind", -time.Hour, []object{listedAt("db_1", time.Second, sentTraining)}, 1, 0},
		{"older by both", time.Hour, []object{listedAt("db_1", -3*time.Minute, sentTraining)}, 0, 0},
		{"photos that the service copied", time.Hour, []object{listedAt("db_1", time.Second, copies)}, 0, 1},
		{"copied photos beside the same", time.Hour, []object{listedAt("db_2", 61*time.Minute, sentTraining), listedAt("db_1", time.Second, copies)}, 1, 0},
		{"one by each clock", time.Hour, []object{listedAt("db_2", 61*time.Minute, sentTraining), listedAt("db_1", time.Second, sentTraining)}, 1, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			intent := providers.Intent{Sent: sentAt, ServiceSent: sentAt.Add(row.ahead)}
			finding, err := lookFor(t, intent, trainID, nil, map[string][]string{"GET /jobs/dreambooth": {encode(t, row.listed)}})
			if err != nil || len(finding.Matches) != row.matches || len(finding.Maybe) != row.maybe || !finding.Complete {
				t.Errorf("found %+v, %v; want %d and %d", finding, err, row.matches, row.maybe)
			}
		})
	}
}

func TestWhetherEveryJobWasSeen(t *testing.T) {
	other := with(sentTraining, object{"steps": 1})
	many := func(count int, age time.Duration) []object {
		var jobs []object
		for i := range count {
			jobs = append(jobs, listedAt("db_"+string(rune('A'+i)), time.Minute-age*time.Duration(i), other))
		}
		return jobs
	}
	for _, row := range []struct {
		name   string
		listed any
		want   bool
	}{
		{"none at all", []object{}, true},
		{"less than a page", many(49, 0), true},
		{"a page of newer ones", many(50, 0), false},
		{"a page that goes back far enough", many(50, time.Minute), true},
		{"a list in an object", object{"jobs": many(3, 0)}, true},
		{"one that can't be read itself", []object{listedAt("db_gone", 0, nil)}, false},
		{"one without an id", []object{listedAt("", 0, sentTraining)}, false},
		{"an old one without an id", []object{listedAt("", -time.Hour, sentTraining)}, true},
		{"one that doesn't tell what it was started with", []object{listedAt("db_1", 0, nil)}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			finding, err := look(t, trainID, nil, map[string][]string{
				"GET /jobs/dreambooth": {encode(t, row.listed)}, "GET /jobs/dreambooth/db_1": {`{"state":"queued"}`},
			})
			if err != nil || len(finding.Matches) != 0 || finding.Complete != row.want {
				t.Errorf("got %+v, %v", finding, err)
			}
			if !strings.Contains(finding.Look.String(), "https://dreamlook.ai/jobs/dreambooth") {
				t.Errorf("a person is told to look at %q", finding.Look)
			}
		})
	}
}

func TestAJobListedWithoutDetailsIsRead(t *testing.T) {
	finding, err := look(t, trainID, nil, map[string][]string{
		"GET /jobs/dreambooth":      {`[{"job_id":"db_1","config":null}]`},
		"GET /jobs/dreambooth/db_1": {encode(t, listedAt("db_1", 0, sentTraining))},
	})
	if err != nil || len(finding.Matches) != 1 || !finding.Complete {
		t.Errorf("got %+v, %v", finding, err)
	}
}

func TestEverySpellingOfAJobsTypeIsListed(t *testing.T) {
	finding, err := look(t, generateID, map[string]any{"prompt": "a fox", "seed": 7}, map[string][]string{
		"GET /jobs/image-gen": {"[]"},
		"GET /jobs/image_gen": {encode(t, []object{listedAt("ig_1", 0, sentPicture)})},
	})
	if err != nil || len(finding.Matches) != 1 {
		t.Errorf("got %+v, %v", finding, err)
	}
}

func TestAListThatCannotBeReadIsNoProofOfAbsence(t *testing.T) {
	for _, list := range []string{`{"surprise":true}`, `"jobs"`, `[1,2]`, `null`} {
		_, err := look(t, trainID, nil, map[string][]string{"GET /jobs/dreambooth": {list}})
		if f := conformance.WantFailure(t, err); !f.Garbled {
			t.Errorf("%s: %+v", list, f)
		}
	}
	if _, err := look(t, trainID, nil, map[string][]string{}); err == nil {
		t.Error("a list that doesn't exist counts as empty")
	}
}
