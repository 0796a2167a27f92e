// What a restart or a kill leaves as it was.

package sandbox_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func TestRestartChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startIn(t, dir)
	env := s.Env()
	job := train(t, s, `,"extract_lora":"original"`)
	done := generate(t, s, `{"model":"photon-1","prompt":"a quiet valley"}`)
	picture := get(t, imageURL(t, done)).want(t, 200).body
	balance := credits(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = startIn(t, dir)
	if !slices.Equal(env, s.Env()) {
		t.Errorf("the environment was\n%v and is\n%v", env, s.Env())
	}
	if s.Submissions("luma") != 1 || s.Submissions("dreamlook") != 1 || credits(t, s) != balance {
		t.Error("counts or balance changed")
	}
	counts := get(t, strings.TrimSuffix(s.URL("dreamlook"), "/dreamlook")+"/_sandbox/submissions").want(t, 200)
	if string(counts.body) != `{"bria":0,"dreamlook":1,"lucydream":0,"luma":1}` {
		t.Errorf("counts %s", counts.body)
	}
	if again := get(t, imageURL(t, done)).want(t, 200).body; string(again) != string(picture) {
		t.Error("the picture changed")
	}
	id := job["job_id"].(string)
	after := call(t, s, "dreamlook", "GET", "/jobs/dreambooth/"+id, "").want(t, 200).object(t)
	a, _ := json.Marshal(job)
	b, _ := json.Marshal(after)
	if string(a) != string(b) {
		t.Errorf("the job was\n%s and is\n%s", a, b)
	}
	model := checkpoints(after)[0].(object)["checkpoint_id"].(string)
	submitJob(t, s, "/image_gen", `{"prompt":"a","checkpoint_id":"`+model+`"}`)
}

func TestUnfinishedJobsGoOnAfterRestart(t *testing.T) {
	t.Parallel()
	called := make(chan string, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var job object
		_ = json.NewDecoder(r.Body).Decode(&job)
		called <- job["state"].(string)
	}))
	defer srv.Close()
	at := host(t, map[string][]byte{"/a.png": photo(red, white)})
	dir := t.TempDir()
	s := startIn(t, dir)
	id := submitJob(t, s, "/dreambooth", fill(`{"image_urls":["$1/a.png"],"instance_prompt":"ukj","steps":10,"base_model":"sd","callback":"$2"}`, at, srv.URL))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = startIn(t, dir)
	poll(t, s, "dreamlook", "/jobs/dreambooth/"+id, "success")
	if state := <-called; state != "success" {
		t.Errorf("called back with %s", state)
	}
}

func TestKillLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), "SANDBOX_TO_BE_KILLED="+dir)
	out, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for entry := range strings.FieldsSeq(line) {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	made := send(t, "POST", env["MAQUETTE_LUMA_URL"]+"/generations/image", env["LUMAAI_API_KEY"], dog).want(t, 201).object(t)
	job := send(t, "POST", env["MAQUETTE_DREAMLOOK_URL"]+"/image_gen", env["DREAMLOOK_API_KEY"], `{"prompt":"a","base_model":"sd"}`).want(t, 200).object(t)
	token := http.Header{"Api_token": {env["BRIA_API_TOKEN"]}}
	if r, err := tryWith("POST", env["MAQUETTE_BRIA_URL"]+"/tailored-gen/projects", token, `{`+lora+`}`); err != nil || r.status != 201 {
		t.Fatal(r, err)
	}
	tunes := http.Header{"X-Api-Key": {env["LUCYDREAM_API_KEY"]}}
	tuned, err := tryWith("POST", env["MAQUETTE_LUCYDREAM_URL"]+"/apiservices/v1/generate", tunes, fivePhotos(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait()

	s := startIn(t, dir)
	g := poll(t, s, "luma", "/generations/"+made["id"].(string), "completed")
	get(t, imageURL(t, g)).want(t, 200)
	poll(t, s, "dreamlook", "/jobs/image-gen/"+job["job_id"].(string), "success")
	bria(t, s, "GET", "/tailored-gen/projects/101", "").want(t, 200)
	inBucket(t, s, tuned.want(t, 200).object(t)["tune_id"].(string)+".safetensors")
	if s.Submissions("luma") != 1 || s.Submissions("dreamlook") != 1 || s.Submissions("lucydream") != 1 {
		t.Error("a submission was lost")
	}
}

func TestOneSandboxPerFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	startIn(t, dir)
	if _, err := sandbox.Start(t.Context(), sandbox.Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), "another sandbox") {
		t.Errorf("a second one: %v", err)
	}
}

func TestAnotherPortWhenTheLastIsTaken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startIn(t, dir)
	address := strings.TrimSuffix(strings.TrimPrefix(s.URL("dreamlook"), "http://"), "/dreamlook")
	g := generate(t, s, dog)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Listen: address})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	s = startIn(t, dir)
	if strings.Contains(s.URL("luma"), address) {
		t.Fatal("the taken port is used")
	}
	g = call(t, s, "luma", "GET", "/generations/"+g["id"].(string), "").want(t, 200).object(t)
	get(t, imageURL(t, g)).want(t, 200)
}
