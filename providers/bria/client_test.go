// Bria's client at servers that misbehave.

package bria_test

import (
	"context"
	"errors"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestDeclaration(t *testing.T) { conformance.Service(t, bria.Service()) }

// One call of each method, and the one that is paid: the others are made alike.
func TestCallsAtBadServers(t *testing.T) {
	t.Parallel()
	for _, example := range []string{"projects", "model", "model-start", "dataset-update"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			conformance.Client(t, conformance.ProbeOf(t, bria.Service(), example))
		})
	}
}

func TestGeneratingAtBadServers(t *testing.T) {
	t.Parallel()
	conformance.Client(t, conformance.Probe{
		Answer: `{"result":[{"urls":["https://example.com/one.png"],"seed":123}]}`,
		Call: func(ctx context.Context, conn providers.Conn) error {
			values, _ := declared(t, imageID).Validate(map[string]any{"model_id": "789", "prompt": "lora on a hill"})
			err := declared(t, imageID).Run(ctx, &providers.Run{Job: "j", Values: values, Conn: conn, Steps: onlyOnce{}})
			if errors.Is(err, errEnough) {
				return nil
			}
			return err
		},
	})
}

// errEnough ends a task after its paid request.
var errEnough = errors.New("enough")

// onlyOnce are Steps that make the paid request and nothing else.
type onlyOnce struct{ providers.Steps }

func (onlyOnce) Step(context.Context, string, providers.Create) (providers.Receipt, error) {
	return providers.Receipt{}, nil
}

func (onlyOnce) Once(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	return create(ctx)
}

func (onlyOnce) Watch(context.Context, providers.Pace, func(context.Context) (providers.Status, error)) error {
	return errEnough
}
