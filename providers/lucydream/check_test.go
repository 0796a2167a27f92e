// The rules of the fields, and of the photos.

package lucydream_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/lucydream"
)

func TestRulesOfTheFields(t *testing.T) {
	service := lucydream.Service()
	for _, row := range []struct {
		name, title, person string
		field, says         string // of the one problem, or none
	}{
		{"all is well", "Test-Model", "woman", "", ""},
		{"15 characters, not bytes", "ÄÖÜäöüß-ÄÖÜäöüß", "man", "", ""},
		{"16 characters", "abcdefghijklmnop", "man", "title", "1 to 15 characters, not 16"},
		{"no title", "", "man", "title", "required"},
		{"nobody", "Test-Model", "", "name", "required"},
		{"anybody", "Test-Model", "Woman", "name", `man, woman, not "Woman"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, problems := service.Tasks[0].Validate(map[string]any{"title": row.title, "name": row.person})
			conformance.WantProblem(t, problems, row.field, row.says)
		})
	}
}

func TestTrainingAlwaysAsksForConsentAndFivePhotos(t *testing.T) {
	service := lucydream.Service()
	task := service.Tasks[0]
	if !task.Person(providers.Values{}) {
		t.Error("it doesn't ask for consent")
	}
	if task.Photos.Min != 5 || task.Photos.Max != 5 {
		t.Errorf("it takes %d to %d photos", task.Photos.Min, task.Photos.Max)
	}
}
