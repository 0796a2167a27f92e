package jobs_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage/bounds"
)

// FuzzValues gives any text to any field of any task or call, as --set does.
// What is accepted is accepted again as it was understood.
func FuzzValues(f *testing.F) {
	type place struct {
		offer  string
		fields []providers.Field
	}
	services := registry.All()
	var places []place
	for _, service := range services {
		for _, task := range service.Tasks {
			places = append(places, place{task.ID, task.Fields})
		}
		for _, call := range service.Calls {
			if len(call.Fields) > 0 {
				places = append(places, place{call.ID, call.Fields})
			}
		}
	}
	for i, seed := range []string{
		"1", "-1", "1e400", "NaN", "0x10", "9223372036854775808", "true", "", "null", "a fox", "\x00\xff", `[{"image":"https://a.example/x.jpg","weight":0.3}]`,
		`[{"key":"a","value":"b"}]`, `{"a":1}`, `[[[[[[`, "content:0123.jpg?1,2,3", "16:9", `["a","b"]`, "１２", " 5\n",
	} {
		for at := range 8 {
			f.Add(uint8(i*7+at), uint8(at), seed)
		}
	}
	f.Fuzz(func(t *testing.T, at, field uint8, text string) {
		p := places[int(at)%len(places)]
		key := p.fields[int(field)%len(p.fields)].Key
		bounds.Hold(t, bounds.Text, func() {
			order := jobs.NewOrder(services, p.offer, map[string]any{key: text})
			for _, problem := range order.Invalid {
				if problem.Message.IsZero() {
					t.Errorf("%s %s: %q is refused without a word", p.offer, key, text)
				}
			}
			if value, kept := order.Values[key]; kept && len(order.Invalid) == 0 {
				if again := jobs.NewOrder(services, p.offer, map[string]any{key: value}); len(again.Invalid) > 0 {
					t.Errorf("%s %s: %q is taken as %#v, which is refused: %v", p.offer, key, text, value, again.Invalid)
				}
			}
		})
	})
}
