// Pictures and models after their job: listed, copied out, checked, forgotten.

package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/storage"
)

func TestPicturesAreFoundAndExported(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	id := sh.run(flash()...).want(cli.ExitDone).last().texts("images")[0]
	sh.run(flashOf("ein Bär 🐻 am See")...).want(cli.ExitDone)
	if all := sh.run("images", "list", "--json").want(cli.ExitDone).lines(); len(all) != 2 {
		t.Errorf("%d pictures are listed", len(all))
	}
	for query, want := range map[string]int{"Paper FOX": 1, "bär": 1, "🐻": 1, "dreamlook": 2, "luma": 0, "fox bär": 0, "": 2} {
		if found := sh.run("images", "list", "--search", query, "--json").want(cli.ExitDone).lines(); len(found) != want {
			t.Errorf("%q finds %d instead of %d", query, len(found), want)
		}
	}
	found := sh.run("images", "list", "--search", "fox", "--json").last()
	if found["id"] != id || found.text("prompt") != "a paper fox" || found.text("task") != "dreamlook/image_gen" {
		t.Errorf("found: %v", found)
	}
	if _, err := os.Stat(found.text("path")); err != nil {
		t.Error(err)
	}
	out := filepath.Join(t.TempDir(), "new")
	exported := sh.run("images", "export", id, "--out", out, "--json").want(cli.ExitDone).last()
	sh.run("images", "export", id, "--out", out).want(cli.ExitDone)
	if filepath.Dir(exported.text("path")) != out {
		t.Errorf("exported: %v", exported)
	}
	wantPictures(t, out, 2)
}

func TestATrainedModelIsListedUsedCopiedAndForgotten(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	out := t.TempDir()
	job := sh.run(sh.training("--out", out, "--json")...).want(cli.ExitDone).last()
	if len(job.texts("models")) == 0 || job.object("consent").text("statement") == "" {
		t.Fatalf("trained: %v", job)
	}
	for _, file := range job.texts("files") {
		wantModel(t, file)
	}
	id := job.texts("models")[0]
	listed := sh.run("models", "list", "--json").want(cli.ExitDone).lines()
	if len(listed) != len(job.texts("models")) {
		t.Errorf("listed: %v", listed)
	}
	if best := slices.DeleteFunc(slices.Clone(listed), func(l object) bool { return l["best"] != true }); len(best) != 1 {
		t.Errorf("%d models are marked as the best of one training", len(best))
	}
	path := sh.run("models", "download", id, "--json").want(cli.ExitDone).last().text("path")
	wantModel(t, path)
	copied := sh.run("models", "download", id, "--out", t.TempDir(), "--json").want(cli.ExitDone).last().text("path")
	wantModel(t, copied)
	if copied == path {
		t.Errorf("not copied: %s", copied)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	sh.run("check", "--json").want(cli.ExitFailed)
	wantModel(t, sh.run("models", "download", id, "--json").want(cli.ExitDone).last().text("path"))
	sh.run("check").want(cli.ExitDone)

	drawn := sh.run("run", "dreamlook/image_gen", "--set", "prompt=photo of ukj fox", "--set", "num_samples=1", "--set", "checkpoint_id="+id, "--json").
		want(cli.ExitDone).last()
	if len(drawn.texts("images")) != 1 {
		t.Errorf("generated: %v", drawn)
	}
	sh.wantSubmissions(2)

	_, remote, _ := strings.Cut(id, ":")
	wantModel(t, sh.run("models", "download", remote, "--json").want(cli.ExitDone).last().text("path"))
	sh.run("models", "forget", remote).want(cli.ExitDone)
	sh.run("models", "forget", id).want(cli.ExitInvalid)
	if _, err := os.Stat(path); err == nil {
		t.Error("the file of a forgotten model is still there")
	}
}

// wantModel fails the test unless the file begins like a safetensors file.
func wantModel(t *testing.T, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil || len(content) < 16 || content[8] != '{' {
		t.Errorf("no model in %s: %d bytes, %v", path, len(content), err)
	}
}

func TestCheckFindsADamagedPicture(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	id := sh.run(flash()...).want(cli.ExitDone).last().texts("images")[0]
	if report := sh.run("check", "--json").want(cli.ExitDone).last(); report["pictures"] != 1.0 || len(report.texts("damaged")) != 0 {
		t.Errorf("an undamaged library: %v", report)
	}
	path := sh.run("images", "list", "--json").last().text("path")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.Remove(path); err != nil { // it may be read-only
		t.Fatal(err)
	}
	sh.write(path, content)
	sh.run("check").want(cli.ExitFailed).says(id)
	if report := sh.run("check", "--json").want(cli.ExitFailed).says(id).last(); len(report.texts("damaged")) != 1 {
		t.Errorf("a damaged library: %v", report)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	sh.run("check").want(cli.ExitFailed).says(id)
	sh.run("images", "export", id, "--out", t.TempDir()).want(cli.ExitFailed)
}

func TestALostDatabaseIsSaidAndPutBack(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	id := sh.run(flash()...).want(cli.ExitDone).last().texts("images")[0]
	l := storage.LayoutAt(sh.data)
	if err := os.RemoveAll(l.Backups); err != nil { // the day's was made before there was anything
		t.Fatal(err)
	}
	sh.run("jobs", "list").want(cli.ExitDone)
	if err := os.Truncate(l.DB, 0); err != nil {
		t.Fatal(err)
	}
	for _, line := range [][]string{{"jobs", "list"}, {"check"}, {"check", "--json"}, flash()} {
		sh.run(line...).want(cli.ExitFailed).says("maquette check --repair", "1 jobs, 1 pictures")
	}
	lines := sh.run("check", "--repair", "--json").want(cli.ExitDone).lines()
	if lines[0].text("kind") != "database" || lines[0].text("state") != "repaired" {
		t.Errorf("it says %v", lines)
	}
	if again := sh.run("images", "list", "--json").want(cli.ExitDone).last(); again.text("id") != id {
		t.Errorf("the picture is %v", again)
	}
	sh.run("check").want(cli.ExitDone)
	sh.wantSubmissions(1)
}
