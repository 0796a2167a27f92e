// Starting jobs: results, every exit code, and what is refused before anything is sent.

package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestRunBringsResultsAndListsThem(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	out := filepath.Join(t.TempDir(), "new", "folder")
	r := sh.run("run", "luma/image", "--set", "prompt=ein Fuchs 🦊 im Schnee", "--set", "count=2", "--out", out, "--json").want(cli.ExitDone)
	job := r.last()
	for _, key := range []string{"id", "task", "state", "progress", "remote_id", "error", "created", "started", "finished", "images", "models"} {
		for _, line := range r.lines() {
			if _, there := line[key]; !there {
				t.Errorf("a line without %s: %v", key, line)
			}
		}
	}
	if job["state"] != "done" || job["progress"] != 1.0 || job.text("remote_id") == "" || job["error"] != nil {
		t.Errorf("the last line is %v", job)
	}
	before := 0.0
	for _, line := range r.lines() {
		now, _ := line["progress"].(float64)
		if now < before {
			t.Errorf("progress falls from %v to %v", before, now)
		}
		before = now
	}
	for _, key := range []string{"created", "started", "finished"} {
		if _, err := time.Parse(time.RFC3339, job.text(key)); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	if len(job.texts("images")) != 2 || len(job.texts("files")) != 2 {
		t.Errorf("images %v, files %v", job["images"], job["files"])
	}
	wantPictures(t, out, 2)
	sh.wantSubmissions(2)

	shown := sh.run("jobs", "show", job.text("id"), "--json").want(cli.ExitDone).last()
	if !slices.Equal(shown.texts("images"), job.texts("images")) {
		t.Errorf("shown afterwards: %v", shown)
	}
	if listed := sh.run("jobs", "list", "--json").want(cli.ExitDone).lines(); len(listed) != 1 || listed[0].text("id") != job.text("id") {
		t.Errorf("listed: %v", listed)
	}
}

// wantPictures fails the test unless the folder holds n pictures that decode.
func wantPictures(t *testing.T, folder string, n int) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != n {
		t.Fatalf("%d files in %s, %v", len(entries), folder, err)
	}
	for _, entry := range entries {
		file, err := os.Open(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := image.Decode(file); err != nil {
			t.Errorf("%s: %v", entry.Name(), err)
		}
		file.Close()
	}
}

func TestRunInWordsPrintsTheJobAndTheFiles(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	out := t.TempDir()
	r := sh.run("run", "dreamlook/image_gen", "--set", "prompt=a paper fox", "--set", "num_samples=1", "--out", out).want(cli.ExitDone)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], "dreamlook/image_gen  done") || !strings.HasPrefix(lines[1], out) {
		t.Errorf("%s", r)
	}
}

