// The environment as the program found it, and what is left of it for others.

package app

import (
	"maps"
	"os"
	"slices"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

// TakeEnvironment takes keys and addresses out of the environment, so that no
// program that is started from here inherits them and none of this user's reads
// them in /proc/PID/environ, and returns how they are read from then on. It also
// sees to it that no session bus is started. Call it first in main.
func TakeEnvironment() func(string) string {
	taken := map[string]string{}
	for _, name := range access.Variables(registry.All()) {
		if value, is := os.LookupEnv(name); is {
			taken[name] = value
			_ = os.Unsetenv(name) // a name that was found can be unset
		}
	}
	if len(taken) > 0 {
		forget(slices.Collect(maps.Keys(taken)))
	}
	storage.UseRunningBus()
	return func(name string) string {
		if value, is := taken[name]; is {
			return value
		}
		return os.Getenv(name)
	}
}
