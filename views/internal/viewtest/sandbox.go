// Services of a test's own.

package viewtest

import (
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// Sandboxed starts services of one's own; config opens studios, each in a new
// folder, that reach them.
func Sandboxed(t *testing.T, faults ...string) (service *sandbox.Sandbox, config func() app.Config) {
	t.Helper()
	service, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Pace: 0.05, Faults: faults, MaxEdge: 96})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { service.Close() })
	env := map[string]string{}
	for _, line := range service.Env() {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	return service, func() app.Config {
		return app.Config{Dir: t.TempDir(), Env: func(name string) string { return env[name] }, Tempo: 0.02, Patience: 10 * time.Second}
	}
}