func TestNothingIsSentForWhatCannotBeRight(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, photos := sh.photos(2)
	empty := filepath.Join(folder, "empty.jpg")
	sh.write(empty, nil)
	text := filepath.Join(folder, "text.jpg")
	sh.write(text, []byte("this is not a picture"))
	none := t.TempDir()
	file := filepath.Join(none, "..", "file")
	sh.write(file, nil)
	fox := []string{"run", "luma/image", "--set", "prompt=a fox"}
	train := []string{"run", "dreamlook/dreambooth", "--consent", "--set", "instance_prompt=photo of ukj fox"}
	for _, row := range []struct {
		says string
		args []string
	}{
		{`"paint"`, []string{"paint"}},
		{"--help", []string{"run", "luma/image", "--colour", "red"}},
		{"-set", []string{"run", "luma/image", "--set"}},
		{"-data", []string{"jobs", "list", "--data"}},
		{"usage: maquette run", []string{"run"}},
		{"usage: maquette run", append(fox, "luma/reframe")},
		{`"luma/paint"`, []string{"run", "luma/paint", "--set", "prompt=a fox"}},
		{`"prompt"`, []string{"run", "luma/image", "--set", "prompt"}},
		{`"=a fox"`, []string{"run", "luma/image", "--set", "=a fox"}},
		{"twice", append(fox, "--set", "prompt=another fox")},
		{"colour: there is no such field", append(fox, "--set", "colour=red")},
		{"prompt: is required", []string{"run", "luma/image", "--set", "prompt="}},
		{"prompt: holds nothing that can be seen", []string{"run", "luma/image", "--set", "prompt= \u200b\u2060\ufeff "}},
		{"instance_prompt: is required", []string{"run", "dreamlook/dreambooth", "--consent", "--photo", photos[0], "--set", "instance_prompt="}},
		{"title: holds nothing that can be seen", []string{"run", "lucydream/train", "--consent", "--set", "title=\u3164\u00a0", "--set", "name=man"}},
		{"model_id: must be a number", []string{"call", "bria/model", "--set", "model_id=../5"}},
		{"model_id: luma:5 is at another service", []string{"call", "bria/model", "--set", "model_id=luma:5"}},
		{"name: holds nothing that can be seen", []string{"call", "bria/model-update", "--set", "model_id=7", "--set", "name=\u200b"}},
		{"prompt: must be 3 to 5000", []string{"run", "luma/image", "--set", "prompt=狐"}},
		{"prompt: must be 3 to 5000", []string{"run", "luma/image", "--set", "prompt=" + strings.Repeat("x", 5001)}},
		{"count: must be 1 to 10000, not 0", append(fox, "--set", "count=0")},
		{"count: must be a whole number", append(fox, "--set", "count=1.5")},
		{"count: must be a whole number", append(fox, "--set", "count=99999999999999999999")},
		{"model: must be one of", append(fox, "--set", "model=dall-e")},
		{"image_ref: must be a JSON list", append(fox, "--set", "image_ref=a.jpg")},
		{"image_ref[0].weight: must be a number", append(fox, "--set", `image_ref=[{"image":"`+photos[0]+`","weight":"abc"}]`)},
		{"image_ref[0].image: nothing.jpg does not exist", append(fox, "--set", `image_ref=[{"image":"`+folder+`/nothing.jpg"}]`)},
		{"image_ref[0].image: is required", append(fox, "--set", `image_ref=[{}]`)},
		{"style_ref: takes at most 1", append(fox, "--set", `style_ref=[{"image":"a"},{"image":"b"}]`)},
		{"media: text.jpg", []string{"run", "luma/reframe", "--set", "media=" + text}},
		{"media: the picture must be reached by https", []string{"run", "luma/reframe", "--set", "media=http://example.com/a.jpg"}},
		{"media: the picture is no web address", []string{"run", "luma/reframe", "--set", "media=https:///a.jpg"}},
		{"media: the picture is no web address", []string{"run", "luma/reframe", "--set", "media=https://exa mple.com/a.jpg"}},
		{"photos: ", append(fox, "--photo", photos[0])},
		{"consent: ", []string{"run", "dreamlook/dreambooth", "--photo", photos[0], "--set", "instance_prompt=photo of ukj fox"}},
		{"photos: ", train},
		{"nothing.jpg does not exist", append(train, "--photo", photos[0], "--photo", folder+"/nothing.jpg")},
		{"empty.jpg is empty", append(train, "--photo", photos[0], "--photo", empty)},
		{"text.jpg", append(train, "--photo", text)},
		{"photos: ", append(train, "--photo", none)},
		{"--out", append(fox, "--out", filepath.Join(file, "folder"))},
		{`"luma/paint"`, []string{"call", "luma/paint"}},
		{"usage: maquette jobs", []string{"jobs"}},
		{"usage: maquette jobs", []string{"jobs", "eat"}},
		{"usage: maquette jobs", []string{"jobs", "show"}},
		{"there is no job j1", []string{"jobs", "show", "j1"}},
		{"there is no job j1", []string{"jobs", "resume", "j1"}},
		{"there is no job j1", []string{"jobs", "cancel", "j1"}},
		{"there is no job j1", []string{"jobs", "retry", "j1"}},
		{"there is no job j1", []string{"jobs", "resolve", "j1", "--give-up"}},
		{"there is no picture p1", []string{"images", "export", "p1", "--out", none}},
		{"usage: maquette images", []string{"images", "export", "p1"}},
		{"there is no model m1", []string{"models", "download", "m1"}},
		{"there is no model m1", []string{"models", "forget", "m1"}},
		{"usage: maquette models", []string{"models"}},
		{"no such service", []string{"keys", "check", "bing"}},
		{"usage: maquette keys", []string{"keys", "show", "luma"}},
		{"the demo has keys", []string{"keys", "set", "luma", "--demo"}},
		{"usage: maquette bucket", []string{"bucket"}},
		{"usage: maquette services", []string{"services", "luma"}},
		{"usage: maquette check", []string{"check", "everything"}},
		{"usage: maquette sandbox", []string{"sandbox", "luma"}},
		{"--listen", []string{"sandbox", "--listen", "8080"}},
		{"luma: explode", []string{"sandbox", "--fault", "luma: explode"}},
	} {
		r := sh.run(row.args...).want(cli.ExitInvalid).says(row.says)
		if r.out != "" {
			t.Errorf("%s", r)
		}
		sh.run(append(row.args, "--json")...)
	}
	sh.wantSubmissions(0)
	if jobs := sh.run("jobs", "list", "--json").want(cli.ExitDone).lines(); len(jobs) != 0 {
		t.Errorf("jobs were made: %v", jobs)
	}
}

