// Luma's guide as files: testdata/contract and testdata/errors.

package luma_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/luma"
)

func TestContract(t *testing.T) {
	conformance.Contract(t, luma.Service(), conformance.Document{
		Key: "Authorization: Bearer {{key}}", Read: "generation", Paid: "text-to-image",
	})
}
