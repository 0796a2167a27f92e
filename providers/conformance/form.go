// What the services' tests share: a form's part, servers, a picture.

package conformance

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// Perform runs a task with values read as a form's; the rest of the run is
// given. Values that are refused end the test.
func Perform(ctx context.Context, t testing.TB, service providers.Service, task string, raw map[string]any, run providers.Run) error {
	t.Helper()
	declared, found := service.FindTask(task)
	if !found {
		t.Fatalf("%s has no task %q", service.ID, task)
	}
	values, problems := declared.Validate(raw)
	if len(problems) > 0 {
		t.Fatalf("%s: the values were refused: %v", task, problems)
	}
	run.Values = values
	return declared.Run(ctx, &run)
}

// Ask makes a call with values read as a form's. Values that are refused end
// the test.
func Ask(ctx context.Context, t testing.TB, service providers.Service, call string, raw map[string]any, conn providers.Conn) (any, error) {
	t.Helper()
	declared, found := service.FindCall(call)
	if !found {
		t.Fatalf("%s has no call %q", service.ID, call)
	}
	values, problems := providers.Parse(declared.Fields, raw)
	if len(problems) > 0 {
		t.Fatalf("%s: the values were refused: %v", call, problems)
	}
	return declared.Do(ctx, conn, values)
}

// WantProblem fails the test unless there is one problem, of this field, whose
// message holds these words; with no field, unless there is none.
func WantProblem(t testing.TB, problems []providers.Problem, field, says string) {
	t.Helper()
	if field == "" {
		if len(problems) > 0 {
			t.Errorf("it was refused: %v", problems)
		}
		return
	}
	if len(problems) != 1 || problems[0].Field != field || !strings.Contains(problems[0].Message.String(), says) {
		t.Errorf("the problems are %v, want one of %s that says %q", problems, field, says)
	}
}

// WantFailure is the failure that err has to be.
func WantFailure(t testing.TB, err error) *providers.Failure {
	t.Helper()
	failure, ok := errors.AsType[*providers.Failure](err)
	if !ok {
		t.Fatalf("got %T %v, want a *providers.Failure", err, err)
	}
	return failure
}

// Answering is a service that answers every request alike, and counts them.
func Answering(t testing.TB, status int, body string) (providers.Conn, *atomic.Int32) {
	t.Helper()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return providers.Conn{BaseURL: server.URL, Key: probeKey, HTTP: &http.Client{Transport: transport}}, &requests
}

// Picture is a png of two colours, of so many pixels.
func Picture(width, height int) []byte {
	canvas := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.Draw(canvas, canvas.Rect, image.NewUniform(color.NRGBA{R: 180, G: 60, B: 40, A: 255}), image.Point{}, draw.Src)
	draw.Draw(canvas, image.Rect(0, height/2, width, height), image.NewUniform(color.NRGBA{G: 120, B: 90, A: 255}), image.Point{}, draw.Src)
	var out bytes.Buffer
	_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, canvas) // a buffer takes everything
	return out.Bytes()
}

// Simulate starts a sandbox that misbehaves as told and ends with the test,
// and gives a service's connection to it.
func Simulate(t testing.TB, service string, faults ...string) (*sandbox.Sandbox, providers.Conn) {
	t.Helper()
	box, err := sandbox.Start(context.WithoutCancel(t.Context()), sandbox.Config{Dir: t.TempDir(), Faults: faults, Pace: 0.01})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	return box, providers.Conn{BaseURL: box.URL(service), Key: box.Key(service), HTTP: &http.Client{Transport: transport}}
}
