// Jobs that the service knows and this data directory doesn't.

package cli_test

import (
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestJobsOfAnotherComputerAreImportedWithTheirResults(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, photos := sh.photos(1)
	sh.run("run", "luma/image", "--set", "prompt=a paper fox", "--set", "model=photon-flash-1", "--set", "count=2").want(cli.ExitDone)
	sh.run("run", "luma/image", "--set", "prompt=like this", "--set", `image_ref=[{"image":"`+photos[0]+`"}]`).want(cli.ExitDone)
	sh.run("run", "luma/reframe", "--set", "media="+photos[0], "--set", "aspect_ratio=1:1").want(cli.ExitDone)
	sh.run("run", "dreamlook/image_gen", "--set", "prompt=a boat", "--set", "num_samples=2").want(cli.ExitDone)
	sh.run(sh.training()...).want(cli.ExitDone)
	paid := sh.submissions()
	if r := sh.run("jobs", "import", "luma", "--json").want(cli.ExitDone); r.out != "" {
		t.Errorf("own jobs are listed: %s", r)
	}

	sh.data = t.TempDir() // another computer
	delete(sh.env, "MAQUETTE_BUCKET_ENDPOINT")
	listed := sh.run("jobs", "import", "luma", "--json").want(cli.ExitDone).lines()
	if len(listed) != 4 {
		t.Fatalf("%d unclaimed jobs: %v", len(listed), listed)
	}
	one := listed[len(listed)-1]
	sh.run("jobs", "import", "luma", "dreamlook:"+one.text("id")).want(cli.ExitInvalid).says("is at another service")
	job := sh.run("jobs", "import", "luma", "luma:"+one.text("id"), "--json").want(cli.ExitDone).last()
	values := job.object("values")
	if job["state"] != "done" || len(job.texts("images")) != 1 || job.text("remote_id") != one.text("id") ||
		values.text("prompt") != "a paper fox" || values.text("model") != "photon-flash-1" {
		t.Errorf("imported: %v", job)
	}
	if again := sh.run("jobs", "import", "luma", "--json").want(cli.ExitDone).lines(); len(again) != 3 {
		t.Errorf("%d unclaimed jobs are left", len(again))
	}
	sh.run("jobs", "import", "luma", one.text("id")).want(cli.ExitInvalid).says("could be imported")
	sh.run("jobs", "import", "luma", "--all", "--json").want(cli.ExitDone)
	sh.run("jobs", "import", "dreamlook", "--all", "--json").want(cli.ExitDone)
	if r := sh.run("jobs", "import", "dreamlook", "--json").want(cli.ExitDone); r.out != "" {
		t.Errorf("unclaimed jobs are left: %s", r)
	}
	images, models := 0, 0
	for _, job := range sh.run("jobs", "list", "--json").want(cli.ExitDone).lines() {
		images, models = images+len(job.texts("images")), models+len(job.texts("models"))
		if job["state"] != "done" {
			t.Errorf("imported: %v", job)
		}
	}
	if images != 6 || models != 1 {
		t.Errorf("%d images and %d models", images, models)
	}
	sh.wantSubmissions(paid)
}

func TestOnlyWhatIsThereIsImported(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	sh.run("jobs", "import").want(cli.ExitInvalid).says("usage: maquette jobs")
	sh.run("jobs", "import", "bing").want(cli.ExitInvalid).says("no service")
	sh.run("jobs", "import", "luma", "nothing").want(cli.ExitInvalid).says("nothing")
	sh.run("jobs", "import", "luma", "x", "--all").want(cli.ExitInvalid).says("--all")
	if jobs := sh.run("jobs", "list", "--json").lines(); len(jobs) != 0 {
		t.Errorf("jobs were made: %v", jobs)
	}
}

func TestAGenerationIsDeletedAtLuma(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	job := sh.fox()
	id := job.text("remote_id")
	if answer := sh.run("call", "luma/delete", "--set", "id="+id, "--json").want(cli.ExitDone).last(); answer.text("deleted") != id {
		t.Errorf("%v", answer)
	}
	sh.run("call", "luma/generation", "--set", "id="+id).want(cli.ExitFailed)
	sh.run("call", "luma/delete", "--set", "id="+id).want(cli.ExitFailed)
	if kept := sh.run("images", "list", "--json").lines(); len(kept) != 1 || !slices.Contains(job.texts("images"), kept[0].text("id")) {
		t.Errorf("kept here: %v", kept)
	}
}
