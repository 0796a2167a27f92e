package cli_test

import (
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

// draftAtBria makes a project with an empty dataset and returns their ids.
func (sh *shell) draftAtBria() (project, dataset string) {
	sh.t.Helper()
	sh.run("call", "bria/project-create", "--set", "project_name=Foxes", "--set", "ip_type=defined_character",
		"--set", "ip_medium=illustration", "--set", "ip_name=Fox", "--set", "ip_description=a paper fox").want(cli.ExitDone)
	project = sh.idOf("project", "Foxes")
	sh.run("call", "bria/dataset-create", "--set", "project_id="+project, "--set", "name=In the snow").want(cli.ExitDone)
	return project, sh.idOf("dataset", "In the snow")
}

func (sh *shell) idOf(kind, name string) string {
	sh.t.Helper()
	for _, line := range sh.run("remote", "list", "--json").want(cli.ExitDone).lines() {
		if line.text("kind") == kind && line.text("name") == name {
			return line.text("id")
		}
	}
	sh.t.Fatalf("no %s is called %s", kind, name)
	return ""
}

func TestPhotosAreUploadedOnceAndCaptionedAfterBria(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, dataset := sh.draftAtBria()
	photos := sh.drawings(2)
	args := []string{"remote", "upload", dataset, "--consent", "--photo", photos[0], "--caption", "a fox of my own", "--photo", photos[1], "--json"}
	if done := sh.run(args...).want(cli.ExitDone).last(); done["added"] != 2.0 || done["left"] != 0.0 {
		t.Fatalf("%v", done)
	}
	if again := sh.run(args...).want(cli.ExitDone).last(); again["added"] != 0.0 || again["there"] != 2.0 {
		t.Errorf("uploaded a second time: %v", again)
	}
	images := sh.run("remote", "captions", dataset, "--json").want(cli.ExitDone).lines()
	if len(images) != 2 || images[0].text("caption") != "a fox of my own" || images[0].text("caption_source") != "manual" {
		t.Fatalf("%v", images)
	}
	other := images[1].text("id")
	sh.run("remote", "captions", dataset, "--set", other+"=another fox").want(cli.ExitDone)
	if images = sh.run("remote", "images", dataset, "--json").want(cli.ExitDone).lines(); images[1].text("caption") != "another fox" {
		t.Errorf("%v", images)
	}
	if list := sh.run("remote", "list").want(cli.ExitDone).out; !strings.Contains(list, "In the snow  draft, 2 pictures") {
		t.Errorf("listed: %s", list)
	}

	sh.run("remote", "upload", dataset).want(cli.ExitInvalid).says("no photo waits")
	sh.run("remote", "captions", dataset, "--set", "99=a fox").want(cli.ExitInvalid).says("has no picture 99")
	for _, nothing := range []string{"", " \u200b"} {
		sh.run("remote", "captions", "bria:dataset/"+dataset, "--set", "image/"+other+"=another fox").want(cli.ExitDone)
		sh.run("remote", "captions", "dataset/"+dataset, "--set", "bria:"+other+"="+nothing).want(cli.ExitDone)
		images = sh.run("remote", "images", dataset, "--json").want(cli.ExitDone).lines()
		if images[1].text("caption") != "" || images[1].text("caption_source") != "manual" {
			t.Errorf("after %q is sent there is %v", nothing, images[1])
		}
	}
	sh.run("call", "bria/image-caption", "--set", "dataset_id="+dataset, "--set", "image_id="+other).want(cli.ExitInvalid).says("caption")
	sh.run("call", "bria/image-caption", "--set", "dataset_id="+dataset, "--set", "image_id="+other, "--set", "caption=").want(cli.ExitDone)

	for _, wrong := range [][]string{
		{"remote", "images", "luma:" + dataset},
		{"remote", "images", "model/" + dataset},
		{"remote", "upload", "dreamlook:" + dataset, "--consent"},
		{"remote", "captions", "project/" + dataset},
		{"remote", "captions", dataset, "--set", "luma:" + other + "=x"},
		{"remote", "delete", "luma:" + dataset},
		{"remote", "delete", "fox/" + dataset},
		{"remote", "delete", "bria:"},
	} {
		sh.run(wrong...).want(cli.ExitInvalid)
	}
}

func TestWhatAnUploadLeftGoesOnWithoutItsPhotos(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	_, dataset := sh.draftAtBria()
	if err := sh.AddFault("bria POST /tailored-gen/datasets/" + dataset + "/images: lost x1"); err != nil {
		t.Fatal(err)
	}
	sh.run("remote", "upload", dataset, "--consent", "--photo", sh.drawings(1)[0]).want(cli.ExitFailed)
	if done := sh.run("remote", "upload", dataset, "--json").want(cli.ExitDone).last(); done["added"] != 1.0 || done["left"] != 0.0 {
		t.Errorf("%v", done)
	}
	if images := sh.run("remote", "images", dataset, "--json").want(cli.ExitDone).lines(); len(images) != 1 {
		t.Errorf("%d images are there", len(images))
	}
}

func TestADeletionSaysWhatGoesWithIt(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	project, dataset := sh.draftAtBria()
	sh.run("remote", "upload", dataset, "--consent", "--photo", sh.drawings(1)[0]).want(cli.ExitDone)
	told := sh.run("remote", "delete", "project/"+project).want(cli.ExitInvalid)
	if !strings.Contains(told.err, "1 datasets, 1 pictures") || !strings.Contains(told.err, "Nothing was deleted") {
		t.Errorf("%s", told)
	}
	if lost := sh.run("remote", "delete", "dataset/"+dataset, "--json").want(cli.ExitInvalid).last(); lost["images"] != 1.0 || lost["name"] != "In the snow" {
		t.Errorf("%v", lost)
	}
	sh.run("remote", "delete", "dataset/"+dataset, "--yes").want(cli.ExitDone)
	if list := sh.run("remote", "list").want(cli.ExitDone).out; strings.Contains(list, "In the snow") || !strings.Contains(list, "Foxes") {
		t.Errorf("listed: %s", list)
	}
	sh.run("remote", "delete", dataset).want(cli.ExitInvalid).says("is nothing at Bria")
	sh.run("remote", "delete", "dataset/"+dataset).want(cli.ExitFailed)
}
