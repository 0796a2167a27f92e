// Changing what lies at the service.

package remote

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
)

// Make makes one of the service's calls that create or change a thing, such as
// "project-create", and returns the id that the answer holds.
func (r *Remote) Make(ctx context.Context, call string, values providers.Values) (ID, error) {
	var answer struct {
		ID wireID `json:"id"`
	}
	err := r.ask(ctx, call, values, &answer)
	return ID(answer.ID), err
}
