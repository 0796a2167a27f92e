package cli_test

import (
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestAPauseHoldsNewJobsUntilItEnds(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	sh.run("jobs", "pause").want(cli.ExitDone)
	job := sh.run(flash("--no-wait")...).want(cli.ExitDone).last()
	if job["state"] != "queued" || job["held"] != true || job["paid"] != false {
		t.Errorf("while it is paused a new job is %v", job)
	}
	if text := sh.run("jobs", "show", job.text("id")).want(cli.ExitDone).out; !strings.Contains(text, "queued (paused)") {
		t.Errorf("it is shown as %s", text)
	}
	sh.wantSubmissions(0)
	sh.run("jobs", "unpause").want(cli.ExitDone)
	sh.run("jobs", "resume", "--json").want(cli.ExitDone)
	sh.wantSubmissions(1)
}
