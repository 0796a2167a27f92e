// What LucyDream offers beside its training: nothing. Its one operation
// creates a model; there is no list, no balance and no state to ask for.

package lucydream

import "github.com/maquette-studio/maquette/providers"

func calls() []providers.Call { return nil }
