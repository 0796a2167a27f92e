// What --print writes of Bria's training, of its pictures and of calls.

package cli_test

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/app/recorder/pasted"
)

// asciiTricky is what of pasted.Tricky Bria takes in a prompt.
var asciiTricky = strings.ReplaceAll(pasted.Tricky, "🦊", "")

// drawings are pictures that are large enough for Bria, each with a caption.
func (sh *shell) drawings(n int) (paths []string) {
	sh.t.Helper()
	folder := sh.t.TempDir()
	for i := range n {
		picture := image.NewRGBA(image.Rect(0, 0, 1024, 1024))
		for at := range picture.Pix {
			picture.Pix[at] = uint8(at*at>>9) | uint8(i<<5)
		}
		picture.Set(i, i, color.White)
		path := filepath.Join(folder, fmt.Sprintf("drawing %d.jpg", i+1))
		file, err := os.Create(path)
		if err != nil {
			sh.t.Fatal(err)
		}
		if err := jpeg.Encode(file, picture, nil); err != nil {
			sh.t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			sh.t.Fatal(err)
		}
		sh.write(strings.TrimSuffix(path, "jpg")+"txt", []byte(fmt.Sprintf(" sitting on \"$%d\" it's", i+1)))
		paths = append(paths, path)
	}
	return paths
}

// tailored are a training's arguments.
func tailored(photos []string, more ...string) []string {
	args := []string{
		"run", "bria/train", "--consent", "--set", "model_name=" + pasted.Tricky[:40], "--set", "project_name=Foxes", "--set", "ip_type=defined_character",
		"--set", "ip_medium=illustration", "--set", "ip_name=Fox", "--set", "ip_description=a paper fox", "--set", "caption_prefix=A fox,",
	}
	for _, p := range photos {
		args = append(args, "--photo", p)
	}
	return append(args, more...)
}

func TestTheScriptOfATrainingIsTheTrainingItself(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	args := tailored(sh.drawings(2))
	script := sh.run(append(args, "--print", "curl")...).want(cli.ExitDone).out
	sh.wantSubmissions(0)
	if len(script) > 16<<10 {
		t.Errorf("the script has %d characters: its pictures are to be files", len(script))
	}
	sh.run(append(args, "--json")...).want(cli.ExitDone)
	sent := sh.atBria(0)
	for i, shell := range pasted.Shells(t) {
		sh.pasteIn(shell, script)
		sh.wantSubmissions(i + 2)
		if pasted := sh.atBria(i + 1); !reflect.DeepEqual(pasted, sent) {
			t.Errorf("curl left at Bria from %v\n%v\nand Maquette\n%v", shell, pasted, sent)
		}
	}
}

// atBria is all that the nth training left there, without ids, times, links and
// the tags of names.
func (sh *shell) atBria(n int) any {
	sh.t.Helper()
	project := sh.ask("bria", "/tailored-gen/projects").([]any)[n].(map[string]any)
	in := fmt.Sprintf("/tailored-gen/projects/%v", project["id"])
	dataset := sh.ask("bria", in+"/datasets").([]any)[0].(map[string]any)
	images := sh.ask("bria", fmt.Sprintf("/tailored-gen/datasets/%v/images", dataset["id"]))
	model := sh.ask("bria", in+"/models").([]any)[0].(map[string]any)
	delete(model, "status") // the one goes on while the other is done
	return plain([]any{project, dataset, images, model})
}

func plain(value any) any {
	switch value := value.(type) {
	case string:
		text, _, _ := strings.Cut(value, " (")
		return text
	case []any:
		for i := range value {
			value[i] = plain(value[i])
		}
	case map[string]any:
		for key := range value {
			if key == "id" || strings.HasSuffix(key, "_id") || strings.HasSuffix(key, "_at") || strings.HasSuffix(key, "url") || key == "image_name" {
				delete(value, key)
				continue
			}
			value[key] = plain(value[key])
		}
	}
	return value
}

func TestAScriptThatFailsEndsThereAndSaysWhy(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	script := sh.run(append(tailored(sh.drawings(1)), "--print", "curl")...).want(cli.ExitDone).out
	broken := strings.Replace(script, `"ip_type":"defined_character"`, `"ip_type":"stochastic_parrot"`, 1)
	out := sh.paste("if\n" + broken + "then echo went on; else echo ended; fi\necho still here\n")
	if !strings.Contains(out, "ended\nstill here") || !strings.Contains(out, "ip_type") {
		t.Errorf("%s", out)
	}
	sh.wantSubmissions(0)
}

