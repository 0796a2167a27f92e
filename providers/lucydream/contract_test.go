// LucyDream's guide as files: testdata/contract and testdata/errors.

package lucydream_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/lucydream"
)

// document is what all requests have in common.
var document = conformance.Document{
	Key: "X-API-Key: {{key}}", Paid: "train",
}

func TestContract(t *testing.T) {
	conformance.Contract(t, lucydream.Service(), document)
}

func FuzzAnswers(f *testing.F) { conformance.FuzzAnswers(f, lucydream.Service(), document) }
