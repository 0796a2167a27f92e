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

var services = sync.OnceValue(func() providers.Services {
	var all providers.Services
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
func All() providers.Services { return services() }
