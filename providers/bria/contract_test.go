// Bria's documents as files: testdata/contract and testdata/errors.

package bria_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestContract(t *testing.T) {
	t.Parallel()
	conformance.Contract(t, bria.Service(), conformance.Document{
		Key: "api_token: {{key}}", Read: "model", Paid: "text-to-image",
	})
}