// The other tasks' requests are compared in TestTheCurlCommandIsTheRequestItself.
func TestTheCurlOfEveryOtherTaskIsAccepted(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	sh.secrets = without(sh.secrets, "X-Amz-", sh.env["MAQUETTE_BUCKET_ACCESS_KEY"]) // parts of every signed link
	photos := sh.drawings(5)
	sh.run(append(tailored(photos[:1]), "--json")...).want(cli.ExitDone)
	model := "model_id=" + sh.run("models", "list", "--json").want(cli.ExitDone).last().text("remote_id")
	trained := []string{"--consent", "--photo", photos[0], "--photo", photos[1], "--photo", photos[2], "--photo", photos[3], "--photo", photos[4]}
	for task, row := range map[string]struct {
		settings []string
		more     []string
		says     string
	}{
		"luma/reframe":                   {[]string{"media=" + photos[0], "aspect_ratio=1:1", "prompt=" + pasted.Tricky}, nil, `"state"`},
		"dreamlook/dreambooth_image_gen": {[]string{"instance_prompt=" + pasted.Tricky, `image_gen=[{"prompt":"a fox"},{"prompt":"an owl"}]`}, trained, `"job_id"`},
		"lucydream/train":                {[]string{"title=Fox", "name=woman"}, trained, `"tune_id"`},
		"bria/text-to-image":             {[]string{model, "prompt=" + asciiTricky, "num_results=1", `guidance=[{"method":"controlnet_canny","image":"` + photos[0] + `","scale":0.5}]`}, nil, `"urls"`},
		"bria/text-to-vector":            {[]string{model, "prompt=" + asciiTricky, "num_results=2", "seed=7"}, nil, `"urls"`},
		"bria/reimagine":                 {[]string{model, "prompt=" + asciiTricky, "num_results=1", "structure_image_file=" + photos[0]}, nil, `"urls"`},
	} {
		args := append([]string{"run", task, "--print", "curl"}, row.more...)
		for _, setting := range row.settings {
			args = append(args, "--set", setting)
		}
		before := sh.submissions()
		out := sh.paste(sh.run(args...).want(cli.ExitDone).out)
		sh.wantSubmissions(before + 1)
		if !strings.Contains(out, row.says) {
			t.Errorf("%s was answered %s", task, out)
		}
	}
}

func TestACallIsCopiedInBothForms(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	photo := sh.drawings(1)[0]
	ids := map[string]string{}
	for _, row := range []struct{ call, values, id, says string }{
		{"luma/ping", "", "", "pong"},
		{"luma/generations", "limit=5", "", `"limit":5`},
		{"dreamlook/jobs", "type=dreambooth", "", "[]"},
		{"bria/project-create", "project_name=" + pasted.Tricky[:40] + "|ip_type=defined_character|ip_medium=illustration|ip_name=Fox|ip_description=a fox", "PROJECT", `\"paper\" fox: $HOME`},
		{"bria/projects", "", "", `\"paper\" fox: $HOME`},
		{"bria/dataset-create", "project_id=PROJECT|name=it's one", "DATASET", "it's one"},
		{"bria/image-upload", "dataset_id=DATASET|file=" + photo + "|image_name=fox", "", `"image_name":"fox`},
		{"bria/project-datasets", "project_id=PROJECT|include_models=true", "", `"models":[]`},
		{"bria/dataset-delete", "dataset_id=DATASET", "", ""},
		{"bria/datasets", "", "", "[]"},
	} {
		args := []string{"call", row.call, "--consent"}
		for value := range strings.SplitSeq(row.values, "|") {
			for name, id := range ids {
				value = strings.Replace(value, name, id, 1)
			}
			if value != "" {
				args = append(args, "--set", value)
			}
		}
		curl := sh.run(append(args, "--print", "curl")...).want(cli.ExitDone).out
		line := sh.run(append(args, "--print", "command")...).want(cli.ExitDone).out
		if again := sh.run(append(sh.words(line), "--print", "curl")...).want(cli.ExitDone).out; again != curl {
			t.Errorf("the command sends\n%s\ninstead of\n%s", again, curl)
		}
		answer := sh.paste(curl)
		if !strings.Contains(answer, row.says) {
			t.Errorf("%s was answered %s", row.call, answer)
		}
		if row.id != "" {
			var made struct{ ID json.Number }
			if err := json.Unmarshal([]byte(answer), &made); err != nil {
				t.Fatal(err)
			}
			ids[row.id] = made.ID.String()
		}
	}
	sh.run("call", "luma/ping", "--print", "poem").want(cli.ExitInvalid).says("curl or command")
	sh.run("call", "bria/project", "--print", "curl").want(cli.ExitInvalid).says("project_id: is required")
	sh.run("call", "bria/model-update", "--set", "model_id=7", "--print", "command").want(cli.ExitInvalid).says("nothing to change")
}
