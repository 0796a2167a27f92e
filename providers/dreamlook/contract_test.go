// dreamlook.ai's documents as files: testdata/contract and testdata/errors.

package dreamlook_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/dreamlook"
)

func TestContract(t *testing.T) {
	conformance.Contract(t, dreamlook.Service(), conformance.Document{
		Key: "Authorization: Bearer {{key}}", Read: "job", Paid: "training",
	})
}
