// Package registry lists the services that Maquette speaks to.
package registry

//go:generate go test -run "TheReferencePage|TheServicesDocument" -update .

import (
	"sync"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/dreamlook"
	"github.com/maquette-studio/maquette/providers/lucydream"
	"github.com/maquette-studio/maquette/providers/luma"
)

var services = sync.OnceValue(func() []*providers.Service {
	var all []*providers.Service
	for _, declared := range []func() providers.Service{
		dreamlook.Service,
		luma.Service,
		bria.Service,
		lucydream.Service,
	} {
		service := declared()
		all = append(all, &service)
	}
	return all
})

// All returns every service, in the order in which they are shown. The
// declarations are shared: nobody changes them.
func All() []*providers.Service { return services() }

// Find returns the service of that id, such as "luma".
func Find(id string) (*providers.Service, bool) {
	for _, service := range services() {
		if service.ID == id {
			return service, true
		}
	}
	return nil, false
}

// Task returns the task of that id, such as "luma/image", and its service.
func Task(id string) (*providers.Service, *providers.Task, bool) {
	for _, service := range services() {
		if task, ok := service.FindTask(id); ok {
			return service, task, true
		}
	}
	return nil, nil, false
}

// Call returns the call of that id, such as "luma/credits", and its service.
func Call(id string) (*providers.Service, *providers.Call, bool) {
	for _, service := range services() {
		if call, ok := service.FindCall(id); ok {
			return service, call, true
		}
	}
	return nil, nil, false
}
