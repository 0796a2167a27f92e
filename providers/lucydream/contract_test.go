// LucyDream's guide as files: testdata/contract and testdata/errors.

package lucydream_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/lucydream"
)

func TestContract(t *testing.T) {
	conformance.Contract(t, lucydream.Service(), conformance.Document{
		Key: "X-API-Key: {{key}}", Paid: "train",
	})
}
