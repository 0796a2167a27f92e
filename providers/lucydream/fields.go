// The fields of LucyDream's training.

package lucydream

import "github.com/maquette-studio/maquette/providers"

func trainingFields() []providers.Field {
	return []providers.Field{
		{
			Key: "title", Label: "Title", Kind: providers.Text, Min: 1, Max: 15, Required: true,
			Help: "What to call the model.",
		},
		{
			Key: "name", Label: "Person", Kind: providers.Choice, Required: true,
			Options: []providers.Option{{Value: "man", Label: "Man"}, {Value: "woman", Label: "Woman"}},
			Help:    "Whom the photos show. It sets what triggers the model in prompts.",
		},
	}
}
