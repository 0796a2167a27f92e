// Bria's documents as files: testdata/contract and testdata/errors.

package bria_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/bria"
	"github.com/maquette-studio/maquette/providers/conformance"
)

// document is what all requests have in common.
var document = conformance.Document{
	Key: "api_token: {{key}}", Read: "model", Paid: "text-to-image",
}

func TestContract(t *testing.T) {
	t.Parallel()
	conformance.Contract(t, bria.Service(), document)
}

func FuzzAnswers(f *testing.F) { conformance.FuzzAnswers(f, bria.Service(), document) }
