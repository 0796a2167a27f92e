// What the sandbox's tests share: starting one, calling it, and hosting pictures for it.

package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("SANDBOX_TO_BE_KILLED"); dir != "" {
		serveUntilKilled(dir)
	}
	goleak.VerifyTestMain(m)
}

// serveUntilKilled is the program that TestKillLosesNothing kills.
func serveUntilKilled(dir string) {
	s, err := sandbox.Start(context.Background(), sandbox.Config{Dir: dir, Pace: 0.05})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(strings.Join(s.Env(), " "))
	select {}
}

// client has no idle connections for goleak to find.
var client = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func start(t *testing.T, faults ...string) *sandbox.Sandbox {
	t.Helper()
	return startIn(t, t.TempDir(), faults...)
}

func startIn(t *testing.T, dir string, faults ...string) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: dir, Faults: faults, Pace: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// object is a decoded JSON object.
type object = map[string]any

// reply is an answer read whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) object(t *testing.T) object {
	t.Helper()
	var v object
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatalf("answer %d is no JSON object: %v\n%s", r.status, err, r.body)
	}
	return v
}

// maxRead is far above any answer, and far below an endless one.
const maxRead = 16 << 20

// try sends a request and returns what went wrong on the way, if anything.
func try(method, url, key, body string) (reply, error) {
	header := http.Header{}
	if key != "" {
		header.Set("Authorization", "Bearer "+key)
	}
	return tryWith(method, url, header, body)
}

func tryWith(method, url string, header http.Header, body string) (reply, error) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header = header
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxRead))
	return reply{resp.StatusCode, resp.Header, data}, err
}

func send(t *testing.T, method, url, key, body string) reply {
	t.Helper()
	r, err := try(method, url, key, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func call(t *testing.T, s *sandbox.Sandbox, service, method, path, body string) reply {
	t.Helper()
	return send(t, method, s.URL(service)+path, s.Key(service), body)
}

func get(t *testing.T, url string) reply { t.Helper(); return send(t, "GET", url, "", "") }

// want fails the test unless the answer has the status.
func (r reply) want(t *testing.T, status int) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %.400s", r.status, status, r.body)
	}
	return r
}

// poll reads url until its state is one of states.
func poll(t *testing.T, s *sandbox.Sandbox, service, path string, states ...string) object {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for time.Now().Before(deadline) {
		o := call(t, s, service, "GET", path, "").want(t, 200).object(t)
		for _, state := range states {
			if o["state"] == state {
				return o
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s never got to be %v", path, states)
	return nil
}

func generate(t *testing.T, s *sandbox.Sandbox, body string) object {
	t.Helper()
	id := call(t, s, "luma", "POST", "/generations/image", body).want(t, 201).object(t)["id"]
	return poll(t, s, "luma", fmt.Sprintf("/generations/%v", id), "completed", "failed")
}

func imageURL(t *testing.T, generation object) string {
	t.Helper()
	assets, ok := generation["assets"].(object)
	if !ok {
		t.Fatalf("no assets: %v", generation)
	}
	return assets["image"].(string)
}

func decode(t *testing.T, data []byte) (image.Image, string) {
	t.Helper()
	img, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("no picture: %v: %.200s", err, data)
	}
	return img, format
}

// photo is a PNG of one colour with a square of another.
func photo(c, square color.Color) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 600, 600))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(200, 200, 400, 400), image.NewUniform(square), image.Point{}, draw.Src)
	var out bytes.Buffer
	_ = png.Encode(&out, img)
	return out.Bytes()
}

var (
	red   = color.RGBA{200, 30, 30, 255}
	green = color.RGBA{20, 160, 60, 255}
	white = color.RGBA{255, 255, 255, 255}
)

// host serves files by path.
func host(t *testing.T, files map[string][]byte) string {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		data, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(data)
	})
}

// serve answers with a handler until the test ends.
func serve(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(handle)
	t.Cleanup(srv.Close)
	return srv.URL
}

// fill puts values for $1, $2, … into a JSON text.
func fill(text string, values ...string) string {
	for i, v := range values {
		text = strings.ReplaceAll(text, fmt.Sprintf("$%d", i+1), v)
	}
	return text
}

// train runs a training on two photos and returns the finished job.
func train(t *testing.T, s *sandbox.Sandbox, more string) object {
	t.Helper()
	at := host(t, map[string][]byte{"/a.png": photo(red, white), "/b.png": photo(green, white)})
	id := submitJob(t, s, "/dreambooth", fill(`{"image_urls":["$1/a.png","$1/b.png"],"instance_prompt":"photo of ukj person","steps":100,"base_model":"stable-diffusion-v1-5"$2}`, at, more))
	return poll(t, s, "dreamlook", "/jobs/dreambooth/"+id, "success", "failure")
}

func submitJob(t *testing.T, s *sandbox.Sandbox, path, body string) string {
	t.Helper()
	return call(t, s, "dreamlook", "POST", path, body).want(t, 200).object(t)["job_id"].(string)
}

func checkpoints(job object) []any {
	return job["dreambooth_result"].(object)["checkpoints"].([]any)
}

// images lists the generated images of a finished job.
func images(job object) []object {
	var all []object
	for _, result := range job["image_gen_results"].([]any) {
		for _, img := range result.(object)["generated_images"].([]any) {
			all = append(all, img.(object))
		}
	}
	return all
}

// near reports whether two colours are hard to tell apart.
func near(a, b color.Color) bool {
	distance := 0
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	for _, d := range [3]int{int(ar>>8) - int(br>>8), int(ag>>8) - int(bg>>8), int(ab>>8) - int(bb>>8)} {
		distance += d * d
	}
	return distance < 40*40
}
