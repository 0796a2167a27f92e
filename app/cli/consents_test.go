package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/app/consent"
)

func (sh *shell) consents() []object {
	sh.t.Helper()
	return sh.run("consents", "list", "--json").want(cli.ExitDone).lines()
}

func hashOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// createdModel is a model that can be trained, on one drawing.
func (sh *shell) createdModel() (model, drawing string) {
	sh.t.Helper()
	_, dataset := sh.draftAtBria()
	drawing = sh.drawings(1)[0]
	sh.run("call", "bria/image-upload", "--consent", "--set", "dataset_id="+dataset, "--set", "file="+drawing, "--set", "image_name=fox").want(cli.ExitDone)
	sh.run("call", "bria/dataset-update", "--set", "dataset_id="+dataset, "--set", "status=completed").want(cli.ExitDone)
	sh.run("call", "bria/model-create", "--set", "dataset_id="+dataset, "--set", "name=Vix").want(cli.ExitDone)
	return sh.idOf("model", "Vix"), drawing
}

// anotherDraft is an empty dataset of the first project.
func (sh *shell) anotherDraft() string {
	sh.t.Helper()
	sh.run("call", "bria/dataset-create", "--set", "project_id="+sh.idOf("project", "Foxes"), "--set", "name=Another").want(cli.ExitDone)
	return sh.idOf("dataset", "Another")
}

func TestNothingTrainsOrUploadsForItWithoutConsent(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	model, drawing := sh.createdModel()
	dataset := sh.anotherDraft()
	before := len(sh.consents())
	for _, args := range [][]string{
		{"call", "bria/image-upload", "--set", "dataset_id=" + dataset, "--set", "file=" + drawing},
		{"call", "bria/image-upload", "--set", "dataset_id=" + dataset, "--set", "image_url=https://example.com/a.png"},
		{"call", "bria/model-start", "--set", "model_id=" + model},
		{"remote", "upload", dataset, "--photo", drawing},
		{"run", "dreamlook/dreambooth", "--photo", drawing, "--set", "instance_prompt=ukj"},
		{"run", "dreamlook/dreambooth_image_gen", "--photo", drawing, "--set", "instance_prompt=ukj", "--set", `image_gen=[{"prompt":"ukj"}]`},
		{"run", "lucydream/train", "--photo", drawing, "--photo", drawing, "--photo", drawing, "--photo", drawing, "--photo", drawing, "--set", "title=Vix", "--set", "name=woman"},
		{"run", "bria/train", "--photo", drawing, "--set", "project_name=Signs", "--set", "model_name=Signs", "--set", "ip_type=icons", "--set", "ip_medium=illustration"},
	} {
		for _, form := range [][]string{nil, {"--print", "curl"}, {"--print", "command"}} {
			if args[0] == "remote" && form != nil {
				continue
			}
			if r := sh.run(append(args, form...)...).want(cli.ExitInvalid).says("consent: ", consent.Statement, "Nothing was sent."); r.out != "" {
				t.Errorf("it prints %s", r.out)
			}
		}
	}
	sh.wantSubmissions(0)
	if images := sh.run("remote", "images", dataset, "--json").want(cli.ExitDone).lines(); len(images) != 0 {
		t.Errorf("%d images were uploaded", len(images))
	}
	if now := len(sh.consents()); now != before {
		t.Errorf("%d consents were recorded, of nobody", now-before)
	}
}

func TestConsentsSayWhoWhenAndForWhichPhotos(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	model, drawing := sh.createdModel()
	sh.run("call", "bria/model-start", "--consent", "--set", "model_id="+model).want(cli.ExitDone)
	sh.wantSubmissions(1)
	draft := sh.anotherDraft()
	photos := sh.drawings(2)
	sh.run("remote", "upload", draft, "--consent", "--photo", photos[0], "--photo", photos[1]).want(cli.ExitDone)
	sh.run("call", "bria/image-upload", "--print", "curl", "--consent", "--set", "dataset_id="+draft, "--set", "file="+drawing).want(cli.ExitDone)
	job := sh.run(sh.training("--json")...).want(cli.ExitDone).last()

	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	all := sh.consents() // the newest first
	wanted := []struct {
		request, service string
		hash, name       string // of the last photo
		photos           int
	}{
		{"dreamlook/dreambooth", "dreamlook", "", "photo 2.jpg", 2},
		{"bria/image-upload", "bria", hashOf(t, drawing), filepath.Base(drawing), 1},
		{"bria/image-upload", "bria", hashOf(t, photos[1]), filepath.Base(photos[1]), 2},
		{"bria/model-start", "bria", "", "fox", 1},
		{"bria/image-upload", "bria", hashOf(t, drawing), filepath.Base(drawing), 1},
	}
	if len(all) != len(wanted) {
		t.Fatalf("%d consents: %v", len(all), all)
	}
	for i, want := range wanted {
		got := all[i]
		named, _ := got["photos"].([]any)
		if got.text("by") != me.Username || got.text("given") == "" || got.text("statement") != consent.Statement ||
			got.text("request") != want.request || got.text("service") != want.service || len(named) != want.photos {
			t.Errorf("%d is %v", i, got)
			continue
		}
		last := object(named[len(named)-1].(map[string]any))
		if !strings.HasPrefix(last.text("name"), want.name) || (want.hash != "" && last.text("hash") != want.hash) {
			t.Errorf("%d is about %v", i, last)
		}
	}
	if all[0].text("job") != job.text("id") || job.object("consent").text("record") != all[0].text("id") || job.object("consent").text("by") != me.Username {
		t.Errorf("the job %v has the consent %v", job, all[0])
	}
	if of := all[3].object("of"); of.text("model_id") != model {
		t.Errorf("the training's is about %v", of)
	}
	if text := sh.run("consents", "list").want(cli.ExitDone).out; strings.Count(text, "\n") != len(wanted) || !strings.Contains(text, "2 photos") {
		t.Errorf("in words: %s", text)
	}
}

func TestConsentIsOnDiskBeforeARequestThatIsLost(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	model, _ := sh.createdModel()
	before := len(sh.consents())
	sh.run("call", "bria/model-start", "--consent", "--set", "model_id=none").want(cli.ExitInvalid)
	if now := len(sh.consents()); now != before {
		t.Error("a consent was recorded for what was never sent")
	}
	if err := sh.AddFault("bria POST /tailored-gen/models/: lost x1"); err != nil {
		t.Fatal(err)
	}
	sh.run("call", "bria/model-start", "--consent", "--set", "model_id="+model).want(cli.ExitFailed)
	if now := len(sh.consents()); now != before+1 {
		t.Errorf("%d consents for a training that was begun", now-before)
	}
}
