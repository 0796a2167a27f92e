package registry_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/registry"
)

func TestEveryServiceIsDeclaredWell(t *testing.T) {
	for _, service := range registry.All() {
		t.Run(service.ID, func(t *testing.T) { conformance.Service(t, *service) })
	}
}

func TestServicesShareNothing(t *testing.T) {
	owner := map[string]string{}
	for _, service := range registry.All() {
		for _, name := range []string{service.ID, service.KeyEnv, service.URLEnv, service.BaseURL} {
			if other, taken := owner[name]; taken {
				t.Errorf("%s and %s both use %q", other, service.ID, name)
			}
			owner[name] = service.ID
		}
	}
}

func TestEverythingIsFoundByItsID(t *testing.T) {
	for _, service := range registry.All() {
		if found, ok := registry.All().Service(service.ID); !ok || found != service {
			t.Errorf("Find(%q) found another service", service.ID)
		}
		for _, task := range service.Tasks {
			if found, in, ok := registry.All().Task(task.ID); !ok || in != service || found.ID != task.ID {
				t.Errorf("Task(%q) found something else", task.ID)
			}
		}
		for _, call := range service.Calls {
			if found, in, ok := registry.All().Call(call.ID); !ok || in != service || found.ID != call.ID {
				t.Errorf("Call(%q) found something else", call.ID)
			}
		}
	}
	if _, ok := registry.All().Service("nobody"); ok {
		t.Error("Find found a service that doesn't exist")
	}
	if _, _, ok := registry.All().Task("luma/nothing"); ok {
		t.Error("Task found a task that doesn't exist")
	}
	if _, _, ok := registry.All().Call("nobody/nothing"); ok {
		t.Error("Call found a call that doesn't exist")
	}
}
