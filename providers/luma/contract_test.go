// Luma's guide as files: testdata/contract and testdata/errors.

package luma_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/luma"
)

// document is what all requests have in common.
var document = conformance.Document{
	Key: "Authorization: Bearer {{key}}", Read: "generation", Paid: "text-to-image",
}

func TestContract(t *testing.T) {
	conformance.Contract(t, luma.Service(), document)
}

func FuzzAnswers(f *testing.F) { conformance.FuzzAnswers(f, luma.Service(), document) }
