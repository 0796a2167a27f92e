// Going on with jobs: needs you, cancel, retry.

package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

// flash is a generation whose one picture is small and soon drawn.
func flash(more ...string) []string { return flashOf("a paper fox", more...) }

func flashOf(prompt string, more ...string) []string {
	return append([]string{
		"run", "dreamlook/image_gen", "--set", "prompt=" + prompt, "--set", "num_samples=1",
		"--set", "base_model=stable-diffusion-v1-5", "--json",
	}, more...)
}

// needing is a job whose answer was lost while the service has two requests
// that could be it; the other was made elsewhere with the same key.
func needing(t *testing.T) (sh *shell, job object) {
	t.Helper()
	sh = sandboxed(t)
	elsewhere := &shell{Sandbox: sh.Sandbox, t: t, data: t.TempDir(), env: sh.env}
	elsewhere.run(flash()...).want(cli.ExitDone)
	sh.misbehave("dreamlook POST /image_gen: lost x1")
	r := sh.run(flash()...).want(cli.ExitNeedsYou)
	job = r.last()
	r.says("maquette jobs resolve "+job.text("id"), "It isn't known whether this was charged.")
	return sh, job
}

func (sh *shell) misbehave(rule string) {
	sh.t.Helper()
	if err := sh.AddFault(rule); err != nil {
		sh.t.Fatal(err)
	}
}

func TestAJobNeedsYou(t *testing.T) {
	t.Parallel()
	sh, job := needing(t)
	id, failure := job.text("id"), job.object("error")
	if job["state"] != "needs_you" || failure.text("kind") != "unknown_outcome" || failure.text("advice") == "" {
		t.Fatalf("the last line is %v", job)
	}
	candidates, _ := job.object("ask")["candidates"].([]any)
	if len(candidates) != 2 {
		t.Fatalf("candidates: %v", job["ask"])
	}
	candidate := object(candidates[0].(map[string]any)).text("id")

	sh.run("jobs", "show", id, "--json").want(cli.ExitDone)
	sh.run("jobs", "resume", id, "--json").want(cli.ExitNeedsYou)
	sh.run("jobs", "resume", "--json").want(cli.ExitNeedsYou)
	sh.run("jobs", "resolve", id).want(cli.ExitInvalid)
	sh.run("jobs", "resolve", id, "--resubmit", "--give-up").want(cli.ExitInvalid)
	sh.run("jobs", "retry", id).want(cli.ExitInvalid)
	sh.run("jobs", "cancel", id).want(cli.ExitInvalid)
	sh.wantSubmissions(2)

	sh.run("jobs", "resolve", id, "--adopt", "luma:"+candidate).want(cli.ExitInvalid).says("is at another service")
	done := sh.run("jobs", "resolve", id, "--adopt", " dreamlook:"+candidate+" ", "--json").want(cli.ExitDone).last()
	if done["state"] != "done" || done.text("remote_id") != candidate || len(done.texts("images")) != 1 {
		t.Errorf("adopted: %v", done)
	}
	sh.run("jobs", "resolve", id, "--resubmit").want(cli.ExitInvalid).says("doesn't need you")
	sh.wantSubmissions(2)
}

func TestResubmitSendsOnceMore(t *testing.T) {
	t.Parallel()
	sh, job := needing(t)
	out := t.TempDir()
	sh.run("jobs", "resolve", job.text("id"), "--resubmit", "--out", out).want(cli.ExitDone)
	wantPictures(t, out, 1)
	sh.wantSubmissions(3)
}

func TestGiveUpSendsNothing(t *testing.T) {
	t.Parallel()
	sh, job := needing(t)
	given := sh.run("jobs", "resolve", "--give-up", job.text("id"), "--json").want(cli.ExitDone).last()
	if given["state"] != "failed" {
		t.Errorf("given up: %v", given)
	}
	sh.wantSubmissions(2)
}

func TestALostAnswerIsFoundAndNotPaidTwice(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"luma POST /generations/image: lost x1", "dreamlook POST /image_gen: reset x1", "dreamlook POST /image_gen: garble x1"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			sh := sandboxed(t, fault)
			if strings.HasPrefix(fault, "luma") {
				sh.fox()
			} else {
				sh.run(flash()...).want(cli.ExitDone)
			}
			sh.wantSubmissions(1)
		})
	}
}

func TestRefusedContentFailsAndARetryIsANewJob(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	r := sh.run("run", "luma/image", "--set", "prompt=a forbidden fox", "--json").want(cli.ExitFailed)
	job := r.last()
	if failure := job.object("error"); failure.text("kind") != "refused_content" || failure.text("advice") == "" {
		t.Errorf("the last line is %v", job)
	}
	sh.run("jobs", "resume", job.text("id")).want(cli.ExitInvalid).says("jobs retry")
	again := sh.run("jobs", "retry", job.text("id"), "--json").want(cli.ExitFailed).last()
	if again["id"] == job["id"] || again["retry_of"] != job["id"] {
		t.Errorf("tried again: %v", again)
	}
	sh.wantSubmissions(2)
}

func TestRetryGoesOnWithWhatIsPaid(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	key := sh.env["DREAMLOOK_API_KEY"]
	id := sh.run(flash("--no-wait")...).want(cli.ExitDone).last().text("id")
	sh.env["DREAMLOOK_API_KEY"] = "dl-revoked"
	asked := sh.run("jobs", "resume", id, "--json").want(cli.ExitNeedsYou).last()
	if failure := asked.object("error"); !strings.Contains(failure.text("message"), "refused the key") || failure.text("money") != "spent" {
		t.Errorf("with a revoked key: %v", asked)
	}
	sh.run("jobs", "resolve", id, "--resubmit").want(cli.ExitInvalid).says("was accepted")
	sh.env["DREAMLOOK_API_KEY"] = key
	done := sh.run("jobs", "resume", id, "--json").want(cli.ExitDone).last()
	if done.text("id") != id {
		t.Errorf("another job: %v", done)
	}
	sh.run("jobs", "retry", id).want(cli.ExitInvalid).says("is done")
	sh.wantSubmissions(1)
}

func TestCancelSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	id := sh.run(flash("--no-wait")...).want(cli.ExitDone).last().text("id")
	r := sh.run("jobs", "cancel", id, "--json").want(cli.ExitDone).says("goes on and charges")
	if r.last()["state"] != "cancelled" {
		t.Errorf("cancelled: %v", r.last())
	}
	sh.run("jobs", "cancel", id).want(cli.ExitInvalid).says("has ended already")
	sh.run("jobs", "resume").want(cli.ExitDone).says("Every job has ended.")
	if done := sh.run("jobs", "retry", id, "--json").want(cli.ExitDone).last(); done.text("id") != id {
		t.Errorf("retried: %v", done)
	}
	sh.wantSubmissions(1)
}

func TestJobsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	first := sh.run(flash("--no-wait")...).want(cli.ExitDone).last().text("id")
	second := sh.run(flash("--no-wait")...).want(cli.ExitDone).last().text("id")
	var ids []string
	for _, job := range sh.run("jobs", "list", "--json").want(cli.ExitDone).lines() {
		ids = append(ids, job.text("id"))
	}
	if !slices.Equal(ids, []string{second, first}) {
		t.Errorf("listed %v, made %s and then %s", ids, first, second)
	}
}
