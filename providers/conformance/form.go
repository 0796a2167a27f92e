package conformance

import (
	"context"
	"errors"
	"net/http"
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

// WantFailure is the failure that err has to be.
func WantFailure(t testing.TB, err error) *providers.Failure {
	t.Helper()
	failure, ok := errors.AsType[*providers.Failure](err)
	if !ok {
		t.Fatalf("got %T %v, want a *providers.Failure", err, err)
	}
	return failure
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
