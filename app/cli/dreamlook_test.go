// What is particular to dreamlook.ai: configurations, dry runs, captions.

package cli_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestEachPictureIsAttributedToItsConfiguration(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, _ := sh.photos(2)
	job := sh.run("run", "dreamlook/dreambooth_image_gen", "--photo", folder, "--consent", "--set", "instance_prompt=photo of ukj fox", "--set",
		`image_gen=[{"prompt":"ukj fox at sea","num_samples":1},{"prompt":"ukj fox in snow","num_samples":2},{"prompt":"ukj fox at night","num_samples":3}]`,
		"--json").want(cli.ExitDone).last()
	if len(job.texts("images")) != 6 || len(job.texts("models")) == 0 {
		t.Fatalf("%v", job)
	}
	made := map[string]int{}
	for _, picture := range sh.run("images", "list", "--json").want(cli.ExitDone).lines() {
		made[picture.text("prompt")]++
	}
	if want := map[string]int{"ukj fox at sea": 1, "ukj fox in snow": 2, "ukj fox at night": 3}; !maps.Equal(made, want) {
		t.Errorf("pictures by prompt: %v instead of %v", made, want)
	}
	sh.wantSubmissions(1)
}

func TestADryRunOfEveryTaskCostsNothing(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, _ := sh.photos(2)
	train := []string{"--photo", folder, "--consent", "--set", "instance_prompt=photo of ukj fox"}
	for task, args := range map[string][]string{
		"dreamlook/dreambooth":           train,
		"dreamlook/image_gen":            {"--set", "prompt=a fox"},
		"dreamlook/dreambooth_image_gen": append(slices.Clone(train), "--set", `image_gen=[{"prompt":"ukj fox"}]`),
	} {
		job := sh.run(append([]string{"run", task, "--set", "dry_run=true", "--json"}, args...)...).want(cli.ExitDone).last()
		if job["paid"] != false || len(job.texts("images")) != 0 || len(job.texts("models")) != 0 || job.text("note") == "" {
			t.Errorf("%s: %v", task, job)
		}
	}
	sh.wantSubmissions(0)
}
