package cli_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/app/recorder/pasted"
)

func TestAFolderBecomesADatasetThatAnyTaskIsTrainedOn(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, photos := sh.photos(3)
	sh.write(strings.TrimSuffix(photos[0], ".jpg")+".txt", []byte("a fox asleep\n"))
	sh.write(filepath.Join(folder, "notes.jpg"), []byte("no picture"))
	sh.secrets = without(sh.secrets, folder) // a dataset is called like its folder
	made := sh.run("datasets", "import", folder, "--json").want(cli.ExitFailed).says("notes.jpg", "3 photos are in the dataset; what could not be used").last()
	if made["photos"] != 3.0 || made["captions"] != 1.0 {
		t.Fatalf("%v", made)
	}
	name := made.text("name")
	for _, by := range []string{made.text("id"), name} {
		job := sh.run("run", "dreamlook/dreambooth", "--dataset", by, "--consent", "--set", "instance_prompt=fox", "--set", "dry_run=true", "--json").want(cli.ExitDone).last()
		if job["photos"] != 3.0 {
			t.Errorf("by %q: %v", by, job)
		}
	}
	out := t.TempDir()
	sh.run("datasets", "export", name, "--out", out).want(cli.ExitDone)
	caption, err := os.ReadFile(filepath.Join(out, "photo 1.txt"))
	if err != nil || string(caption) != "a fox asleep\n" {
		t.Errorf("%q, %v", caption, err)
	}
	if files, _ := filepath.Glob(filepath.Join(out, "*.jpg")); len(files) != 3 {
		t.Errorf("exported %v", files)
	}
	sh.run("datasets", "import", folder).want(cli.ExitFailed)
	if again := sh.run("datasets", "list").want(cli.ExitDone).out; !strings.Contains(again, "3 photos, 1 with captions  "+name+" (2)") {
		t.Errorf("listed: %s", again)
	}

	sh.run("run", "dreamlook/dreambooth", "--dataset", "nothing", "--consent").want(cli.ExitInvalid).says("there is no dataset")
	sh.run("run", "dreamlook/dreambooth", "--dataset", name, "--photo", photos[0]).want(cli.ExitInvalid).says("not both")
	sh.run("datasets", "import", t.TempDir()).want(cli.ExitInvalid).says("as they were")
	sh.run("datasets", "export", name).want(cli.ExitInvalid).says("--out DIR")
}

func TestACaptionFollowsItsPhoto(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, photos := sh.photos(2)
	args := []string{
		"run", "dreamlook/dreambooth", "--consent", "--set", "instance_prompt=fox",
		"--photo", photos[0], "--caption", pasted.Tricky, "--photo", photos[1], "--caption", "", "--print", "command",
	}
	line := sh.run(args...).want(cli.ExitDone).out
	if strings.Count(line, "--caption") != 1 {
		t.Errorf("%s", line)
	}
	words := sh.words(line)
	if again := sh.run(append(words, "--print", "command")...).want(cli.ExitDone).out; again != line {
		t.Errorf("printed again:\n%s\n%s", line, again)
	}
	// Another caption elsewhere changes nothing.
	sh.write(strings.TrimSuffix(photos[1], ".jpg")+".txt", []byte("an owl"))
	sh.secrets = without(sh.secrets, folder)
	sh.run("datasets", "import", folder).want(cli.ExitDone)
	if again := sh.run(append(words, "--print", "command")...).want(cli.ExitDone).out; !reflect.DeepEqual(again, line) {
		t.Errorf("printed after an import:\n%s\n%s", line, again)
	}
	sh.run("run", "dreamlook/dreambooth", "--caption", "a fox", "--photo", photos[0]).want(cli.ExitInvalid).says("belongs after the --photo")
	sh.run("run", "dreamlook/dreambooth", "--set", "instance_prompt=fox", "--consent", "--photo", folder, "--caption", "a fox").want(cli.ExitInvalid).says("--caption is of one photo")
}

func TestADatasetIsNamedAndFoundAsAPersonReadsIt(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	folder, _ := sh.photos(2)
	sh.secrets = without(sh.secrets, folder)
	foxes := filepath.Join(filepath.Dir(folder), "Été 2026")
	if err := os.Rename(folder, foxes); err != nil {
		t.Fatal(err)
	}
	sh.write(filepath.Join(foxes, "film.mov"), []byte("film"))
	sh.write(filepath.Join(foxes, "1.NEF"), []byte("II*\x00"))
	sh.run("datasets", "import", foxes+string(filepath.Separator)+".").want(cli.ExitDone).says("camera RAW files (1)", "export them as JPEG", "videos (1)")
	out := t.TempDir()
	sh.run("datasets", "export", "e\u0301TE\u0301 2026", "--out", out).want(cli.ExitDone)
	if files, _ := filepath.Glob(filepath.Join(out, "*.jpg")); len(files) != 2 {
		t.Errorf("exported %v", files)
	}
}
