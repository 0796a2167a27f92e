package cli_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestALinkThatACallPrintsWorks(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	remote := sh.fox().text("remote_id")
	for _, args := range [][]string{{"call", "luma/generation", "--set", "id=" + remote}, {"call", "luma/generation", "--set", "id=luma:" + remote, "--json"}} {
		link := sh.run(args...).want(cli.ExitDone).last().object("assets").text("image")
		resp, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", link, resp.StatusCode)
		}
	}
	if shown := sh.run("jobs", "list", "--json").out; strings.Contains(shown, "Signature") {
		t.Errorf("the store's links are printed: %s", shown)
	}
}

func TestIDsAreTakenAsTheyAreListed(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, dataset := sh.draftAtBria()
	drawing := sh.drawings(1)[0]
	sh.run("remote", "upload", "dataset/"+dataset, "--consent", "--photo", drawing).want(cli.ExitDone)
	if images := sh.run("remote", "images", "bria:"+dataset, "--json").want(cli.ExitDone).lines(); len(images) != 1 {
		t.Errorf("%d images", len(images))
	}
	sh.run("call", "bria/dataset-update", "--set", "dataset_id=dataset/"+dataset, "--set", "status=completed").want(cli.ExitDone)
	sh.run("run", "bria/train", "--consent", "--set", "start_from=dataset", "--set", "dataset_id=bria:"+dataset, "--set", "model_name=Vix", "--json").want(cli.ExitDone)
	model := sh.run("models", "list", "--json").want(cli.ExitDone).last().text("id")
	if !strings.HasPrefix(model, "bria:") {
		t.Fatalf("the model is %s", model)
	}
	if got := sh.run("call", "bria/model", "--set", "model_id="+model).want(cli.ExitDone).last(); !strings.HasPrefix(got.text("name"), "Vix") {
		t.Errorf("read: %v", got)
	}
	if script := sh.run("call", "bria/model", "--set", "model_id="+model, "--print", "curl").want(cli.ExitDone).out; strings.Contains(script, "bria:") {
		t.Errorf("the id is sent verbatim: %s", script)
	}
	sh.run("models", "forget", model).want(cli.ExitDone) // unknown here from now on
	sh.run("run", "bria/text-to-image", "--set", "model_id="+model, "--set", "prompt=a fox", "--set", "num_results=1").want(cli.ExitDone)
	sh.run("remote", "delete", model, "--yes").want(cli.ExitDone)
}

func TestATextCanBeEmptied(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	project, dataset := sh.draftAtBria()
	read := func() string {
		return sh.run("call", "bria/project", "--set", "project_id="+project).want(cli.ExitDone).last().text("project_description")
	}
	update := []string{"call", "bria/project-update", "--set", "project_id=" + project}
	sh.run(append(update, "--set", "project_description=a note")...).want(cli.ExitDone)
	sh.run(append(update, "--set", "project_name=Vixens")...).want(cli.ExitDone)
	if read() != "a note" {
		t.Errorf("what wasn't given is %q", read())
	}
	sh.run(append(update, "--set", "project_description=")...).want(cli.ExitDone)
	if read() != "" {
		t.Errorf("what was emptied is %q", read())
	}
	script := sh.run("call", "bria/dataset-update", "--set", "dataset_id="+dataset, "--set", "caption_prefix=", "--print", "curl").want(cli.ExitDone).out
	if !strings.Contains(script, `{"caption_prefix":""}`) {
		t.Errorf("written down: %s", script)
	}
	line := sh.run("call", "bria/dataset-update", "--set", "dataset_id="+dataset, "--set", "caption_prefix=", "--print", "command").want(cli.ExitDone).out
	if !strings.Contains(line, "caption_prefix=") {
		t.Errorf("written down: %s", line)
	}
}

func TestWhatNoDocumentLimitsIsSentWithAWarning(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, photos := sh.photos(1)
	sh.run("run", "dreamlook/image_gen", "--set", "prompt=a fox", "--set", "width=448", "--set", "num_samples=51", "--print", "curl").
		want(cli.ExitDone).says("warning: width: 448", "warning: num_samples: 51")
	job := sh.run("run", "dreamlook/image_gen", "--set", "prompt=a fox", "--set", "base_model=someone-xl-tuned", "--set", "width=448", "--set", "num_samples=1", "--json").
		want(cli.ExitDone).says("warning: width: 448").last()
	if len(job.texts("images")) != 1 {
		t.Errorf("made: %v", job)
	}
	if script := sh.run("run", "dreamlook/image_gen", "--set", "prompt=a fox", "--set", "base_model=someone-xl-tuned", "--print", "curl").want(cli.ExitDone).out; strings.Contains(script, "model_type") {
		t.Errorf("a type is guessed: %s", script)
	}
	sh.run("run", "luma/reframe", "--set", "media="+photos[0], "--set", "aspect_ratio=1:1", "--set", "grid_position_x=-10").
		want(cli.ExitDone).says("warning: grid_position_x: -10")
}
