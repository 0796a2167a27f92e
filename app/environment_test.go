package app_test

import (
	"os"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers/registry"
)

func TestWhatIsTakenFromTheEnvironmentIsGivenToNobody(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("SOMETHING_ELSE", "stays")
	names := access.Variables(registry.All())
	for _, name := range names {
		t.Setenv(name, "secret of "+name)
	}

	env := app.TakeEnvironment()

	for _, name := range names {
		if got := env(name); got != "secret of "+name {
			t.Errorf("%s reads %q", name, got)
		}
	}
	if env("SOMETHING_ELSE") != "stays" {
		t.Error("the rest can't be read any more")
	}
	for _, variable := range os.Environ() { // what every program that is started gets
		if strings.Contains(variable, "secret of") {
			t.Errorf("a program that is started gets %s", variable)
		}
	}
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		t.Error("a library would start a session bus")
	}
}
