package conformance

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

// sound is a service without a fault.
func sound() providers.Service {
	return providers.Service{
		ID: "acme", Title: "Acme", Site: "https://acme.example", KeyPage: "https://acme.example/keys",
		KeyEnv: "ACME_API_KEY", URLEnv: "MAQUETTE_ACME_URL", BaseURL: "https://api.acme.example/v1",
		Prices:   []providers.Price{{Key: "acme/image", Label: "One image", USD: 0.01}},
		CheckKey: func(context.Context, providers.Conn) (providers.Sentence, error) { return providers.Sentence{}, nil },
		Tasks: []providers.Task{{
			ID: "acme/image", Kind: providers.Generate, Title: "Image", Help: "Makes an image.", Doc: "https://acme.example/docs",
			Fields: []providers.Field{
				{Key: "prompt", Label: "Prompt", Help: "What it shows.", Kind: providers.Prompt, Required: true},
				{Key: "steps", Label: "Steps", Help: "How many.", Kind: providers.Int, Default: int64(20), Min: 1, Max: 50},
				{Key: "model", Label: "Model", Help: "Which.", Kind: providers.Choice, Default: "a", Options: []providers.Option{{Value: "a"}}},
			},
			Cancel:   providers.CancelStopsWaiting,
			Estimate: func(providers.Values) []providers.Charge { return []providers.Charge{{Price: "acme/image", Count: 1}} },
			Pictures: func(providers.Values) int { return 1 },
			Run:      func(context.Context, *providers.Run) error { return nil },
		}},
	}
}

func TestASoundServicePasses(t *testing.T) { Service(t, sound()) }

func TestFaultsAreNamed(t *testing.T) {
	field := func(i int, change func(*providers.Field)) func(*providers.Service) {
		return func(s *providers.Service) { change(&s.Tasks[0].Fields[i]) }
	}
	for _, row := range []struct {
		name  string
		spoil func(*providers.Service)
		want  string
	}{
		{"foreign task", func(s *providers.Service) { s.Tasks[0].ID = "other/image" }, `does not begin with "acme/"`},
		{"http base", func(s *providers.Service) { s.BaseURL = "http://api.acme.example" }, "base URL"},
		{"no doc", func(s *providers.Service) { s.Tasks[0].Doc = "" }, "not an https address"},
		{"unknown price", func(s *providers.Service) { s.Prices = nil }, "no price"},
		{"training without rules", func(s *providers.Service) { s.Tasks[0].Kind = providers.Train }, "photo rules"},
		{"pictures from a training", func(s *providers.Service) { s.Tasks[0].Kind = providers.Train }, "makes pictures"},
		{"prompt not first", func(s *providers.Service) { slices.Reverse(s.Tasks[0].Fields) }, "begin with its prompt"},
		{"fewer than no pictures", func(s *providers.Service) { s.Tasks[0].Pictures = func(providers.Values) int { return -1 } }, "makes -1 pictures"},
		{"twice", field(1, func(f *providers.Field) { f.Key = "prompt" }), "declared twice"},
		{"no help", field(0, func(f *providers.Field) { f.Help = "" }), "no help"},
		{"wrong default", field(1, func(f *providers.Field) { f.Default = 20 }), "is a int"},
		{"default out of range", field(1, func(f *providers.Field) { f.Default = int64(51) }), "default is refused"},
		{"default not offered", field(2, func(f *providers.Field) { f.Default = "b" }), "default is refused"},
		{"empty choice", field(2, func(f *providers.Field) { f.Options = nil }), "choice of nothing"},
		{"listed by nothing", field(0, func(f *providers.Field) {
			f.Kind, f.Listed = providers.Text, &providers.Listing{Call: "acme/things", Value: "id", Title: "name"}
		}), "listed by"},
		{"unknown condition", field(0, func(f *providers.Field) { f.When = &providers.Condition{Key: "nothing"} }), "no other field"},
	} {
		t.Run(row.name, func(t *testing.T) {
			service := sound()
			row.spoil(&service)
			if found := strings.Join(faults(service), "\n"); !strings.Contains(found, row.want) {
				t.Errorf("found %q, want %q", found, row.want)
			}
		})
	}
}
