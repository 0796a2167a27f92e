// The operations at Luma that are no jobs: its balance and its list of
// generations.

package luma

import (
	"context"
	"net/url"
	"strconv"

	"github.com/maquette-studio/maquette/providers"
)

func calls() []providers.Call {
	id := providers.Field{
		Key: "id", Label: "Generation", Kind: providers.Text, Required: true, Remote: true,
		Help: "The generation's id, as the list shows it.",
	}
	return []providers.Call{
		{
			ID: "luma/ping", Title: "Ping", Doc: apiGuide,
			Help: "Asks whether the service answers.",
			Do: func(ctx context.Context, conn providers.Conn, _ providers.Values) (any, error) {
				return newClient(conn).ping(ctx)
			},
		},
		{
			ID: "luma/credits", Title: "Balance", Doc: apiGuide,
			Help: "Reads the account's balance, in US cents and in dollars.",
			Do: func(ctx context.Context, conn providers.Conn, _ providers.Values) (any, error) {
				return newClient(conn).credits(ctx)
			},
		},
		{
			ID: "luma/generations", Title: "Generations", Doc: imageGuide,
			Help: "Lists the account's generations, pictures and videos mixed.",
			Fields: []providers.Field{
				{
					Key: "limit", Label: "Limit", Kind: providers.Int, Default: int64(10), Min: 1, Max: 100, Soft: true,
					Help: "How many to list.",
				},
				{
					Key: "offset", Label: "Offset", Kind: providers.Int, Default: int64(0), Min: 0, Max: 1_000_000, Soft: true,
					Help: "How many to skip first.",
				},
			},
			Do: func(ctx context.Context, conn providers.Conn, values providers.Values) (any, error) {
				query := url.Values{
					"limit":  {strconv.FormatInt(values.Int("limit"), 10)},
					"offset": {strconv.FormatInt(values.Int("offset"), 10)},
				}
				return newClient(conn).describe(ctx, "listing generations", "generations", query)
			},
		},
		{
			ID: "luma/generation", Title: "Generation", Doc: imageGuide,
			Help:   "Reads one generation: its state, its request and its picture.",
			Fields: []providers.Field{id},
			Do: func(ctx context.Context, conn providers.Conn, values providers.Values) (any, error) {
				path, err := generationPath(values.Text("id"))
				if err != nil {
					return nil, err
				}
				return newClient(conn).describe(ctx, "reading a generation", path, nil)
			},
		},
		{
			ID: "luma/delete", Title: "Delete generation", Doc: imageGuide,
			Help:        "Deletes one generation at Luma.",
			Consequence: "Luma deletes the generation and its picture for good. Pictures that Maquette has kept stay.",
			Fields:      []providers.Field{id},
			Do: func(ctx context.Context, conn providers.Conn, values providers.Values) (any, error) {
				if err := newClient(conn).remove(ctx, values.Text("id")); err != nil {
					return nil, err
				}
				return map[string]string{"deleted": values.Text("id")}, nil
			},
		},
	}
}