func TestEveryBadPhotoIsNamed(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, _ := sh.photos(1)
	sh.write(filepath.Join(folder, "one.jpg"), []byte("not a picture"))
	sh.write(filepath.Join(folder, "two.png"), nil)
	sh.run("run", "dreamlook/dreambooth", "--photo", folder, "--consent", "--set", "instance_prompt=photo of ukj fox").
		want(cli.ExitInvalid).says("one.jpg", "two.png", "Nothing was sent.")
	sh.wantSubmissions(0)
}

func TestAPhotoGivenTwiceIsUsedOnce(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, paths := sh.photos(1)
	r := sh.run("run", "dreamlook/dreambooth", "--photo", paths[0], "--photo", folder, "--photo", paths[0],
		"--consent", "--set", "instance_prompt=photo of ukj fox", "--set", "dry_run=true", "--json").want(cli.ExitDone)
	if job := r.last(); job["photos"] != 1.0 {
		t.Errorf("%v photos", job["photos"])
	}
	sh.wantSubmissions(0)
}

func TestAFailureIsALineWithItsCauseAndAdvice(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, fault, kind string
		spoil             func(*shell)
	}{
		{"refused content", "luma POST /generations/image: status 400", "", func(*shell) {}},
		{"no credit", "luma POST: status 402", "no_credit", func(*shell) {}},
		{"bad key", "", "bad_key", func(sh *shell) { sh.env["LUMAAI_API_KEY"] = "luma-nonsense" }},
		{"no key", "", "bad_key", func(sh *shell) { delete(sh.env, "LUMAAI_API_KEY") }},
		{"http to another computer", "", "invalid_input", func(sh *shell) { sh.env["MAQUETTE_LUMA_URL"] = "http://192.0.2.1/v1" }},
		{"nonsense address", "", "invalid_input", func(sh *shell) { sh.env["MAQUETTE_LUMA_URL"] = "luma" }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var faults []string
			if row.fault != "" {
				faults = []string{row.fault}
			}
			sh := sandboxed(t, faults...)
			row.spoil(sh)
			r := sh.run("run", "luma/image", "--set", "prompt=a paper fox", "--json").want(cli.ExitFailed)
			failure := r.last().object("error")
			if r.last()["state"] != "failed" || failure.text("message") == "" || failure.text("advice") == "" {
				t.Errorf("the last line is %v", r.last())
			}
			if row.kind != "" && failure.text("kind") != row.kind {
				t.Errorf("kind %q instead of %q", failure.text("kind"), row.kind)
			}
			r.says(failure.text("message"), failure.text("advice"), "Nothing was charged.")
			sh.wantSubmissions(0)
			sh.run("run", "luma/image", "--set", "prompt=a paper fox", "--no-wait", "--json").want(cli.ExitFailed)
		})
	}
}

