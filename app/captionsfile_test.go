package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
)

// The service tells photos apart by the last part of their links, so that is what the hosted captions are keyed by.
func TestTheHostedCaptionsAreKeyedByTheHostedNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _ := w.open()
	order := training(t, studio)
	order.Values["use_captions"] = true
	order.Photos[0].Caption, order.Photos[1].Caption = "ukj, a paper fox", "ukj, asleep \"here\""
	script, problems, err := studio.AsCurl(t.Context(), order)
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
	if _, problems, err := studio.AsCurl(t.Context(), training(t, studio)); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	before, after := app.HostedAfter(studio, 47), app.HostedAfter(studio, 49)
	if before != 2 || after != 0 {
		t.Errorf("%d objects are hosted after 47 hours, %d after 49", before, after)
	}
}
