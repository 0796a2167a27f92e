// dreamlook.ai's documents as files: testdata/contract and testdata/errors.

package dreamlook_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

// document is what all requests have in common.
var document = conformance.Document{
	Key: "Authorization: Bearer {{key}}", Read: "job", Paid: "training",
}

func TestContract(t *testing.T) {
	conformance.Contract(t, dreamlook.Service(), document)
}

func FuzzAnswers(f *testing.F) { conformance.FuzzAnswers(f, dreamlook.Service(), document) }