func TestNoWaitReturnsOnceAcceptedAndResumeFinishes(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	r := sh.run(flash("--no-wait")...).want(cli.ExitDone)
	job := r.last()
	if len(r.lines()) != 1 || job.text("remote_id") == "" || job["finished"] != nil {
		t.Fatalf("%s", r)
	}
	sh.wantSubmissions(1)

	out := t.TempDir()
	done := sh.run("jobs", "resume", job.text("id"), "--out", out, "--json").want(cli.ExitDone).last()
	if done["state"] != "done" || done.text("remote_id") != job.text("remote_id") {
		t.Errorf("resumed: %v", done)
	}
	wantPictures(t, out, 1)
	sh.run("jobs", "resume", job.text("id"), "--json").want(cli.ExitDone)
	sh.run("jobs", "resume").want(cli.ExitDone).says("Every job has ended.")
	sh.wantSubmissions(1)
}

func TestNoWaitWithABatchPaysForEachOnce(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	id := sh.run("run", "luma/image", "--set", "prompt=a paper fox", "--set", "count=2", "--no-wait", "--json").want(cli.ExitDone).last().text("id")
	if job := sh.run("jobs", "resume", "--json").want(cli.ExitDone).last(); job["id"] != id || len(job.texts("images")) != 2 {
		t.Errorf("resumed: %v", job)
	}
	sh.wantSubmissions(2)
}

func TestResumeGoesOnWithEveryJob(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	for range 3 {
		sh.run(flash("--no-wait")...).want(cli.ExitDone)
	}
	done := 0
	last := map[string]string{}
	for _, line := range sh.run("jobs", "resume", "--json").want(cli.ExitDone).lines() {
		if last[line.text("id")] == "done" {
			t.Errorf("a line after the job's last: %v", line)
		}
		last[line.text("id")] = line.text("state")
		if line["state"] == "done" {
			done++
		}
	}
	if done != 3 {
		t.Errorf("%d jobs done", done)
	}
	sh.wantSubmissions(3)
}

func TestAnInterruptedRunSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t, "luma GET: stall 30s x1")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for sh.submissions() == 0 && t.Context().Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}()
	r := sh.feed(ctx, "", "run", "luma/image", "--set", "prompt=a paper fox", "--json").want(cli.ExitFailed)
	id := r.last().text("id")
	r.says("maquette jobs resume " + id)
	sh.run("jobs", "resume", id).want(cli.ExitDone)
	sh.wantSubmissions(1)
}

func TestPicturesAsInput(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, paths := sh.photos(2)
	id := sh.fox().texts("images")[0]
	url := sh.hosted()
	for name, args := range map[string][]string{
		"a local file": {"luma/reframe", "--set", "media=" + paths[0], "--set", "aspect_ratio=1:1"},
		"a list of a file, a picture made before and a web address": {"luma/image", "--set", "prompt=a fox like these", "--set", fmt.Sprintf(
			`image_ref=[{"image":%q,"weight":0.8},{"image":%q},{"image":%q,"weight":"0.1"}]`, paths[1], id, url)},
	} {
		job := sh.run(append([]string{"run", "--json"}, args...)...).want(cli.ExitDone).last()
		if len(job.texts("images")) != 1 {
			t.Errorf("%s: %v", name, job)
		}
	}
	sh.wantSubmissions(3)
}

// hosted is the signed web address of a picture: what the sandbox's Luma itself
// answers, since the command line leaves the query out.
func (sh *shell) hosted() string {
	sh.t.Helper()
	request, err := http.NewRequestWithContext(sh.t.Context(), http.MethodGet, sh.URL("luma")+"/generations?limit=1", nil)
	if err != nil {
		sh.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+sh.Key("luma"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		sh.t.Fatal(err)
	}
	defer response.Body.Close()
	var list struct {
		Generations []struct{ Assets struct{ Image string } }
	}
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil || len(list.Generations) == 0 {
		sh.t.Fatal("no generation is listed", err)
	}
	return list.Generations[0].Assets.Image
}
