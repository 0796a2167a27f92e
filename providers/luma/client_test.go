package luma

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDeclaration(t *testing.T) { conformance.Service(t, Service()) }

func TestCreateAtBadServers(t *testing.T) {
	conformance.Client(t, conformance.Probe{
		Call: func(ctx context.Context, conn providers.Conn) error {
			_, err := newClient(conn).create(ctx, "generations/image", map[string]any{"prompt": "a paper fox"})
			return err
		},
		Status: 201,
		Answer: `{"id":"3ce343aa-5746-4ab3-b167-4e29f83d3f42","state":"queued","assets":null}`,
	})
}

func TestReadAtBadServers(t *testing.T) {
	probe := conformance.ProbeOf(t, Service(), "generation")
	probe.Call = func(ctx context.Context, conn providers.Conn) error {
		_, err := newClient(conn).generation(ctx, "3ce343aa-5746-4ab3-b167-4e29f83d3f42")
		return err
	}
	conformance.Client(t, probe)
}
