package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
)

// The service tells photos apart by the last part of their links, so that is what the hosted captions are keyed by.
func TestTheHostedCaptionsAreKeyedByTheHostedNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _ := w.open()
	order := training(t, studio)
	order.Values["use_captions"] = true
	order.Photos[0].Caption, order.Photos[1].Caption = "ukj, a paper fox", "ukj, asleep \"here\""
	script, problems, err := studio.Recorder.AsCurl(t.Context(), parsed(order))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	var body struct {
		Photos   []string `json:"image_urls"`
		Captions string   `json:"captions_file_url"`
	}
	data := regexp.MustCompile(`(?s)--data-raw '(.*)'`).FindStringSubmatch(script)
	if err := json.Unmarshal([]byte(strings.ReplaceAll(data[1], `'\''`, "'")), &body); err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(body.Captions)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var hosted map[string]string
	if err := json.NewDecoder(response.Body).Decode(&hosted); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for i, link := range body.Photos {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		want[path.Base(u.Path)] = order.Photos[i].Caption
	}
	if len(want) != 2 || !maps.Equal(hosted, want) {
		t.Errorf("hosted captions %v instead of %v", hosted, want)
	}
}

// What is hosted for a copy is noted for removal when its links end, like a job's.
func TestWhatIsHostedForACopyIsRemovedInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _ := w.open()
	if _, problems, err := studio.Recorder.AsCurl(t.Context(), parsed(training(t, studio))); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	app.MaintainAt(studio, time.Now().Add(47*time.Hour))
	before := len(w.hosted())
	app.MaintainAt(studio, time.Now().Add(49*time.Hour))
	if after := len(w.hosted()); before != 2 || after != 0 {
		t.Errorf("%d objects are hosted after 47 hours, %d after 49", before, after)
	}
}

// A picture too long for a command line lies in a file for as long as links to hosted ones last.
func TestABodyKeptForACopyIsRemovedInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, closeStudio := w.open()
	picture := photos(t, studio, 1)[0]
	script, problems, err := studio.Recorder.AsCurl(t.Context(), parsed(jobs.Order{Task: "bria/image-upload", Consent: true, Values: map[string]any{"dataset_id": "1", "file": picture.Ref()}}))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	kept := regexp.MustCompile(`@(\S+)`).FindStringSubmatch(script)
	if kept == nil {
		t.Fatalf("no file in %s", script)
	}
	for _, row := range []struct {
		age  time.Duration
		left bool
	}{{47 * time.Hour, true}, {49 * time.Hour, false}} {
		at := time.Now().Add(-row.age)
		if err := os.Chtimes(kept[1], at, at); err != nil {
			t.Fatal(err)
		}
		studio.Recorder.DropBodies(time.Now())
		if _, err := os.Stat(kept[1]); (err == nil) != row.left {
			t.Errorf("after %v: %v", row.age, err)
		}
	}
	closeStudio()
}
