package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// hostedKeys lists what lies in the bucket, and the bytes.
func (w *world) hosted() map[string][]byte {
	w.t.Helper()
	b := w.Bucket()
	client, err := minio.New(b.Endpoint[len("http://"):], &minio.Options{Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, ""), Region: b.Region})
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[string][]byte{}
	for object := range client.ListObjects(w.t.Context(), b.Name, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			w.t.Fatal(object.Err)
		}
		r, err := client.GetObject(w.t.Context(), b.Name, object.Key, minio.GetObjectOptions{})
		if err != nil {
			w.t.Fatal(err)
		}
		var content bytes.Buffer
		_, err = content.ReadFrom(r)
		r.Close()
		if minio.ToErrorResponse(err).Code == "NoSuchKey" {
			continue // removed since it was listed
		}
		if err != nil {
			w.t.Fatal(err)
		}
		found[object.Key] = content.Bytes()
	}
	return found
}

func TestHostedPhotosTellNothingAndGoAfterwards(t *testing.T) {
	// The submission hangs, so that the bucket can be looked at meanwhile.
	w := newWorld(t, "dreamlook POST /dreambooth: status 429 retry-after 60")
	studio, _ := w.open()
	secret := plantMetadata(t, samplePhotos(t, 1)[0])
	taken, rejected, err := studio.Intake.Photos(t.Context(), []string{secret})
	if err != nil || len(rejected) > 0 {
		t.Fatal(err, rejected)
	}
	job := start(t, studio, jobs.Order{
		Task: "dreamlook/dreambooth", Photos: taken, Consent: true, Values: map[string]any{"instance_prompt": "a fox"},
	})
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.State == providers.Waiting })
	hosted := w.hosted()
	if len(hosted) != 1 {
		t.Fatalf("%d objects are hosted", len(hosted))
	}
	for key, content := range hosted {
		if !regexp.MustCompile(`^[a-z0-9_-]{20,}\.jpg$`).MatchString(key) {
			t.Errorf("the hosted name %q can be guessed or has lost its extension", key)
		}
		if bytes.Contains(content, []byte("52.5163")) || bytes.Contains(content, []byte("Exif")) {
			t.Error("the hosted copy carries metadata")
		}
	}
	if err := studio.Jobs.Cancel(job.ID); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the hosted copy to go", func() bool { return len(w.hosted()) == 0 })
}

// plantMetadata adds a comment segment with a location to a JPEG.
func plantMetadata(t *testing.T, path string) string {
	t.Helper()
	jpeg, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	comment := []byte("taken at 52.5163, 13.3777")
	segment := append([]byte{0xff, 0xfe, 0, byte(len(comment) + 2)}, comment...)
	planted := filepath.Join(t.TempDir(), "secret place.jpg")
	if err := os.WriteFile(planted, append(append(append([]byte{}, jpeg[:2]...), segment...), jpeg[2:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	return planted
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestHostedPhotosGoWhenTheJobIsDone(t *testing.T) {
	w := newWorld(t)
	studio, _ := w.open()
	wantState(t, run(t, studio, training(t, studio)), providers.Done)
	waitFor(t, "the bucket to be empty", func() bool { return len(w.hosted()) == 0 })
}

func TestWhatCouldNotBeRemovedIsRemovedLater(t *testing.T) {
	w := newWorld(t, "bucket DELETE: status 503 x20")
	studio, closeStudio := w.open()
	wantState(t, run(t, studio, training(t, studio)), providers.Done)
	waitFor(t, "the notice", func() bool { return len(studio.Troubles.List()) > 0 })
	closeStudio()
	again, _ := w.open()
	for range 20 { // each hour is another try
		app.MaintainAt(again, time.Now())
	}
	waitFor(t, "the bucket to be empty", func() bool { return len(w.hosted()) == 0 })
}

// A transparent WebP leaves as PNG: its link says so too.
func TestATransparentReferenceIsHostedAsWhatItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	studio, _ := w.open()
	for name, ext := range map[string]string{"alpha.webp": ".png", "lossy.webp": ".jpg"} {
		script, problems, err := studio.Recorder.AsCurl(t.Context(), parsed(jobs.Order{Task: "luma/reframe", Values: map[string]any{
			"media": filepath.Join("photo", "testdata", name), "aspect_ratio": "1:1",
		}}))
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		if !strings.Contains(script, ext+"?") {
			t.Errorf("%s is hosted as %s", name, script)
		}
	}
}
